"""Reading tables as of a version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import neo4j
import polars as pl

from graph.schema import TABLES
from graph.schema.model import OPEN, PAST, POSITION, SHAPES, WAS, Shape
from graph.store.neo4j.run import Run
from graph.store.neo4j.values import as_frame
from graph.store.version import State

AT_ONCE = 50_000
"""Records that become columns together."""


def table_statement(table: str, condition: str = "") -> str:
    """All rows of a table at ``$v``: the cells in declared order, then the place.

    Parameters
    ----------
    table : str
        The table.
    condition : str
        A further condition on ``x``, beginning with ``AND``.
    """
    shape = SHAPES[table]
    stands = f"x.network = $network AND x.recorded_at <= $v AND x.superseded_by > $v {condition}"
    if shape.kind == "relationship":
        return f"MATCH ()-[x:{shape.label}]->() WHERE {stands} RETURN {_cells(table, 'x')}"
    if shape.kind == "record":
        return f"MATCH (x:{shape.label}) WHERE {stands} RETURN {_cells(table, 'x')}"
    now = stands.replace("recorded_at", "changed_at")
    return (
        f"MATCH (x:{shape.label}) WHERE {now} RETURN {_cells(table, 'x')} UNION ALL "
        f"MATCH (n:{shape.label})-[:{WAS}]->(x:{PAST}) WHERE n.network = $network AND n.changed_at > $v "
        f"AND {stands} RETURN {_cells(table, 'x')}"
    )


def read_table(transaction: neo4j.ManagedTransaction, network: str, v: int, table: str) -> pl.DataFrame:
    """A table as of a version, its rows in their places."""
    result = transaction.run(table_statement(table), network=network, v=v)
    parts = [as_frame(table, some, [POSITION]) for some in _some(result)]
    whole = pl.concat(parts) if parts else as_frame(table, [], [POSITION])
    return whole.sort(POSITION).select(c.name for c in TABLES[table].columns)


def _some(result: neo4j.Result) -> Iterator[list[list[Any]]]:
    rows: list[list[Any]] = []
    for record in result:
        rows.append(record.values())
        if len(rows) == AT_ONCE:
            yield rows
            rows = []
    if rows:
        yield rows


def _cells(table: str, variable: str) -> str:
    return (
        ", ".join(f"{variable}.{c.name} AS {c.name}" for c in TABLES[table].columns)
        + f", {variable}.position AS position"
    )


def history(run: Run, network: str, table: str, row: str, head: int) -> list[State]:
    """All states of a row up to the head, the oldest first."""
    shape = SHAPES[table]
    returned = f"{_cells(table, 'x')}, x.recorded_at AS recorded_at, x.superseded_by AS superseded_by"
    records: list[list[Any]] = []
    for statement in _states(shape, returned):
        records += run(statement, network=network, row=row, table=table, head=head)
    known = [r for r in records if r[-2] is not None and r[-2] <= head]
    known.sort(key=lambda r: int(r[-2]))
    frame = as_frame(table, [r[:-3] for r in known])
    return [
        State(cells, int(r[-2]), None if r[-1] == OPEN or r[-1] > head else int(r[-1]))
        for cells, r in zip(frame.iter_rows(named=True), known, strict=True)
    ]


def _states(shape: Shape, returned: str) -> list[str]:
    if shape.kind == "relationship":
        return [
            f"MATCH ()-[x:{shape.label} {{network: $network, row: $row}}]->() WHERE x.recorded_at <= $head RETURN {returned}"
        ]
    if shape.kind == "record":
        return [
            f"MATCH (x:{shape.label} {{network: $network, row: $row}}) WHERE x.recorded_at <= $head RETURN {returned}"
        ]
    now = returned.replace("x.recorded_at AS", "x.changed_at AS")
    return [
        f"MATCH (x:{shape.label}) WHERE x.network = $network AND x.row = $row RETURN {now}",
        f"MATCH (x:{PAST} {{network: $network, table: $table, row: $row}}) RETURN {returned}",
    ]
