"""When relations begin, end and are in force, by month or year: the histogram over a control of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import polars as pl

from graph.dates import overlapping
from graph.network import Network
from graph.questions.placed import placed
from graph.questions.span import demand_days

READS = ("regions", "names", "region_successions", "units", "relations")
Step = Literal["month", "year"]
MOST = 6000
"""Periods that are told at most: months from 1700 to 2200."""


@dataclass(frozen=True)
class Timeline:
    """Relations by month or year.

    Parameters
    ----------
    step : str
        `month` or `year`
    periods : sequence of date
        first day of each
    kinds : DataFrame
        relations of each kind
    total : mapping of str to sequence of int
        all of them
    since_unknown : int
        number of relations whose beginning is not known: in force from the beginning
    until_open : int
        number of relations that still run
    """

    step: Step
    periods: Sequence[date]
    kinds: pl.DataFrame
    total: Mapping[str, Sequence[int]]
    since_unknown: int
    until_open: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "step": self.step,
            "periods": [day.isoformat() for day in self.periods],
            "kinds": self.kinds.to_dicts(),
            "total": {key: list(numbers) for key, numbers in self.total.items()},
            "since_unknown": self.since_unknown,
            "until_open": self.until_open,
        }


def timeline(
    network: Network,
    step: Step = "year",
    *,
    since: date | None = None,
    until: date | None = None,
    kinds: Sequence[str] = (),
    within: str | None = None,
) -> Timeline:
    """Relations that begin, end and are in force, by period and kind.

    Parameters
    ----------
    network : Network
        See :data:`READS`.
    step : {"month", "year"}
    since, until : date, optional
        Only periods that have a day of ``[since, until)``; by default from the first known change to the last.
    kinds : sequence of str
        Only these kinds of relation; none: all.
    within : str, optional
        Words that name a place or unit: only relations of which an end is it, or lies in it.

    Returns
    -------
    Timeline
        ``kinds``: ``kind``, and lists with a number for each period: ``begun`` and ``ended`` (on a day of it), ``in_force`` (on its last
        day). In force is always what was so a period before, and what begun, without what ended.

    Raises
    ------
    UsageError
        When there is no such kind, nothing or several are called ``within``, or the range has no day.
    """
    demand_days(since, until)
    found = placed(network, kinds, within).filter(overlapping(None, None))
    periods = _periods(found, step, since, until)
    named = found["kind"].unique().sort().to_list()
    rows = [{"kind": kind, **_counted(found.filter(pl.col("kind") == kind), periods, step)} for kind in named]
    told = pl.DataFrame(
        rows, schema={"kind": pl.String, **dict.fromkeys(("begun", "ended", "in_force"), pl.List(pl.Int64))}
    )
    return Timeline(
        step, periods.to_list(), told, _counted(found, periods, step), found["since"].null_count(), found["until"].null_count()
    )  # fmt: skip


def _periods(found: pl.DataFrame, step: Step, since: date | None, until: date | None) -> pl.Series:
    """First days of the periods."""
    changes = pl.concat([found["since"], found["until"]]).drop_nulls()
    first = since or changes.min()
    last = changes.max() if until is None else until - timedelta(days=1)
    if not isinstance(first, date) or not isinstance(last, date) or last < first:
        return pl.Series([], dtype=pl.Date)
    every = "1mo" if step == "month" else "1y"
    start = first.replace(day=1) if step == "month" else first.replace(month=1, day=1)
    return pl.date_range(start, last, every, eager=True).head(MOST)


def _counted(rows: pl.DataFrame, periods: pl.Series, step: Step) -> dict[str, list[int]]:
    """Numbers for each period."""
    every = "1mo" if step == "month" else "1y"
    begun, ended = (_by_period(rows[column], periods, every) for column in ("since", "until"))
    before = 0
    if periods.len():
        first = periods[0]
        before = rows.filter(
            overlapping(None, first) & (pl.col("until").is_null() | (pl.col("until") >= first))
        ).height
    return {
        "begun": begun.to_list(),
        "ended": ended.to_list(),
        "in_force": ((begun - ended).cum_sum() + before).to_list(),
    }


def _by_period(days: pl.Series, periods: pl.Series, every: str) -> pl.Series:
    counts = days.drop_nulls().dt.truncate(every).value_counts(name="n")
    joined = periods.to_frame("period").join(
        counts.rename({counts.columns[0]: "period"}), on="period", how="left", maintain_order="left"
    )
    return joined["n"].cast(pl.Int64).fill_null(0)
