"""Versions of a network, and the states that a row had in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from graph.errors import UsageError
from graph.store.about import About
from graph.store.changes import Changes

How = Literal["load", "request", "adopt", "revert", "pull", "forget"]


@dataclass(frozen=True)
class Version:
    """One state of a network.

    Parameters
    ----------
    number : int
        From 1; the head is the highest.
    at : datetime
        When it was recorded, in UTC.
    how : str
        What made it: ``load``, ``request``, ``adopt``, ``revert``, ``pull`` or ``forget``.
    by, why : str
        Who made it, and the reason given (for an adoption the plan's id).
    counts : mapping of str to (int, int)
        Table → rows that really were put and removed.
    digest : str
        Digest of the whole history up to it, see :func:`chained`.
    """

    number: int
    at: datetime
    how: How
    by: str
    why: str
    counts: Mapping[str, tuple[int, int]]
    digest: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self) | {
            "at": self.at.isoformat(),
            "counts": {k: list(v) for k, v in self.counts.items()},
        }


def chained(before: str, changes: Changes, about: About, tables: Collection[str]) -> str:
    """Digest of a version: the same on every store where the history is the same, and another where anything in it differs.

    Parameters
    ----------
    before : str
        Digest of the version before; empty for the first.
    changes : Changes
        What was asked for.
    about : About
        Settings as of the version.
    tables : collection of str
        Tables that were given up to it.
    """
    told = [before, changes.digest, about.to_dict(), sorted(tables)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class State:
    """One state of a row.

    Parameters
    ----------
    row : mapping of str to object
        The cells by column.
    recorded_at, superseded_by : int, int or None
        Version from which it is known, and the one from which it is known no longer; ``None`` while it stands.
    """

    row: Mapping[str, Any]
    recorded_at: int
    superseded_by: int | None


class NoSuchNetwork(UsageError):
    """A store has no network of that name, or not at that version."""
