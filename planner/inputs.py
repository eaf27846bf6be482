"""What the stages of a scenario may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from graph.network import Network
from graph.schema import TABLES
from planner.identity import DISPLAY, PLAN_FORMAT
from planner.scenario import Scenario
from planner.stages import STAGES

PRIVATE = ("cadre_names",)


def read_columns(stages: Sequence[str]) -> dict[str, list[str]]:
    """Table → columns that these stages read, with the key and the mark, in declared order."""
    wanted: dict[str, set[str]] = {}
    for stage in stages:
        for table, columns in STAGES[stage].reads.items():
            wanted.setdefault(table, {*TABLES[table].key, "mark"}).update(columns)
    for table in ("regions", "units"):  # names for people
        wanted.setdefault(table, {"mark"}).update(
            {*TABLES[table].key, "name", "level", "parent"} & {*TABLES[table].by_name}
        )
    return {
        t: [c.name for c in TABLES[t].columns if c.name in cs] for t, cs in wanted.items() if t not in PRIVATE
    }


def seen_network(scenario: Scenario) -> Network:
    """The network as the stages see it: only the columns they read, rows sorted by key.

    A user's order of rows, and columns that no rule reads, can therefore change nothing.
    """
    frames = {
        table: scenario.network.frame(table).select(columns).sort(TABLES[table].key, nulls_last=False)
        for table, columns in read_columns(scenario.stages).items()
        if scenario.network.has(table)
    }
    return replace(scenario.network, frames=frames)


def resolved_head(scenario: Scenario) -> dict[str, Any]:
    """Everything besides tables that decides a plan, JSON-ready, in canonical order."""
    return {
        "format": PLAN_FORMAT,
        "title": scenario.title.as_dict(),
        "date": scenario.on.isoformat(),
        "seed": scenario.seed,
        "stages": list(scenario.stages),
        "limits": scenario.limits.options(),
        "codes": scenario.network.settings.codes,
        "levels": list(scenario.network.settings.levels),
        "enums": {k: list(v) for k, v in sorted(scenario.network.enums.items())},
        "policy": {s: dict(sorted(scenario.policies[s].values.items())) for s in scenario.stages},
        "cites": {
            s: {k: o.cites for k, o in sorted(scenario.policies[s].origins.items()) if o.cites}
            for s in scenario.stages
        },
    }


def display_tables(scenario: Scenario) -> dict[str, pl.DataFrame]:
    """Tables that help people read the plan."""
    return {t: scenario.network.frame(t) for t in DISPLAY if scenario.network.has(t)}
