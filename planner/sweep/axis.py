"""One thing that a sweep varies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from graph.errors import UsageError
from graph.language import Text
from graph.schema import Column
from planner.sweep.values import Listed, Spaced, Span, Values

OPTION = "--vary"


@dataclass(frozen=True)
class Axis:
    """One thing that is varied.

    Parameters
    ----------
    key : str
        As it was typed, left of ``=``; the name of its column in ``runs.parquet``.
    values : Values
        What it takes.
    stage, setting : str
        The policy value; empty for cells of a table.
    table, column : str
        The cells; empty for a policy value.
    where : mapping of str to object
        Column → value of the rows that are changed; empty: all rows.
    scale : bool
        Whether cells are multiplied by the value; else they are set to it.
    """

    key: str
    values: Values
    stage: str = ""
    setting: str = ""
    table: str = ""
    column: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    scale: bool = False

    def change(self, value: Any) -> dict[str, Any]:
        """The ``[[change]]`` that gives the cells a value."""
        action = "scale" if self.scale else "set"
        return {"table": self.table, "where": dict(self.where), action: {self.column: value}}

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON: all that decides which runs there are."""
        values: dict[str, Any] = {}
        match self.values:
            case Listed(found):
                values = {"values": [plain(v) for v in found]}
            case Spaced(low, high, count, whole):
                values = {"from": str(low), "to": str(high), "count": count, "whole": whole}
            case Span(low, high, whole):
                values = {"from": str(low), "to": str(high), "whole": whole}
        return {"key": self.key, **values}


def plain(value: Any) -> Any:
    """A value as JSON holds it: days as text."""
    return json.loads(json.dumps(value, default=_as_text))


def _as_text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def cells(axes: Iterable[Axis]) -> list[Axis]:
    """Those that change cells of a table."""
    return [a for a in axes if a.table]


def factor_of(column: Column) -> Column:
    """What may multiply a column: nothing below 0 where its cells hold nothing below 0."""
    least = 0.0 if column.kind == "share" or (column.minimum is not None and column.minimum >= 0) else None
    return replace(column, kind="number", minimum=least, maximum=None)


def wrong(what: str, told: Text) -> UsageError:
    """The error of an axis."""
    return UsageError(f"{OPTION} {what}：{told.zh}", f"{OPTION} {what}: {told.en}")
