"""From changes to statements: what is new, what differs, what goes; in batches, ends before what leads to them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from graph.schema import TABLES
from graph.schema.model import OPEN, POSITION, RECORDED, ROW, SHAPES, SUPERSEDED, Shape
from graph.store.changes import Changes
from graph.store.neo4j import statements as cypher
from graph.store.neo4j.run import Run
from graph.store.neo4j.values import as_frame, as_parameters
from graph.store.references import binding, keys_put, references
from graph.store.rows import keyed

BATCH = 10_000
"""Rows in one statement, unless a store is told otherwise."""
ENTITIES = tuple(s for s in SHAPES.values() if s.kind == "entity")


@dataclass(frozen=True)
class Batch:
    """One statement with its rows.

    Parameters
    ----------
    statement : str
        Cypher.
    columns : mapping of str to list
        The rows, as ``$c``.
    size : int
        How many.
    more : mapping of str to object
        Further parameters.
    counted : bool
        Whether the statement must give back ``size``.
    """

    statement: str
    columns: Mapping[str, list[Any]]
    size: int
    more: Mapping[str, Any] = field(default_factory=dict)
    counted: bool = True

    def cut(self, size: int) -> Iterator[Batch]:
        """The same in batches of at most ``size`` rows, in order; none where there are no rows."""
        for begin in range(0, self.size, size):
            part = {name: values[begin : begin + size] for name, values in self.columns.items()}
            yield replace(self, columns=part, size=min(size, self.size - begin))


@dataclass(frozen=True)
class Difference:
    """What the rows of one table become.

    Parameters
    ----------
    new : DataFrame
        Rows whose node or relationship is to be made; with ``row`` and ``position``.
    inplace : DataFrame
        Entities that are there and get other cells.
    before : DataFrame
        What those were, where they were anything: cells, ``row``, ``recorded_at``, ``superseded_by``.
    closed : DataFrame
        States that end: cells of the rows as they stand.
    clashing : DataFrame
        ``row`` and ``version`` of rows that changed after the base.
    """

    new: pl.DataFrame
    inplace: pl.DataFrame
    before: pl.DataFrame
    closed: pl.DataFrame
    clashing: pl.DataFrame

    @property
    def put(self) -> pl.DataFrame:
        """Rows that are new or differ."""
        return pl.concat([self.new, self.inplace])

    @property
    def gone(self) -> pl.DataFrame:
        """Rows that end and get no new state."""
        return self.closed.join(self.new, on=ROW, how="anti")

    @property
    def counts(self) -> tuple[int, int]:
        """Rows put, and rows removed."""
        return self.put.height, self.gone.height


def identities(table: str, rows: pl.DataFrame) -> list[str]:
    """By what statements find rows: the key cell of an entity, else the key as text."""
    shape = SHAPES[table]
    return rows[shape.key if shape.kind == "entity" else ROW].to_list()


def difference(
    run: Run, network: str, v: int, base: int, table: str, changes: Changes, first: int
) -> Difference:
    """Compare the rows of one table with what is there; ``first`` is the place of the next new row."""
    shape = SHAPES[table]
    put, gone = keyed(table, changes.put_rows(table)), keyed(table, changes.removed_rows(table))
    known = _states(run, network, v, shape, [*identities(table, put), *identities(table, gone)])
    latest = known.sort(RECORDED).unique(ROW, keep="last", maintain_order=True)
    standing = latest.filter(pl.col(SUPERSEDED) == OPEN)
    columns = [c.name for c in TABLES[table].columns]
    same = put.join(standing, on=[ROW, *columns], how="semi", nulls_equal=True)
    fresh = put.join(same.select(ROW), on=ROW, how="anti", maintain_order="left")
    placed = _placed(fresh, latest, first)
    there = pl.col(ROW).is_in(latest[ROW].implode())
    if shape.kind == "entity":
        bare = _bare(run, network, v, shape, placed.filter(~there))
        in_place = there | pl.col(ROW).is_in(bare)
        new, inplace = placed.filter(~in_place), placed.filter(in_place)
        closed = standing.join(gone.select(ROW), on=ROW, how="semi")
    else:
        new, inplace = placed, placed.clear()
        closed = standing.join(pl.concat([fresh.select(ROW), gone.select(ROW)]), on=ROW, how="semi")
    before = latest.join(inplace.select(ROW), on=ROW, how="semi")
    touched = pl.concat([fresh.select(ROW), closed.select(ROW)])
    later = _changed_after(latest, base).join(touched, on=ROW, how="semi")
    return Difference(new, inplace, before, closed, later)


def _states(run: Run, network: str, v: int, shape: Shape, keys: list[str]) -> pl.DataFrame:
    statement = cypher.states(shape)
    records = [
        record
        for part in _parts(keys if v > 1 else [])
        for record in run(statement, network=network, keys=part, v=v, open=OPEN)
    ]
    cells = [r[: -len((ROW, POSITION, RECORDED, SUPERSEDED))] for r in records]
    frame = as_frame(shape.table, cells)
    extra = {
        ROW: pl.Series([r[-4] for r in records], dtype=pl.String),
        **{
            n: pl.Series([r[i] for r in records], dtype=pl.Int64)
            for n, i in ((POSITION, -3), (RECORDED, -2), (SUPERSEDED, -1))
        },
    }
    return frame.with_columns(**extra)


def _bare(run: Run, network: str, v: int, shape: Shape, rows: pl.DataFrame) -> list[str]:
    """Of entities that were no row so far, those for which a bare node holds the place."""
    statement = cypher.bare(shape)
    keys = [
        r[0]
        for part in _parts(rows[shape.key].to_list())
        for r in run(statement, network=network, keys=part, v=v)
    ]
    return rows.filter(pl.col(shape.key).is_in(keys))[ROW].to_list()


def _placed(rows: pl.DataFrame, latest: pl.DataFrame, first: int) -> pl.DataFrame:
    """The rows with their places: the ones they had, else behind all others."""
    joined = rows.join(latest.select(ROW, POSITION), on=ROW, how="left", maintain_order="left")
    behind = pl.col(POSITION).is_null().cum_sum().cast(pl.Int64) + (first - 1)
    return joined.with_columns(pl.coalesce(POSITION, behind).alias(POSITION))


def _changed_after(latest: pl.DataFrame, base: int) -> pl.DataFrame:
    last = pl.when(pl.col(SUPERSEDED) == OPEN).then(RECORDED).otherwise(SUPERSEDED)
    return latest.select(ROW, last.alias("version")).filter(pl.col("version") > base)


def effective(differences: Mapping[str, Difference]) -> Changes:
    """What really changes."""
    put = {t: d.put.select(c.name for c in TABLES[t].columns) for t, d in differences.items() if d.put.height}
    return Changes(put, {t: d.gone.select(TABLES[t].key) for t, d in differences.items() if d.gone.height})


def batches(network: str, differences: Mapping[str, Difference]) -> Iterator[Batch]:
    """Everything that is staged before the head is raised, in an order that repeats; yet to be cut."""
    for shape in ENTITIES:
        if (d := differences.get(shape.table)) is not None:
            yield from _made(shape, d.new)
    for shape in ENTITIES:
        if (d := differences.get(shape.table)) is not None:
            yield from _changed_entities(shape, d)
    for shape in ENTITIES:
        if (d := differences.get(shape.table)) is not None:
            yield from _batch(cypher.turn(shape), {"key": d.inplace[shape.key].to_list()})
            for level, rows in _by_level(shape, d.inplace):
                yield from _batch(cypher.rename(shape, level), as_parameters(shape.table, rows))
    for shape in SHAPES.values():
        if shape.kind != "entity" and (d := differences.get(shape.table)) is not None:
            yield from _batch(cypher.close(shape), {"key": identities(shape.table, d.closed)}, counted=False)
            yield from _made(shape, d.new)


def _made(shape: Shape, rows: pl.DataFrame) -> Iterator[Batch]:
    for level, some in _by_level(shape, rows):
        yield from _batch(cypher.create(shape, level), as_parameters(shape.table, some))


def _changed_entities(shape: Shape, d: Difference) -> Iterator[Batch]:
    kept = {shape.key: d.before[shape.key].to_list()}
    yield from _batch(cypher.keep(shape), kept, more={"table": shape.table})
    yield from _batch(cypher.close(shape), {"key": identities(shape.table, d.closed)})
    for link in shape.links:
        to, key = pl.col(link.column), shape.key
        was = d.before.filter(pl.col(SUPERSEDED) == OPEN).select(ROW, pl.col(link.column).alias("was"))
        moved = d.inplace.join(was, on=ROW, how="left").filter(~to.eq_missing(pl.col("was")))
        ended = [*moved.filter(pl.col("was").is_not_null())[key].to_list(), *d.closed[key].to_list()]
        yield from _batch(cypher.untie(shape, link), {"key": ended}, counted=False)
        begun = pl.concat([d.new.select(key, to), moved.select(key, to)]).drop_nulls()
        columns = {"key": begun[key].to_list(), "to": begun[link.column].to_list()}
        yield from _batch(cypher.tie(shape, link), columns, counted=False)


def _by_level(shape: Shape, rows: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    if shape.table != "regions":
        yield "", rows
        return
    for (level,), some in rows.group_by("level", maintain_order=True):
        yield str(level), some


def _batch(
    statement: str,
    columns: Mapping[str, list[Any]],
    *,
    more: Mapping[str, Any] | None = None,
    counted: bool = True,
) -> Iterator[Batch]:
    yield Batch(statement, columns, len(next(iter(columns.values()))), more or {}, counted)


def _parts(keys: list[str]) -> Iterator[list[str]]:
    for begin in range(0, len(keys), BATCH):
        yield keys[begin : begin + BATCH]


def naming(table: str, given: Collection[str]) -> list[str]:
    """Types of the relationships through which rows of given tables must name an entity of ``table``."""
    found = [
        (SHAPES[t].label if SHAPES[t].kind == "relationship" else r.link.type)
        for t in given
        for r in references(t)
        if r.must and table in r.link.targets and set(r.link.targets) <= set(given)
    ]
    return list(dict.fromkeys(found))


def own_types(shape: Shape) -> list[str]:
    """Types of the relationships that an entity's own columns make."""
    return [link.type for link in shape.links]


