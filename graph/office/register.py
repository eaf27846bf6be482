"""What may not be touched: rows of approved requests, and places that are frozen for a time.

One paper, so that it is checked and changed together with what it guards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from graph.dates import holds
from graph.errors import UsageError
from graph.network import Network
from graph.office.frozen import frozen_rows
from graph.office.locked import Locked, Reason
from graph.store.changes import Changes
from graph.store.papers import Filing, Paper

KIND, ID = "register", "locks"


@dataclass(frozen=True)
class Freeze:
    """A place whose rows do not change for a time.

    Parameters
    ----------
    region : str
        Code of the place; everything below it is frozen, too.
    since, until : date or None
        Half-open days; ``None``: without such an end.
    reason, by : str
        Why, and who said so.
    """

    region: str
    since: date | None
    until: date | None
    reason: str
    by: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "region": self.region,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "reason": self.reason,
            "by": self.by,
        }

    def demand_to_come(self, today: date) -> None:
        """Refuse one that is over already; one that ends before it begins is told where it is set.

        Raises
        ------
        UsageError
            When its last day is past.
        """
        backwards = self.since and self.until and self.until <= self.since
        if self.until and self.until <= today and not backwards:
            raise UsageError(
                f"止日 {self.until} 已经过去（不含这一天），冻结不会起作用",
                f"the end {self.until} is past (that day is excluded): the freeze would never hold",
            )

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Freeze:
        """The same back."""
        since, until = (date.fromisoformat(d) if d else None for d in (told["since"], told["until"]))
        return cls(told["region"], since, until, told["reason"], told["by"])


@dataclass(frozen=True)
class Register:
    """Locks and freezes of a network.

    Parameters
    ----------
    locks : mapping of (str, str) to str
        Table and row → the approved request that holds it.
    freezes : tuple of Freeze
        In the order in which they were set.
    four_eyes : bool
        Whether nobody may approve what they drafted, edited or submitted themselves.
    revision : int
        Of the paper; 0 before it is filed.
    """

    locks: Mapping[tuple[str, str], str] = field(default_factory=dict)
    freezes: tuple[Freeze, ...] = ()
    four_eyes: bool = False
    revision: int = 0

    @classmethod
    def of(cls, papers: Iterable[Paper]) -> Register:
        """The register among the papers of its kind; an empty one where there is none."""
        for paper in papers:
            told = paper.content
            locks = {(table, row): request for table, row, request in told["locks"]}
            freezes = tuple(Freeze.from_dict(f) for f in told["freezes"])
            return cls(locks, freezes, bool(told["four_eyes"]), paper.revision)
        return cls()

    def filing(self) -> Filing:
        """The paper to be filed."""
        locks = [[table, row, request] for (table, row), request in sorted(self.locks.items())]
        freezes = [f.to_dict() for f in self.freezes]
        content = {"locks": locks, "freezes": freezes, "four_eyes": self.four_eyes}
        return Filing(KIND, ID, content, self.revision)

    def holding(self, rows: Iterable[tuple[str, str]], request: str) -> Register:
        """With these rows held by a request."""
        return replace(self, locks={**self.locks, **dict.fromkeys(rows, request)})

    def without(self, request: str) -> Register:
        """Without what a request held."""
        return replace(self, locks={k: r for k, r in self.locks.items() if r != request})

    def guard(self, changes: Changes, read: Callable[[], Network], today: date, own: str = "") -> None:
        """Refuse changes that touch what is held by another request or frozen.

        Parameters
        ----------
        changes : Changes
            What is to change.
        read : callable
            Gives the network with the tables of :func:`graph.office.frozen.read_for`; called only where a place is frozen.
        today : date
            The day on which it is asked.
        own : str
            The request that the changes belong to.

        Raises
        ------
        Locked
            The message names rows and requests, or places and reasons.
        """
        held = [
            Reason(table, row, self.locks[table, row])
            for table in changes.tables
            if any(t == table for t, _ in self.locks)
            for row in changes.keys(table)
            if self.locks.get((table, row), own) != own
        ]
        frozen = [f for f in self.freezes if holds(f.since, f.until, today)]
        cold = frozen_rows(changes, read(), frozen) if frozen else []
        if held or cold:
            raise Locked([*held, *cold])
