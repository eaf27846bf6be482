"""Rows sent as JSON, made the CSV that they would be, so that one reader checks them all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import InputError
from graph.tables.write import guarded


def rows_to_csv(source: Path, target: Path) -> None:
    """Write rows (a list of objects, or ``{"rows": […]}``) as CSV.

    Raises
    ------
    InputError
        When it is no such JSON.
    """
    try:
        found = json.loads(source.read_bytes())
    except ValueError as error:
        raise InputError(f"不是 JSON：{error}", f"this is no JSON: {error}") from error
    rows = found.get("rows") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not rows or not all(isinstance(r, dict) for r in rows):
        raise InputError(
            '应为行的列表：[{"id": "u1", …}, …]', 'this must be a list of rows: [{"id": "u1", …}, …]'
        )
    columns = dict.fromkeys(key for row in rows for key in row)
    cells = {c: pl.Series([_cell(c, row.get(c)) for row in rows], dtype=pl.String) for c in columns}
    guarded(pl.DataFrame(cells)).write_csv(target)


def _cell(column: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value) if isinstance(value, int) else repr(value)
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return ";".join(value)
    raise InputError(
        f"列 {column[:80]!r} 的值应为文本、数、真假或文本列表",
        f"the column {column[:80]!r} must hold texts, numbers, true or false, or lists of texts",
    )
