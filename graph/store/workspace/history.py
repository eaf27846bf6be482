"""All states of one row."""

from __future__ import annotations

from typing import Any

from graph.schema import TABLES
from graph.store.rows import split_key
from graph.store.version import State
from graph.store.workspace.reading import Reader
from graph.store.workspace.snapshot import Snapshot


def states(table: str, row: str, snapshots: list[Snapshot], reader: Reader) -> list[State]:
    """States of a row, the oldest first, out of all snapshots of its table.

    Raises
    ------
    OutsideError
        When a file is missing or damaged.
    """
    key = split_key(table, row)
    if key is None:
        return []
    columns = list(TABLES[table].by_name)
    events: list[tuple[int, dict[str, Any] | None]] = []  # version → the row, nothing where it went
    for snapshot in snapshots:
        if snapshot.kind == "whole":
            continue
        wanted = list(key.columns) if snapshot.kind == "gone" else columns
        hits = reader.search(snapshot, key, wanted).select(wanted).iter_rows(named=True)
        events += [(snapshot.version, None if snapshot.kind == "gone" else hit) for hit in hits]
    ends: list[int | None] = [version for version, _ in events[1:]]
    return [
        State(cells, version, end)
        for (version, cells), end in zip(events, [*ends, None], strict=False)
        if cells is not None
    ]
