"""Tables of the network, in every format, and the schema that says what they hold."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from api.http import conditional
from api.http.access import Known, needs
from api.http.audited import note
from api.http.frames.answer import answer
from api.http.frames.filters import operators_of
from api.http.frames.formats import FORMATS
from api.http.frames.routes import add_table, form_of
from api.http.frames.source import Source, frame_source
from api.http.models.tables import Schema, TableList, pages
from api.http.serving import TheNetwork
from api.service.caller import Caller, Role
from api.service.networks import Asked
from api.service.refusals import NotFound
from api.service.scope import Scope
from api.service.seen import keeps
from graph.language import Text
from graph.schema import ENUMS, MEASURES, RESULTS, TABLES, Column, Table
from graph.tables.suggest import no_such_table
from graph.titles import titled_tags, titled_values
from graph.wording import worded

router = APIRouter(tags=["tables"])
NetworkTable = Annotated[
    str, Path(description="table of the schema", json_schema_extra={"enum": list(TABLES)}, examples=["units"])
]


@router.get("/schema", summary="Tables, columns, units, enumerations", dependencies=[needs(Role.VIEWER, "any")],
            response_model=Schema, responses={304: {"description": "the client has it already"}})  # fmt: skip
def schema(request: Request, asked: TheNetwork) -> Response:
    """What the tables of a network and of a plan hold, with the values that this network adds to enumerations."""
    enums = {
        e: [{"value": v, "title": t.as_dict()} for v, t in titled_values(asked.regions, e).items()]
        for e in ENUMS
    }
    enums["tag"] = [{"value": v, "title": t.as_dict()} for v, t in tags_of(asked).items()]
    measures = [{"name": n, "title": t.as_dict(), "unit": unit} for n, (t, unit) in MEASURES.items()]
    tables, results = ([_told(t) for t in room.values()] for room in (TABLES, RESULTS))
    whole = {"tables": tables, "results": results, "enums": enums, "measures": measures}
    told = Schema.model_validate(whole).model_dump_json()
    etag = conditional.etag_of(told)
    if same := conditional.not_modified(request, etag):
        return same
    return Response(told, media_type="application/json", headers=conditional.headers_of(etag))


@router.get("/network/tables", summary="Tables of the network", dependencies=[needs(Role.VIEWER, "any")])
def tables() -> TableList:
    """Each is given in each format, at `/network/tables/{table}.{suffix}`."""
    listed = [
        {"name": t.name, "title": t.title.as_dict(), "key": t.key, "columns": list(t.by_name)}
        for t in TABLES.values()
    ]
    return TableList.model_validate({"tables": listed, "formats": list(FORMATS)})


def tags_of(asked: Asked) -> dict[str, Text]:
    """Tags that regions of the network bear, and those that jiedui knows; worked out once for a version."""

    def found() -> dict[str, Text]:
        with worded(asked.wording):
            return titled_tags(asked.frame("region_tags")["tag"].unique().to_list())

    if "tags" not in asked.beside:
        asked.beside["tags"] = found()
    tags: dict[str, Text] = asked.beside["tags"]
    return tags


def rows(request: Request, table: NetworkTable, asked: TheNetwork, caller: Known) -> Response:
    """Rows of a table in the format of the suffix.

    Who is limited to regions gets the rows that hang on them. Names of cadres are `***` for those who may not see them, and counts
    of 1 to 4 households or persons empty for viewers.
    """
    tell_names(request, caller, table)
    return answer(request, network_source(asked, caller, table), form_of(request))


add_table(
    router, "/network/tables/{table}", rows, ("network_table_as", "network_table"), summary="Rows of a table",
    needs=needs(Role.VIEWER, "subtree"), page=pages("network"),
)  # fmt: skip


def network_source(asked: Asked, caller: Caller, table: str) -> Source:
    """A table of the network as a caller may see it.

    Raises
    ------
    NotFound
        When the schema has no such table.
    """
    if table not in TABLES:
        raise NotFound(*no_such_table(table[:80]))
    keep = keeps(Scope(caller, asked), table)
    state = f"{asked.name} {asked.version} {seen_by(caller) if keep else ''}"
    made = frame_source(asked.frame(table), table, TABLES[table], stem=f"{asked.name}-{table}", state=state)
    return replace(made, keep=keep, values=partial(titled_values, asked.regions))


def tell_names(request: Request, caller: Caller, table: str) -> None:
    """Have the audit log told that somebody gets names of cadres."""
    if table == "cadre_names" and caller.sees_names:
        note(request, names=table)


def seen_by(caller: Caller) -> str:
    """The same for callers who see the same."""
    return repr((sorted(caller.regions), caller.sees_names, caller.role))


def _told(table: Table) -> dict[str, Any]:
    return {
        "name": table.name, "title": table.title.as_dict(), "note": {"zh": table.note_zh, "en": table.note_en}, "room": table.room,
        "key": list(table.key), "columns": [_column(table, c) for c in table.columns],
    }  # fmt: skip


def _column(table: Table, column: Column) -> dict[str, Any]:
    asked = [f"{column.name}__{o}" if o else column.name for o in operators_of(column)]
    return {
        "name": column.name, "title": column.title.as_dict(), "kind": column.kind, "unit": column.unit or ("yuan" if column.kind == "money" else ""),
        "key": column.name in table.key, "required": column.required, "default": column.default, "minimum": column.minimum,
        "maximum": column.maximum, "enum": column.enum or None, "links": column.foreign.split("|") if column.foreign else [],
        "operators": asked, "note": column.note.as_dict(), "example": column.example,
    }  # fmt: skip
