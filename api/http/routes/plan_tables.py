"""What a plan decided, what the baseline would, and what proves it, in every format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import FileResponse

from api.http import conditional
from api.http.access import Known, needs
from api.http.file_answers import FileAnswer
from api.http.frames.answer import answer, disposition
from api.http.frames.certificate import array_file, certificate_source
from api.http.frames.groups import By, grouped
from api.http.frames.routes import FILTERS, add_table, form_of
from api.http.frames.source import Source, file_source
from api.http.models.groups import Groups
from api.http.models.plans import PlanId
from api.http.models.tables import ArrayPage, pages
from api.http.serving import TheNetwork, TheService
from api.service.caller import Caller, Role
from api.service.networks import Asked
from api.service.plans import plan_of
from api.service.refusals import NotFound
from api.service.scope import Scope
from api.service.seen import keeps
from graph.errors import InputError
from graph.language import Text
from graph.network import Network
from graph.schema import RESULTS
from graph.tables.suggest import unknown
from graph.titles import titled_values
from planner.plan import Plan

router = APIRouter(prefix="/plans/{id}", tags=["plans"])
Part = Literal["tables", "baseline"]
Array = Annotated[
    str, Path(description="stage and array, as `GET /plans/{id}` lists them", examples=["cadres-worth_post"])
]
ResultTable = Annotated[
    str, Path(description="result table", json_schema_extra={"enum": list(RESULTS)}, examples=["pairs"])
]
NPY = "application/x-npy"


def plan_source(plan: Plan, part: Part, table: str, asked: Asked, caller: Caller) -> Source:
    """A table of a plan as a caller may see it.

    Raises
    ------
    NotFound
        When the plan has none of that name.
    InputError
        When its file is gone or damaged.
    """
    there = {f.stem for f in (plan.folder / part).glob("*.parquet")}
    if table not in there or table not in RESULTS:
        _refuse_lost(plan, f"{part}/{table}.parquet")
        none = Text(f"方案 {plan.id} 没有表", f"plan {plan.id} has no table")
        raise NotFound(*unknown(none, table[:80], sorted(there)))
    keep = keeps(Scope(caller, asked), table)
    stem = f"{plan.id}-{table}" if part == "tables" else f"{plan.id}-{part}-{table}"
    state = f"plan {plan.id} {part} {(sorted(caller.regions), asked.version) if keep else ''}"
    made = file_source(plan.folder / part / f"{table}.parquet", table, RESULTS[table], stem=stem, state=state)
    inputs = plan.head["inputs"]
    enums = {k: tuple(v) for k, v in inputs["enums"].items()}
    words = Network({}, enums=enums, titles=inputs.get("titles", {}))
    return replace(made, keep=keep, values=partial(titled_values, words))


def _refuse_lost(plan: Plan, file: str) -> None:
    """Tell a table that was written and is gone from one that never was."""
    if file in plan.sealed:
        raise InputError(
            f"方案 {plan.id} 不完整，缺少 {file}", f"plan {plan.id} is not whole: {file} is missing"
        )


def rows_of(part: Part) -> Callable[..., Response]:
    """The route of a part's tables."""

    def rows(
        id: PlanId, table: ResultTable, request: Request, service: TheService, asked: TheNetwork, caller: Known
    ) -> Response:  # fmt: skip
        """Rows in the format of the suffix; who is limited to regions gets those that are felt there.

        A whole table as Parquet is the plan's own file, which may be asked for in ranges.
        """
        source = plan_source(plan_of(service.plans, id), part, table, asked, caller)
        return answer(request, source, form_of(request))

    return rows


_OF: dict[Part, tuple[str, str]] = {
    "tables": ("", "What was decided"),
    "baseline": ("/baseline", "The baseline's table"),
}
for _part, (_path, _title) in _OF.items():
    add_table(
        router, f"{_path}/tables/{{table}}", rows_of(_part), (f"plan_{_part}_by_suffix", f"plan_{_part}_by_accept"), summary=_title,
        needs=needs(Role.VIEWER, "subtree"), page=pages("plan"),
    )  # fmt: skip


@router.get(
    "/tables/{table}/groups", summary="What was decided, counted by values", dependencies=[needs(Role.VIEWER, "subtree")],
    response_model=Groups, responses=conditional.NOT_MODIFIED, openapi_extra=FILTERS,
)  # fmt: skip
def plan_groups(
    id: PlanId, table: ResultTable, by: By, request: Request, service: TheService, asked: TheNetwork, caller: Known
) -> Response:  # fmt: skip
    """As of a table of the network: groups stand in the order in which `sort` would put their rows."""
    return grouped(request, plan_source(plan_of(service.plans, id), "tables", table, asked, caller))


@router.get(
    "/certificates/{name}.npy", summary="An array of a certificate, as NumPy's file", dependencies=[needs(Role.VIEWER, "whole")],
    response_class=FileResponse, responses={200: {"content": {NPY: {"schema": {"type": "string", "format": "binary"}}}}, **conditional.NOT_MODIFIED},
)  # fmt: skip
def array(id: PlanId, name: Array, request: Request, service: TheService) -> Response:
    """For those who check a bound by themselves; docs/certificates.md says how."""
    found = plan_of(service.plans, id)
    file = array_file(found, name)
    etag = conditional.etag_of(found.id, name)
    if same := conditional.not_modified(request, etag):
        return same
    headers = conditional.headers_of(etag) | {"Content-Disposition": disposition(f"{found.id}-{name}.npy")}
    return FileAnswer(file, media_type=NPY, headers=headers)


def certificate(id: PlanId, name: Array, request: Request, service: TheService) -> Response:
    """The array as a table: `i0`, `i1` … are the places along its axes (from 0), `value` is the cell."""
    return answer(request, certificate_source(plan_of(service.plans, id), name), form_of(request))


add_table(
    router, "/certificates/{name}", certificate, ("certificate_as", "certificate"), summary="An array of a certificate as a table",
    needs=needs(Role.VIEWER, "whole"), page=ArrayPage,
)  # fmt: skip
