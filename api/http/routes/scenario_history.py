"""History of a scenario: who changed what, each state as it was, and back to one."""

from __future__ import annotations

from difflib import unified_diff
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Path, Response

from api.http.access import Known, needs
from api.http.conditional import demand_named
from api.http.edits import MATCHED, NONE, Why, told
from api.http.models.scenarios import ScenarioEdit, ScenarioHistory, ScenarioState
from api.http.paging import Cursor, Limit, page
from api.http.revisions import IfMatch
from api.http.serving import TheService
from api.service.caller import Role
from api.service.scenarios.kept import missing
from api.service.scenarios.steps import own_tables

router = APIRouter(prefix="/scenarios/{name}/history", tags=["scenarios"])
NEVER = 10**9
"""More edits than any scenario has."""
Revision = Annotated[int, Path(ge=0, le=NEVER, description="number of the edit", examples=[3])]
GONE = {"description": "there is no such scenario or revision"}


@router.get(
    "", summary="Edits, the newest first", dependencies=[needs(Role.VIEWER, "whole")], responses={404: NONE}
)
def history(name: str, service: TheService, cursor: Cursor = "", limit: Limit = 100) -> ScenarioHistory:
    """Of a scenario that was deleted, too."""
    shown, more = page(service.shelf.kept.edits(name), lambda e: f"{NEVER - e.revision:010}", cursor, limit)
    return ScenarioHistory(edits=[ScenarioEdit.of_made(e) for e in shown], next=more)


@router.get(
    "/{revision}",
    summary="A state as it was",
    dependencies=[needs(Role.VIEWER, "whole")],
    responses={404: GONE},
)
def state(name: str, revision: Revision, service: TheService) -> ScenarioState:
    """Its file, what differs from the one before, and its own tables."""
    shelf = service.shelf
    edit = shelf.kept.edit(name, revision)
    before = next((e for e in shelf.kept.edits(name) if e.revision < revision), None)
    old = "" if before is None else shelf.text(name, before.revision)
    new = shelf.text(name, revision)
    label = "" if before is None else str(before.revision)
    lines = unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), label, str(revision))
    tables = own_tables(shelf.kept.state(name, revision))
    rows = {t: _rows(file) for t, file in tables.items() if file.suffix == ".parquet"}
    return ScenarioState(**edit.to_dict(), toml=new, difference="".join(lines), rows=rows)


@router.post(
    "/{revision}/restore", summary="Back to an earlier state", dependencies=[needs(Role.PLANNER, "whole")],
    responses={**MATCHED, 404: GONE},
)  # fmt: skip
def restore(
    name: str,
    revision: Revision,
    service: TheService,
    caller: Known,
    response: Response,
    match: IfMatch = None,
    why: Why = "",
) -> ScenarioEdit:
    """It becomes the newest state; nothing in between is lost. Of a scenario that was deleted, too."""
    newest = service.shelf.kept.newest(name)
    if newest is None:
        service.shelf.own(name)
        raise missing(name)
    demand_named(match, newest.etag)
    return told(service.shelf.restore(name, revision, newest, by=caller.name, why=why), response)


def _rows(file: Any) -> int:
    return int(pl.scan_parquet(file).select(pl.len()).collect().item())
