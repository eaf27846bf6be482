"""Changes as people write them: files with rows, single cells, keys to remove."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from graph.errors import TableErrors, UsageError
from graph.findings import Finding
from graph.language import Text
from graph.network import Network
from graph.schema import TABLES
from graph.schema.model import ROW
from graph.store.changes import Changes
from graph.store.rows import keyed
from graph.tables.cast import Values, cast_column, cast_tables
from graph.tables.check_cells import check_cells
from graph.tables.check_dates import check_dates
from graph.tables.raw import RawTable, find_tables
from graph.tables.rows import with_rows, without_rows
from graph.tables.suggest import no_such_table

FIRST = 2
"""Number of a frame's first row, as findings count."""
GIVEN = "request"
"""What stands for the file where rows come from none; a row's ``source`` where it names none."""
Cell = str | int | float | bool | Sequence[str] | None
HEADERS = ("unknown-column",)
"""Findings that a request cannot pass by: a column that is not read would be emptied."""


def rows_of_files(path: Path, network: Network) -> dict[str, pl.DataFrame]:
    """Whole rows from a folder, a workbook or a file, each named as its table.

    Raises
    ------
    TableErrors
        When a header or a cell cannot be read, or is not what its column wants.
    InputError
        When there is no such path, or no table in it.
    """
    found = find_tables(path)
    return _typed(found.tables, found.findings, network)


def rows_given(rows: Mapping[str, Sequence[Mapping[str, Cell]]], network: Network) -> dict[str, pl.DataFrame]:
    """Whole rows as JSON has them; columns that are left out take their default.

    Parameters
    ----------
    rows : mapping of str to sequence of mapping
        Table → its rows by column.
    network : Network
        Whose enumerations and levels count.

    Raises
    ------
    UsageError
        When there is no such table.
    TableErrors
        When a column is not known or a cell is not what its column wants; rows are counted from 2, as in a file.
    """
    raw = {}
    for table, given in rows.items():
        names = dict.fromkeys(name for row in given for name in row)
        cells = [pl.Series(name, [as_cell(row.get(name)) for row in given], pl.String) for name in names]
        raw[_table(table)] = RawTable(table, pl.DataFrame(cells), GIVEN, FIRST)
    return _typed(raw, [], network)


