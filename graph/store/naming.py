"""Which columns name rows of other tables: what a change rests on, and what may not go while it is named."""

from __future__ import annotations

from dataclasses import dataclass

from graph.schema import TABLES, Table
from graph.schema.model import SHAPES


@dataclass(frozen=True)
class Naming:
    """A column that names a row of another table, or of its own.

    Parameters
    ----------
    table, column : str
        The column.
    targets : tuple of str
        Tables whose key the cell may be; each has a key of one column.
    must_exist : bool
        Whether a row of that key has to be there (the schema's ``foreign``), where all targets were given; else the cell
        may also name what is not in the data.
    """

    table: str
    column: str
    targets: tuple[str, ...]
    must_exist: bool


def _namings(table: Table) -> tuple[Naming, ...]:
    found: dict[str, Naming] = {}
    for column in table.columns:
        if column.foreign:
            targets = tuple(t.split(".")[0] for t in column.foreign.split("|"))
            found[column.name] = Naming(table.name, column.name, targets, True)
    shape = SHAPES[table.name]
    ends = [end for end in (shape.start, shape.end) if end]
    for link in (*ends, *shape.links):
        found.setdefault(link.column, Naming(table.name, link.column, link.targets, False))
    return tuple(found.values())


NAMINGS: dict[str, tuple[Naming, ...]] = {t.name: _namings(t) for t in TABLES.values()}
"""Table → its columns that name something, in the schema's order; those that only the graph's model knows last."""


def namers(target: str) -> list[Naming]:
    """Columns of all tables by which a row of ``target`` has to stay while it is named."""
    return [n for found in NAMINGS.values() for n in found if n.must_exist and target in n.targets]
