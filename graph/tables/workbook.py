"""Read an Excel workbook: one sheet per table, every cell as text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import InputError
from graph.findings import Finding
from graph.language import Text
from graph.tables.csv_file import unique_headers
from graph.tables.raw import HELP_SHEETS, RawTable, table_named, unknown_table


def read_workbook(
    file: Path, only: Collection[str] | None, named: Callable[[str], str | None] = table_named
) -> Iterator[RawTable | Finding]:
    """Each sheet that bears a table's name or title; sheets of help are passed over.

    In a workbook made from our template an unfilled sheet counts as not given. ``named`` tells the table of a
    sheet's name.

    Raises
    ------
    InputError
        When the file is no Excel workbook.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(file))
    except (CalamineError, ValueError, OSError) as error:
        raise InputError(
            f"{file} 不是可读的 Excel 工作簿（{error}）；请另存为 .xlsx",
            f"{file} is no readable Excel workbook ({error}); save it as .xlsx",
        ) from error
    from_template = HELP_SHEETS[0] in book.sheet_names
    for sheet in book.sheet_names:
        if sheet.strip().casefold() in HELP_SHEETS:
            continue
        table = named(sheet)
        if table is None and book.get_sheet_by_name(sheet).end is None:
            continue  # the blank “Sheet1” that comes with every new workbook
        if table is None:
            yield unknown_table(sheet, file.name)
        elif only is None or table in only:
            raw = _read_sheet(book, sheet, table, file.name)
            if raw.frame.height or not from_template:
                yield raw


def _read_sheet(book: Any, sheet: str, table: str, file: str) -> RawTable:
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    above = next((i for i, row in enumerate(rows) if any(c != "" for c in row)), None)
    name = f"{file}#{sheet}"
    if above is None:
        what = Text("工作表是空的，连表头也没有", "the sheet is empty, it has not even a header")
        mend = Text(
            "第一行写列名；用不到的工作表请删除", "put the column names in the first row, or remove the sheet"
        )
        return RawTable(table, pl.DataFrame(), name, 2, (
            Finding("empty-file", "error", table, None, None, None, what, mend, name),))  # fmt: skip
    header = [str(cell_text(c) or "") for c in rows[above]]
    names = unique_headers(header)
    body = rows[above + 1 :]
    columns = {n: pl.Series(n, [cell_text(r[i]) for r in body], dtype=pl.String) for i, n in enumerate(names)}
    return RawTable(table, pl.DataFrame(columns), name, above + 2)


def cell_text(value: Any) -> str | None:
    """A cell as text: whole numbers without ``.0``, dates as ISO, an empty cell as ``None``.

    ``""`` typed into a cell (two quotation marks) stands for empty text, which Excel has no cell for; text of
    quotation marks only is written with two more (see ``write``).
    """
    if isinstance(value, str):
        return _unquoted(value) if value else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _unquoted(text: str) -> str:
    return text[2:] if len(text) >= 2 and not text.strip('"') else text
