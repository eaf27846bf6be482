"""What the adoption of a plan changes in a network: relations and postings begin and end, money is allotted, exits are planned.

On the day of planning, and for nobody whom the plan does not name: a recipient without a row in the plan keeps its supporters.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, count

import polars as pl

from graph.dates import holding
from graph.network import Network
from graph.schema import TABLES
from graph.store.changes import Changes, merged
from planner.decisions import of_stages

EXIT_PLANNED = "exit_planned"
"""Tag of a place whose exit is planned; its value is the year of the result."""
TERM_OVER = "term_over"
READS = ("regions", "units", "relations", "postings", "region_tags", "fund_flows", "inspection_visits")
"""Tables that :func:`effects` looks at."""
CHANGES = {
    "pairs": "relations",
    "postings": "postings",
    "allocations": "fund_flows",
    "exits": "region_tags",
    "inspections": "inspection_visits",
}
"""Result table → table of the network that changes with it."""
PLACE = {
    "pairs": "recipient",
    "postings": "village",
    "allocations": "region",
    "exits": "region",
    "inspections": "region",
}
"""Result table → the column that says where a decision is felt."""


@dataclass(frozen=True)
class Decided:
    """A plan's decisions, as far as they are to be adopted.

    Parameters
    ----------
    plan : str
        The plan's id.
    on : date
        Day of planning.
    announced_days : int
        Relations that begin so many days after it count as in force, as the stage ``pairing`` saw them.
    tables : mapping of str to DataFrame
        Result tables.
    """

    plan: str
    on: date
    announced_days: int
    tables: Mapping[str, pl.DataFrame]


def effects(decided: Decided, network: Network) -> Changes:
    """Rows to put and to remove, so that the network is as decided.

    Parameters
    ----------
    decided : Decided
        What is adopted.
    network : Network
        As the plan saw it; :data:`READS`.
    """
    parts: dict[str, Callable[[Decided, Network], Changes]] = {
        "pairs": _relations,
        "postings": _postings,
        "allocations": _flows,
        "exits": _tags,
        "inspections": _visits,
    }
    return merged(parts[t](decided, network) for t, rows in decided.tables.items() if rows.height)


def narrowed(
    tables: Mapping[str, pl.DataFrame],
    network: Network,
    *,
    stages: Collection[str] = (),
    regions: Collection[str] = (),
    without: Collection[str] = (),
) -> dict[str, pl.DataFrame]:
    """The decisions of some stages and places.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Result tables.
    network : Network
        For what lies in a place.
    stages, regions : collection of str
        Only these stages, and only decisions felt in these places or below; empty: all.
    without : collection of str
        Stages and places that are left out.
    """
    wanted = _inside(network, regions)
    unwanted = _inside(network, [w for w in without if w in network.parents])
    found: dict[str, pl.DataFrame] = {}
    for stage, theirs in of_stages(tables).items():
        if (stages and stage not in stages) or stage in without:
            continue
        for table, rows in theirs.items():
            place = pl.col(PLACE[table])
            kept = rows.filter(place.is_in(wanted)) if regions else rows
            kept = kept.filter(~place.is_in(unwanted)) if unwanted else kept
            found[table] = pl.concat([found[table], kept]) if table in found else kept
    return found


def _inside(network: Network, regions: Collection[str]) -> list[str]:
    return [place for region in regions for place in (region, *network.descendants(region))]


def _relations(decided: Decided, network: Network) -> Changes:
    """Pairs that are new begin; relations of the same kind to the same recipient that are no pair any more end."""
    pairs, on = decided.tables["pairs"], decided.on
    last = on + timedelta(days=decided.announced_days)
    begun = pl.col("since").is_null() | (pl.col("since") <= last)
    running = network.frame("relations").filter(begun & (pl.col("until").is_null() | (pl.col("until") > on)))
    ends = ["kind", "supporter", "recipient"]
    kept = running.join(pairs, on=ends, how="semi")
    over = running.join(pairs, on=["kind", "recipient"], how="semi").join(kept, on="id", how="anti")
    unheld = over.filter(pl.col("since") >= on)  # a term that ends as it begins, or before, is none
    ended = over.join(unheld, on="id", how="anti").with_columns(until=pl.lit(on))
    new = pairs.join(kept, on=ends, how="anti").select(ends).unique(maintain_order=True)
    known = set(network.frame("relations")["id"].to_list())
    ids = [_free(f"{kind}:{giver}:{taker}", on, known) for kind, giver, taker in new.iter_rows()]
    named = new.with_columns(
        id=pl.Series(ids, dtype=pl.String),
        since=pl.lit(on),
        source=pl.lit(_source(decided)),
    )
    put = pl.concat([_whole("relations", ended), _whole("relations", named)])
    return _changes("relations", put, unheld.select("id"))


def _free(name: str, on: date, known: Collection[str]) -> str:
    """The name as an id; where it is taken with the day behind it, and a number where that is taken, too."""
    if name not in known:
        return name
    dated = f"{name}:{on.isoformat()}"
    tried = chain([dated], (f"{dated}:{n}" for n in count(2)))
    return next(i for i in tried if i not in known)


def _postings(decided: Decided, network: Network) -> Changes:
    """Seats that are new begin; who sits elsewhere, or on a planned seat without being planned, leaves."""
    seats, on = decided.tables["postings"], decided.on
    held = network.frame("postings").filter(holding(on))
    triple = ["cadre", "village", "post"]
    kept = held.join(seats, on=triple, how="semi")
    moves = held.join(seats, on="cadre", how="semi")
    yields = held.join(seats, on=["village", "post"], how="semi")
    over = pl.concat([moves, yields]).unique(maintain_order=True).join(kept, on=triple, how="anti")
    unheld = over.filter(pl.col("since") == on)
    ended = over.filter(pl.col("since").ne_missing(on)).with_columns(
        until=pl.lit(on), ended_because=pl.coalesce("ended_because", pl.lit(TERM_OVER))
    )
    new = seats.join(kept, on=triple, how="anti").with_columns(
        since=pl.lit(on), source=pl.lit(_source(decided))
    )
    put = pl.concat([_whole("postings", ended), _whole("postings", new)])
    return _changes("postings", put, unheld.select(TABLES["postings"].key))


def _flows(decided: Decided, network: Network) -> Changes:
    """Money is allotted; what was allotted before from the same budgets in the same places is replaced."""
    allotted = (
        decided.tables["allocations"]
        .group_by("source", "region", "year", maintain_order=True)
        .agg(pl.col("amount").sum())
        .filter(pl.col("amount") > 0)
        .with_columns(stage=pl.lit("allotted"), date=pl.lit(decided.on), fact_source=pl.lit(_source(decided)))
    )
    before = network.frame("fund_flows").filter(pl.col("stage") == "allotted")
    again = before.join(decided.tables["allocations"], on=["source", "region", "year"], how="semi")
    gone = again.join(allotted, on=["source", "region", "year"], how="anti")
    return _changes("fund_flows", _whole("fund_flows", allotted), gone.select(TABLES["fund_flows"].key))


def _tags(decided: Decided, network: Network) -> Changes:
    """The year of exit as a tag; an earlier plan's other year ends."""
    planned = decided.tables["exits"].select(
        "region", tag=pl.lit(EXIT_PLANNED), since=pl.lit(decided.on), value=pl.col("year").cast(pl.String)
    )
    tags = network.frame("region_tags")
    held = tags.filter((pl.col("tag") == EXIT_PLANNED) & holding(decided.on))
    same = held.join(planned, on=["region", "value"], how="semi")
    other = held.join(planned, on="region", how="semi").join(same, on=["region", "value"], how="anti")
    today = other.filter(pl.col("since") == decided.on)
    ended = other.join(today, on=["region", "since"], how="anti").with_columns(until=pl.lit(decided.on))
    new = planned.join(same, on="region", how="anti").with_columns(source=pl.lit(_source(decided)))
    return _changes("region_tags", pl.concat([_whole("region_tags", ended), _whole("region_tags", new)]))


def _visits(decided: Decided, network: Network) -> Changes:
    visits = decided.tables["inspections"].select("team", "region", "year", "kind")
    known = network.frame("inspection_visits")
    new = visits.join(known, on=["team", "region", "year", "kind"], how="anti")
    return _changes(
        "inspection_visits", _whole("inspection_visits", new.with_columns(source=pl.lit(_source(decided))))
    )


def _source(decided: Decided) -> str:
    return f"plan {decided.plan}"


def _whole(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with every declared column; what is not given has its default."""
    columns = [
        (
            pl.col(c.name).cast(c.dtype)
            if c.name in rows.columns
            else pl.lit(c.default, dtype=c.dtype).alias(c.name)
        )
        for c in TABLES[table].columns
    ]
    return rows.select(columns) if rows.height else TABLES[table].empty()


def _changes(table: str, put: pl.DataFrame, removed: pl.DataFrame | None = None) -> Changes:
    return Changes(
        {table: put} if put.height else {}, {table: removed} if removed is not None and removed.height else {}
    )
