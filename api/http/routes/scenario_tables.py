"""Tables of a scenario as a plan would read them, in every format."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.http.access import Known, needs
from api.http.frames.answer import answer
from api.http.frames.routes import add_table, form_of
from api.http.frames.source import frame_source
from api.http.models.tables import pages
from api.http.serving import TheNetwork, TheService
from api.service.caller import Role
from api.service.refusals import NotFound
from api.service.scope import Scope
from api.service.seen import keeps
from graph.schema import TABLES
from graph.tables.suggest import no_such_table
from graph.titles import titled_values

router = APIRouter(prefix="/scenarios/{name}", tags=["scenarios"])
ScenarioTable = Annotated[
    str, Path(description="table of the schema", json_schema_extra={"enum": list(TABLES)}, examples=["units"])
]


def rows(
    name: str, table: ScenarioTable, request: Request, service: TheService, asked: TheNetwork, caller: Known
) -> Response:
    """Rows of a table in the format of the suffix: the scenario's own or what it overlays, `[[change]]` entries applied.

    Counts of 1 to 4 households or persons are empty for viewers. Names of cadres are in no scenario.
    """
    if table not in TABLES:
        raise NotFound(*no_such_table(table[:80]))
    network = service.shelf.table(name, table)
    keep = keeps(Scope(caller, asked), table)
    state = f"scenario {name} {service.shelf.states(name)} {caller.role if keep else ''}"
    made = frame_source(network.frame(table), table, TABLES[table], stem=f"{name}-{table}", state=state)
    return answer(request, replace(made, keep=keep, values=partial(titled_values, network)), form_of(request))


add_table(
    router, "/tables/{table}", rows, ("scenario_table_as", "scenario_table"), summary="Rows of a scenario's table",
    needs=needs(Role.VIEWER, "whole"), page=pages("network"),
)  # fmt: skip
