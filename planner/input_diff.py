"""Two scenarios' inputs side by side: day, limits, policy values, and every row of every table that is not the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from graph.schema import TABLES, Column
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
    not_kept : mapping of str to sequence of str
        Table → columns that were not compared, as one side is a plan, which keeps no more than its stages read, and the other has
        something there.
    """

    names: tuple[str, str]
    head: Sequence[tuple[str, str, str]] = ()
    settings: Sequence[tuple[str, str, str, str]] = ()
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    only: dict[str, int] = field(default_factory=dict)
    not_kept: dict[str, list[str]] = field(default_factory=dict)

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
            "not_compared": {t: list(columns) for t, columns in self.not_kept.items()},
            "equal": self.equal,
        }


Kept = Mapping[str, Collection[str]]
"""Table → the columns of it that a plan keeps."""


def input_difference(
    first: Scenario,
    second: Scenario,
    *,
    sources: bool = False,
    kept: tuple[Kept | None, Kept | None] = (None, None),
) -> InputDifference:
    """Compare what two scenarios are made of.

    Parameters
    ----------
    first, second : Scenario
        The scenarios, with all their tables.
    sources : bool
        Whether rows that differ only in where they come from (source, mark, note) count as different.
    kept : pair of (mapping of str to collection of str, or None)
        Of a side that is a plan's scenario the columns that the plan keeps: the others stand there with their defaults, which are
        no values of its own, and are not compared.
    """
    tables, only, not_kept = {}, {}, {}
    for name, declared in TABLES.items():
        there = [s.network.has(name) for s in (first, second)]
        if there[0] != there[1]:
            only[name] = 1 if there[1] else 0
        if not any(there):
            continue
        old, new = (s.network.frame(name) for s in (first, second))
        missing = [
            c for c in declared.by_name if any(k is not None and name in k and c not in k[name] for k in kept)
        ]
        beside = () if sources else [c for c in BESIDE if c not in declared.key]
        if told := [
            c
            for c in missing
            if c not in BESIDE
            and not (_default(declared.by_name[c], old) and _default(declared.by_name[c], new))
        ]:
            not_kept[name] = told
        compared = [c for c in declared.by_name if c not in missing and c not in beside]
        old, new = old.select(compared), new.select(compared)
        if old.equals(new):
            continue
        rows = changed_rows(old, new, declared)
        if rows.height:
            tables[name] = rows
    return InputDifference(
        (first.name, second.name), _heads(first, second), _settings(first, second), tables, only, not_kept
    )


def _default(column: Column, frame: pl.DataFrame) -> bool:
    """Whether a column says nothing but its default."""
    default = pl.Series([column.default], dtype=column.dtype)
    return bool(frame[column.name].is_in(default, nulls_equal=True).all())


def _settings(first: Scenario, second: Scenario) -> list[tuple[str, str, str, str]]:
    """Values that differ, of stages that both have: a plan keeps none of stages that it does not run, which the head tells."""
    both = [s for s in first.policies if s in second.policies]
    old, new = ({s: c.policies[s].values for s in both} for c in (first, second))
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
