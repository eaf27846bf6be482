"""Whether a change may be made: nothing that it rests on changed meanwhile, and all that rows name is there."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import polars as pl

from graph.schema import TABLES
from graph.schema.model import ROW, SHAPES
from graph.store.changes import Changes
from graph.store.clash import Clash
from graph.store.references import Reference, binding, named_twice, references
from graph.store.rows import row_keys
from graph.store.workspace.ground import VERSION, Ground


class Judge:
    """Looks at what really changes in one network.

    Parameters
    ----------
    changes : Changes
        Rows that differ from what stands, and keys that go.
    ground : Ground
        What stands.
    given : collection of str
        Tables that are given once the change is made.
    """

    def __init__(self, changes: Changes, ground: Ground, given: Collection[str]) -> None:
        self.changes, self.ground, self.given = changes, ground, set(given)

    def clashes(self, base: int) -> list[Clash]:
        """Rows of the change that changed after ``base``, then entities that its put rows name which did."""
        if base >= self.ground.head:
            return []
        own = [
            Clash(table, row, version)
            for table in self.changes.tables
            for row, version in self._later(table, self._touched(table), base)
        ]
        named = {
            Clash(target, row, version, reference.link.column)
            for reference, target, keys in self._looked_up()
            for row, version in self._later(target, _texts(target, keys), base)
        }
        order = list(TABLES)
        return own + sorted(named, key=lambda c: (order.index(c.table), c.row, c.refers))

    def missing(self) -> dict[tuple[str, str], list[str]]:
        """Table and column → what its put rows name and is not there."""
        found: dict[tuple[str, str], list[str]] = {}
        for reference, rows in binding(self.changes, self.given):
            left = self._absent(pl.Series(reference.values(rows), dtype=pl.String), reference.link.targets)
            if left.len():
                found[reference.table, reference.link.column] = left.to_list()
        return found

    def named_twice(self) -> list[str]:
        """Ids that would be a region's and a unit's, see :func:`~graph.store.references.named_twice`."""
        return named_twice(self.changes, self.ground.standing)

    def orphans(self) -> dict[tuple[str, str], list[str]]:
        """Entity's table and its key → tables whose rows stay and name it, of entities that go."""
        found: dict[tuple[str, str], list[str]] = {}
        for table in self.changes.removed:
            if SHAPES[table].kind != "entity":
                continue
            going = self.changes.removed_rows(table).to_series()
            for reference in _naming(table, self.given):
                names = self._absent(going, reference.link.targets)
                for key in self._still_named(reference, names):
                    found.setdefault((table, key), []).append(reference.table)
        return found

    def _still_named(self, reference: Reference, names: pl.Series) -> list[str]:
        if not names.len():
            return []
        rows = self.ground.naming(reference.table, reference.link.column, names)
        changing = row_keys(reference.table, rows).is_in(self._touched(reference.table).implode())
        return sorted(rows.filter(~changing)[reference.link.column].unique().to_list())

    def _looked_up(self) -> Iterator[tuple[Reference, str, pl.Series]]:
        """Names that put rows look up among the standing rows of each table, in the order of tables to look in."""
        for reference, rows in binding(self.changes, self.given):
            left = pl.Series(reference.values(rows), dtype=pl.String)
            for target in reference.link.targets:
                left = self._not_put(left, target)
                if left.len():
                    yield reference, target, left
                    left = _less(left, self.ground.standing(target, left))

    def _absent(self, names: pl.Series, targets: tuple[str, ...]) -> pl.Series:
        """Names for which no table has a row once the change is made."""
        left = names
        for target in targets:
            left = self._not_put(left, target)
            if left.len():
                there = self.ground.standing(target, left)
                gone = self.changes.removed_rows(target)[SHAPES[target].key]
                left = _less(left, _less(there, gone))
        return left

    def _not_put(self, names: pl.Series, target: str) -> pl.Series:
        return _less(names, self.changes.put_rows(target)[SHAPES[target].key]) if names.len() else names

    def _later(self, table: str, rows: pl.Series, base: int) -> list[tuple[str, int]]:
        hit = pl.DataFrame({ROW: rows}).join(self.ground.changed_since(table, base), on=ROW)
        return hit.select(ROW, VERSION).sort(ROW).rows()

    def _touched(self, table: str) -> pl.Series:
        both = (self.changes.put_rows(table), self.changes.removed_rows(table))
        return pl.concat([row_keys(table, rows) for rows in both])


def _naming(table: str, given: Collection[str]) -> list[Reference]:
    found = [r for t in TABLES if t in given for r in references(t)]
    return [r for r in found if r.must and table in r.link.targets and set(r.link.targets) <= set(given)]


def _less(names: pl.Series, others: pl.Series) -> pl.Series:
    return names.filter(~names.is_in(others.implode())) if others.len() else names


def _texts(table: str, names: pl.Series) -> pl.Series:
    return row_keys(table, pl.DataFrame({SHAPES[table].key: names}))
