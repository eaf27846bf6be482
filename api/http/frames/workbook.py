"""A table as an Excel workbook that reading gives back: names of columns as headers, code words as they are, every text a text."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import polars as pl

from api.http.frames.source import Source
from api.sheet_rows import FIRST_ROW, Body, fill_sheets
from api.workbook import NUMBERS, SHEET_NAME_CHARACTERS, UNDATED
from graph.errors import InputError
from graph.tables.write import SHEET_ROWS

WIDTH = 16


def as_workbook(source: Source, parts: Iterable[pl.DataFrame]) -> bytes:
    """The workbook, one sheet.

    Raises
    ------
    InputError
        When there are more rows than a sheet holds.
    """
    frame = _gathered(source.table, parts)
    return fill_sheets(_empty(source, frame), [Body(frame, list(range(frame.width)))])


def _gathered(table: str, parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All rows in one frame, as long as they fit."""
    kept, seen = [], 0
    for part in parts:
        seen += part.height
        if seen >= SHEET_ROWS:
            raise InputError(
                f"{table} 超过 {SHEET_ROWS - 1:,} 行，Excel 工作表装不下；请加条件，或用 .csv、.parquet",
                f"{table} has more than {SHEET_ROWS - 1:,} rows, which no Excel sheet holds; add conditions, or take .csv or .parquet",
            )
        kept.append(part)
    return pl.concat(kept)


def _empty(source: Source, frame: pl.DataFrame) -> bytes:
    """The workbook with its header, and a blank cell of each column's format in the row below."""
    import xlsxwriter

    whole = BytesIO()
    with xlsxwriter.Workbook(whole, {"constant_memory": True}) as book:
        book.set_properties({"created": UNDATED})
        sheet = book.add_worksheet(source.table[:SHEET_NAME_CHARACTERS])
        sheet.freeze_panes(1, 0)
        head = book.add_format({"bold": True, "bg_color": "#E7E6E6"})
        formats = [
            book.add_format({"num_format": NUMBERS.get(source.columns[c].kind, "")}) for c in frame.columns
        ]
        for at, (name, form) in enumerate(zip(frame.columns, formats, strict=True)):
            sheet.set_column(at, at, WIDTH, form)
            sheet.write_string(0, at, name, head)
        if frame.height:
            for at, form in enumerate(formats):
                sheet.write_blank(FIRST_ROW - 1, at, None, form)
    return whole.getvalue()
