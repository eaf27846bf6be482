"""Rows of frames that answers hold: a field for each column, described as the schema does.

Columns of tables are the schema's own. What an answer works out has its column here, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from api.http.models.examples import example_of
from graph.schema import TABLES
from graph.schema.column import Column as C
from graph.schema.column import Kind

TYPES: dict[Kind, Any] = {
    "text": str, "code": str, "enum": str, "list": str, "integer": int, "money": int, "number": float, "share": float, "date": date,
    "boolean": bool,
}  # fmt: skip
"""Kind of a column → its type in JSON."""
NUMBERS = ("integer", "money", "number", "share")

WORKED_OUT: dict[str, C] = {
    c.name: c
    for c in (
        C("supporter_name", "text", "帮扶方名称", "name of the supporter", example="珠海市"),
        C("recipient_name", "text", "受扶方名称", "name of the recipient", example="怒江傈僳族自治州"),
        C("ratio", "number", "兑现率", "share of what was pledged that was delivered", unit="1: all of it", note_en="null where nothing was pledged"),
        C("region", "code", "地区", "code of the region", required=True),
        C("name", "text", "名称", "name"),
        C("pinyin", "text", "拼音", "English name or pinyin", note_en="empty where none is stored"),
        C("state", "text", "状态", "which kind of covered or nothing", required=True,
          note_en="`covered`, `uncovered` (a gap), `by_design` (outside the programme), `not_in_data`"),
        C("way", "text", "途径", "how it is reached", note_en="`own` relation, through a `parent`, or through all its `children`"),
        C("via", "code", "经由", "whose relation it is"),
        C("supporters", "list", "帮扶方", "ids of the supporters", note_en="`;` between"),
        C("amount", "number", "数量", "the rule's measure", unit="of the measure",
          note_en="null without one, and for a viewer where it counts one to four people"),
        C("recipients", "integer", "受扶地区数", "recipients in force", unit="places", required=True),
        C("planned", "number", "方案下", "sum of the plan's loads", unit="of the loads", note_en="only where a plan was named", example="12"),
        C("kinds", "list", "类型", "kinds of its relations", note_en="`;` between"),
        C("over", "integer", "超出", "recipients above the capacity", unit="places", note_en="0 where no capacity is told"),
        C("fiscal_revenue", "number", "财政收入", "latest fiscal revenue", unit="yuan", note_en="null: not known"),
        C("share", "share", "占比", "share of all recipients", unit="0–1"),
        C("origin", "text", "出处", "table that it stands in", note_en="`ledger` or `fund_flows`; the two must not be added up"),
        C("giver", "code", "出资方", "id of who gave: region, unit or fund source"),
        C("giver_name", "text", "出资方名称", "its name"),
        C("taker", "code", "受资方", "code of who was given to"),
        C("taker_name", "text", "受资方名称", "its name"),
        C("due", "date", "日期", "day of the end", required=True),
        C("why", "text", "缘由", "why it ends", required=True, note_en="`until`: its own end; `minimum_term`: may go or be extended from then on"),
        C("village_name", "text", "村", "name of the village"),
        C("first", "date", "最早", "earliest end", required=True),
        C("last", "date", "最晚", "latest end", required=True),
        C("postings", "integer", "任期数", "number of postings that end", unit="postings", required=True),
        C("first_secretaries", "integer", "第一书记", "of these, number of first secretaries", unit="postings", required=True),
        C("villages", "integer", "村数", "number of villages", unit="villages", required=True),
        C("id", "code", "编号", "region code or unit id", required=True),
        C("degree", "integer", "关系数", "number of relations in force", unit="relations", required=True),
        C("betweenness", "share", "中介度", "share of shortest ways that lead through it", unit="0–1", required=True),
    )
}  # fmt: skip
"""By name."""
NONE: Mapping[str, C] = {}
MONEY = {"amount": C("amount", "money", "金额", "amount", unit="yuan", required=True)}


def rows_of(
    name: str, says: str, columns: str, table: str = "", given: Mapping[str, C] = NONE, *, own: Sequence[str] = (), maybe: Sequence[str] = (),
) -> type[BaseModel]:  # fmt: skip
    """The model of a frame's rows.

    Parameters
    ----------
    name, says : str
        Of the model: its name, and what a row is.
    columns : str
        Their names, blanks between.
    table : str
        Table of the schema that describes the columns it has.
    given : mapping
        Columns that are described here, by name.
    own : sequence of str
        Columns that :data:`WORKED_OUT` describes although the table has one of that name.
    maybe : sequence of str
        Columns that are not always there.
    """
    declared = TABLES[table].by_name if table else {}
    fields: Any = {}
    for column in columns.split():
        known = given.get(column) or (
            WORKED_OUT[column] if column in own or column not in declared else declared[column]
        )
        fields[column] = field_of(name, known, maybe=column in maybe)
    return create_model(name, __doc__=says, __config__=ConfigDict(extra="forbid"), **fields)


def field_of(model: str, column: C, *, maybe: bool = False) -> tuple[Any, Any]:
    """Type and description of a column's cells; the example is a real one, else the schema's."""
    measured = f"in the unit {column.unit}" if column.unit.startswith("of ") else column.unit
    unit = f" ({measured})" if measured else ""
    note = f"; {column.note_en}" if column.note_en else ""
    kind = TYPES[column.kind] if column.required else TYPES[column.kind] | None
    shown = example_of(model, column.name) or ([cast_example(column)] if column.example else None)
    values = f"; values: enumeration `{column.enum}`" if column.enum else ""
    words = f"{column.en}{unit}{values}{note}"
    return kind, Field(None, description=words, examples=shown) if maybe else Field(
        description=words, examples=shown
    )


def cast_example(column: C) -> Any:
    """The schema's example as JSON has it."""
    return TYPES[column.kind](column.example) if column.kind in NUMBERS else column.example
