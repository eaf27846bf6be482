"""Requests for change: draft, list, read, edit, and the steps to applied."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response

from api.http.access import Known, needs
from api.http.filters import NAMED, Region, demand_word, places_of_filter
from api.http.models.requests import (
    Draft,
    Edit,
    Logged,
    Note,
    Overlap,
    Request,
    RequestListed,
    RequestLog,
    RequestPage,
    Wanted,
)
from api.http.office import FILES, STORED, Key, TheOffice, TheReach, problems
from api.http.paging import Cursor, Limit, page
from api.http.revisions import IfMatch, etag, looked_at, matched
from api.http.serving import TheNetwork
from api.service.beyond import with_ids
from api.service.caller import Caller, Role
from api.service.hindered import Hindered
from api.service.reach import Reach, no_request
from api.service.refusals import Refused
from api.service.seen import row_seen
from graph.alerts.waiting import places_of
from graph.language import Text
from graph.office.edits import as_cell, cells_set, keys_removed, rows_given, together
from graph.office.office import Office
from graph.office.reading import NoSuchRequest
from graph.office.request import STEPS, State, Step
from graph.office.request import Request as Requested
from graph.schema import TABLES
from graph.store.changes import Changes

router = APIRouter(prefix="/requests", tags=["office"])
OWN: tuple[Step, ...] = ("submit", "return", "reject")
"""Steps that a coordinator takes with their own; a planner takes every step with every request."""
WHO: dict[Step, Role] = {
    "submit": Role.COORDINATOR, "return": Role.COORDINATOR, "reject": Role.COORDINATOR,
    "approve": Role.PLANNER, "unapprove": Role.PLANNER, "apply": Role.PLANNER,
}  # fmt: skip
TOLD: dict[Step, str] = {
    "submit": "Hand it in, so that somebody decides about it.",
    "return": "Give it back to be changed; a coordinator takes their own back.",
    "reject": "The end of it; a coordinator discards their own.",
    "approve": "Agree. Its rows are held until it is applied, rejected or unapproved. Where four eyes are wanted, not by those who "
    "drafted, edited or submitted it.",
    "unapprove": "Take the approval back; its rows are held no longer.",
    "apply": "Carry it out, as a new version of the network. A plan is adopted instead: `POST /plans/{id}/adopt`.",
}


@router.get("", summary="Requests", dependencies=[needs(Role.VIEWER, "subtree")],
            responses={**NAMED, **problems(on_409="the service answers about files; or the words of a region may mean several: `candidates` lists them")})  # fmt: skip
def requests(
    office: TheOffice, reach: TheReach, asked: TheNetwork,
    state: Annotated[list[State] | None, Query(description="only in these states")] = None,
    pending: Annotated[bool | None, Query(description="only those of which something may (or may not) still come")] = None,
    by: Annotated[str, Query(max_length=200, description="only of this author")] = "",
    table: Annotated[str, Query(max_length=100, description="only those that change this table")] = "",
    region: Region = "",
    cursor: Cursor = "", limit: Limit = 100,
) -> RequestPage:  # fmt: skip
    """Edits, the newest first, then plans. Callers limited to regions see those whose rows all lie in them."""
    demand_word(Text("没有表", "no table"), table, tuple(TABLES))
    inside = places_of_filter(asked, region)

    def wanted(request: Requested) -> bool:
        return (
            pending in (None, request.pending)
            and by in ("", request.author)
            and (not table or table in request.changes.tables)
            and (inside is None or not inside.isdisjoint(places_of(request)))
            and reach.sees(request)
        )

    listed, behind = page(filter(wanted, office.requests(state or ())), _order, cursor, limit)
    return RequestPage(requests=[RequestListed.of(r) for r in listed], next=behind)


def _order(request: Requested) -> str:
    return f"1{request.id}" if request.plan else f"0{10**12 - int(request.id[1:]):013d}"


@router.post("", status_code=201, summary="Draft a request", dependencies=[needs(Role.COORDINATOR, "subtree")], responses=problems(
    on_409=f"{FILES}; or the Idempotency-Key was used for something else", on_422="rows are wrong; `report` names each"
) | {200: {"model": Request, "description": "drafted before with this key"}})  # fmt: skip
def draft(
    office: TheOffice, reach: TheReach, caller: Known, response: Response, wanted: Draft, key: Key = None
) -> Request:
    """The network stays as it is until the request is applied. Its author is the caller."""
    changes = changes_of(office, reach, wanted, key=key or "")
    made, new = office.begin(changes, by=caller.name, reason=wanted.reason, key=key or "", base=wanted.base)
    if not new:
        response.status_code = 200
    response.headers["Location"] = f"/api/v1/requests/{made.id}"
    return shown(office, reach, made, response)


@router.get("/{id}", summary="A request", dependencies=[needs(Role.VIEWER, "subtree")],
            responses=STORED)  # fmt: skip
def request(id: str, office: TheOffice, reach: TheReach, response: Response) -> Request:
    """Current and proposed side by side, clashes with other pending ones, and what keeps it from being applied."""
    return shown(office, reach, found(office, reach, id), response)


@router.get("/{id}/log", summary="What has happened to a request", dependencies=[needs(Role.VIEWER, "subtree")],
            responses=STORED)  # fmt: skip
def log(id: str, office: TheOffice, reach: TheReach) -> RequestLog:
    """Every step, the oldest first."""
    found(office, reach, id)
    return RequestLog(steps=[Logged(**{k: e[k] for k in Logged.model_fields}) for e in office.log(id)])


@router.put("/{id}", summary="Edit a request", dependencies=[needs(Role.COORDINATOR, "subtree")], responses=problems(
    on_409=FILES, on_412="it has changed since", on_428="`If-Match` is missing", on_422="rows are wrong; `report` names each"
))  # fmt: skip
def edit(
    id: str,
    office: TheOffice,
    reach: TheReach,
    caller: Known,
    response: Response,
    wanted: Edit,
    if_match: IfMatch = None,
) -> Request:
    """Its content becomes what is given, worked out from the newest version; a draft, or one that was returned."""
    revision = looked_at(if_match, demanded=True)
    _demand_own(office, reach, caller, id)
    changes = changes_of(office, reach, wanted, office.request(id).changes)
    with matched(revision):
        changed = office.edit(id, changes, by=caller.name, reason=wanted.reason, revision=revision)
    return shown(office, reach, changed, response)


def stepping(step: Step) -> Any:
    """The route of one step."""

    def take(
        id: str, office: TheOffice, reach: TheReach, caller: Known, response: Response,
        said: Annotated[Note | None, Body()] = None, if_match: IfMatch = None,
    ) -> Request:  # fmt: skip
        revision, note = looked_at(if_match), said.note if said else ""
        if step in OWN:
            _demand_own(office, reach, caller, id)
        else:
            found(office, reach, id)
        with matched(revision):
            version = taken(office, step, id, caller.name, note, revision)
        return shown(office, reach, office.request(id), response, version)

    take.__doc__ = TOLD[step]
    return take


for _step, _role in WHO.items():
    router.add_api_route(
        f"/{{id}}/{_step}", stepping(_step), methods=["POST"], response_model=Request, name=f"{_step}_request",
        summary=f"{STEPS[_step][2].en.split()[0].capitalize()} a request" if _step != "unapprove" else "Take an approval back",
        dependencies=[needs(_role, "subtree")],
        responses=problems(on_409=FILES, on_412="it is not as it was when it was looked at (`If-Match`)"),
    )  # fmt: skip


def taken(office: Office, step: Step, id: str, by: str, note: str, revision: int | None) -> int | None:
    """Take a step; the version that it made, where it made one."""
    if step == "apply":
        return office.apply(id, by=by, note=note, revision=revision).number
    if step == "approve":
        office.approve(id, by=by, note=note, revision=revision)
    else:
        office.step(id, step, by=by, note=note, revision=revision)
    return None


def changes_of(
    office: Office, reach: Reach, wanted: Wanted, before: Changes | None = None, *, key: str = ""
) -> Changes:
    """The changes that somebody wants and may make, read against the version that they were worked out from.

    Parameters
    ----------
    office : Office
    reach : Reach
        What the caller may change; what they do not see is as if it were not there.
    wanted : Wanted
    before : Changes, optional
        What the request has been: the ids of its new rows are its own.
    key : str
        With which it is drafted.
    """
    tables = {*wanted.rows, *(c.table for c in wanted.cells), *(r.table for r in wanted.remove)}
    version = wanted.base or office.store.head(office.network).number
    known = sorted(t for t in tables if t in office.store.tables(office.network, version))
    stored = reach.cut(office.store.read(office.network, version=version, tables=known))
    rows = wanted.rows
    ids = [(t, id) for t in before.tables for id in before.keys(t)] if before is not None else []
    if not reach.scope.whole:
        rows, made = with_ids(rows, reach.scope.caller.name, key)
        ids += made
    cells = [(c.table, c.row, f"{c.column}={as_cell(c.value) or ''}") for c in wanted.cells]
    gone = keys_removed(stored, [(r.table, r.row) for r in wanted.remove])
    changes = together(rows_given(rows, stored), cells_set(stored, cells, stored.enums), removed=gone)
    reach.demand(changes, ids)
    return changes


def shown(
    office: Office, reach: Reach, request: Requested, response: Response, version: int | None = None
) -> Request:
    """A request as the caller may see it, with what the office says about it; its ETag is the answer's."""
    response.headers["ETag"] = etag(request.revision)
    hindered = Hindered(office, reach)
    found = office.overlaps(request) if request.pending else []
    overlaps = [Overlap.of(o, seen=hindered.sees_request(o.request)) for o in found]
    rows = [_seen(reach.scope.caller, entry) for entry in request.side_by_side()]
    return Request.whole(request, rows, overlaps, hindered.text(request), version)


def _seen(caller: Caller, entry: dict[str, Any]) -> dict[str, Any]:
    sides = {side: entry[side] for side in ("current", "proposed") if entry[side] is not None}
    return entry | {side: row_seen(caller, entry["table"], row) for side, row in sides.items()}


def found(office: Office, reach: Reach, id: str) -> Requested:
    """A request that the caller may see.

    Raises
    ------
    NotFound
        When there is none of that number, or it is not the caller's business.
    """
    try:
        request = office.request(id)
    except NoSuchRequest as error:
        raise no_request(id) from error
    if not reach.sees(request):
        raise no_request(id)
    return request


def _demand_own(office: Office, reach: Reach, caller: Caller, id: str) -> None:
    author = found(office, reach, id).author
    if caller.role < Role.PLANNER and author != caller.name:
        raise Refused(
            f"请求 {id} 是 {author} 的；只有规划者能处理别人的请求",
            f"request {id} is {author}'s; only a planner takes steps with others' requests",
        )
