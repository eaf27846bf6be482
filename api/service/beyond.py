"""What somebody who is limited to regions does not see is, in what they want to change, as if it were not there.

A row that is not seen cannot be changed, in the words in which one that is not there cannot. What rows name has to be seen, or is said to be
missing. An id is the whole network's: whether one is taken is told by whoever takes it, so that new rows get theirs here. Regions are in
every gazetteer and may be named.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from api.service.refusals import Refused
from api.service.scope import Scope
from graph.network import Network
from graph.schema import TABLES
from graph.schema.model import ROW, SHAPES
from graph.store.changes import Changes
from graph.store.references import Reference, binding, keys_put, refuse_missing
from graph.store.rows import keyed

Ids = Collection[tuple[str, str]]
"""Tables and ids of their rows."""


def free(table: str) -> bool:
    """Whether rows of a table have an id that says nothing."""
    return TABLES[table].key == ("id",) and not TABLES[table].by_name["id"].foreign


def with_ids(
    rows: Mapping[str, Sequence[Mapping[str, Any]]], by: str, key: str
) -> tuple[dict[str, list[dict[str, Any]]], Ids]:
    """Rows with an id where they have none, and those ids; the same ones for the same key of the same person."""
    found: dict[str, list[dict[str, Any]]] = {}
    made = []
    for table, given in rows.items():
        found[table] = [dict(row) for row in given]
        for i, row in enumerate(found[table]):
            if table in TABLES and free(table) and not row.get("id"):
                told = f"{by}\n{key}\n{table}\n{i}" if key else uuid.uuid4().hex
                row["id"] = f"{table[0]}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"
                made.append((table, row["id"]))
    return found, made


@dataclass(frozen=True)
class Beyond:
    """What of a network is not seen.

    Parameters
    ----------
    scope : Scope
        Of somebody who is limited.
    """

    scope: Scope

    def cut(self, network: Network) -> Network:
        """Tables of a version without the rows that are not seen."""
        return network.with_frames({t: self.scope.rows(t, f) for t, f in network.frames.items()})

    def demand(self, changes: Changes, known: Ids = ()) -> None:
        """Let changes pass that hang on nothing that is not seen.

        Parameters
        ----------
        changes : Changes
        known : collection of (str, str)
            Ids that were made here.

        Raises
        ------
        Refused
            When a new row has an id of the caller's own, whether it is taken or not.
        InputError
            When rows name what is not there, or is not seen.
        """
        self._demand_ids(changes, known)
        missing = {}
        for reference, rows in binding(changes, self.scope.asked.rows()):
            if left := self._missing(reference, rows, changes):
                missing[reference.table, reference.link.column] = left
        refuse_missing(self.scope.asked.name, missing)

    def _demand_ids(self, changes: Changes, known: Ids) -> None:
        for table in filter(free, changes.tables):
            there = self._rows(table)["id"].to_list()
            ids = changes.put_rows(table)["id"].to_list()
            own = [id for id in ids if id not in there and (table, id) not in known]
            if own:
                limits = self.scope.caller.regions
                raise Refused(
                    f"您的权限限于 {'、'.join(limits)}：新行的编号由服务给出，请不要填写 id（{table} {own[0]}）",
                    f"you are limited to {', '.join(limits)}: a new row gets its id here, leave `id` out ({table} {own[0]})",
                )

    def _missing(self, reference: Reference, rows: pl.DataFrame, changes: Changes) -> set[str]:
        """What rows name and is neither seen, nor put with them, nor named by the rows as they are."""
        seen: set[str] = set()
        for target in reference.link.targets:
            seen |= keys_put(changes, target)
            shown = self.scope.asked.regions.frame(target) if target == "regions" else self._rows(target)
            seen.update(shown[SHAPES[target].key])
        was = keyed(reference.table, self._rows(reference.table))
        now = keyed(reference.table, rows)[ROW]
        seen.update(was.filter(pl.col(ROW).is_in(now.implode()))[reference.link.column].drop_nulls())
        return set(reference.values(rows)) - seen

    def _rows(self, table: str) -> pl.DataFrame:
        return self.scope.rows(table, self.scope.asked.frame(table))