def standing(run: Run, network: str, v: int, table: str, ids: pl.Series) -> pl.Series:
    """Those of some ids that entities of a table which stand before ``v`` bear."""
    known = _named(run, network, v, table, tuple(ids.to_list())) if v > 1 else {}
    return ids.filter(ids.is_in([key for key, (_, ended) in known.items() if ended == OPEN]))


def missing_and_changed(
    run: Run, network: str, v: int, base: int, changes: Changes, given: Collection[str]
) -> tuple[dict[tuple[str, str], list[str]], list[tuple[str, str, int, str]]]:
    """Entities that rows which really change name: those missing, by table and column, and those changed after the base.

    Returns
    -------
    dict of (str, str) to list of str
        Table and column → names that lead nowhere.
    list of (str, str, int, str)
        Entity's table, its key, the version, and the column that names it.
    """
    missing: dict[tuple[str, str], list[str]] = {}
    changed: list[tuple[str, str, int, str]] = []
    ask = _memo(lambda table, keys: _named(run, network, v, table, keys))
    for reference, rows in binding(changes, given):
        left = reference.values(rows)
        for target in reference.link.targets:
            gone = set(identities(target, keyed(target, changes.removed_rows(target))))
            put = set(changes.put_rows(target)[SHAPES[target].key].to_list())
            left = [key for key in left if key not in put]
            there = ask(target, tuple(left)) if v > 1 else {}
            changed += [(target, k, n, reference.link.column) for k, (n, _) in there.items() if n > base]
            left = [k for k in left if k in gone or k not in there or there[k][1] != OPEN]
        if left:
            missing[reference.table, reference.link.column] = left
    return missing, changed


