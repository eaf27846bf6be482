"""Rows of the schema's tables as models: types, units and titles come from the schema."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from graph.schema import ENUMS, TABLES, Column

KINDS: dict[str, Any] = {
    "integer": int,
    "money": int,
    "number": float,
    "share": float,
    "date": date,
    "boolean": bool,
}
"""Kind of a column → its type in JSON; all others are text."""
EXAMPLES = {
    "integer": 1,
    "money": 1_000_000,
    "number": 0.5,
    "share": 0.5,
    "date": "2016-12-07",
    "boolean": True,
}


@cache
def row_of(table: str) -> type[BaseModel]:
    """The model of a table's row, with every declared column."""
    declared = TABLES[table]
    fields: Any = {c.name: (KINDS.get(c.kind, str) | None, _field(c)) for c in declared.columns}
    name = "".join(part.capitalize() for part in table.split("_"))
    doc = f"A row of table `{table}` ({declared.zh}): {declared.note_en or declared.en}."
    return create_model(f"{name}DeclaredRow", __doc__=doc, __config__=ConfigDict(extra="forbid"), **fields)


def _field(column: Column) -> Any:
    unit = f" ({column.unit})" if column.unit else ""
    note = f"; {column.note_en}" if column.note_en else ""
    values = f"; one of {', '.join(ENUMS[column.enum])}" if column.enum in ENUMS else ""
    return Field(None, description=f"{column.en}{unit}{note}{values}", examples=[_example(column)])


def _example(column: Column) -> Any:
    if column.example:
        return column.example
    if column.enum in ENUMS:
        return next(iter(ENUMS[column.enum]))
    return EXAMPLES.get(column.kind, "x")
