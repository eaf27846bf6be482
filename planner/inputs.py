"""A plan's inputs and its id: what the stages may see, and the hash of exactly that."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from graph.network import Network
from graph.schema import TABLES
from planner.scenario import Scenario
from planner.stages import STAGES

PLAN_FORMAT = 1
PRIVATE = ("cadre_names",)
DISPLAY = ("names",)
"""Tables kept beside the inputs so that people can search by any name; they decide nothing and are in no hash."""


def read_columns(stages: Sequence[str]) -> dict[str, list[str]]:
    """Table → columns that these stages read, with the key and the mark, in declared order."""
    wanted: dict[str, set[str]] = {}
    for stage in stages:
        for table, columns in STAGES[stage].reads.items():
            wanted.setdefault(table, {*TABLES[table].key, "mark"}).update(columns)
    for table in ("regions", "units"):  # names for people
        wanted.setdefault(table, {"mark"}).update({*TABLES[table].key, "name", "level", "parent"} & {*TABLES[table].by_name})
    return {t: [c.name for c in TABLES[t].columns if c.name in cs] for t, cs in wanted.items() if t not in PRIVATE}


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
            s: {k: o.cites for k, o in sorted(scenario.policies[s].origins.items()) if o.cites} for s in scenario.stages
        },
    }


def display_tables(scenario: Scenario) -> dict[str, pl.DataFrame]:
    """Tables that help people read the plan."""
    return {t: scenario.network.frame(t) for t in DISPLAY if scenario.network.has(t)}


def input_digests(frames: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Digest of every table that decides something."""
    return {name: table_digest(frame) for name, frame in frames.items() if name not in DISPLAY}


def table_digest(frame: pl.DataFrame) -> str:
    """SHA-256 of a table's content (its CSV text), the same for every library version and file form."""
    buffer = io.BytesIO()
    frame.write_csv(buffer)
    return hashlib.sha256(buffer.getvalue()).hexdigest()


def plan_id(head: Mapping[str, Any], digests: Mapping[str, str], version: str) -> str:
    """16 hexadecimal digits of the hash of everything that decides a plan."""
    text = json.dumps([head, sorted(digests.items()), version], sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
