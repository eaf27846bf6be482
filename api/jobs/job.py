"""Jobs and the work behind them.

A *job* is what somebody ordered; a *work* is one command of the command line that a worker carries out. Equal orders have one work:
two people who ask for the same plan have a job each, and it is solved once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

State = Literal["waiting", "running", "done", "failed", "cancelled"]
OPEN: tuple[State, ...] = ("waiting", "running")
"""States in which something is still to come."""


@dataclass(frozen=True)
class Order:
    """What somebody wants done.

    Parameters
    ----------
    kind : str
        A name of :data:`api.jobs.kinds.KINDS`.
    arguments : mapping
        As they were given, JSON-ready.
    words : sequence of str
        The words of the command line that they come to.
    ground : str
        Digest of what it is made from besides its words (the scenario's files, the network's version): orders with equal words and
        ground have one work.
    priority : int
        -10 to 10, the higher the sooner.
    kept : bool
        Whether the answer to an equal order that has ended serves again.
    names : bool
        Whether the answer may hold names of persons.
    """

    kind: str
    arguments: Mapping[str, Any]
    words: Sequence[str]
    ground: str = ""
    priority: int = 0
    kept: bool = False
    names: bool = False


@dataclass(frozen=True)
class Work:
    """What a worker carries out.

    Parameters
    ----------
    id : int
    kind : str
    words : sequence of str
        Of the command line.
    attempts : int
        How often it was begun, this time included; stops and ends of the whole service do not count.
    """

    id: int
    kind: str
    words: Sequence[str]
    attempts: int


@dataclass(frozen=True)
class Job:
    """A job as it stands.

    Parameters
    ----------
    id : str
    kind : str
    arguments : mapping
    owner : str
        Who ordered it.
    priority : int
    work : int
        What is carried out for it, and maybe for others.
    state : str
    shared : bool
        Whether the work had been ordered before, by an equal order.
    attempts : int
        How often its work was begun; stops and ends of the whole service do not count.
    submitted, started, ended : datetime or None
        In UTC.
    code : int or None
        Exit status of the command, when it has ended by itself.
    error : mapping or None
        What went wrong, as ``--json`` tells it.
    progress : mapping or None
        Facts of the last progress that its work told.
    names : bool
        Whether its answer may hold names of persons: only those who may see them look at it, whosever it is.
    """

    id: str
    kind: str
    arguments: Mapping[str, Any]
    owner: str
    priority: int
    work: int
    state: State
    shared: bool
    attempts: int
    submitted: datetime
    started: datetime | None
    ended: datetime | None
    code: int | None
    error: Mapping[str, Any] | None
    progress: Mapping[str, Any] | None = None
    names: bool = False

    @property
    def open(self) -> bool:
        """Whether something is still to come."""
        return self.state in OPEN


@dataclass(frozen=True)
class Event:
    """Something that happened to a work.

    Parameters
    ----------
    number : int
        Rises with every event of any work; a stream goes on behind it.
    work : int
    at : datetime
    kind : str
        ``state`` (its new state) or ``progress`` (stage, label, facts of a solve).
    facts : mapping
    """

    number: int
    work: int
    at: datetime
    kind: Literal["state", "progress"]
    facts: Mapping[str, Any]
