"""A day or a range of days that a question is asked of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from graph.dates import holding, overlapping
from graph.errors import UsageError
from graph.network import Network
from graph.questions.moment import moment


@dataclass(frozen=True)
class Span:
    """A day, or the days of ``[since, until)``.

    Parameters
    ----------
    at : date or None
        The day; ``None`` where a range is asked.
    since, until : date or None
        The range; an end that is ``None`` is open.
    """

    at: date | None
    since: date | None = None
    until: date | None = None

    @property
    def first(self) -> date | None:
        """Its first day; ``None``: from the beginning."""
        return self.since if self.at is None else self.at

    @property
    def years(self) -> tuple[int | None, int | None]:
        """The first and the last year; ``None``: from the beginning, to the end."""
        if self.at is not None:
            return self.at.year, self.at.year
        last = None if self.until is None else (self.until - timedelta(days=1)).year
        return None if self.since is None else self.since.year, last

    @property
    def in_force(self) -> pl.Expr:
        """Rows in force on the day, or on a day of the range."""
        return overlapping(self.since, self.until) if self.at is None else holding(self.at)

    @property
    def over(self) -> pl.Expr:
        """Rows that were in force before it and no more."""
        return (
            pl.lit(False)
            if self.first is None
            else overlapping(None, self.first) & (pl.col("until") <= self.first)
        )

    @property
    def in_its_years(self) -> pl.Expr:
        """Rows whose ``year`` is one of its years."""
        first, last = self.years
        kept = pl.lit(True) if first is None else pl.col("year") >= first
        return kept if last is None else kept & (pl.col("year") <= last)


def span(network: Network, at: date | None, since: date | None, until: date | None) -> Span:
    """What is asked: the range where one of its ends is given, else the day, by default the network's.

    Raises
    ------
    UsageError
        When both a day and a range are given, or the range has no day.
    """
    if since is None and until is None:
        return Span(moment(network, at))
    if at is not None:
        raise UsageError(
            "请只给出日期（at）或期间（since、until）之一", "give either a day (at) or a range (since, until)"
        )
    demand_days(since, until)
    return Span(None, since, until)


def demand_days(since: date | None, until: date | None) -> None:
    """Refuse a range without a day.

    Raises
    ------
    UsageError
        When it has none.
    """
    if since is not None and until is not None and since >= until:
        raise UsageError(
            f"期间 [{since}, {until}) 没有一天；since 须早于 until",
            f"the range [{since}, {until}) has no day; since has to be before until",
        )
