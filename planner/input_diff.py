"""Two scenarios' inputs side by side: day, limits, policy values, and every row of every table that is not the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from graph.schema import TABLES
from planner.compare import changed_rows
from planner.policy import as_written, differing
from planner.scenario import Scenario

BESIDE = ("source", "fact_source", "mark")
"""Columns that say where a row comes from; a row that differs in these alone decides nothing else."""


@dataclass(frozen=True)
class InputDifference:
    """What two scenarios are made of and is not the same.

    Parameters
    ----------
    names : (str, str)
        Names of the two scenarios.
    head : sequence of (str, str, str)
        Key, value of the first, value of the second: date, seed, stages, limits, code scheme, levels, own enumeration values.
    settings : sequence of (str, str, str, str)
        Stage, key, value of the first, value of the second.
    tables : mapping of str to DataFrame
        Table → rows that differ: ``how`` (new: in the second only; ended: in the first only; changed), the key, the values and,
        for changed rows, ``<column>_before``.
    only : mapping of str to int
        Tables that one of the two does not have → 0 for one that the first has alone, 1 for the second.
    """

    names: tuple[str, str]
    head: Sequence[tuple[str, str, str]] = ()
    settings: Sequence[tuple[str, str, str, str]] = ()
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    only: dict[str, int] = field(default_factory=dict)

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""
        return not (self.head or self.settings or self.tables or self.only)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "scenarios": list(self.names),
            "head": [{"key": k, "first": a, "second": b} for k, a, b in self.head],
            "settings": [{"stage": s, "key": k, "first": a, "second": b} for s, k, a, b in self.settings],
            "tables": {t: f.to_dicts() for t, f in self.tables.items()},
            "only_in": {t: self.names[i] for t, i in self.only.items()},
            "equal": self.equal,
        }


def input_difference(first: Scenario, second: Scenario, *, sources: bool = False) -> InputDifference:
    """Compare what two scenarios are made of.

    Parameters
    ----------
    first, second : Scenario
        The scenarios, with all their tables.
    sources : bool
        Whether rows that differ only in where they come from (source, mark, note) count as different.
    """
    tables, only = {}, {}
    for name, declared in TABLES.items():
        there = [s.network.has(name) for s in (first, second)]
        if there[0] != there[1]:
            only[name] = 1 if there[1] else 0
        if not any(there):
            continue
        old, new = (s.network.frame(name) for s in (first, second))
        if not sources:
            kept = [c for c in declared.by_name if c not in BESIDE or c in declared.key]
            old, new = old.select(kept), new.select(kept)
        if old.equals(new):
            continue
        rows = changed_rows(old, new, declared)
        if rows.height:
            tables[name] = rows
    return InputDifference(
        (first.name, second.name), _heads(first, second), _settings(first, second), tables, only
    )


def _settings(first: Scenario, second: Scenario) -> list[tuple[str, str, str, str]]:
    old, new = ({s: p.values for s, p in c.policies.items()} for c in (first, second))
    return differing(old, new)


def _heads(first: Scenario, second: Scenario) -> list[tuple[str, str, str]]:
    told = [
        {
            "date": s.on.isoformat(),
            "seed": str(s.seed),
            "stages": ", ".join(s.stages),
            **({"published": s.published.plan} if s.published is not None else {}),
            **({"elastic": "true"} if s.elastic else {}),
            **{f"limits.{k}": as_written(v) if v is not None else "–" for k, v in s.limits.options().items()},
            "codes": s.network.settings.codes,
            "levels": ", ".join(s.network.settings.levels),
            **{f"enums.{k}": ", ".join(v) for k, v in s.network.enums.items()},
            **{
                f"titles.{k}.{n}": f"{t['zh']} · {t['en']}"
                for k, named in s.network.titles.items()
                for n, t in named.items()
            },
        }
        for s in (first, second)
    ]
    one, two = told
    keys = [k for k in dict.fromkeys([*one, *two]) if one.get(k) != two.get(k)]
    return [(k, one.get(k, "–"), two.get(k, "–")) for k in keys]
