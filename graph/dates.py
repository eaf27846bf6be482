"""Time is one rule: half-open ``[since, until)``.

An empty ``until`` means still running; an empty ``since`` means since unknown, active from the beginning.
Every question, stage, store and view decides with :func:`holds` or :func:`holding` whether a fact holds on a date.
"""

from __future__ import annotations

from datetime import date

import polars as pl


def holds(since: date | None, until: date | None, on: date) -> bool:
    """Whether ``[since, until)`` contains ``on``."""
    return (since is None or since <= on) and (until is None or on < until)


def holding(on: date, since: str = "since", until: str = "until") -> pl.Expr:
    """The same for a frame: true where the row's ``[since, until)`` contains ``on``."""
    begun = pl.col(since).is_null() | (pl.col(since) <= on)
    return begun & (pl.col(until).is_null() | (pl.col(until) > on))


def years_after(day: date, years: float) -> date:
    """The day so many years later; parts of a year as days of 365."""
    whole = int(years)
    month = day.replace(day=28) if (day.month, day.day) == (2, 29) else day
    return date.fromordinal(month.replace(year=day.year + whole).toordinal() + round((years - whole) * 365))


def overlapping(begin: date | None, end: date | None, since: str = "since", until: str = "until") -> pl.Expr:
    """True where the row's ``[since, until)`` has a day of ``[begin, end)``; an end that is ``None`` is open."""
    ever = pl.col(since).is_null() | pl.col(until).is_null() | (pl.col(since) < pl.col(until))
    begun = pl.lit(True) if end is None else pl.col(since).is_null() | (pl.col(since) < end)
    lasts = pl.lit(True) if begin is None else pl.col(until).is_null() | (pl.col(until) > begin)
    return ever & begun & lasts