def as_cell(value: Cell) -> str | None:
    """A value of JSON as a file has it."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, Sequence):
        return ";".join(value) or None
    return json.dumps(value)


def _typed(
    tables: Mapping[str, RawTable], findings: Sequence[Finding], network: Network
) -> dict[str, pl.DataFrame]:
    frames, bad = cast_tables(tables, enums=network.enums, settings=network.settings)
    files = {t: raw.file for t, raw in tables.items()}
    bad = [*findings, *bad, *_wrong(frames, network, files)]
    if any(f.severity == "error" or f.code in HEADERS for f in bad):
        raise TableErrors([_as_error(f) if f.code in HEADERS else f for f in bad])
    return without_rows(frames)


def _as_error(finding: Finding) -> Finding:
    """A finding about headers, which a request does not pass over."""
    what, mend = finding.what, finding.mend
    if finding.code == "unknown-column" and finding.severity == "warning":
        what = Text("没有这样的列", "no such column")
        mend = Text("请删除这一列，或改正列名", "remove the column, or correct its name")
    return replace(finding, severity="error", what=what, mend=mend)


def cells_set(
    network: Network, cells: Sequence[tuple[str, str, str]], enums: Values
) -> dict[str, pl.DataFrame]:
    """Rows of a network with some cells changed.

    Parameters
    ----------
    network : Network
        The tables that are named.
    cells : sequence of (str, str, str)
        Table, key of the row, and ``column=value``; an empty value empties the cell.
    enums : mapping of str to tuple of str
        Values that the network adds to enumerations.

    Raises
    ------
    UsageError
        When there is no such table, row or column, or the value is not what the column wants; all that is wrong is told at once.
    """
    changed: dict[str, pl.DataFrame] = {}
    wrong: list[Text] = []
    for table, row, cell in cells:
        try:
            _set(changed, network, table, row, cell, enums)
        except UsageError as error:
            wrong.append(error.text)
    for finding in _wrong(changed, network, {}):
        if finding.severity == "error":
            row = changed[finding.table][ROW][(finding.row or FIRST) - FIRST]
            wrong.append(
                _refused(finding.table, row, finding.column or "", finding.value or "", finding.what)
            )
    if wrong:
        raise UsageError("\n".join(text.zh for text in wrong), "\n".join(text.en for text in wrong))
    return {t: f.drop(ROW) for t, f in changed.items()}


def _set(
    changed: dict[str, pl.DataFrame], network: Network, table: str, row: str, cell: str, enums: Values
) -> None:
    """Change a cell of a row that is among the changed ones, or comes to them."""
    name, value = _column(table, cell)
    column = TABLES[table].by_name[name]
    series, bad = cast_column(pl.Series(name, [value or None], dtype=pl.String), column, enums)
    if bad:
        raise UsageError(*_refused(table, row, name, value, bad[0][2].what))
    found = _row(network, table, row)
    rows = changed.get(table, found.clear())
    if row not in rows[ROW].to_list():
        rows = pl.concat([rows, found])
    new = pl.when(pl.col(ROW) == row).then(pl.lit(series.item(), column.dtype)).otherwise(pl.col(name))
    changed[table] = rows.with_columns(new.alias(name))


def _column(table: str, cell: str) -> tuple[str, str]:
    """The column and the value that ``column=value`` means."""
    name, equals, value = cell.partition("=")
    declared = TABLES[_table(table)].by_name
    if not equals or name not in declared or name in TABLES[table].key:
        known = ", ".join(c for c in declared if c not in TABLES[table].key)
        raise UsageError(
            f"{cell}：应为 列=值；{table} 可改的列：{known}",
            f"{cell}: write column=value; columns of {table} that may change: {known}",
        )
    return name, value


def _refused(table: str, row: str, column: str, value: str, why: Text) -> Text:
    return Text(
        f"{table} {row}：{column} = {value}：{why.zh}", f"{table} {row}: {column} = {value}: {why.en}"
    )


def _wrong(frames: Mapping[str, pl.DataFrame], network: Network, files: Mapping[str, str]) -> list[Finding]:
    """What is wrong with single cells and with terms; rows are counted from :data:`FIRST` where no file has them."""
    counted = {t: with_rows(f) for t, f in frames.items()}
    return check_cells(counted, network.enums, network.settings, files) + check_dates(counted, files)


def keys_removed(network: Network, rows: Sequence[tuple[str, str]]) -> dict[str, pl.DataFrame]:
    """Keys of rows that are to go, each once.

    Raises
    ------
    UsageError
        When there is no such table or row.
    """
    found: dict[str, pl.DataFrame] = {}
    for table, row in dict.fromkeys(rows):
        key = _row(network, _table(table), row).select(TABLES[table].key)
        found[table] = pl.concat([found[table], key]) if table in found else key
    return found


def together(*puts: Mapping[str, pl.DataFrame], removed: Mapping[str, pl.DataFrame]) -> Changes:
    """Rows of several sources as one change."""
    put: dict[str, pl.DataFrame] = {}
    for part in puts:
        for table, rows in part.items():
            put[table] = pl.concat([put[table], rows]) if table in put else rows
    return Changes(put, removed)


def _table(name: str) -> str:
    if name not in TABLES:
        raise UsageError(*no_such_table(name))
    return name


def _row(network: Network, table: str, row: str) -> pl.DataFrame:
    found = keyed(table, network.frame(table)).filter(pl.col(ROW) == row)
    if found.is_empty():
        key = "|".join(TABLES[table].key)
        raise UsageError(
            f"{table} 没有行 {row}；行以主键表示：{key}",
            f"{table} has no row {row}; a row is named by its key: {key}",
        )
    return found
