"""The ledger: what was pledged and delivered. Every change is a request behind."""

from __future__ import annotations

from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Path, Query, Response

from api.answers.meant import Meant
from api.answers.sight import Sight, sight_of
from api.http.access import Known, needs
from api.http.entered import ENTERING, entered
from api.http.filters import NAMED, demand_values
from api.http.models.findings import Entered
from api.http.models.ledger import Amounts, LedgerEntry, LedgerEntryPage
from api.http.office import TheOffice, TheReach
from api.http.paging import Cursor, Limit, page
from api.http.serving import TheNetwork
from api.service.caller import Role
from api.service.filling import entry_of, ledger_entry
from api.service.office import as_stored, enter
from graph.language import Text
from graph.network import Network
from graph.schema import ENUMS

router = APIRouter(prefix="/ledger", tags=["office"])
YEAR = Annotated[int, Path(ge=1949, le=2100, description="the year")]


@router.get("", summary="The ledger", dependencies=[needs(Role.VIEWER, "subtree")], responses=NAMED)
def ledger(
    asked: TheNetwork, reach: TheReach,
    relation: Annotated[str, Query(max_length=200, description="only of this relation")] = "",
    year: Annotated[int | None, Query(ge=1949, le=2100, description="only of this year")] = None,
    item: Annotated[str, Query(max_length=100, description="only this item")] = "",
    subject: Annotated[str, Query(max_length=200, description="only of relations in which this place or unit stands itself: name, code or id")] = "",
    short: Annotated[bool, Query(description="only where less was delivered than pledged")] = False,
    cursor: Cursor = "", limit: Limit = 100,
) -> LedgerEntryPage:  # fmt: skip
    """By relation, year and item. Callers limited to regions see relations with one end in them."""
    demand_values(asked, "ledger_item", [item] if item else None)
    if subject:
        subject = Meant(asked.questions, sight_of(asked, reach.scope.caller)).one(subject, sure=True)
    found = asked.questions.pledged_delivered(year, subject=subject or None)
    if relation:
        found = found.filter(pl.col("relation") == relation)
    if item:
        found = found.filter(pl.col("item") == item)
    if short:
        found = found.filter(pl.col("pledged") > pl.col("delivered").fill_null(0))
    if not reach.scope.whole:
        codes = pl.Series(sorted(reach.scope.codes), dtype=pl.String).implode()
        found = found.filter(pl.col("supporter").is_in(codes) | pl.col("recipient").is_in(codes))
    listed, behind = page(found.to_dicts(), _order, cursor, limit)
    return LedgerEntryPage(
        entries=[LedgerEntry(**row, unit=unit_of(row["item"])) for row in listed], next=behind
    )


def _order(row: dict[str, Any]) -> str:
    return f"{row['relation']} {row['year']} {row['item']}"


def unit_of(item: str) -> str:
    """Unit of an item, as its title says in brackets; empty where the network added it."""
    title = ENUMS["ledger_item"].get(item)
    return title.en.rpartition("(")[2].removesuffix(")") if title else ""


@router.put("/{relation}/{year}/{item}", summary="Enter what was pledged or delivered",
            dependencies=[needs(Role.COORDINATOR, "subtree")], responses=ENTERING)  # fmt: skip
def put(
    relation: str, year: YEAR, item: str, office: TheOffice, reach: TheReach, caller: Known, response: Response, amounts: Amounts,
) -> Entered:  # fmt: skip
    """What was delivered is entered at once; what was pledged is a planner's to enter, a coordinator's waits for one (202).

    Where four eyes are wanted, both wait. Entered again as it is already, nothing happens.
    """
    base, network = as_stored(office, "ledger", "relations")
    network = seen_of(network, sight_of(reach.scope.asked, caller))
    told = {
        k: v for k, v in (("pledged", amounts.pledged), ("delivered", amounts.delivered)) if v is not None
    }
    there = entry_of(network, relation, year, item).to_dicts()
    if there and all(there[0][column] == value for column, value in told.items()):
        return Entered(request=None, state=None, applied=True, version=None, waits=None, row=_plain(there[0]))
    changes = ledger_entry(network, relation, year, item, told, amounts.source or caller.name)
    reach.demand(changes)
    reason = amounts.reason or str(Text(f"台账 {relation} {year} {item}", f"ledger {relation} {year} {item}"))
    may = amounts.pledged is None or caller.role >= Role.PLANNER
    return entered(enter(office, changes, by=caller.name, reason=reason, base=base, may=may), response)


def seen_of(network: Network, sight: Sight) -> Network:
    """Relations that touch and their entries; all others are as if they were not there."""
    ties = sight.ties(network.frame("relations"))
    entries = network.frame("ledger").join(ties, left_on="relation", right_on="id", how="semi")
    return network.with_frames({"relations": ties, "ledger": entries})


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if v is not None}
