"""Uploads: send a file, see what is wrong with which rows, then commit or discard it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool

from api.http.access import Known, needs
from api.http.bodies import received, received_form
from api.http.edits import FORMLESS, LARGE, MATCHED, WRONG, last_edit
from api.http.file_answers import FileAnswer
from api.http.models.reports import Report
from api.http.models.uploads import Commit, Upload, Uploaded, UploadPage
from api.http.paging import Cursor, Limit, page_in_order
from api.http.paths import LARGE as TAKES_LARGE
from api.http.revisions import IfMatch
from api.http.serving import TheService
from api.service.caller import Caller, Role
from api.service.refusals import Refused
from api.service.service import Service
from api.service.uploads.context import context_of
from api.service.uploads.forms import MEDIA, form_named
from api.service.uploads.names import taken
from api.service.uploads.requested import drafted
from api.service.uploads.tray import file_name
from api.service.uploads.upload import Upload as Kept
from graph.errors import UsageError

router = APIRouter(prefix="/uploads", tags=["uploads"])
FORM = "multipart/form-data"
ARRIVED = "arrived"
GONE: dict[int | str, dict[str, Any]] = {
    404: {"description": "there is no such upload, or it is somebody else's"}
}
_BINARY = {"type": "string", "format": "binary"}
_BODY = {"requestBody": {"required": True, "content": {
    **{m: {"schema": _BINARY} for m in MEDIA},
    FORM: {"schema": {"type": "object", "required": ["file"], "properties": {"file": _BINARY}}},
}}}  # fmt: skip


@router.post(
    "", summary="Send a file", status_code=201, dependencies=[needs(Role.COORDINATOR, "whole")], openapi_extra=_BODY | TAKES_LARGE,
    responses={413: LARGE, 415: FORMLESS, 422: WRONG, 429: {"description": "too many uploads"}},
)  # fmt: skip
async def send(
    service: TheService, caller: Known, request: Request, response: Response,
    table: Annotated[str, Query(max_length=80, description="which table a CSV, JSON or Parquet file is; else its name says so")] = "",
    filename: Annotated[str, Query(max_length=255, description="the file's name, where the body is the file itself")] = "",
    scenario: Annotated[str, Query(max_length=64, description="read with this scenario's own values and levels; else the network's")] = "",
) -> Uploaded:  # fmt: skip
    """CSV, rows as JSON, Parquet or an Excel workbook with a sheet per table, as a form's `file` or as the body itself.

    Answers with the row report. Nothing of it goes anywhere before it is committed; a file that is not read at all is not kept.
    """
    await run_in_threadpool(service.tray.demand_room, caller.name)
    media = request.headers.get("content-type", "")
    with service.tray.coming() as place:
        if media.startswith(FORM):
            size, filename, media = await received_form(request, place / ARRIVED)
        else:
            form_named(filename, media)
            size = await received(request, place / ARRIVED)
        if not size:
            raise UsageError(
                "没有内容；请把文件放在请求体里", "nothing was sent: the file goes into the body"
            )
        found = await run_in_threadpool(_read, service, caller, place, filename, media, table, scenario, size)
    response.headers["Location"] = f"{request.url.path}/{found.id}"
    return found


def _read(
    service: Service,
    caller: Caller,
    place: Path,
    filename: str,
    media: str,
    table: str,
    scenario: str,
    size: int,
) -> Uploaded:
    form = form_named(filename, media)
    file = place / file_name(filename, form, table)
    (place / ARRIVED).rename(file)
    enums, settings = context_of(service.shelf, scenario) if scenario else _of_network(service)
    out = place / "kept"
    out.mkdir()
    reading = service.tray.read(
        file,
        form,
        out,
        enums=enums,
        settings=settings,
        most=service.settings.body_mb << 20,
        names=taken(service.networks, caller, scenario),
    )
    kept = service.tray.keep(
        out, reading, owner=caller.name, filename=filename[:255], form=form, size=size, scenario=scenario
    )
    return Uploaded(**Upload.of(kept).model_dump(), report=Report.of(reading.findings))


def _of_network(service: Service) -> Any:
    network = service.networks.asked().regions
    return network.enums, network.settings


@router.get("", summary="Uploads, the newest first", dependencies=[needs(Role.COORDINATOR, "whole")])
def uploads(service: TheService, caller: Known, cursor: Cursor = "", limit: Limit = 100) -> UploadPage:
    """One's own; an admin sees everybody's."""
    shown, more = page_in_order(service.tray.uploads(owner_of(caller)), cursor, limit)
    return UploadPage(uploads=[Upload.of(u) for u in shown], next=more)


@router.get(
    "/{id}",
    summary="An upload as it stands",
    dependencies=[needs(Role.COORDINATOR, "whole")],
    responses={**GONE},
)
def upload(id: str, service: TheService, caller: Known) -> Upload:
    """What is in it, and what became of it."""
    return Upload.of(service.tray.upload(id, owner_of(caller)))


@router.get(
    "/{id}/report.csv", summary="The row report", dependencies=[needs(Role.COORDINATOR, "whole")], response_class=FileResponse,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **GONE},
)  # fmt: skip
def report(id: str, service: TheService, caller: Known) -> FileResponse:
    """Every bad row, every warning, in both languages; opens in Excel."""
    found = service.tray.upload(id, owner_of(caller))
    return FileAnswer(
        service.tray.report(found.id), media_type="text/csv; charset=utf-8", filename=f"report-{found.id}.csv"
    )


@router.post(
    "/{id}/commit", summary="Commit an upload", dependencies=[needs(Role.COORDINATOR, "whole")],
    responses={**MATCHED, **GONE, 409: {"description": "its rows are bad, or it was committed before"}, 422: WRONG},
)  # fmt: skip
def commit(
    id: str, to: Commit, service: TheService, caller: Known, response: Response, match: IfMatch = None
) -> Upload:
    """Into a scenario's tables (a planner's), all or none; or as a draft request for change of the network."""
    with service.tray.committing(id, owner_of(caller)) as kept:
        result = (
            _into_scenario(service, caller, kept, to, match)
            if to.scenario
            else _into_network(service, caller, kept, to)
        )
        if "etag" in result:
            response.headers["ETag"] = result["etag"]
        return Upload.of(service.tray.committed(kept, result))


@router.delete(
    "/{id}", summary="Discard an upload", status_code=204, dependencies=[needs(Role.COORDINATOR, "whole")], responses={**GONE}
)  # fmt: skip
def discard(id: str, service: TheService, caller: Known) -> None:
    """What was committed of it stays where it went."""
    service.tray.discard(id, owner_of(caller))


def _into_scenario(
    service: Service, caller: Caller, kept: Kept, to: Commit, match: str | None
) -> dict[str, Any]:
    if caller.role < Role.PLANNER:
        raise Refused("改动场景需要规划权限", "changing a scenario needs the role planner")
    assert to.scenario is not None
    edit = last_edit(to.scenario, service, match)
    made = service.shelf.put_tables(to.scenario, service.tray.tables(kept), edit, by=caller.name, why=to.why)
    return {"scenario": to.scenario, "etag": made.etag}


def _into_network(service: Service, caller: Caller, kept: Kept, to: Commit) -> dict[str, Any]:
    store, network = service.networks.store()
    tables = service.tray.tables(kept)
    return {"request": drafted(store, network, kept, tables, by=caller.name, why=to.why)}


def owner_of(caller: Caller) -> str | None:
    """Whose uploads a caller sees; ``None``: everybody's."""
    return None if caller.oversees else caller.name
