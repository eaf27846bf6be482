"""Changes as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from graph.schema import TABLES
from graph.store.changes import Changes


def to_json(changes: Changes) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """``{"put": {table: rows}, "removed": {table: keys}}``; days as ISO text, empty cells left out."""
    return {
        "put": {t: rows_to_json(changes.put_rows(t)) for t in changes.put if changes.put_rows(t).height},
        "removed": {
            t: rows_to_json(changes.removed_rows(t))
            for t in changes.removed
            if changes.removed_rows(t).height
        },
    }


def from_json(told: Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]]) -> Changes:
    """The same back."""
    put = {t: rows_from_json(t, rows, [c.name for c in TABLES[t].columns]) for t, rows in told["put"].items()}
    removed = {t: rows_from_json(t, rows, TABLES[t].key) for t, rows in told["removed"].items()}
    return Changes(put, removed)


def rows_to_json(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows as mappings."""
    return [
        {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items() if v is not None}
        for row in frame.iter_rows(named=True)
    ]


def rows_from_json(table: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pl.DataFrame:
    """Rows of these columns of a table, with the declared types."""
    kinds = {name: TABLES[table].by_name[name] for name in columns}
    cells = {
        name: [
            date.fromisoformat(v) if isinstance(v := row.get(name), str) and c.kind == "date" else v
            for row in rows
        ]
        for name, c in kinds.items()
    }
    return pl.DataFrame([pl.Series(n, values, dtype=kinds[n].dtype) for n, values in cells.items()])
