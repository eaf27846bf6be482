"""People and ties in a year: planned postings and pairs begin, others end, and some who are posted leave early."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from graph.dates import holding, years_after
from graph.network import Network
from graph.schema import TABLES
from planner.office.effects import Decided, effects
from planner.roll.outcome import Luck
from planner.roll.rows import SOURCE, SYNTHETIC, put
from planner.scenario import Scenario

REASONS = ("illness", "family", "promotion", "retired", "other")
"""Why somebody leaves early, each as often as the other (assumed)."""
BEGIN = ("pairs", "postings", "inspections")
"""Result tables whose decisions hold from the day of planning on."""


@dataclass(frozen=True)
class Postings:
    """How many postings held on the day of planning, began on it, ended within the year, and hold at its end.

    ``held + begun − ended = there``.
    """

    held: int
    begun: int
    ended: int
    there: int


def begin(scenario: Scenario, plan: str, tables: Mapping[str, pl.DataFrame]) -> Network:
    """The network in which what a plan decided has begun: relations, postings, visits; all marked."""
    network = scenario.network
    announced = int(scenario.policies["pairing"]["announced_days"] or 0)
    chosen = {t: tables[t] for t in BEGIN if t in tables}
    changes = effects(Decided(plan, scenario.on, announced, chosen), network)
    frames = {}
    for table in changes.tables:
        columns = [c.name for c in TABLES[table].columns]
        gone = changes.removed_rows(table)
        kept = network.frame(table).select(columns)
        kept = kept.join(
            gone, on=list(TABLES[table].key), how="anti", nulls_equal=True, maintain_order="left"
        )
        new = pl.col("source") == f"plan {plan}"  # a row that ends keeps its source
        ours = changes.put_rows(table).with_columns(
            source=pl.when(new).then(pl.lit(SOURCE)).otherwise("source"), mark=pl.lit(SYNTHETIC)
        )
        frames[table] = put(kept, table, ours)
    return network.with_frames(frames)


def end_of_year(network: Network, on: date, luck: Luck) -> pl.DataFrame | None:
    """``postings`` at the end of the year: who leaves early does so on its last day; what was over is told so. ``None`` without any."""
    frame = network.frame("postings")
    if frame.is_empty():
        return None
    who = frame["cadre"].to_list()
    leaves = pl.Series(luck.draw("leaves", on.year, who) < luck.chances.leaves)
    why = pl.Series(
        [REASONS[int(u * len(REASONS))] for u in luck.draw("why", on.year, who).tolist()], dtype=pl.String
    )
    early = holding(on) & leaves
    over = (pl.col("until") <= on) & pl.col("ended_because").is_null()
    told = frame.with_columns(
        until=pl.when(early).then(pl.lit(on)).otherwise("until"),
        ended_because=pl.when(early)
        .then(why)
        .when(over)
        .then(pl.lit("term_over"))
        .otherwise("ended_because"),
        mark=pl.when(early | over).then(pl.lit(SYNTHETIC)).otherwise("mark"),
    )
    return _with_days(told, on, luck)


def _with_days(postings: pl.DataFrame, on: date, luck: Luck) -> pl.DataFrame:
    """Days in the village of the year before ``on``, of those who were posted in it: all but a drawn share of the days of their term."""
    begun = pl.max_horizontal(pl.col("since"), pl.lit(years_after(on, -1)))
    posted = (pl.min_horizontal(pl.col("until"), pl.lit(on)) - begun).dt.total_days()
    who = [f"{c}|{v}|{p}" for c, v, p in postings.select("cadre", "village", "post").iter_rows()]
    there = pl.Series(1.0 - luck.draw("away", on.year, who) * luck.chances.away)
    return postings.with_columns(
        days_in_village=pl.when(posted > 0)
        .then((posted * there).floor().cast(pl.Int64))
        .otherwise("days_in_village"),
        mark=pl.when(posted > 0).then(pl.lit(SYNTHETIC)).otherwise("mark"),
    )


def count_postings(before: Network, begun: Network, after: Network, start: date, end: date) -> Postings:
    """Count postings by (cadre, village, post): before the plan, as it began, and at the end of the year."""
    held, now = _held(before, start), _held(begun, start)
    there = _held(after, end)
    return Postings(len(held), len(now - held), len(held | now) - len(there), len(there))


def _held(network: Network, day: date) -> set[tuple[str, str, str]]:
    return set(network.frame("postings").filter(holding(day)).select("cadre", "village", "post").iter_rows())
