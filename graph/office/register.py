"""What may not be touched: rows of approved requests, and places that are frozen for a time.

One paper, so that it is checked and changed together with what it guards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl

from graph.dates import holds
from graph.errors import CheckFailed, UsageError
from graph.language import Text, several
from graph.network import Network
from graph.schema import TABLES
from graph.store.changes import Changes
from graph.store.papers import Filing, Paper
from graph.store.rows import keyed

KIND, ID = "register", "locks"
SHOWN = 20


class Locked(CheckFailed):
    """A change touches what an approved request holds, or a place that is frozen."""


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
            Gives the network's table ``regions`` and, as far as they are removed, the rows as they are; called only where a
            place is frozen.
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
            (table, row, self.locks[table, row])
            for table in changes.tables
            if any(t == table for t, _ in self.locks)
            for row in changes.keys(table)
            if self.locks.get((table, row), own) != own
        ]
        frozen = [f for f in self.freezes if holds(f.since, f.until, today)]
        cold = _frozen(changes, read(), frozen) if frozen else []
        told = [
            Text(
                f"{table} {row}：已批准的请求 {request} 锁定",
                f"{table} {row}: held by the approved request {request}",
            )
            for table, row, request in held
        ] + cold
        if told:
            more = len(told) - SHOWN
            zh = "\n".join(f"  {t.zh}" for t in told[:SHOWN]) + (f"\n  ……另有 {more} 处" if more > 0 else "")
            en = "\n".join(f"  {t.en}" for t in told[:SHOWN]) + (f"\n  … and {more} more" if more > 0 else "")
            raise Locked(
                f"有 {len(told)} 处不能改动，未作任何更改：\n{zh}",
                f"{several(len(told), 'place')} may not be touched, nothing was done:\n{en}",
            )


def _frozen(changes: Changes, network: Network, freezes: list[Freeze]) -> list[Text]:
    """Rows that name a frozen place; of what is removed and of what was, too."""
    places: dict[str, Freeze] = {}
    for freeze in reversed(freezes):
        places |= dict.fromkeys((freeze.region, *network.descendants(freeze.region)), freeze)
    names = list(places)
    found: list[Text] = []
    for table in changes.tables:
        touched = keyed(table, changes.put_rows(table))
        if network.has(table):
            keys = changes.keys(table)
            was = keyed(table, network.frame(table)).filter(pl.col("row").is_in(keys))
            touched = pl.concat([touched, was])
        columns = place_columns(table)
        hit = (
            touched.filter(pl.any_horizontal(pl.col(c).is_in(names) for c in columns))
            if columns
            else touched.clear()
        )
        for row in hit.unique("row", keep="first", maintain_order=True).iter_rows(named=True):
            freeze = places[next(row[c] for c in columns if row[c] in places)]
            why_zh, why_en = (f"（{freeze.reason}）", f" ({freeze.reason})") if freeze.reason else ("", "")
            where, until = network.label(freeze.region), freeze.until.isoformat() if freeze.until else ""
            found.append(
                Text(
                    f"{table} {row['row']}：{where} 已冻结{f'至 {until}' if until else ''}{why_zh}",
                    f"{table} {row['row']}: {where} is frozen{f' until {until}' if until else ''}{why_en}",
                )
            )
    return found


def place_columns(table: str) -> list[str]:
    """Columns of a table that name a region; the region itself included."""
    named = [c.name for c in TABLES[table].columns if "regions.code" in c.foreign.split("|")]
    return ["code", *named] if table == "regions" else named
