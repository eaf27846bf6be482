"""Cast tables of text to their declared types, a column at a time, and report every cell that cannot be."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import polars as pl

from graph.findings import Finding
from graph.language import Text
from graph.network import RegionSettings
from graph.schema import ENUMS, TABLES, Column, Table
from graph.tables.cells import READERS, YEARS, Bad
from graph.tables.headers import is_named_by_key, is_needed, match_headers
from graph.tables.raw import RawTable
from graph.tables.rows import ROW, as_text, text_column

Values = Mapping[str, tuple[str, ...]]

LONGEST = 10_000
"""Characters of a cell at most: as much as ten pages; more is a slip, or somebody who means ill."""
BLANKS = " \t\r\n\u3000\ufeff\u00a0"
_NUMBER_MADE_OF_CODE = r"^\d+\.0+$|^\d(\.\d+)?[eE]\+?\d+$"


def cast_tables(
    raw: Mapping[str, RawTable],
    *,
    enums: Values | None = None,
    settings: RegionSettings | None = None,
    needed: Mapping[str, Collection[str]] | None = None,
) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    """Cast raw tables to typed frames.

    Parameters
    ----------
    raw : mapping of str to RawTable
        As :func:`read_frames` gives them.
    enums : mapping of str to tuple of str
        Values that the scenario adds to an enumeration.
    settings : RegionSettings
        Its levels are the values of ``regions.level``.
    needed : mapping of str to collection of str
        Columns that active rules read, by table; absent and without default they are missing.

    Returns
    -------
    frames : dict of str to DataFrame
        All declared columns with their declared types, and the hidden column ``_row``. Cells that cannot be
        read are null, and so is a missing column. A table whose file cannot be read at all is absent.
    findings : list of Finding
        One per bad cell, header or file.
    """
    frames: dict[str, pl.DataFrame] = {}
    findings: list[Finding] = []
    for name, table in raw.items():
        findings += table.problems
        columns, found = match_headers(table, TABLES[name], (needed or {}).get(name, ()))
        findings += found
        if columns.width:
            frames[name], bad = cast_table(table, columns, enums or {}, settings or RegionSettings())
            findings += bad
    return frames, findings


def cast_table(
    raw: RawTable, found: pl.DataFrame, enums: Values, settings: RegionSettings
) -> tuple[pl.DataFrame, list[Finding]]:
    """Cast one table whose headers are matched; rows without any value are dropped."""
    table = TABLES[raw.table]
    rows = pl.int_range(found.height, dtype=pl.Int64, eager=True).alias(ROW) + raw.first_row
    blank = found.select(pl.all_horizontal(pl.all().is_null())).to_series()
    if blank.any():
        found, rows = found.filter(~blank), rows.filter(~blank)
    found = _trimmed(found, table)
    cast: list[pl.Series] = []
    findings: list[Finding] = []
    for column in table.columns:
        if column.name not in found.columns:
            cast.append(_absent(column, found.height))
            continue
        short, long = without_long(found[column.name])
        series, bad = cast_column(short, column, enums)
        cast.append(series)
        findings += _findings(raw, column, rows, [*long, *bad])
    frame = pl.DataFrame([*cast, rows])
    if not frame.height:
        findings.append(_empty(raw))
    return frame.with_columns(_defaults(table, found.columns, raw.file, settings)), findings


def cast_column(
    series: pl.Series, column: Column, enums: Values
) -> tuple[pl.Series, list[tuple[int, str, Bad]]]:
    """Cast one trimmed column: typed, null where a cell is bad; and position, cell, why of each bad cell."""
    if series.null_count() == len(series):
        return _absent(column, len(series)), []
    if series.dtype == column.dtype and not isinstance(series.dtype, pl.String):
        return series, []
    if not isinstance(series.dtype, pl.String):
        series = text_column(series)
    if column.kind == "text":
        return series, []
    if column.kind == "code":
        return _cast_code(series)
    if column.kind in ("enum", "list"):
        return _cast_words(series, column, enums), []
    return _cast_figures(series, column)


def without_long(series: pl.Series) -> tuple[pl.Series, list[tuple[int, str, Bad]]]:
    """A column without cells of more than :data:`LONGEST` characters; and position, cell, why of each."""
    if not isinstance(series.dtype, pl.String) or (series.str.len_bytes() <= LONGEST).all():
        return series, []
    lengths = series.str.len_chars()
    odd = (lengths > LONGEST).fill_null(value=False).arg_true()
    bad = [(int(i), str(series[int(i)]), _too_long(int(lengths[int(i)]))) for i in odd]
    return series.scatter(odd, None), bad


def _too_long(length: int) -> Bad:
    return Bad(
        "too-long",
        Text(
            f"单元格有 {length:,} 个字符，最多 {LONGEST:,} 个",
            f"the cell has {length:,} characters, {LONGEST:,} at most",
        ),
        Text(
            "请缩短；是否少了引号，把几行并成了一格？",
            "shorten it; or is a quotation mark missing, so that rows ran together?",
        ),
    )


def known_values(enum: str, enums: Values) -> tuple[str, ...]:
    """All values of an enumeration, with those that the scenario adds."""
    return (*ENUMS.get(enum, {}), *enums.get(enum, ()))


def _trimmed(found: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Cells of every kind but text without blanks around them; nothing but blanks is an empty cell."""
    names = [
        c.name
        for c in table.columns
        if c.kind != "text"
        and found.schema.get(c.name) == pl.String
        and found[c.name].null_count() < found.height
    ]
    return found.with_columns(pl.col(names).str.strip_chars(BLANKS).replace("", None)) if names else found


