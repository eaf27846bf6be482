"""Whether a change may be made: nothing that it rests on changed meanwhile, and all that rows name is there."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from graph.schema import TABLES
from graph.schema.model import ROW
from graph.store.naming import NAMINGS, Naming, namers
from graph.store.protocol import Clash
from graph.store.refusals import Lost
from graph.store.rows import row_keys
from graph.store.workspace.ground import VERSION, Ground
from graph.store.workspace.steps import Step

_CELL = "_cell"


def clashes(steps: list[Step], ground: Ground, base: int) -> list[Clash]:
    """Rows of the change, and rows that those which are put name, that changed after ``base``; by table and key."""
    if base >= ground.head:
        return []
    found: list[Clash] = []
    for step in steps:
        later = ground.changed_since(step.table, base)
        own = pl.concat([row_keys(step.table, step.put), row_keys(step.table, step.gone)])
        hit = pl.DataFrame({ROW: own}).join(later, on=ROW)
        found += [Clash(step.table, row, version) for row, version in hit.select(ROW, VERSION).iter_rows()]
        for naming in NAMINGS[step.table]:
            found += _named_clashes(step, naming, ground, base)
    order = list(TABLES)
    return sorted(set(found), key=lambda c: (c.refers != "", order.index(c.table), c.row, c.refers))


def _named_clashes(step: Step, naming: Naming, ground: Ground, base: int) -> list[Clash]:
    names = step.put[naming.column].drop_nulls().unique()
    found = []
    for target in naming.targets if names.len() else ():
        later = ground.changed_since(target, base)
        (key,) = TABLES[target].key
        hit = pl.DataFrame({ROW: row_keys(target, pl.DataFrame({key: names}))}).join(later, on=ROW)
        found += [
            Clash(target, row, version, naming.column)
            for row, version in hit.select(ROW, VERSION).iter_rows()
        ]
    return found


def names_without_row(steps: list[Step], ground: Ground, given: Collection[str]) -> list[Lost]:
    """Cells of rows that are put which name no row, where all tables that they may name were given."""
    by_table = {s.table: s for s in steps}
    found: list[Lost] = []
    for step in steps:
        for naming in NAMINGS[step.table]:
            if not naming.must_exist or not set(naming.targets) <= set(given):
                continue
            cells = pl.DataFrame(
                {ROW: row_keys(step.table, step.put), _CELL: step.put[naming.column]}
            ).drop_nulls(_CELL)
            lost = _without(cells[_CELL].unique(maintain_order=True), naming.targets, by_table, ground)
            if lost.len():
                found += _told(naming, cells.filter(pl.col(_CELL).is_in(lost.implode())))
    return found


def still_named(steps: list[Step], ground: Ground, given: Collection[str]) -> list[Lost]:
    """Cells of rows that stay which name a row that goes."""
    by_table = {s.table: s for s in steps}
    found: list[Lost] = []
    for step in steps:
        if not step.gone.height or len(TABLES[step.table].key) > 1:
            continue
        going = step.gone.to_series()
        for naming in namers(step.table):
            if naming.table not in given or not set(naming.targets) <= set(given):
                continue
            names = _without(going, naming.targets, by_table, ground)
            staying = ground.naming(naming.table, naming.column, names) if names.len() else None
            if staying is None or not staying.height:
                continue
            cells = pl.DataFrame({ROW: row_keys(naming.table, staying), _CELL: staying[naming.column]})
            found += _told(
                naming, cells.filter(~pl.col(ROW).is_in(_touched(by_table.get(naming.table)).implode()))
            )
    return found


def _without(names: pl.Series, targets: tuple[str, ...], steps: dict[str, Step], ground: Ground) -> pl.Series:
    """Names for which no target has a row once the change is made."""
    left = names
    for target in targets:
        if not left.len():
            break
        step, (key,) = steps.get(target), TABLES[target].key
        if step:
            left = left.filter(~left.is_in(step.put[key].implode()))
        there = ground.standing(target, left) if left.len() and ground.snapshots(target) else left[:0]
        if step and step.gone.height:
            there = there.filter(~there.is_in(step.gone[key].implode()))
        left = left.filter(~left.is_in(there.implode()))
    return left


def _touched(step: Step | None) -> pl.Series:
    if step is None:
        return pl.Series(ROW, [], pl.String)
    return pl.concat([row_keys(step.table, step.put), row_keys(step.table, step.gone)])


def _told(naming: Naming, cells: pl.DataFrame) -> list[Lost]:
    return [
        Lost(naming.table, row, naming.column, cell, naming.targets)
        for row, cell in cells.select(ROW, _CELL).iter_rows()
    ]
