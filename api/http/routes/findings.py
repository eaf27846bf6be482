"""Findings: list, enter, and the steps from open to closed. Every change is a request behind."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Body, Query, Response

from api.http.access import Known, needs
from api.http.entered import ENTERING, entered
from api.http.filters import NAMED, Region, demand_values, places_of_filter
from api.http.models.day import Day
from api.http.models.findings import (
    Entered,
    Finding,
    FindingPage,
    FindingState,
    FindingStates,
    FindingStep,
    NewFinding,
)
from api.http.office import STORED, Key, TheOffice, TheReach
from api.http.paging import Cursor, Limit, page
from api.http.serving import TheNetwork
from api.service.caller import Caller, Role
from api.service.filling import cells_of, new_finding
from api.service.networks import Asked
from api.service.office import as_stored, enter
from api.service.scope import Scope
from graph.alerts.overdue import late
from graph.errors import CheckFailed
from graph.language import Text
from graph.office.findings import STEPS, NoSuchFinding, Step, finding, stepped
from graph.store.rows import row_keys

router = APIRouter(prefix="/findings", tags=["office"])
MAY: dict[Step, Role] = {
    "assign": Role.COORDINATOR, "rectify": Role.COORDINATOR, "recheck": Role.PLANNER, "close": Role.PLANNER, "reopen": Role.PLANNER,
}  # fmt: skip
"""Least role whose step is carried out at once; a coordinator's other steps wait for a planner."""


@router.get("", summary="Findings", dependencies=[needs(Role.VIEWER, "subtree")], responses=NAMED)
def findings(
    asked: TheNetwork, caller: Known,
    region: Region = "",
    status: Annotated[list[str] | None, Query(max_length=20, description="only in these states", examples=[["open"]])] = None,
    kind: Annotated[list[str] | None, Query(max_length=20, description="only from there", examples=[["audit"]])] = None,
    programme: Annotated[str, Query(max_length=100, description="only of this programme")] = "",
    severity: Annotated[list[str] | None, Query(max_length=20, description="only so grave", examples=[["severe"]])] = None,
    owner: Annotated[str, Query(max_length=1000, description="only what is theirs to rectify")] = "",
    overdue_on: Annotated[Day | None, Query(description="only those that were not rectified and past their day on this day")] = None,
    cursor: Cursor = "", limit: Limit = 100,
) -> FindingPage:  # fmt: skip
    """Those that are due first before the others. In every format: `/network/tables/findings`."""
    for enum, words in (("finding_status", status), ("finding_kind", kind), ("severity", severity)):
        demand_values(asked, enum, words)
    inside = places_of_filter(asked, region)
    found = Scope(caller, asked).rows("findings", asked.frame("findings"))
    wanted = {"status": status, "kind": kind, "severity": severity}
    wanted |= {"programme": [programme] if programme else None, "owner": [owner] if owner else None}
    for column, values in wanted.items():
        if values is not None:
            found = found.filter(pl.col(column).is_in(values))
    if inside is not None:
        found = found.filter(pl.col("region").is_in(sorted(inside)))
    if overdue_on is not None:
        found = found.filter(late(overdue_on))
    listed, behind = page(found.to_dicts(), _order, cursor, limit)
    return FindingPage(findings=[Finding(**row) for row in listed], next=behind)


def _order(row: dict[str, Any]) -> str:
    return f"{row['due'] or '9999'} {row['id']}"


@router.get("/{id}", summary="A finding", dependencies=[needs(Role.VIEWER, "subtree")],
            responses=STORED)  # fmt: skip
def one(id: str, office: TheOffice, asked: TheNetwork, caller: Known) -> FindingStates:
    """As it is, and all states that it has been in."""
    row = _seen(asked, caller, id)
    (key,) = row_keys("findings", pl.DataFrame({"id": [id]})).to_list()
    past = [
        FindingState(recorded_at=s.recorded_at, superseded_by=s.superseded_by, row=Finding(**s.row))
        for s in office.store.history(office.network, "findings", key)
    ]
    return FindingStates(finding=Finding(**row), past=past)


def _seen(asked: Asked, caller: Caller, id: str) -> dict[str, Any]:
    """A finding that lies in what the caller may see."""
    row = finding(asked.read(["findings"]), id)
    if not Scope(caller, asked).holds(row["region"]):
        raise NoSuchFinding(f"没有问题 {id}", f"there is no finding {id}")
    return row


@router.post("", status_code=201, summary="Enter a finding", dependencies=[needs(Role.COORDINATOR, "subtree")], responses=ENTERING | {
    200: {"model": Entered, "description": "entered before with this key, or at the same moment"}
})  # fmt: skip
def new(
    office: TheOffice, reach: TheReach, caller: Known, response: Response, wanted: NewFinding, key: Key = None
) -> Entered:
    """Its status is `open`. Entered at once, unless four eyes are wanted."""
    base, network = as_stored(office, "findings")
    changes = new_finding(network, wanted.model_dump(mode="json", exclude={"reason"}), caller.name, key or "")
    (id,) = changes.keys("findings")
    reach.demand(changes, [] if wanted.id else [("findings", id)])
    if key is None and network.frame("findings")["id"].is_in([id]).any():
        raise CheckFailed(f"已有问题 {id}", f"there is a finding {id} already")
    reason = wanted.reason or str(Text(f"登记问题 {id}", f"finding {id} entered"))
    done = enter(office, changes, by=caller.name, reason=reason, base=base, may=True, key=key or "")
    return entered(done, response, made=201)


def stepping(step: Step) -> Any:
    """The route of one step."""

    def take(
        id: str, office: TheOffice, reach: TheReach, asked: TheNetwork, caller: Known, response: Response,
        said: Annotated[FindingStep | None, Body()] = None,
    ) -> Entered:  # fmt: skip
        _seen(asked, caller, id)
        told, name = said or FindingStep.model_validate({}), STEPS[step][2]
        base, network = as_stored(office, "findings")
        cells = cells_of(owner=told.owner, due=told.due, evidence=told.evidence)
        changes = stepped(network, id, step, cells, told.on or date.today())
        reach.demand(changes)
        reason = told.reason or str(Text(f"问题 {id}：{name.zh}", f"finding {id}: {name.en}"))
        done = enter(office, changes, by=caller.name, reason=reason, base=base, may=caller.role >= MAY[step])
        return entered(done, response)

    before, after, _ = STEPS[step]
    take.__doc__ = (
        f"From {', '.join(f'`{b}`' for b in before)} to `{after}`. Carried out at once for a {MAY[step].title.en} and above, "
        "unless four eyes are wanted; else it is a request that waits (202)."
    )
    return take


for _step in STEPS:
    router.add_api_route(
        f"/{{id}}/{_step}", stepping(_step), methods=["POST"], response_model=Entered, name=f"{_step}_finding",
        summary=f"{_step.capitalize()} a finding", dependencies=[needs(Role.COORDINATOR, "subtree")], responses=ENTERING,
    )  # fmt: skip
