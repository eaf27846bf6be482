"""One measure's value for every region of a level: what a map is coloured by. What is not known is missing, never 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from graph.dates import holding
from graph.errors import UsageError
from graph.language import Text
from graph.network import Network
from graph.questions.coverage import build_tree
from graph.questions.gaps import STATE_TITLES, gap
from graph.questions.ledger import MONEY_ITEMS, check_level
from graph.questions.measures import COVERAGE, DERIVED, described, rule_of
from graph.questions.moment import moment
from graph.questions.placed import placed
from graph.schema import ENUMS
from graph.tables.suggest import unknown

VALUES = ("region", "value", "state", "mark", "source")
EXITED = {"exited": Text("已摘帽", "exited"), "not_yet": Text("未摘帽", "not yet")}
EXIT_YEAR = "exit_year"
OF_RELATIONS = ("supporters", "money_received")
"""Measures that are worked out of relations."""


@dataclass(frozen=True)
class Measured:
    """A measure of the regions of a level, in a year.

    Parameters
    ----------
    measure : str
        its name
    title : Text
        what people call it
    unit : str
        of the values; `state`: there are states instead
    level : str
        level of the regions
    year : int
        year of the values; of those whose unit is `year`: up to it
    at : date
        day on which relations were read, where it is worked out of them
    states : mapping of str to Text
        states that occur, with their titles
    values : DataFrame
        regions with what is known of them
    regions : int
        number of regions at the level
    """

    measure: str
    title: Text
    unit: str
    level: str
    year: int
    at: date
    states: Mapping[str, Text]
    values: pl.DataFrame
    regions: int

    @property
    def missing(self) -> int:
        """Number of regions at the level of which nothing is known."""
        return self.regions - self.values.height

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "measure": self.measure, "title": self.title.as_dict(), "unit": self.unit, "level": self.level,
            "year": self.year, "at": self.at.isoformat(),
            "states": [{"state": state, "title": title.as_dict()} for state, title in self.states.items()],
            "values": self.values.to_dicts(), "regions": self.regions, "missing": self.missing,
        }  # fmt: skip


def measured(
    network: Network, measure: str, level: str, *, year: int | None = None, at: date | None = None
) -> Measured:
    """A measure of every region of a level.

    Parameters
    ----------
    network : Network
        ``regions`` and the tables that the measure comes from (:func:`graph.questions.measures.measures`).
    measure : str
        A measure of ``region_facts``; ``supporters`` (in force on the day, of the region or what lies in it); ``money_received``
        (delivered in the year, by the ledger, of the region and what lies in it); ``exit_status``; ``coverage:`` and a rule's name.
    level : str
        A level of the network.
    year : int, optional
        By default the year of the day; of figures the newest at the level up to it, or where there is none up to it the newest there is.
    at : date, optional
        The day for what is worked out of relations; by default the last of the year where one is named, else the network's.

    Returns
    -------
    Measured
        ``values``: ``region, value`` (null where there is a state), ``state, mark`` (marks that occur, ``;`` between), ``source`` (of
        figures), in the order of the regions.

    Raises
    ------
    UsageError
        When there is no such measure or level.
    """
    check_level(network.settings, level)
    check_measure(network, measure)
    title, unit = described(measure, network.rules)
    regions = network.frame("regions").filter(
        (pl.col("level") == level) & ~pl.col("pseudo").fill_null(value=False)
    )
    codes = regions.select(pl.col("code").alias("region"))
    day = day_of(network, year, at)
    found, told_year, states = _found(network, measure, unit, level, codes, year, day)
    values = codes.join(found.select(VALUES), on="region", maintain_order="left")
    occurring = set(values["state"].drop_nulls())
    return Measured(
        measure, title, unit, level, told_year, day, {s: t for s, t in states.items() if s in occurring}, values, codes.height
    )  # fmt: skip


def day_of(network: Network, year: int | None, at: date | None) -> date:
    """The day on which relations are read."""
    return at or (moment(network, None) if year is None else date(year, 12, 31))


def check_measure(network: Network, measure: str) -> None:
    """Refuse a measure that there is not.

    Raises
    ------
    UsageError
        With the one that may be meant.
    """
    own = network.enums.get("measure", ())
    known = [*ENUMS["measure"], *own, *DERIVED]
    if measure not in known and not measure.startswith(COVERAGE):
        told = unknown(Text("没有指标", "no measure"), measure, known)
        raise UsageError(told.zh, told.en)


def _found(
    network: Network, measure: str, unit: str, level: str, codes: pl.DataFrame, year: int | None, day: date
) -> tuple[pl.DataFrame, int, Mapping[str, Text]]:
    """Values, the year that they are of, and titles of states."""
    if measure.startswith(COVERAGE):
        return _coverage(network, measure, day), day.year, STATE_TITLES
    if measure == "supporters":
        return _supporters(network, level, day), day.year, {}
    if measure == "money_received":
        return (
            _money(network, level, day.year if year is None else year),
            day.year if year is None else year,
            {},
        )
    if measure == "exit_status":
        return (
            _exit_status(network, day.year if year is None else year),
            day.year if year is None else year,
            EXITED,
        )
    return *_figures(network, measure, unit, codes, year, day), {}


def _figures(
    network: Network, measure: str, unit: str, codes: pl.DataFrame, year: int | None, day: date
) -> tuple[pl.DataFrame, int]:
    """Figures of one year; those that are years themselves: the last told up to it."""
    facts = (
        network.frame("region_facts")
        .filter(pl.col("measure") == measure)
        .join(codes, on="region", how="semi")
    )
    told = _newest(facts["year"], day) if year is None else year
    if unit == "year":
        kept = (
            facts.filter(pl.col("year") <= told)
            .sort("year")
            .unique("region", keep="last", maintain_order=True)
        )
    else:
        kept = facts.filter(pl.col("year") == told)
    return kept.with_columns(pl.lit(None, dtype=pl.String).alias("state")), told


def _newest(years: pl.Series, day: date) -> int:
    """The last year up to a day's, else the last there is, else the day's."""
    known = years.filter(years <= day.year)
    newest = (known if known.len() else years).max()
    return newest if isinstance(newest, int) else day.year


def _exit_status(network: Network, year: int) -> pl.DataFrame:
    """Of regions whose year of exit is told."""
    facts = network.frame("region_facts").filter(pl.col("measure") == EXIT_YEAR)
    last = facts.sort("year").unique("region", keep="last", maintain_order=True)
    state = pl.when(pl.col("value") <= year).then(pl.lit("exited")).otherwise(pl.lit("not_yet"))
    return last.with_columns(state.alias("state"), pl.lit(None, dtype=pl.Float64).alias("value"))


def _supporters(network: Network, level: str, day: date) -> pl.DataFrame:
    links = _raised(network, level).filter(holding(day))
    return _worked_out(links, pl.col("supporter").n_unique())


def _money(network: Network, level: str, year: int) -> pl.DataFrame:
    ledger = network.frame("ledger").filter(
        (pl.col("year") == year) & pl.col("item").is_in(MONEY_ITEMS) & pl.col("delivered").is_not_null()
    )
    ends = _raised(network, level).select(pl.col("id").alias("relation"), "region")
    return _worked_out(ledger.join(ends, on="relation"), pl.col("delivered").sum())


def _raised(network: Network, level: str) -> pl.DataFrame:
    """Relations with ``region``, the place of the level that the recipient is or lies in."""
    return placed(network, level=level).rename({"recipient_place": "region"}).drop_nulls("region")


def _worked_out(rows: pl.DataFrame, value: pl.Expr) -> pl.DataFrame:
    marks = pl.col("mark").drop_nulls().unique().sort()
    empty = pl.lit(None, dtype=pl.String)
    return rows.group_by("region").agg(
        value.cast(pl.Float64).alias("value"), pl.when(marks.len() > 0).then(marks.str.join(";")).alias("mark")
    ).with_columns(empty.alias("state"), empty.alias("source"))  # fmt: skip


def _coverage(network: Network, measure: str, day: date) -> pl.DataFrame:
    rows = gap(network, build_tree(network), rule_of(measure, network.rules), day).rows
    return rows.select(
        "region", pl.lit(None, dtype=pl.Float64).alias("value"), "state", pl.when(pl.col("mark") != "").then("mark").alias("mark"),
        pl.lit(None, dtype=pl.String).alias("source"),
    )  # fmt: skip