def _cast_figures(series: pl.Series, column: Column) -> tuple[pl.Series, list[tuple[int, str, Bad]]]:
    if column.kind == "boolean":
        quick = series.replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)
    elif column.kind == "date":
        quick = series.str.to_date("%Y-%m-%d", strict=False)
        first, last = quick.min(), quick.max()
        if (
            isinstance(first, date)
            and isinstance(last, date)
            and not (first.year in YEARS and last.year in YEARS)
        ):
            quick = quick.set((quick.dt.year() < YEARS.start) | (quick.dt.year() >= YEARS.stop), None)
    else:
        quick = series.cast(column.dtype, strict=False)
        if quick.dtype.is_float() and not quick.is_finite().all():
            quick = quick.set(~quick.is_finite(), None)
    if quick.null_count() == series.null_count():
        return quick, []
    odd = (series.is_not_null() & quick.is_null()).arg_true()
    cells = series.gather(odd)
    read: dict[str, Any] = {c: READERS[column.kind](c, column) for c in cells.unique().to_list()}
    good = {c: v for c, v in read.items() if not isinstance(v, Bad)}
    if good:
        mended = cells.replace_strict(
            list(good), list(good.values()), default=None, return_dtype=column.dtype
        )
        quick = quick.scatter(odd, mended)
    bad = [(int(i), c, read[c]) for i, c in zip(odd, cells, strict=True) if isinstance(read[c], Bad)]
    return quick, bad


def _cast_code(series: pl.Series) -> tuple[pl.Series, list[tuple[int, str, Bad]]]:
    hits = series.str.contains(_NUMBER_MADE_OF_CODE)
    if not hits.any():
        return series, []
    odd = hits.fill_null(value=False).arg_true()
    bad = [(int(i), str(series[int(i)]), _number_made_of(str(series[int(i)]))) for i in odd]
    return series.scatter(odd, None), bad


def _number_made_of(cell: str) -> Bad:
    meant = f"{float(cell):.0f}"
    return Bad(
        "wrong-type",
        Text(f"“{cell}”是代码被表格软件改成的数", f"“{cell}” is a code that a spreadsheet made a number of"),
        Text(f"把该列设为文本，写 {meant}", f"format the column as text and write {meant}"),
    )


def _cast_words(series: pl.Series, column: Column, enums: Values) -> pl.Series:
    values = known_values(column.enum, enums) if column.enum else ()
    titles = {t.zh: v for v, t in ENUMS.get(column.enum, {}).items() if t.zh not in values}
    if column.kind == "enum":
        return (
            series.replace(titles) if titles and not series.drop_nulls().is_in(list(values)).all() else series
        )
    found = series.drop_nulls().unique().to_list()
    return series.replace({cell: canonical_list(cell, titles) for cell in found})


def canonical_list(cell: str, titles: Mapping[str, str]) -> str | None:
    """A list cell with ``;`` between its members, no blanks, no member twice."""
    members = (m.strip() for m in cell.replace("；", ";").split(";"))
    return ";".join(dict.fromkeys(titles.get(m, m) for m in members if m)) or None


def _absent(column: Column, height: int) -> pl.Series:
    return pl.Series(column.name, [None], dtype=column.dtype).new_from_index(0, height)


def _defaults(table: Table, given: Collection[str], file: str, settings: RegionSettings) -> list[pl.Expr]:
    """What an absent column or an empty cell means."""
    origin = table.columns[-2].name
    filled = [pl.col(origin).fill_null(file)]
    for column in table.columns:
        default = column.default
        if column.name == "level" and table.name == "regions" and default not in settings.levels:
            default = settings.levels[-1]
        if default is not None:
            filled.append(pl.col(column.name).fill_null(pl.lit(default, dtype=column.dtype)))
        elif column.name not in given and is_named_by_key(column, table) and not is_needed(column, table):
            filled.append(pl.col(table.key[0]).fill_null("?").alias(column.name))
    return filled


def _findings(
    raw: RawTable, column: Column, rows: pl.Series, bad: list[tuple[int, str, Bad]]
) -> list[Finding]:
    return [
        Finding(
            b.code, "error", raw.table, int(rows[i]), column.name, as_text(cell), b.what, b.mend, raw.file
        )
        for i, cell, b in bad
    ]


def _empty(raw: RawTable) -> Finding:
    return Finding(
        "empty-table", "warning", raw.table, None, None, None,
        Text("表里没有数据行", "the table has no rows"),
        Text("用不到的表请删除文件", "remove the file where the table is not needed"), raw.file,
    )  # fmt: skip
