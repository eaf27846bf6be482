"""A row of the audit log, and its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Step = Literal["begun", "ended", "refused", "event"]
"""``begun``: a change is about to be made; ``ended``: how it went; ``refused``: it was not let in; ``event``: something else."""
FORM = "jiedui audit 1"
"""In every digest, so that another way to make one cannot be taken for this one."""
FIRST = "0" * 64
"""What stands before the first row."""


@dataclass(frozen=True)
class Doing:
    """Something done, as it is told to the log.

    Parameters
    ----------
    step : str
        See :data:`Step`.
    method, route : str
        HTTP method and the route's template, without what was put into it; of the command line ``CLI`` and the command.
    caller, via, address : str or None
        Who, how they are known, from where; ``None`` where that is not known.
    request : str
        Number of the request; that of ``begun`` and ``ended`` is the same.
    parameters : mapping
        Of the path: ids.
    status : int or None
        HTTP status, or exit status; ``None`` as long as it is not known.
    facts : mapping
        What the route adds: ids and counts; never secrets or names.
    """

    step: Step
    method: str
    route: str
    caller: str | None = None
    via: str | None = None
    address: str | None = None
    request: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry(Doing):
    """A row.

    Parameters
    ----------
    number : int
        Its place, from 1 without gaps.
    at : str
        When it was written (UTC, ISO).
    before : str
        Digest of the row before.
    hash : str
        Digest of all of this.
    """

    number: int = 0
    at: str = ""
    before: str = FIRST
    hash: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For JSON, in the order of the table's columns."""
        return {name: getattr(self, name) for name in COLUMNS}


COLUMNS = (
    "number", "at", "step", "caller", "via", "address", "request", "method", "route", "parameters", "status", "facts", "before", "hash",
)  # fmt: skip


def digest(entry: Entry) -> str:
    """SHA-256 over every field but the digest itself, as JSON."""
    told = entry.as_dict()
    told.pop("hash")
    words = json.dumps([FORM, told], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()
