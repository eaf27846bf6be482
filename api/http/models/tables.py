"""Tables as the API shows them: what they are, and a page of rows of each, made from the schema."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, RootModel, create_model

from api.http.models.columns import TYPES
from api.http.models.message import Message
from graph.schema import ENUMS, RESULTS, TABLES, Column, Table
from graph.schema.column import Kind

EXAMPLES: dict[Kind, Any] = {
    "text": "x", "code": "533300", "enum": "county", "list": "a;b", "integer": 2016, "money": 1_000_000, "number": 1.5,
    "share": 0.25, "date": "2016-12-31", "boolean": True,
}  # fmt: skip


class ColumnToldOf(BaseModel):
    """A column of a table."""

    name: str = Field(description="its name, in files, filters and answers", examples=["capacity"])
    title: Message = Field(description="its title; a file's header may be the Chinese one")
    kind: Kind = Field(
        description="what its cells are: `money` is whole yuan, `share` is 0 to 1, `list` has `;` between members",
        examples=["integer"],
    )
    unit: str = Field(description="of its cells; empty where they have none", examples=["counties"])
    key: bool = Field(description="whether it is one of those that name a row", examples=[False])
    required: bool = Field(description="whether no cell may be empty", examples=[False])
    default: Any = Field(description="what an absent column means", examples=[None])
    minimum: float | None = Field(description="least value that may be, in `unit`", examples=[0])
    maximum: float | None = Field(description="largest value that may be, in `unit`", examples=[None])
    enum: str | None = Field(description="enumeration that its values are of", examples=[None])
    links: list[str] = Field(
        description="`table.column` that it names, the first that has it", examples=[["regions.code"]]
    )
    operators: list[str] = Field(
        description="conditions that may be asked of it, as parameters of a table",
        examples=[["capacity", "capacity__gte"]],
    )
    note: Message = Field(description="what has to be known about it")
    example: str = Field(description="an example cell", examples=["2"])


class TableToldOf(BaseModel):
    """A table of the schema."""

    name: str = Field(description="its name", examples=["units"])
    title: Message = Field(description="its title")
    note: Message = Field(description="what a row is")
    room: str = Field(
        description="chapter of the data dictionary; `results`: a plan has it", examples=["support"]
    )
    key: list[str] = Field(description="columns that together name a row", examples=[["id"]])
    columns: list[ColumnToldOf] = Field(description="its columns, in their order")


class ValueToldOf(BaseModel):
    """A value of an enumeration."""

    value: str = Field(description="as cells have it", examples=["county"])
    title: Message = Field(description="in words")


class MeasureToldOf(BaseModel):
    """A measure of `region_facts`."""

    name: str = Field(description="as cells have it", examples=["poor_population"])
    title: Message = Field(description="in words")
    unit: str = Field(description="of its values", examples=["persons"])


class Schema(BaseModel):
    """Everything that the tables may hold."""

    tables: list[TableToldOf] = Field(description="tables of a network (inputs of a scenario)")
    results: list[TableToldOf] = Field(description="tables of a plan")
    enums: dict[str, list[ValueToldOf]] = Field(
        description="enumeration → its values, those of the network that is served among them; `tag`: tags of regions"
    )
    measures: list[MeasureToldOf] = Field(description="measures of `region_facts`")


class TableListed(BaseModel):
    """A table of a network."""

    name: str = Field(description="its name", examples=["units"])
    title: Message = Field(description="its title")
    key: list[str] = Field(description="columns that together name a row", examples=[["id"]])
    columns: list[str] = Field(description="its columns", examples=[["id", "name", "kind"]])


class TableList(BaseModel):
    """The tables of a network."""

    tables: list[TableListed] = Field(description="in the order of the schema")
    formats: list[str] = Field(description="suffixes in which each is given", examples=[["json", "csv"]])


def row_model(table: Table) -> type[BaseModel]:
    """The model of a table's rows; a cell may be empty, and columns that are not asked for are not there."""
    fields: Any = {
        c.name: (TYPES[c.kind] | None, Field(None, description=_described(c), examples=[_example(c)]))
        for c in table.columns
    }
    return create_model(f"{_name(table)}Row", __doc__=f"{table.en}: {table.note_en}.", **fields)


def page_model(table: Table) -> type[BaseModel]:
    """The model of a page of a table's rows."""
    fields: Any = {
        "table": (Literal[table.name], Field(description="the table", examples=[table.name])),
        "rows": (list[row_model(table)], Field(description=table.note_en)),  # type: ignore[misc] # made here
        "total": (int, Field(description="rows on all pages", examples=[31])),
        "next": (str | None, Field(description="`cursor` of the page behind this one; null at the end", examples=[None])),
    }  # fmt: skip
    return create_model(f"{_name(table)}Page", __doc__=f"Some rows of {table.name}.", **fields)


class ArrayCell(BaseModel):
    """A cell of an array, with its place along each axis in `i0`, `i1` and so on (from 0)."""

    model_config = ConfigDict(extra="allow")

    i0: int | None = Field(None, description="place along the first axis (a number from 0)", examples=[0])
    value: float | None = Field(
        None, description="the cell (a number; docs/certificates.md tells what it counts)", examples=[458]
    )


class ArrayPage(BaseModel):
    """A page of an array."""

    table: str = Field(description="the array", examples=["cadres-worth_post"])
    rows: list[ArrayCell] = Field(description="its cells")
    total: int = Field(description="cells on all pages (a number)", examples=[22_550])
    next: str | None = Field(
        description="`cursor` of the page behind this one; null at the end", examples=[None]
    )


@cache
def pages(of: Literal["network", "plan"]) -> type[BaseModel]:
    """A page of any table of a network, or of a plan; `table` says of which."""
    kinds = tuple(page_model(t) for t in (TABLES if of == "network" else RESULTS).values())
    union: Any = Annotated[Union[kinds], Field(discriminator="table")]  # noqa: UP007 # made of a tuple
    told = {"__doc__": f"A page of a table of a {of}."}
    made: type[BaseModel] = type(f"{of.title()}TablePage", (RootModel[union],), told)
    return made


def _name(table: Table) -> str:
    words = table.name.title().replace("_", "")
    return f"Planned{words}" if table.name in RESULTS and table is RESULTS[table.name] else words


UNITS: dict[Kind, str] = {
    "money": "yuan",
    "share": "0 to 1",
    "number": "a number",
    "integer": "a whole number",
}
"""What a column's numbers are where it declares no unit."""


def _described(column: Column) -> str:
    unit = column.unit or UNITS.get(column.kind, "")
    values = f"; values: enumeration `{column.enum}`" if column.enum else ""
    note = f"; {column.note_en}" if column.note_en else ""
    return f"{column.zh} · {column.en}{f' (unit: {unit})' if unit else ''}{values}{note}"


def _example(column: Column) -> Any:
    if column.example and column.kind in ("text", "code", "enum", "list"):
        return column.example
    if column.enum in ENUMS:
        return next(iter(ENUMS[column.enum]))
    return EXAMPLES[column.kind]
