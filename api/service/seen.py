"""What somebody may see of a table besides their regions: names of persons, and counts so small that they point at somebody."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

import polars as pl

from api.service.caller import Caller, Role
from api.service.scope import MASKED, Scope
from graph.schema import MEASURES
from graph.store.keyring import SEALED, Keyring

FEWEST = 5
"""Households or persons that are told at least, where the role has no village scope (design § 8)."""
COUNTS = {"household_groups": ("households", "persons"), "register_changes": ("households", "persons")}
"""Table → its columns that count people of one village."""
COUNTED = [measure for measure, (_, unit) in MEASURES.items() if unit in ("persons", "households")]
"""Measures of ``region_facts`` that do."""
Keep = Callable[[pl.DataFrame], pl.DataFrame]


def village_scope(caller: Caller) -> bool:
    """Whether a role works with single villages: every one but the viewer's."""
    return caller.role >= Role.COORDINATOR


def keeps(scope: Scope, table: str) -> Keep | None:
    """What gives of a table's rows, with all columns, those that the caller may see, as they may see them; ``None`` where that is all.

    Parameters
    ----------
    scope : Scope
        Of the caller.
    table : str
        A table of the schema, or of a plan.
    """
    named = table == "cadre_names"
    masked = named and not scope.caller.sees_names
    steps: list[Keep] = [lambda frame: scope.rows(table, frame)] if masked or not scope.whole else []
    if named and not masked:
        steps.append(_named)
    if (table in COUNTS or table == "region_facts") and not village_scope(scope.caller):
        steps.append(lambda frame: _uncounted(table, frame))
    if not steps:
        return None

    def keep(frame: pl.DataFrame) -> pl.DataFrame:
        for step in steps:
            frame = step(frame)
        return frame

    return keep


def row_seen(caller: Caller, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """One row of a table as the caller may see it, who may see that it is there.

    Parameters
    ----------
    caller : Caller
    table : str
        A table of the schema.
    row : mapping of str to value
        Column → value.
    """
    if table == "cadre_names":
        return {**row, "name": _name(row) if caller.sees_names else MASKED}
    counted = ("value",) if table == "region_facts" and row["measure"] in COUNTED else COUNTS.get(table, ())
    hidden = {} if village_scope(caller) else {c: None for c in counted if 0 < (row[c] or 0) < FEWEST}
    return {**row, **hidden}


def alike(caller: Caller) -> tuple[Hashable, ...]:
    """What tells apart those who see different things in the network's answers; what is kept for one is for all who are alike."""
    return caller.regions, village_scope(caller)


def figures(caller: Caller, measure: str, frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Figures of a measure of ``region_facts`` in an answer, as the caller may see them.

    Parameters
    ----------
    caller : Caller
    measure : str
        The measure; empty where there is none.
    frame : DataFrame
    column : str
        Has the figures.
    """
    if measure not in COUNTED or village_scope(caller):
        return frame
    return frame.with_columns(pl.when(~few(column)).then(pl.col(column)).alias(column))


def few(column: str) -> pl.Expr:
    """Whether a count is from 1 to below the fewest."""
    return pl.col(column).is_between(0, FEWEST, closed="none").fill_null(value=False)


def _name(row: Mapping[str, Any]) -> str | None:
    """In clear; ``None`` where its key is gone."""
    opened = _named(
        pl.DataFrame({c: [row[c]] for c in ("id", "name")}, schema=dict.fromkeys(("id", "name"), pl.String))
    )
    return opened["name"][0] if opened.height else None


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    """Names in clear, where a store keeps them sealed and the keys are here."""
    sealed = pl.col("name").str.starts_with(SEALED).fill_null(value=False)
    return Keyring().unseal(frame) if frame.select(sealed.any()).item() else frame


def _uncounted(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Without counts from 1 to below the fewest."""
    if table == "region_facts":
        told = ~(pl.col("measure").is_in(COUNTED).fill_null(value=False) & few("value"))
        return frame.with_columns(pl.when(told).then(pl.col("value")).alias("value"))
    return frame.with_columns(pl.when(~few(c)).then(pl.col(c)).alias(c) for c in COUNTS[table])
