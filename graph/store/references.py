"""Which entities the rows of a change name, and which of them are missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from graph.errors import InputError
from graph.schema import TABLES
from graph.schema.model import SHAPES, Link
from graph.store.changes import Changes
from graph.store.rows import row_keys

SHOWN = 20


SPACES = tuple(
    dict.fromkeys(
        tuple(sorted(link.targets))
        for shape in SHAPES.values()
        for link in shape.drawn
        if len(link.targets) > 1
    )
)
"""Entity tables in which columns look up together, so that an id must be in one of them alone: regions and units."""


@dataclass(frozen=True)
class Reference:
    """A column through which rows of a table name entities.

    Parameters
    ----------
    table : str
        The table.
    link : Link
        The column, and the entity tables in which its cells are looked up.
    must : bool
        Whether what it names must be there: the schema declares a foreign key.
    """

    table: str
    link: Link
    must: bool

    def values(self, rows: pl.DataFrame) -> list[str]:
        """What the rows name, each once."""
        return rows[self.link.column].drop_nulls().unique(maintain_order=True).to_list()


def references(table: str) -> list[Reference]:
    """All such columns of a table."""
    columns = TABLES[table].by_name
    return [Reference(table, link, bool(columns[link.column].foreign)) for link in SHAPES[table].drawn]


def binding(changes: Changes, given: Collection[str]) -> Iterator[tuple[Reference, pl.DataFrame]]:
    """References of the rows that are put which must lead to an entity, as all tables that they may lead to were given."""
    for table in changes.tables:
        rows = changes.put_rows(table)
        for reference in references(table) if rows.height else []:
            if reference.must and all(target in given for target in reference.link.targets):
                yield reference, rows


def keys_put(changes: Changes, table: str) -> set[str]:
    """Keys of an entity table's rows that are put."""
    return set(row_keys(table, changes.put_rows(table)).to_list())


def named_twice(changes: Changes, standing: Callable[[str, pl.Series], pl.Series]) -> list[str]:
    """Ids of entities that are put although an entity of another table that columns look up beside it bears the id.

    Parameters
    ----------
    changes : Changes
        What really changes.
    standing : callable
        Table and ids → those of them that stand before the change.
    """
    found: set[str] = set()
    for targets in SPACES:
        for table in targets:
            ids = changes.put_rows(table)[SHAPES[table].key]
            for other in (t for t in targets if t != table and ids.len()):
                put = changes.put_rows(other)[SHAPES[other].key]
                found.update(ids.filter(ids.is_in(put.implode())), standing(other, ids))
    return sorted(found)


def refuse_named_twice(network: str, ids: Collection[str]) -> None:
    """Refuse ids that would name two entities among which columns choose.

    Raises
    ------
    InputError
        When there is any.
    """
    if ids:
        text = _some(list(ids), "…")
        raise InputError(
            f"{network}：同一编号既是地区又是单位，未存入任何内容：{text}。请给其中之一换一个编号",
            f"{network}: one id names both a region and a unit, nothing was stored: {text}. Give one of the two another id",
        )


def refuse_missing(network: str, missing: Mapping[tuple[str, str], Collection[str]]) -> None:
    """Refuse rows that name entities which are not there.

    Parameters
    ----------
    network : str
        For the message.
    missing : mapping of (str, str) to collection of str
        Table and column → what they name and nobody knows.

    Raises
    ------
    InputError
        When there is any; tables, columns and values are named.
    """
    told = [(t, c, sorted(values)) for (t, c), values in missing.items() if values]
    if told:
        zh = "；".join(f"{t}.{c}：{_some(v, '等')}" for t, c, v in told)
        en = "; ".join(f"{t}.{c}: {_some(v, 'and more,')}" for t, c, v in told)
        raise InputError(
            f"{network}：行中引用的对象不存在，未存入任何内容：{zh}。请先加上它们，或改正引用",
            f"{network}: rows name what is not there, nothing was stored: {en}. Add it first, or mend the reference",
        )


def refuse_orphans(network: str, orphans: Mapping[tuple[str, str], Collection[str]]) -> None:
    """Refuse to remove entities that rows which stay still name.

    Parameters
    ----------
    network : str
        For the message.
    orphans : mapping of (str, str) to collection of str
        Entity's table and its key → labels or types of the rows that name it.

    Raises
    ------
    InputError
        When there is any.
    """
    told = [f"{t} {key} ← {', '.join(sorted(by))}" for (t, key), by in orphans.items() if by]
    if told:
        text = _some(told, "…")
        raise InputError(
            f"{network}：要删除的对象仍被引用，未作任何更改：{text}。请先删除引用它的行",
            f"{network}: what is to be removed is still named by rows that stay, nothing was done: {text}. Remove those rows first",
        )


def _some(values: list[str], more: str) -> str:
    shown = ", ".join(values[:SHOWN])
    return shown if len(values) <= SHOWN else f"{shown} {more} {len(values)}"
