"""Read what of a network can be read, and say what cannot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from graph.findings import Finding
from graph.language import Text
from graph.network import Network
from graph.schema import TABLES
from graph.schema.model import POSITION
from graph.store.neo4j.read import table_statement
from graph.store.neo4j.run import Run
from graph.store.neo4j.store import Neo4jStore
from graph.store.neo4j.values import as_frame, fits
from graph.store.rows import row_keys


@dataclass(frozen=True)
class Sound:
    """What could be read.

    Parameters
    ----------
    network : Network
        Rows whose properties have the types of their columns.
    findings : list of Finding
        One per cell that has not; its row is left out.
    rows : mapping of str to list of str
        Table → keys of its rows as text, in their order.
    """

    network: Network
    findings: list[Finding] = field(default_factory=list)
    rows: dict[str, list[str]] = field(default_factory=dict)


def read_sound(store: Neo4jStore, network: str, version: int | None = None) -> Sound:
    """Read a network, leaving out rows with a property of a wrong type.

    Raises
    ------
    NoSuchNetwork
        When there is no such network or version.
    """
    number, given, about = store.described(network, version)
    frames: dict[str, pl.DataFrame] = {}
    findings: list[Finding] = []
    for table in given:
        frame, found = store.ask(lambda run, t=table: _table(run, network, number, t))  # type: ignore[misc]  # bound at once
        frames[table] = frame
        findings += found
    keys = {t: row_keys(t, frame).to_list() for t, frame in frames.items()}
    return Sound(about.network(frames, network), findings, keys)


def _table(run: Run, network: str, v: int, table: str) -> tuple[pl.DataFrame, list[Finding]]:
    columns = TABLES[table].columns
    sound: list[list[Any]] = []
    findings: list[Finding] = []
    for record in run(table_statement(table), network=network, v=v):
        wrong = [(c.name, value) for c, value in zip(columns, record, strict=False) if not fits(c, value)]
        findings += [
            _wrong(table, dict(zip(TABLES[table].by_name, record, strict=False)), *cell) for cell in wrong
        ]
        if not wrong:
            place = record[-1]
            sound.append([*record[:-1], place if type(place) is int else None])
    frame = as_frame(table, sound, [POSITION]).sort(POSITION, nulls_last=True)
    return frame.select(c.name for c in columns), findings


def _wrong(table: str, cells: dict[str, Any], column: str, value: Any) -> Finding:
    row = "|".join("" if cells[c] is None else str(cells[c]) for c in TABLES[table].key)
    return Finding(
        "wrong-type", "error", table, None, column, str(value),
        Text(f"{row}：类型不对", f"{row}: is of the wrong type"),
        Text("请改成数据字典所列的类型", "set a value of the type that the data dictionary says"),
    )  # fmt: skip