def _named(run: Run, network: str, v: int, table: str, keys: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    records = (
        r
        for part in _parts(list(keys))
        for r in run(cypher.named(table), network=network, keys=part, v=v, open=OPEN)
    )
    return {key: (int(changed if ended == OPEN else ended), int(ended)) for key, changed, ended in records}


def _memo(
    ask: Callable[[str, tuple[str, ...]], dict[str, tuple[int, int]]],
) -> Callable[[str, tuple[str, ...]], dict[str, tuple[int, int]]]:
    known: dict[tuple[str, tuple[str, ...]], dict[str, tuple[int, int]]] = {}

    def asked(table: str, keys: tuple[str, ...]) -> dict[str, tuple[int, int]]:
        if (table, keys) not in known:
            known[table, keys] = ask(table, keys)
        return known[table, keys]

    return asked


def places_to_hold(changes: Changes, given: Collection[str]) -> Iterator[Batch]:
    """Bare nodes for what relationships lead to although its table was never given."""
    for table in changes.tables:
        shape, rows = SHAPES[table], changes.put_rows(table)
        for link in (shape.start, shape.end):
            absent = [t for t in link.targets if t not in given] if link is not None else []
            if link is not None and absent and rows.height:
                keys: list[str] = rows[link.column].drop_nulls().unique(maintain_order=True).to_list()
                known = {k for t in link.targets if t in given for k in keys_put(changes, t)}
                yield from _batch(cypher.hold_place(absent[-1]), {"key": [k for k in keys if k not in known]})
