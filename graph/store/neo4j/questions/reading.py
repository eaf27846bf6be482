"""Reading part of a network at one version: every statement that a question runs is made here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import polars as pl

from graph.errors import InputError
from graph.held import HeldTables
from graph.network import Network
from graph.schema import TABLES
from graph.schema.model import PAST, POSITION, SHAPES, WAS
from graph.store.about import About
from graph.store.neo4j.run import Run
from graph.store.neo4j.values import as_columns, as_frame
from graph.wording import Wording

WRITES = "MATCH (n:Network {{name: $network}}) RETURN {0}n.writes, n.claim_token IS NULL"
"""Statement: how many writes there were, and whether nobody is writing; behind other columns."""
BEHIND = 2**40
"""Place of rows that are no rows of the network: behind all that are."""


def stands(variable: str, at: str = "$v") -> str:
    """Condition: a record or relationship is known at a version, ``$v`` by default."""
    return f"{variable}.recorded_at <= {at} AND {variable}.superseded_by > {at}"


def along(path: str) -> str:
    """Condition: every relationship of a list is known at ``$v``."""
    return f"all(e IN {path} WHERE e.recorded_at <= $v AND e.superseded_by > $v)"


def holds(variable: str, day: str = "$day") -> str:
    """Condition: a fact holds on a day, as :func:`graph.dates.holding` says."""
    return f"coalesce({variable}.since <= {day}, true) AND coalesce({variable}.until > {day}, true)"


def in_force(variable: str) -> str:
    """Condition: a relation or posting is in force on ``$day``."""
    return f"{variable}.network = $network AND {stands(variable)} AND {holds(variable)}"


@dataclass(frozen=True)
class Rows:
    """Rows of a table that a question needs.

    Parameters
    ----------
    table : str
        The table.
    found : str
        Clauses that bind ``n``, the node of an entity, or ``x``, the node or relationship of any other row.
    columns : tuple of str
        Only these are read, the others are empty; none: all.
    """

    table: str
    found: str
    columns: tuple[str, ...] = ()

    def statement(self, *, past: bool, few: bool = False) -> str:
        """Table, place and cells of each row, once; ``few``: table, then all places and cells in lists."""
        entity = SHAPES[self.table].kind == "entity"
        seen = state("n", past=past) if entity else f"WITH DISTINCT x WHERE {stands('x')} "
        cells = ", ".join(f"x.{name}" for name in self.names)
        place, cells = f"x.{POSITION}", f"[{cells}]"
        if few:
            place, cells = f"collect({place})", f"collect({cells})"
        return f"{self.found} {seen}RETURN '{self.table}' AS t, {place} AS p, {cells} AS c"

    @property
    def names(self) -> list[str]:
        """The columns that are read."""
        return list(self.columns) or [c.name for c in TABLES[self.table].columns]


def current(entity: str, at: str = "$v") -> str:
    """Condition: an entity is known at a version, ``$v`` by default, as its node says."""
    return f"{entity}.changed_at <= {at} AND {entity}.superseded_by > {at}"


@lru_cache(256)
def _together(wanted: tuple[Rows, ...], past: bool, few: bool) -> str:
    """One statement for all; the same few are asked for again and again."""
    rows = " UNION ALL ".join(rows.statement(past=past, few=few) for rows in wanted)
    if not few:
        return rows
    # what is collected has been read before the next clause begins: a write that began meanwhile is seen
    return f"CALL () {{ {rows} }} WITH collect([t, p, c]) AS found {WRITES.format('found, ')}"


def state(entity: str, *, past: bool) -> str:
    """Clauses that bind ``x`` to what an entity was at ``$v``; ``past``: as it may have changed since."""
    now = current(entity)
    if not past:
        return f"WITH DISTINCT {entity} WHERE {now} WITH {entity} AS x "
    return (
        f"WITH DISTINCT {entity} CALL ({entity}) {{ WITH {entity} WHERE {now} RETURN {entity} AS x UNION ALL "
        f"MATCH ({entity})-[:{WAS}]->(x:{PAST}) WHERE {entity}.changed_at > $v AND {stands('x')} RETURN x }} "
    )


@dataclass
class Reading:
    """What one question reads of one version.

    Parameters
    ----------
    run : Run
        Runs a statement.
    name : str
        The network.
    version : int
        The version.
    past : bool
        Whether the version is older than the head, so that entities may have changed since.
    about : About
        Settings of the network.
    given : collection of str
        Tables that were given.
    coded : mapping of str to list
        Words as they are compared → what bears such a code, where that was asked already.
    seen : list or None
        What :data:`WRITES` gives, as told with the rows fetched last; ``None`` where something was asked after them.
    """

    run: Run
    name: str
    version: int
    past: bool
    about: About
    given: Collection[str]
    coded: Mapping[str, list[list[Any]]] = field(default_factory=dict)
    seen: list[Any] | None = None
    _parts: dict[str, dict[int, Sequence[Any]]] = field(default_factory=dict)
    _frames: dict[str, pl.DataFrame] = field(default_factory=dict)

    def records(self, statement: str, **parameters: Any) -> list[list[Any]]:
        """Run a statement with the network and the version as parameters."""
        self.seen = None
        return self.run(statement, network=self.name, v=self.version, **parameters)

    def codes(self, statement: str, **parameters: Any) -> list[list[Any]]:
        """The same for a statement that gives codes and truths alone.

        Raises
        ------
        InputError
            When a code is no text, as somebody changed it by hand.
        """
        found = self.records(statement, **parameters)
        self.refuse_odd(value for row in found for value in row if type(value) is not bool)
        return found

    def refuse_odd(self, codes: Iterable[Any]) -> None:
        """Refuse codes that are no text. Raises as :meth:`codes` does."""
        for value in codes:
            if not (value is None or type(value) is str):
                raise InputError(
                    f"网络“{self.name}”：代码 {value} 不是文本，有人直接改过图；jiedui check neo4j:#{self.name} 会指出它",
                    f"network {self.name!r}: code {value} is no text, somebody changed the graph by hand; jiedui check neo4j:#{self.name} names it",
                )

    def fetch(self, wanted: Iterable[Rows], **parameters: Any) -> None:
        """Add rows to the part, in one statement; from the server they come one by one."""
        for table, place, cells in self._fetched(wanted, parameters, few=False):
            self._put(table, place, cells)

    def fetch_few(self, wanted: Iterable[Rows], **parameters: Any) -> None:
        """The same for a few hundred rows at most: those of a table come together, which is less work at both ends."""
        for table, places, rows in self._fetched(wanted, parameters, few=True):
            for place, cells in zip(places, rows, strict=True):
                self._put(table, place, cells)

    def _fetched(
        self, wanted: Iterable[Rows], parameters: Mapping[str, Any], *, few: bool
    ) -> Iterator[tuple[str, Any, Any]]:
        asked = [rows for rows in wanted if rows.table in self.given]
        if not asked:
            return
        statement = _together(tuple(asked), self.past, few)
        spread = {rows.table: _spread(rows.table, rows.columns) for rows in asked}
        found = self.records(statement, **parameters)
        if few:
            ((found, *self.seen),) = found or [[[], None]]  # a network that is gone has no rows
        for table, place, cells in found:
            whole = spread[table]
            yield table, place, [whole(row) for row in cells] if few else whole(cells)

    def _put(self, table: str, place: int, cells: Sequence[Any]) -> None:
        """Keep a row; where some of its columns are there already, the others are added."""
        rows = self._parts.setdefault(table, {})
        known = rows.get(place)
        rows[place] = (
            cells if known is None else [a if a is not None else b for a, b in zip(known, cells, strict=True)]
        )
        self._frames.pop(table, None)

    def add(self, table: str, cells: Mapping[str, Sequence[Any]]) -> None:
        """Add rows that stand for what the server has counted: some columns, the others empty."""
        spread = _spread(table, list(cells))
        first = max([BEHIND, *(place + 1 for place in self._parts.get(table, {}))])
        for place, row in enumerate(zip(*cells.values(), strict=True), first):
            self._put(table, place, spread(row))

    def network(self) -> Network:
        """What was fetched so far, as a network; rows in their places."""
        tables = HeldTables(list(self._parts), lambda table: as_columns(table, self._cells(table)))
        return self.about.network(tables, self.name)

    @property
    def wording(self) -> Wording:
        """The network's own words, which leave the names that were fetched as they are when the first text is told."""
        return (
            Wording(self.about.titles, lambda: self.network().every_name())
            if self.about.titles
            else Wording({})
        )

    def frame(self, table: str) -> pl.DataFrame:
        """What was fetched of a table so far."""
        if table not in self._frames:
            self._frames[table] = as_frame(table, self._cells(table))
        return self._frames[table]

    def _cells(self, table: str) -> list[Sequence[Any]]:
        """Rows of a table so far; of an added row and a fetched one of the same key the fetched one."""
        rows, key = self._parts.get(table, {}), len(TABLES[table].key)
        cells = [rows[place] for place in sorted(rows)]
        if max(rows, default=0) < BEHIND:
            return cells
        once = {tuple(row[:key]): row for row in reversed(cells)}
        return list(reversed(once.values()))


def _spread(table: str, names: Sequence[str]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """What makes some columns' cells all columns' cells, the others empty; no names: all are there."""
    declared = [c.name for c in TABLES[table].columns]
    if not names:
        return lambda cells: cells
    at = {name: i for i, name in enumerate(names)}
    return lambda cells: [cells[at[name]] if name in at else None for name in declared]
