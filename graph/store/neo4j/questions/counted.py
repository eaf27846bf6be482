"""What the server counts and sums, so that rows stay there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import polars as pl

from graph.questions.ledger import MONEY_ITEMS
from graph.store.neo4j.questions.parts import ALL_IN_FORCE, BARE, LATEST, PLACES, SPOKEN
from graph.store.neo4j.questions.reading import Reading, Rows, holds, in_force, stands
from graph.store.neo4j.questions.structural import ends, refuse_too_many

_MOVED = {
    "origin": pl.String, "year": pl.Int64, "item": pl.String, "giver": pl.String, "taker": pl.String, "amount": pl.Int64,
}  # fmt: skip
_LEDGER_MONEY = (
    "MATCH (x:LedgerEntry) WHERE x.network = $network AND x.relation IS NOT NULL AND x.item IN $items "
    f"AND x.delivered > 0 AND ($year IS NULL OR x.year = $year) AND {stands('x')} "
    f"MATCH ()-[r:SUPPORTS {{network: $network, id: x.relation}}]->() WHERE {stands('r')} "
    "RETURN 'ledger', x.year, x.item, r.supporter, r.recipient, sum(x.delivered)"
)
_FUND_MONEY = (
    "MATCH ()-[x:FUNDED]->() WHERE x.network = $network AND x.row IS NOT NULL "
    f"AND ($year IS NULL OR x.year = $year) AND {stands('x')} "
    "RETURN 'fund_flows', x.year, x.stage, x.source, x.region, sum(x.amount)"
)
_TERMS = ("since", "until", "cadre", "village", "post", "role", "ended_because", "mark")


def carried(reading: Reading, day: date) -> pl.DataFrame:
    """``supporter, recipients, kinds`` of the relations in force, counted there."""
    rows = reading.records(
        f"{ALL_IN_FORCE} RETURN x.supporter, count(DISTINCT x.recipient), collect(DISTINCT x.kind)", day=day
    )
    told = [(supporter, number, ";".join(sorted(kinds))) for supporter, number, kinds in rows]
    schema = {"supporter": pl.String, "recipients": pl.Int64, "kinds": pl.String}
    return pl.DataFrame(told, schema=schema, orient="row")


def fetch_supporters(reading: Reading, ids: Collection[str], day: date) -> None:
    """Supporters with their names, and the regions' fiscal revenue."""
    reading.fetch([*BARE, SPOKEN, LATEST], ids=list(ids), measure="fiscal_revenue", year=day.year)


def moved(reading: Reading, year: int | None) -> pl.DataFrame:
    """Money by origin, year, item and ends, summed there; the ends with what they lie in are added to the part."""
    branches = [
        statement
        for table, statement in (("ledger", _LEDGER_MONEY), ("fund_flows", _FUND_MONEY))
        if table in reading.given
    ]
    rows = [
        row
        for statement in branches
        for row in reading.records(statement, items=list(MONEY_ITEMS), year=year)
    ]
    summed = pl.DataFrame(rows, schema=_MOVED, orient="row")
    paid = pl.col("origin") == "fund_flows"
    sources = summed.filter(paid)["giver"].unique().sort().to_list()
    reading.fetch(
        [Rows("fund_sources", "UNWIND $ids AS id MATCH (n:FundSource {network: $network, id: id})")],
        ids=sources,
    )
    owned = reading.frame("fund_sources").select("id", "owner_region").drop_nulls()
    owner = pl.col("giver").replace(dict(owned.iter_rows()))
    summed = summed.with_columns(pl.when(paid).then(owner).otherwise("giver").alias("giver"))
    both = summed.select(supporter="giver", recipient="taker")
    reading.fetch(PLACES, ids=ends(both))
    return summed


def fetch_endings(reading: Reading, day: date, by: date, minimum_years: float | None) -> None:
    """Relations and postings in force whose term, or minimum term, ends after ``day`` and up to ``by``.

    Raises
    ------
    LimitReached
        When there are more than :data:`graph.store.neo4j.questions.structural.EDGES` postings.
    """
    first, last = begun_between(day, by, minimum_years or 0)
    window = {"day": day, "by": by, "first": first, "last": last}
    ending = f"{in_force('x')} AND x.until > $day AND x.until <= $by"
    waiting = f"{in_force('x')} AND x.since >= $first AND x.since <= $last"
    postings = [
        f"MATCH ()-[x:POSTED_TO]->() USING INDEX SEEK x:POSTED_TO(network, {column}) WHERE {condition}"
        for column, condition in (("until", ending), ("since", waiting))
    ]
    numbers = [reading.records(f"{found} RETURN count(x)", **window)[0][0] for found in postings]
    refuse_too_many(reading.name, sum(numbers))
    reading.fetch(
        [
            Rows("relations", f"MATCH ()-[x:SUPPORTS]->() WHERE x.id IS NOT NULL AND {ending}"),
            *(Rows("postings", found, _TERMS) for found in postings),
        ],
        **window,
    )
    villages = reading.frame("postings")["village"].unique().sort().to_list()
    reading.fetch(PLACES, ids=[*villages, *ends(reading.frame("relations"))])


def begun_between(day: date, by: date, years: float) -> tuple[date, date]:
    """First and last day on which a posting begins whose minimum term is over after ``day`` and up to ``by``.

    A little more than needed is between them.
    """
    shortest, longest = int(years * 365) - 3, int(years * 366) + 370
    return _back(day, longest), min(day, _back(by, shortest))


def _back(day: date, days: int) -> date:
    return date.fromordinal(max(1, day.toordinal() - days))


def fetch_difference(reading: Reading, before: date, after: date) -> tuple[int, tuple[int, int, int]]:
    """Relations in force on one of two days only; how many stayed, and postings that began, ended and stayed, counted there."""
    days = {"before": before, "after": after}
    one, two = holds("x", "$before"), holds("x", "$after")
    relations = f"MATCH ()-[x:SUPPORTS]->() WHERE x.network = $network AND x.id IS NOT NULL AND {stands('x')}"
    postings = (
        f"MATCH ()-[x:POSTED_TO]->() WHERE x.network = $network AND x.row IS NOT NULL AND {stands('x')}"
    )
    ((kept,),) = reading.records(f"{relations} AND {one} AND {two} RETURN count(x)", **days)
    ((begun, ended, stayed),) = reading.records(
        f"{postings} WITH {one} AS one, {two} AS two RETURN count(CASE WHEN two AND NOT one THEN 1 END), "
        "count(CASE WHEN one AND NOT two THEN 1 END), count(CASE WHEN one AND two THEN 1 END)",
        **days,
    )
    reading.fetch([Rows("relations", f"{relations} AND (({one}) XOR ({two}))")], **days)
    reading.fetch(BARE, ids=ends(reading.frame("relations")))
    return kept, (begun, ended, stayed)
