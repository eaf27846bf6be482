"""Rows of a worksheet as XML, a whole column at a time: cell by cell a plan of a million cells takes minutes.

A workbook library makes the workbook with its headers, widths and formats; what stands here fills in the rows. Every
text is a text in place, none a formula.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import polars as pl

from graph.tables.write import CELL_CHARACTERS, EXACT_DIGITS

CHUNK_ROWS = 5_000
FIRST_ROW = 2
"""Of a sheet whose header is one row."""
DAY_ZERO = 25_569
"""Excel's number of 1970-01-01; days before March 1900 it counts wrongly, so they are written as text."""
FIRST_DAY = -25_508

STYLED = re.compile(rf'<row r="{FIRST_ROW}"[^>]*>(.*?)</row>')
STYLE = re.compile(r'<c r="[A-Z]+\d+"(?: s="(\d+)")?')
CONTROL = r"[\x00-\x08\x0b-\x1f\x{FFFE}\x{FFFF}]|_x[0-9a-fA-F]{4}_"
ESCAPED = re.compile(r"(_x[0-9a-fA-F]{4}_)")
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Body:
    """Rows of one sheet, below its header.

    Parameters
    ----------
    frame : DataFrame
        What is written, a column for each of the sheet.
    formats : sequence
        For each column: number of the format of all of its cells, or of each (a ``UInt32`` Series). Formats are
        numbered as the sheet lists them in its second row.
    """

    frame: pl.DataFrame
    formats: Sequence[int | pl.Series]


def fill_sheets(empty: bytes, bodies: Sequence[Body]) -> bytes:
    """The workbook ``empty`` with the rows of its sheets, in their order.

    The second row of each sheet holds a blank cell for each format that its body uses; it is replaced.
    """
    whole = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(empty)) as before,
        zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.infolist():
            number = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", entry.filename)
            content = before.read(entry)
            if number is None:
                after.writestr(entry, content)
                continue
            with after.open(entry.filename, "w", force_zip64=True) as file:
                for part in sheet_parts(content.decode(), bodies[int(number[1]) - 1]):
                    file.write(part.encode())
    return whole.getvalue()


def sheet_parts(sheet: str, body: Body) -> Iterator[str]:
    """The XML of a sheet whose second row is replaced by the rows of ``body``, in pieces."""
    found = STYLED.search(sheet)
    if found is None:
        yield sheet
        return
    styles = [f' s="{s}"' if s and s != "0" else "" for s in STYLE.findall(found[1])]
    corner = f"{column_letters(body.frame.width - 1)}{body.frame.height + 1}"
    yield re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="A1:{corner}"', sheet[: found.start()], count=1)
    yield from rows_xml(body, styles)
    yield sheet[found.end() :]


def rows_xml(body: Body, styles: Sequence[str]) -> Iterator[str]:
    """The ``<row>`` elements, some thousand at a time; ``styles`` are the formats' attributes."""
    for start in range(0, body.frame.height, CHUNK_ROWS):
        part = body.frame.slice(start, CHUNK_ROWS)
        row = pl.int_range(start + FIRST_ROW, start + FIRST_ROW + part.height, eager=True).cast(pl.String)
        row = row.alias("row")
        cells = [
            cell_xml(part[name], row, column_letters(at), _styles_of(form, styles, start, part.height)).alias(
                str(at)
            )
            for at, (name, form) in enumerate(zip(part.columns, body.formats, strict=True))
        ]
        texts = pl.DataFrame([row, *cells]).select(
            pl.concat_str(pl.lit('<row r="'), "row", pl.lit('">'), *(c.name for c in cells), pl.lit("</row>"))
        )
        yield "".join(texts.to_series().to_list())


def _styles_of(form: int | pl.Series, styles: Sequence[str], start: int, height: int) -> pl.Expr | pl.Series:
    if isinstance(form, int):
        return pl.lit(styles[form])
    return (
        form.slice(start, height)
        .replace_strict(range(len(styles)), styles, return_dtype=pl.String)
        .alias("style")
    )


def cell_xml(cells: pl.Series, row: pl.Series, letters: str, style: pl.Expr | pl.Series) -> pl.Series:
    """One column's ``<c>`` elements; an empty cell only where it has a format."""
    values, kind = written(cells)
    frame = pl.DataFrame([row, values.alias("value"), kind.alias("kind")])
    if isinstance(style, pl.Series):
        frame, style = frame.with_columns(style), pl.col("style")
    begin = (pl.lit(f'<c r="{letters}'), pl.col("row"), pl.lit('"'), style)
    spaced = pl.col("value").str.contains(r"^\s|\s$")
    space = pl.when(spaced).then(pl.lit(' xml:space="preserve"')).otherwise(pl.lit(""))
    made = {
        "text": pl.concat_str(*begin, pl.lit(' t="inlineStr"><is><t'), space, pl.lit(">"), "value", pl.lit("</t></is></c>")),
        "number": pl.concat_str(*begin, pl.lit("><v>"), "value", pl.lit("</v></c>")),
        "boolean": pl.concat_str(*begin, pl.lit(' t="b"><v>'), "value", pl.lit("</v></c>")),
    }  # fmt: skip
    empty = pl.when(style != "").then(pl.concat_str(*begin, pl.lit("/>"))).otherwise(pl.lit(""))
    found: Any = pl.when(pl.col("value").is_null()).then(empty)
    for name in kind.unique().drop_nulls().to_list():
        found = found.when(pl.col("kind") == name).then(made[name])
    return frame.select(found.otherwise(pl.lit(""))).to_series()


def written(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Each cell as it stands in the file, and whether it is a ``text``, a ``number`` or a ``boolean``; both String."""
    dtype = cells.dtype
    if dtype == pl.Boolean:
        return cells.cast(pl.Int8).cast(pl.String), _all(cells, "boolean")
    if dtype.is_integer() or dtype.is_float():
        exact = cells.is_finite() if dtype.is_float() else (cells > -EXACT_DIGITS) & (cells < EXACT_DIGITS)
        return cells.cast(pl.String), _where(exact)
    if dtype == pl.Date:
        days = cells.cast(pl.Int32).cast(pl.Int64)
        known = days >= FIRST_DAY
        text = pl.select(
            pl.when(known).then((days + DAY_ZERO).cast(pl.String)).otherwise(cells.cast(pl.String))
        )
        return text.to_series(), _where(known)
    if dtype == pl.String:
        return escaped(cells.str.slice(0, CELL_CHARACTERS)), _all(cells, "text")
    told = pl.Series(
        [None if c is None else str(c)[:CELL_CHARACTERS] for c in cells.to_list()], dtype=pl.String
    )
    return escaped(told), _all(cells, "text")


def _all(cells: pl.Series, kind: str) -> pl.Series:
    return pl.Series([kind], dtype=pl.String).new_from_index(0, len(cells))


def _where(number: pl.Series) -> pl.Series:
    return pl.select(pl.when(number).then(pl.lit("number")).otherwise(pl.lit("text"))).to_series()


def escaped(texts: pl.Series) -> pl.Series:
    """Text for XML; characters that XML cannot hold as Excel writes them (``_x0001_``)."""
    if texts.str.contains(CONTROL).any():
        texts = pl.Series([None if t is None else _printable(t) for t in texts.to_list()], dtype=pl.String)
    return texts.str.replace_many(["&", "<", ">"], ["&amp;", "&lt;", "&gt;"])


def _printable(text: str) -> str:
    return UNPRINTABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", ESCAPED.sub(r"_x005F\1", text))


def column_letters(number: int) -> str:
    """``0`` → ``A``, ``26`` → ``AA``."""
    found = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found
