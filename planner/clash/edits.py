"""Small changes of what a stage sees: a policy value, one entry of a list, one cell of a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from graph.network import Network
from graph.schema import TABLES
from planner.policy import OFF, Policy
from planner.stage import Context


@dataclass(frozen=True)
class Put:
    """A policy value of the stage."""

    key: str
    value: Any


@dataclass(frozen=True)
class TakeOut:
    """One entry of a list, or one name of a table of numbers, taken back; with the last one the rule is off."""

    key: str
    entry: str


@dataclass(frozen=True)
class Cell:
    """One cell: ``row`` holds the values of the table's key columns, in their order."""

    table: str
    row: tuple[Any, ...]
    column: str
    value: Any


Edit = Put | TakeOut | Cell


def edited(context: Context, edits: Iterable[Edit]) -> Context:
    """What the stage sees after these changes, in order."""
    edits = list(edits)
    if not edits:
        return context
    values = changed_values(context.policy.values, edits)
    policy = Policy(values, context.policy.origins)
    policies = {s: policy if p is context.policy else p for s, p in context.policies.items()}
    network = changed_network(context.network, [e for e in edits if isinstance(e, Cell)])
    return replace(context, policy=policy, policies=policies, network=network)


def changed_values(values: Mapping[str, Any], edits: Iterable[Edit]) -> dict[str, Any]:
    """Policy values after the changes."""
    found = dict(values)
    for edit in edits:
        if isinstance(edit, Put):
            found[edit.key] = edit.value
        elif isinstance(edit, TakeOut):
            found[edit.key] = without_entry(found[edit.key], edit.entry)
    return found


def without_entry(value: Any, entry: str) -> Any:
    """A list or a table of numbers without one of its entries; ``"off"`` where none is left."""
    if value == OFF:
        return OFF
    if isinstance(value, Mapping):
        left: Any = {k: v for k, v in value.items() if k != entry}
    else:
        left = [v for v in value if v != entry]
    return left or OFF


def changed_network(network: Network, cells: Iterable[Cell]) -> Network:
    """The network with other cells."""
    by_column: defaultdict[tuple[str, str], dict[tuple[Any, ...], Any]] = defaultdict(dict)
    for cell in cells:
        by_column[cell.table, cell.column][cell.row] = cell.value
    if not by_column:
        return network
    frames = dict(network.frames)
    for (table, column), new in by_column.items():
        frames[table] = _with_cells(frames[table], table, column, new)
    return replace(network, frames=frames)


def _with_cells(
    frame: pl.DataFrame, table: str, column: str, new: Mapping[tuple[Any, ...], Any]
) -> pl.DataFrame:
    declared = TABLES[table]
    dtypes = {k: declared.dtypes[k] for k in declared.key} | {"_new": declared.dtypes[column]}
    rows = pl.DataFrame([(*k, v) for k, v in new.items()], schema=dtypes, orient="row")
    joined = frame.join(rows, on=list(declared.key), how="left", maintain_order="left", nulls_equal=True)
    return joined.with_columns(pl.coalesce("_new", column).alias(column)).drop("_new")
