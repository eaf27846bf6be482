"""Which rows of a change lie in places that are frozen.

A row counts by the regions that it names itself; where its table names none, by those of what it hangs on: an entry of the ledger by its
relation's two ends, a budget by its source's owner. Whoever freezes a place for an audit would not have its accounts go on meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl

from graph.network import Network
from graph.office.locked import Reason
from graph.schema import TABLES
from graph.schema.model import ROW
from graph.store.changes import Changes
from graph.store.rows import keyed

if TYPE_CHECKING:
    from graph.office.register import Freeze

NONE = pl.lit(None, dtype=pl.String)


def place_columns(table: str) -> list[str]:
    """Columns of a table that name a region; the region itself included."""
    named = [c.name for c in TABLES[table].columns if "regions.code" in c.foreign.split("|")]
    return ["code", *named] if table == "regions" else named


def hangs_on(table: str) -> list[tuple[str, str]]:
    """Columns of a table that names no region, and the tables with regions to which they lead."""
    if place_columns(table):
        return []
    leads = [(c.name, t.partition(".")[0]) for c in TABLES[table].columns for t in c.foreign.split("|") if t]
    return [(column, target) for column, target in leads if place_columns(target)]


def read_for(tables: Iterable[str]) -> list[str]:
    """Tables that have to be read to say which rows of some tables are frozen."""
    changed = list(tables)
    return ["regions", *changed, *(target for table in changed for _, target in hangs_on(table))]


def frozen_rows(changes: Changes, network: Network, freezes: list[Freeze]) -> list[Reason]:
    """Rows in a frozen place, each once; of what is removed and of what was, too.

    Parameters
    ----------
    changes : Changes
    network : Network
        As it is, with the tables of :func:`read_for`.
    freezes : list of Freeze
        Those in force.
    """
    places: dict[str, Freeze] = {}
    for freeze in reversed(freezes):
        places |= dict.fromkeys((freeze.region, *network.descendants(freeze.region)), freeze)
    found: list[Reason] = []
    for table in changes.tables:
        touched = _rows(table, changes, network).filter(pl.col(ROW).is_in(changes.keys(table)))
        cold = touched.select(ROW, _place(table, changes, network, list(places)).alias("place"))
        for row, place in cold.drop_nulls("place").unique(ROW, keep="first", maintain_order=True).iter_rows():
            freeze = places[place]
            label = network.label(freeze.region)
            found.append(Reason(table, row, "", freeze.region, label, freeze.until, freeze.reason))
    return found


def _rows(table: str, changes: Changes, network: Network) -> pl.DataFrame:
    """Rows of a table as they are to be, then as they are."""
    put = keyed(table, changes.put_rows(table))
    return pl.concat([put, keyed(table, network.frame(table))]) if network.has(table) else put


def _place(table: str, changes: Changes, network: Network, places: list[str]) -> pl.Expr:
    """The first frozen place that a row names or hangs on; null without one."""
    columns = place_columns(table)
    if columns:
        return pl.coalesce(pl.when(pl.col(c).is_in(places)).then(pl.col(c)) for c in columns)
    homes = [(c, _homes(target, changes, network, places)) for c, target in hangs_on(table)]
    found = [
        pl.col(c).replace_strict(known, default=None, return_dtype=pl.String) for c, known in homes if known
    ]
    return pl.coalesce(found) if found else NONE


def _homes(table: str, changes: Changes, network: Network, places: list[str]) -> dict[str, str]:
    """Id → frozen place, of the rows of a table that name one, as they are or are to be."""
    rows = _rows(table, changes, network)
    cold = rows.select(TABLES[table].key[0], _place(table, changes, network, places).alias("place"))
    return dict(cold.drop_nulls("place").iter_rows())
