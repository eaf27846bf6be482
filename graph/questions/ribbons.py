"""Who supports whom, added up to a level: what a map draws as ribbons and arcs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from graph.network import Network
from graph.questions.ledger import MONEY_ITEMS, check_level
from graph.questions.placed import ENDS, placed
from graph.questions.span import Span, span
from graph.schema import ENUMS

READS = ("regions", "names", "region_successions", "units", "relations", "ledger")
MARKS = tuple(ENUMS["mark"])
TOLD = ("code", "name", "level", "lon", "lat", "mark")


@dataclass(frozen=True)
class Ribbons:
    """Links between places of a level, on a day or in a range.

    Parameters
    ----------
    level : str
        level that both ends are raised to; places above it stay what they are
    at : date or None
        the day; null: a range was asked for
    since, until : date or None
        the range `[since, until)`; null: that end is open, or a day was asked for
    years : sequence of int or None
        first and last year of the money; null: open
    ribbons : DataFrame
        who supports whom, the most relations first
    places : DataFrame
        every place at an end of a ribbon
    relations : int
        number of relations in force that are drawn
    unplaced : int
        number of relations in force that are not drawn, as an end lies in no region
    units : dict of str to int
        number of units at the ends: `placed` at their home region, `without_home`
    """

    level: str
    at: date | None
    since: date | None
    until: date | None
    years: Sequence[int | None]
    ribbons: pl.DataFrame
    places: pl.DataFrame
    relations: int
    unplaced: int
    units: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        days = {key: None if day is None else day.isoformat() for key, day in self._days.items()}
        return {
            "level": self.level,
            **days,
            "years": list(self.years),
            "ribbons": self._rows,
            "places": self.places.to_dicts(),
            "relations": self.relations,
            "unplaced": self.unplaced,
            "units": self.units,
        }

    @property
    def _rows(self) -> list[dict[str, Any]]:
        kinds = self.ribbons["kinds"].struct.unnest()
        counted = ({k: n for k, n in zip(kinds.columns, row, strict=True) if n} for row in kinds.iter_rows())
        rows = self.ribbons.drop("kinds").to_dicts()
        return [{**row, "kinds": told} for row, told in zip(rows, counted, strict=True)]

    @property
    def _days(self) -> dict[str, date | None]:
        return {"at": self.at, "since": self.since, "until": self.until}


def ribbons(
    network: Network,
    level: str,
    *,
    at: date | None = None,
    since: date | None = None,
    until: date | None = None,
    kinds: Sequence[str] = (),
    within: str | None = None,
) -> Ribbons:
    """Relations added up by the places of a level in which their ends lie.

    A unit counts where its home is. Money is what the ledger says, in the day's year or the range's years, of the relations that are in
    force or were before.

    Parameters
    ----------
    network : Network
        See :data:`READS`.
    level : str
        A level of the network.
    at : date, optional
        The day; by default the network's, where no range is asked.
    since, until : date, optional
        Instead: the range ``[since, until)``; one end may be left open.
    kinds : sequence of str
        Only these kinds of relation; none: all.
    within : str, optional
        Words that name a place or unit: only relations of which an end is it, or lies in it.

    Returns
    -------
    Ribbons
        ``ribbons``: ``supporter, recipient`` (codes), ``relations`` (in force), ``ended`` (before), ``kinds`` (kind → number in force),
        ``pledged, delivered`` (yuan; null: nothing is told), ``money_mark``, and for each mark how many of those in force (where there is
        none: of the ended) bear it. ``places``: ``code, name, level, lon, lat`` (degrees, WGS84), ``mark``.

    Raises
    ------
    UsageError
        When there is no such level or kind, nothing or several are called ``within``, both a day and a range are given, or the range has
        no day.
    """
    check_level(network.settings, level)
    asked = span(network, at, since, until)
    found = placed(network, kinds, within, level).with_columns(
        asked.in_force.alias("active"), asked.over.alias("over")
    )
    found = found.filter("active" if asked.first is None else pl.col("active") | pl.col("over"))
    links = found.rename({"supporter_place": "from", "recipient_place": "to"})
    drawn = links.drop_nulls(["from", "to"])
    summed = _summed(drawn).join(_money(network, asked, drawn), on=["from", "to"], how="left")
    told = summed.rename({"from": "supporter", "to": "recipient"}).sort(
        "relations", "ended", "supporter", "recipient", descending=[True, True, False, False]
    )
    active = int(drawn["active"].sum() or 0)
    return Ribbons(
        level, asked.at, asked.since, asked.until, asked.years, told, _places(network, told), active,
        int(links["active"].sum() or 0) - active, _units(network, links),
    )  # fmt: skip


def _summed(links: pl.DataFrame) -> pl.DataFrame:
    kinds = links["kind"].unique().sort().to_list()
    active = pl.col("active")
    by_kind = [(active & (pl.col("kind") == kind)).sum().alias(kind) for kind in kinds] or [
        pl.lit(0).alias("")
    ]
    marked = [
        pl.when(active.any()).then((active & (pl.col("mark") == mark)).sum()).otherwise((pl.col("mark") == mark).sum()).alias(mark)
        for mark in MARKS
    ]  # fmt: skip
    counts = [
        active.sum().alias("relations"),
        pl.col("over").sum().alias("ended"),
        pl.struct(by_kind).alias("kinds"),
    ]
    return links.group_by("from", "to").agg(*counts, *marked)


def _money(network: Network, asked: Span, links: pl.DataFrame) -> pl.DataFrame:
    """``pledged`` and ``delivered`` of some links; null where nothing is told."""
    ledger = network.frame("ledger").filter(pl.col("item").is_in(MONEY_ITEMS) & asked.in_its_years)
    ends = links.select(pl.col("id").alias("relation"), "from", "to")
    told = [
        pl.when(pl.col(column).is_not_null().any()).then(pl.col(column).sum()).alias(column)
        for column in ("pledged", "delivered")
    ]
    marks = pl.col("mark").drop_nulls().unique().sort().str.join(";").alias("money_mark")
    return ledger.join(ends, on="relation").group_by("from", "to").agg(*told, marks)


def _places(network: Network, told: pl.DataFrame) -> pl.DataFrame:
    codes = pl.concat([told["supporter"], told["recipient"]]).unique()
    regions = network.frame("regions").select(TOLD)
    return regions.filter(pl.col("code").is_in(codes.implode())).sort("code")


def _units(network: Network, links: pl.DataFrame) -> dict[str, int]:
    """Units at the ends of links: how many lie somewhere, how many do not."""
    units = network.frame("units").select("id")
    ends = pl.concat(
        [links.select(pl.col(end).alias("id"), pl.col(f"{end}_at").alias("at")) for end in ENDS]
    ).unique("id")
    found = ends.join(units, on="id", how="semi")["at"]
    return {"placed": found.drop_nulls().len(), "without_home": found.null_count()}
