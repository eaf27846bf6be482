"""A store as plain as can be: whole copies in memory. What real stores are held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from graph.schema import TABLES
from graph.store.references import SPACES, references

Row = dict[str, Any]
Tables = dict[str, dict[str, Row]]  # table → key → row; all keys of the tables used are one text column


@dataclass
class Model:
    """One network whose tables have keys of one column."""

    versions: list[Tables] = field(default_factory=list)
    changed: dict[tuple[str, str], int] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)

    def outcome(self, put: Tables, gone: dict[str, list[str]], base: int) -> str:
        """``same``, ``stale``, ``refused`` or ``new``; the model has then changed alike."""
        head = self.versions[-1] if self.versions else {t: {} for t in put}
        put = {t: {k: r for k, r in rows.items() if head[t].get(k) != r} for t, rows in put.items()}
        gone = {t: [k for k in ks if k in head[t]] for t, ks in gone.items()}
        if self.versions and not any(map(len, (*put.values(), *gone.values()))):
            return "same"
        if self._stale(head, put, gone, base):
            return "stale"
        if _twice(head, put):
            return "refused"
        after = {t: {k: r for k, r in rows.items() if k not in gone[t]} | put[t] for t, rows in head.items()}
        if any(not _there(after, t, row) for t, rows in after.items() for row in rows.values()):
            return "refused"
        self.versions.append(after)
        for table in head:
            for key in (*put[table], *gone[table]):
                self.changed[table, key] = len(self.versions)
            known = self.places.setdefault(table, [])
            known += [k for k in put[table] if k not in known]
        return "new"

    def frame(self, table: str, version: int) -> pl.DataFrame:
        """A table as of a version."""
        rows = self.versions[version - 1][table]
        ordered = [rows[k] for k in self.places.get(table, []) if k in rows]
        return pl.DataFrame(ordered, schema=TABLES[table].dtypes)

    def _stale(self, head: Tables, put: Tables, gone: dict[str, list[str]], base: int) -> bool:
        touched = [(t, k) for t in put for k in (*put[t], *gone[t])]
        for table, rows in put.items():
            for row in rows.values():
                for column, targets in _named(table):
                    for target in targets:
                        if row[column] is None or row[column] in put[target]:
                            break
                        touched.append((target, row[column]))
                        if row[column] in head[target]:
                            break
        return any(self.changed.get(which, 0) > base for which in touched)


def _named(table: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(r.link.column, r.link.targets) for r in references(table) if r.must]


def _twice(head: Tables, put: Tables) -> bool:
    """Whether an id that is put is another table's, too, that is looked up beside it."""
    beside = [(t, o) for tables in SPACES for t in tables for o in tables if t != o]
    return any(key in head[o] or key in put[o] for t, o in beside for key in put[t])


def _there(tables: Tables, table: str, row: Row) -> bool:
    return all(
        row[column] is None or any(row[column] in tables[t] for t in targets)
        for column, targets in _named(table)
    )
