"""The file of a scenario: read, written whole, changed value by value; and its tables."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.concurrency import run_in_threadpool

from api.http.access import Known, needs
from api.http.bodies import received, text_received
from api.http.conditional import unchanged
from api.http.edits import FORMLESS, LARGE, MATCHED, NONE, WRONG, LastEdit, Why, told
from api.http.models.scenarios import ScenarioEdit, ScenarioPatch
from api.http.paths import LARGE as TAKES_LARGE
from api.http.serving import TheService
from api.service.caller import Caller, Role
from api.service.scenarios.edit import Edit as Made
from api.service.scenarios.nameless import INTO_THE_NETWORK, demand_nameless
from api.service.scenarios.patch import Patch
from api.service.scenarios.shelf import LARGEST_TOML
from api.service.service import Service
from api.service.uploads.context import context_of
from api.service.uploads.forms import MEDIA, Form, form_named
from api.service.uploads.tray import file_name
from graph.errors import TableErrors, UsageError
from graph.schema import TABLES
from graph.tables.suggest import no_such_table

router = APIRouter(prefix="/scenarios/{name}", tags=["scenarios"])
TOML = "application/toml"


def bytes_of(*media: str) -> dict[str, Any]:
    """A request's body in the document of the API, where it is no JSON of a model."""
    return {
        "requestBody": {
            "required": True,
            "content": {m: {"schema": {"type": "string", "format": "binary"}} for m in media},
        }
    }


@router.get(
    "/toml", summary="The scenario's file", dependencies=[needs(Role.VIEWER, "whole")], response_class=PlainTextResponse,
    responses={200: {"content": {TOML: {"schema": {"type": "string"}}}}, 304: {"description": "unchanged"}, 404: NONE},
)  # fmt: skip
def toml(name: str, service: TheService, request: Request) -> Response:
    """`scenario.toml` as its author left it. `ETag` is for editing."""
    etag = service.shelf.etag(name)
    if unchanged(request, etag):
        return Response(status_code=304, headers={"ETag": etag})
    return Response(service.shelf.text(name), media_type=f"{TOML}; charset=utf-8", headers={"ETag": etag})


@router.put(
    "/toml", summary="Write the scenario's file anew", dependencies=[needs(Role.PLANNER, "whole")],
    responses={**MATCHED, 413: LARGE, 422: WRONG}, openapi_extra=bytes_of(TOML, "text/toml"),
)  # fmt: skip
async def put_toml(
    name: str,
    service: TheService,
    caller: Known,
    request: Request,
    response: Response,
    edit: LastEdit,
    why: Why = "",
) -> ScenarioEdit:
    """The whole of it; checked with its tables before it is kept, so that what is there can always be planned."""
    text = await text_received(request, LARGEST_TOML)
    made = await run_in_threadpool(service.shelf.put_text, name, text, edit, by=caller.name, why=why)
    return told(made, response)


@router.patch(
    "/toml", summary="Change values of the scenario's file", dependencies=[needs(Role.PLANNER, "whole")],
    responses={**MATCHED, 422: WRONG},
)  # fmt: skip
def patch_toml(
    name: str,
    patch: ScenarioPatch,
    service: TheService,
    caller: Known,
    response: Response,
    edit: LastEdit,
) -> ScenarioEdit:
    """Single values and changes; comments and everything else stay as they are."""
    wanted = Patch(patch.values, patch.add_changes, patch.drop_changes)
    return told(service.shelf.patch(name, wanted, edit, by=caller.name, why=patch.why), response)


@router.put(
    "/tables/{table}", summary="Put a table", dependencies=[needs(Role.PLANNER, "whole")],
    responses={**MATCHED, 413: LARGE, 415: FORMLESS, 422: WRONG}, openapi_extra=bytes_of(*MEDIA) | TAKES_LARGE,
)  # fmt: skip
async def put_table(
    name: str,
    table: str,
    service: TheService,
    caller: Known,
    request: Request,
    response: Response,
    edit: LastEdit,
    why: Why = "",
) -> ScenarioEdit:
    """A whole table in the place of the one that is there; CSV, JSON rows, Parquet or a workbook with a sheet of its name.

    Names of cadres (`cadre_names`) do not go into scenarios: no plan reads them. They go into the network, which seals them.
    """
    if table not in TABLES:
        raise UsageError(*no_such_table(table[:80]))
    demand_nameless([table])
    form = form_named("", request.headers.get("content-type", ""))
    with service.tray.coming() as place:
        file = place / file_name(table, form, table)
        await received(request, file)
        made = await run_in_threadpool(_put, service, caller, name, table, file, form, edit, why)
    return told(made, response)


@router.delete(
    "/tables/{table}", summary="Take a table away", dependencies=[needs(Role.PLANNER, "whole")], responses={**MATCHED, 422: WRONG}
)  # fmt: skip
def drop_table(
    name: str,
    table: str,
    service: TheService,
    caller: Known,
    response: Response,
    edit: LastEdit,
    why: Why = "",
) -> ScenarioEdit:
    """Out of the scenario's own; the base's, if it has one, holds again."""
    return told(service.shelf.drop_table(name, table, edit, by=caller.name, why=why), response)


def _put(
    service: Service, caller: Caller, name: str, table: str, file: Any, form: Form, edit: Made, why: str
) -> Made:
    enums, settings = context_of(service.shelf, name)
    most = service.settings.body_mb << 20
    reading = service.tray.read(
        file, form, file.parent, enums=enums, settings=settings, most=most, names=INTO_THE_NETWORK
    )
    if reading.errors:
        raise TableErrors(reading.findings)
    if list(reading.rows) != [table]:
        there = ", ".join(reading.rows)
        raise UsageError(
            f"应只有表 {table}，里面是 {there}", f"the table {table} alone is wanted, there is {there}"
        )
    return service.shelf.put_tables(
        name, {table: file.parent / "tables" / f"{table}.parquet"}, edit, by=caller.name, why=why
    )
