"""Scenarios: list, read, make, look over, delete."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from api.http.access import Known, needs
from api.http.conditional import unchanged
from api.http.edits import MATCHED, NONE, WRONG, LastEdit, Why
from api.http.models.reports import Report
from api.http.models.scenarios import (
    NewScenario,
    OneScenario,
    Scenario,
    ScenarioChecked,
    ScenarioPage,
    ScenarioPatch,
)
from api.http.paging import Cursor, Limit, page
from api.http.serving import TheDesk, TheService
from api.jobs.orders import job_using
from api.service.caller import Role
from api.service.scenarios.patch import Patch

router = APIRouter(prefix="/scenarios", tags=["scenarios"])


@router.get("", summary="Scenarios, those made here first", dependencies=[needs(Role.VIEWER, "whole")])
def scenarios(service: TheService, cursor: Cursor = "", limit: Limit = 100) -> ScenarioPage:
    """Those that came with jiedui are read; those made here are edited, too."""
    shown, more = page(service.shelf.entries(), lambda e: f"{int(e.shipped)}{e.name}", cursor, limit)
    return ScenarioPage(scenarios=[Scenario.of(e) for e in shown], next=more)


@router.post(
    "", summary="Make a scenario", status_code=201, dependencies=[needs(Role.PLANNER, "whole")],
    responses={404: {"description": "there is no such base"}, 409: {"description": "there is a scenario of that name"}},
)  # fmt: skip
def create(
    new: NewScenario, service: TheService, caller: Known, request: Request, response: Response
) -> Scenario:
    """One that overlays another (its file lists every value as a comment), or an empty one."""
    edit = service.shelf.create(new.name, new.base, new.title, by=caller.name, why=new.why)
    response.headers["Location"] = f"{request.url.path}/{quote(new.name)}"
    response.headers["ETag"] = edit.etag
    return Scenario.of(service.shelf.entry(new.name))


@router.get(
    "/{name}", summary="A scenario, resolved", response_model=OneScenario, dependencies=[needs(Role.VIEWER, "whole")],
    responses={304: {"description": "unchanged"}, 404: NONE},
)  # fmt: skip
def scenario(name: str, service: TheService, request: Request, response: Response) -> Any:
    """Every policy value with title, unit, default and where it is from; every table with its rows. `ETag` is for editing."""
    etag = service.shelf.etag(name)
    entry = Scenario.of(service.shelf.entry(name))
    if unchanged(request, etag, there=False) and service.shelf.alone(name):
        return Response(status_code=304, headers={"ETag": etag})
    response.headers["ETag"] = etag
    resolved = service.shelf.shown(name)
    if unchanged(request, etag) and service.shelf.alone(name):
        return Response(status_code=304, headers={"ETag": etag})
    return {**entry.model_dump(), "resolved": None if resolved is None else resolved.to_dict()}


@router.post(
    "/{name}/validate", summary="Look a scenario over", dependencies=[needs(Role.VIEWER, "whole")],
    responses={404: NONE, 409: {"description": "it came with jiedui, so that no patch fits it"}, 422: WRONG},
)  # fmt: skip
def validate(name: str, service: TheService, draft: ScenarioPatch | None = None) -> ScenarioChecked:
    """What `jiedui check` finds by reading. What it counts with solvers is the job `check`.

    With a patch as its body: what would be found if it were made. Nothing of it is kept; one that is wrong is refused as the edit would be.
    """
    patch = None if draft is None else Patch(draft.values, draft.add_changes, draft.drop_changes)
    findings, found, (tables, rows) = service.shelf.look_over(name, patch)
    valid = not any(f.severity == "error" for f in findings)
    return ScenarioChecked(
        valid=valid, tables=tables, rows=rows, found=found, report=Report.of(findings), counted=False
    )


@router.delete(
    "/{name}", summary="Delete a scenario", status_code=204, dependencies=[needs(Role.PLANNER, "whole")],
    responses={**MATCHED, 409: {"description": "it came with jiedui, or a job or another scenario needs it"}},
)  # fmt: skip
def delete(
    name: str, service: TheService, desk: TheDesk, caller: Known, edit: LastEdit, why: Why = ""
) -> None:
    """Its states are kept; one of them can be restored."""
    service.shelf.delete(name, edit, by=caller.name, why=why, used=lambda: job_using(desk, name))
