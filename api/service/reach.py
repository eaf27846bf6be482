"""Which rows somebody who is limited to regions may change: those that name a place in them.

A row counts by the regions that it names itself; where its table names none, by those of what it hangs on (an entry of the ledger
by its relation's two ends). It must hold as the row was and as it is to be. What names no place is only for those without limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from api.service.beyond import Beyond, Ids
from api.service.inside import POSSIBLE, links_of
from api.service.refusals import NotFound, Refused
from api.service.scope import Scope
from graph.language import Text
from graph.network import Network
from graph.office.register import place_columns
from graph.office.request import Request
from graph.office.written import rows_from_json
from graph.schema import TABLES
from graph.schema.model import ROW
from graph.store.changes import Changes
from graph.store.rows import keyed

SHOWN = 10
"""Rows that a message names."""
NAMES = "cadre_names"
LOOSE = {"names": ["id"], "documents": ["subject"], "region_successions": ["old", "new"]}
"""Columns that may name a region among other things."""


@dataclass(frozen=True)
class Reach:
    """What of a network somebody may change.

    Parameters
    ----------
    scope : Scope
    """

    scope: Scope

    def demand(self, changes: Changes, known: Ids = ()) -> None:
        """Let changes pass that lie within it.

        Parameters
        ----------
        changes : Changes
        known : collection of (str, str)
            Tables and ids of new rows whose ids were made here.

        Raises
        ------
        Refused
            When some do not; the message names them. When names of people change and the caller may not see those. When a new row has
            an id of their own, see :mod:`api.service.beyond`.
        InputError
            When rows name what is not there, or is not seen.
        """
        if NAMES in changes.tables and not self.scope.caller.sees_names:
            raise Refused("您无权查看姓名，也不能改", "you may not see people's names, nor change them")
        if not self.scope.whole:
            Beyond(self.scope).demand(changes, known)
        found = self.outside(changes)
        if found:
            shown, more = [f"{table} {row}" for table, row in found[:SHOWN]], len(found) - SHOWN
            zh, en = (f" 等 {len(found)} 行", f" and {more} more") if more > 0 else ("", "")
            limits = self.scope.caller.regions
            raise Refused(
                f"您的权限限于 {'、'.join(limits)}，不能改 {'、'.join(shown)}{zh}",
                f"you are limited to {', '.join(limits)} and cannot change {', '.join(shown)}{en}",
            )

    def cut(self, network: Network) -> Network:
        """Tables of a version without the rows that are not seen."""
        return network if self.scope.whole else Beyond(self.scope).cut(network)

    def sees(self, request: Request) -> bool:
        """Whether a request lies within it as a whole; a plan's is about all regions."""
        if self.scope.whole:
            return True
        return not request.plan and not self.outside(request.changes, request.current)

    def outside(
        self, changes: Changes, current: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
    ) -> list[tuple[str, str]]:
        """Tables and keys of the rows that do not lie within it."""
        if self.scope.whole:
            return []
        return [
            (table, row)
            for table in changes.tables
            for row in self._outside(table, changes, (current or {}).get(table, ()))
        ]

    def _outside(self, table: str, changes: Changes, current: Sequence[Mapping[str, Any]]) -> list[str]:
        there = keyed(table, self.scope.asked.frame(table))
        was = rows_from_json(table, current, [c.name for c in TABLES[table].columns])
        rows = pl.concat([
            keyed(table, changes.put_rows(table)),
            keyed(table, was),
            there.filter(pl.col(ROW).is_in(pl.Series(changes.keys(table), dtype=pl.String).implode())),
        ])  # fmt: skip
        return rows.filter(~self._inside(table))[ROW].unique(maintain_order=True).to_list()

    def _inside(self, table: str) -> pl.Expr:
        codes = pl.Series(sorted(self.scope.codes), dtype=pl.String).implode()
        columns = place_columns(table) or LOOSE.get(table, [])
        found = [pl.col(c).is_in(codes) for c in columns]
        if not columns and table not in POSSIBLE:
            links = [(link.column, target) for link in links_of(table) for target in link.targets]
            found = [pl.col(c).is_in(self._keys(t).implode()) for c, t in links if place_columns(t)]
        return pl.any_horizontal(found).fill_null(value=False) if found else pl.lit(value=False)

    def _keys(self, table: str) -> pl.Series:
        return self.scope.asked.frame(table).filter(self._inside(table))[TABLES[table].key[0]]


def no_request(id: str) -> NotFound:
    """There is no request of that number for the asker."""
    told = Text(f"没有请求 {id}", f"there is no request {id}")
    return NotFound(told.zh, told.en)
