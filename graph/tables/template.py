"""An empty workbook to fill in: a sheet per table, drop-down lists, help, a sheet of examples."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from graph.language import Text
from graph.schema import ENUMS, TABLES, Column, Table
from graph.tables.cast import Values, known_values
from graph.tables.check_cells import bounds
from graph.tables.raw import HELP_SHEETS
from graph.tables.write import check_sheet_sizes, unwritable, write_atomically, write_cell

HELP, EXAMPLES, LISTS = HELP_SHEETS[0], HELP_SHEETS[2], HELP_SHEETS[4]
FILLED_ROWS = 10_000  # how far down drop-down lists and checks reach

KINDS = {
    "text": Text("文本", "text"),
    "code": Text("代码（文本）", "code (text)"),
    "integer": Text("整数", "whole number"),
    "number": Text("数", "number"),
    "share": Text("份额 0–1", "share 0–1"),
    "money": Text("整元", "whole yuan"),
    "date": Text("日期 年-月-日", "date year-month-day"),
    "boolean": Text("true / false", "true / false"),
    "enum": Text("选项", "one of a list"),
    "list": Text("多项，用 ; 隔开", "several, separated by ;"),
}


def write_template(
    path: Path | str,
    *,
    enums: Values | None = None,
    only: Collection[str] | None = None,
    rows: Mapping[str, pl.DataFrame] | None = None,
) -> None:
    """Write a workbook to fill in: headers with help in comments, drop-down lists, sheets of help and examples.

    A sheet that is left empty counts as not given when the workbook is read. ``rows`` of a table are filled in,
    to be edited.

    Raises
    ------
    InputError
        When a table does not fit into an Excel sheet.
    OutsideError
        When the file cannot be written.
    """
    target = Path(path)
    check_sheet_sizes(rows or {})
    tables = {n: t for n, t in TABLES.items() if only is None or n in only}
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, lambda temporary: _write(temporary, tables, enums or {}, rows or {}))
    except OSError as error:
        raise unwritable(target, error) from error


def _write(file: Path, tables: Mapping[str, Table], enums: Values, rows: Mapping[str, pl.DataFrame]) -> None:
    import xlsxwriter

    whole = BytesIO()
    book = xlsxwriter.Workbook(whole, {"strings_to_formulas": False})
    style = {
        "must": book.add_format({"bold": True, "bg_color": "#F8CBAD", "border": 1}),
        "may": book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    _write_help(book.add_worksheet(HELP), tables, style)
    _write_examples(book.add_worksheet(EXAMPLES), tables, style)
    sheets = {name: book.add_worksheet(name) for name in tables}
    spans = _write_lists(book.add_worksheet(LISTS), enums, style)
    for name, table in tables.items():
        _write_sheet(sheets[name], table, spans, style)
        if name in rows:
            _fill_sheet(sheets[name], table, rows[name], style)
    book.close()
    file.write_bytes(whole.getvalue())


def _write_sheet(sheet: Any, table: Table, spans: Mapping[str, str], style: Mapping[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(table.columns):
        kind = (
            "date"
            if column.kind == "date"
            else "text"
            if column.kind in ("text", "code", "enum", "list")
            else None
        )
        sheet.set_column(place, place, max(12, 2 * len(column.zh)), style[kind] if kind else None)
        sheet.write_string(0, place, column.name, style["must" if column.required else "may"])
        sheet.write_comment(0, place, _explained(column), {"x_scale": 2, "y_scale": 1.4})
        rule = _rule(column, spans)
        if rule:
            sheet.data_validation(1, place, FILLED_ROWS, place, rule)


def _fill_sheet(sheet: Any, table: Table, frame: pl.DataFrame, style: Mapping[str, Any]) -> None:
    columns = [c.name for c in table.columns]
    for row, cells in enumerate(frame.select(columns).iter_rows(), start=1):
        for place, cell in enumerate(cells):
            if cell is not None:
                write_cell(sheet, row, place, cell, style["date"])


def _rule(column: Column, spans: Mapping[str, str]) -> dict[str, Any]:
    """The data validation of a column; a list cell may hold several members, so its list only helps."""
    helped = {"input_title": column.zh[:32], "input_message": _explained(column)[:250]}
    if column.enum in spans and column.kind in ("enum", "list"):
        strict = "stop" if column.kind == "enum" else "information"
        return {"validate": "list", "source": f"={spans[column.enum]}", "error_type": strict, **helped}
    low, high = bounds(column)
    validate = {"integer": "integer", "money": "integer", "number": "decimal", "share": "decimal"}.get(
        column.kind
    )
    if column.kind == "boolean":
        return {"validate": "list", "source": ["true", "false"], **helped}
    if validate and low is not None and high is not None:
        return {"validate": validate, "criteria": "between", "minimum": low, "maximum": high, **helped}
    if validate and low is not None:
        return {"validate": validate, "criteria": ">=", "value": low, **helped}
    return {"validate": "any", **helped} if column.note_zh else {}


def _explained(column: Column) -> str:
    parts = [f"{column.zh} · {column.en}", f"{KINDS[column.kind].zh} · {KINDS[column.kind].en}"]
    if column.unit:
        parts.append(f"单位 unit: {column.unit}")
    parts += [p for p in (column.note_zh, column.note_en) if p]
    if column.required:
        parts.append("必填 required")
    elif column.default not in (None, ""):
        parts.append(f"空着即 empty means: {_plain(column.default)}")
    if column.example:
        parts.append(f"例 example: {column.example}")
    return "\n".join(parts)


def _plain(default: object) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default)


def _write_help(sheet: Any, tables: Mapping[str, Table], style: Mapping[str, Any]) -> None:
    head = (
        "表 table",
        "列 column",
        "中文 Chinese",
        "English",
        "类型 kind",
        "单位 unit",
        "必填 required",
        "例 example",
        "说明 note",
    )
    lines = (
        "每张表一页：第 1 行是列名（也可写中文列名），从第 2 行起填数据。用不到的页留空即可。橙色列必填。",
        "One sheet per table: row 1 has the column names (Chinese titles will do), data begin in row 2. "
        "Leave sheets that you do not need empty. Orange columns are required.",
    )
    sheet.set_column(0, 7, 18)
    sheet.set_column(8, 8, 70)
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)
    for place, word in enumerate(head):
        sheet.write_string(3, place, word, style["may"])
    row = 4
    for name, table in tables.items():
        for column in table.columns:
            kind = f"{KINDS[column.kind].zh} {KINDS[column.kind].en}"
            note = " · ".join(p for p in (column.note_zh, column.note_en) if p)
            cells = (
                f"{name} {table.zh}",
                column.name,
                column.zh,
                column.en,
                kind,
                column.unit,
                "是 yes" if column.required else "",
                column.example,
                note,
            )
            for place, cell in enumerate(cells):
                sheet.write_string(row, place, cell)
            row += 1
    sheet.freeze_panes(4, 2)


def _write_examples(sheet: Any, tables: Mapping[str, Table], style: Mapping[str, Any]) -> None:
    sheet.set_column(0, 20, 18)
    row = 0
    for name, table in tables.items():
        sheet.write_string(row, 0, f"{name} {table.zh}：{table.note_zh} · {table.note_en}")
        for place, column in enumerate(table.columns):
            sheet.write_string(row + 1, place, column.name, style["must" if column.required else "may"])
            sheet.write_string(row + 2, place, example_cell(column))
        row += 4


def example_cell(column: Column) -> str:
    """An example for a column: the declared one, else one that fits its kind."""
    if column.example:
        return column.example
    if column.enum:
        return next(iter(ENUMS.get(column.enum, {"": None})))
    kinds = {
        "date": "2016-12-07",
        "integer": "2016" if column.name == "year" else "1",
        "money": "1000000",
        "share": "0.5",
        "boolean": "false",
        "number": "1",
    }
    return kinds.get(column.kind, "")


def _write_lists(sheet: Any, enums: Values, style: Mapping[str, Any]) -> dict[str, str]:
    """One column per enumeration; returns where each stands, for the drop-down lists."""
    from xlsxwriter.utility import xl_col_to_name

    spans: dict[str, str] = {}
    for place, name in enumerate(ENUMS):
        values = known_values(name, enums)
        sheet.write_string(0, place, name, style["may"])
        for row, value in enumerate(values, start=1):
            sheet.write_string(row, place, value)
        letter = xl_col_to_name(place)
        spans[name] = f"'{LISTS}'!${letter}$2:${letter}${len(values) + 1}"
    sheet.hide()
    return spans
