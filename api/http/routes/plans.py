"""Plans: list, read, label, remove."""

from __future__ import annotations

from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Query, Request, Response

from api.http import conditional
from api.http.access import Known, needs
from api.http.filters import demand_word
from api.http.frames.certificate import arrays_of, opened
from api.http.models.plans import (
    LabelGiven,
    LabelTold,
    PlanId,
    PlanPage,
    PlanRead,
    Status,
)
from api.http.paging import Limit, page_in_order
from api.http.serving import TheService
from api.service.caller import Role
from api.service.plans import Told, entry_of, listed, plan_folder, plan_of, remove, told_of
from graph.language import Text
from graph.office.label import file_label
from planner.catalogue import Entry
from planner.plan import Plan
from planner.stages import NAMES

router = APIRouter(prefix="/plans", tags=["plans"])
NOT_SHARED: dict[int | str, dict[str, Any]] = {
    409: {"description": "in conflict with how things are, or the service was told of files, which nobody changes here"},
    412: {"description": "`If-Match` names an older state"},
}  # fmt: skip


@router.get("", summary="Plans, the newest first", dependencies=[needs(Role.VIEWER, "any")])
def plans(
    service: TheService,
    scenario: Annotated[str | None, Query(description="only of this scenario", max_length=200, examples=["china-2016"])] = None,
    label: Annotated[str | None, Query(description="only those whose label or note has this in it", max_length=200, examples=["候选"])] = None,
    stage: Annotated[str | None, Query(description="only those that decide this stage", max_length=200, examples=["funds"])] = None,
    status: Annotated[Status | None, Query(description="only those of which every stage, or the one asked for, has this status")] = None,
    limit: Limit = 100,
    cursor: Annotated[str, Query(max_length=200, description="`next` of the page before")] = "",
) -> PlanPage:  # fmt: skip
    """As `jiedui plans --json`: what each was made from, what it changed, what it comes to, what colleagues wrote on it and adopted of it."""
    demand_word(Text("没有阶段", "no stage"), stage, NAMES)
    entries, unread = listed(service.plans)
    told = told_of(service.networks)
    wanted = [e for e in entries if _asked(e, told, scenario, label, stage, status)]
    found, behind = page_in_order(wanted, cursor, limit)
    shown = [_listed(e, told) for e in found]
    return PlanPage.model_validate({"plans": shown, "next": behind, "unread": [t.as_dict() for t in unread]})


@router.get("/{id}", summary="A plan", dependencies=[needs(Role.VIEWER, "any")], response_model=PlanRead,
            responses={304: {"description": "the client has it already"}})  # fmt: skip
def plan(id: PlanId, request: Request, response: Response, service: TheService, caller: Known) -> Any:
    """`plan.json` as `jiedui show --json` tells it, its tables and certificates with their sizes, its label, and what was done with it.

    `ETag` names the state of label and request, for `If-Match` of what changes them.
    """
    found, told = plan_of(service.plans, id), told_of(service.networks)
    etag = state_of(found.id, told, limited=bool(caller.regions))
    if same := conditional.not_modified(request, etag):
        return same
    response.headers.update(conditional.headers_of(etag))
    return {
        **_listed(entry_of(service.plans, found), told), "results": _tables(found, "tables"), "baseline": _tables(found, "baseline"),
        "certificates": _certificates(found), "plan": None if caller.regions else found.head,
    }  # fmt: skip


@router.put(
    "/{id}/label",
    summary="Write on a plan",
    dependencies=[needs(Role.PLANNER, "whole")],
    responses=NOT_SHARED,
)
def label(
    id: PlanId, given: LabelGiven, request: Request, response: Response, service: TheService, caller: Known
) -> LabelTold:
    """A label and a note, kept beside the network with the name of who wrote them."""
    store, network = service.networks.store()
    plan_folder(service.plans, id)
    conditional.demand_match(request, state_of(id, told_of(service.networks)))
    made = file_label(store, network, id, by=caller.name, label=given.label, note=given.note)
    response.headers["ETag"] = state_of(id, told_of(service.networks))
    return LabelTold.model_validate(made.to_dict())


@router.delete(
    "/{id}",
    summary="Remove a plan",
    status_code=204,
    dependencies=[needs(Role.ADMIN, "whole")],
    responses=NOT_SHARED,
)
def delete(id: PlanId, request: Request, service: TheService) -> None:
    """For good; refused while it is proposed or anything of it is in force, and where another plan was held against it."""
    plan_folder(service.plans, id)
    conditional.demand_match(request, state_of(id, told_of(service.networks)))
    remove(service.plans, id, service.networks)


def state_of(plan: str, told: Told, *, limited: bool = False) -> str:
    """Validator of all of a plan that can change: its label and its request; ``limited``: of what those see who are limited to regions."""
    label, request = told.labels.get(plan), told.requests.get(plan)
    step = "" if request is None else f"{request.revision} {request.ended}"
    return conditional.etag_of(plan, repr(label), step, "limited" if limited else "")


def _asked(
    entry: Entry, told: Told, scenario: str | None, label: str | None, stage: str | None, status: str | None
) -> bool:
    stages = entry.plan.stages
    mine = told.labels.get(entry.id)
    statuses = [h["status"] for s, h in stages.items() if stage in (None, s)]
    return (
        scenario in (None, entry.scenario)
        and (label is None or (mine is not None and label in f"{mine.label}\n{mine.note}"))
        and (stage is None or stage in stages)
        and (status is None or all(s == status for s in statuses))
    )


def _listed(entry: Entry, told: Told) -> dict[str, Any]:
    id = entry.id
    request = told.requests.get(id)
    shown = entry.to_dict(told.labels.get(id), request.applied if request else ())
    del shown["folder"]  # a path of the server's
    return {**shown, "state": request.state if request else None}


def _tables(plan: Plan, part: str) -> list[dict[str, Any]]:
    files = sorted((plan.folder / part).glob("*.parquet"))
    return [
        {
            "name": f.stem,
            "rows": pl.scan_parquet(f).select(pl.len()).collect().item(),
            "bytes": f.stat().st_size,
        }
        for f in files
    ]


def _certificates(plan: Plan) -> list[dict[str, Any]]:
    found = []
    for name, file in arrays_of(plan).items():
        array = opened(file)
        found.append(
            {"name": name, "stage": file.parent.name, "shape": list(array.shape), "dtype": str(array.dtype)}
        )
    return found
