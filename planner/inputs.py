"""What the stages of a scenario may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from graph.errors import InputError
from graph.network import Network
from graph.schema import TABLES
from planner.identity import DISPLAY, PLAN_FORMAT
from planner.policy import OFF
from planner.published import AGAINST
from planner.republished import demand_fitting, demand_published
from planner.scenario import Scenario
from planner.stage import Stage
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


def demand_tables(scenario: Scenario) -> None:
    """Every stage that is to run has its tables: an empty plan would look like a decision.

    Raises
    ------
    InputError
        When a stage lacks one; all stages and tables are named.
    ScenarioError
        When something is to be held against a published plan, and there is none, or nothing of it is about what is here.
    """
    demand_published(scenario.policies, scenario.stages, scenario.published)
    demand_fitting(scenario.published, scenario.stages, scenario.name, scenario.chain, scenario.network)
    lacking = {s: missing_tables(STAGES[s], scenario) for s in scenario.stages}
    told = [(s, STAGES[s].title, tables) for s, tables in lacking.items() if tables]
    if told:
        zh = "；".join(
            f"{title.zh} [{s}] 缺少 {'、'.join(tables)}（没有此表，或表为空）" for s, title, tables in told
        )
        en = "; ".join(
            f"{title.en} [{s}] needs {', '.join(tables)}: missing or empty" for s, title, tables in told
        )
        raise InputError(
            f"{zh}。请补上，或用 --stage 选择其他阶段",
            f"{en}. Add what is missing, or choose other stages with --stage",
        )


def missing_tables(stage: Stage, scenario: Scenario) -> list[str]:
    """Tables that a stage cannot do without and that are absent or empty; under own scores its rows of them alone."""
    network = scenario.network
    if scenario.policies[stage.name].values.get("objective") != "scores":
        return lacking(stage, network)
    scored = network.frame("pair_scores").filter(pl.col("stage") == stage.name)
    return [] if scored.height else [f"pair_scores (stage = {stage.name})"]


def lacking(stage: Stage, network: Network) -> list[str]:
    """What a stage needs and is absent or empty; of tables of which one will do, the first where all are."""
    needed = (tables.split("|") for tables in stage.needs)
    return [tables[0] for tables in needed if all(network.frame(t).is_empty() for t in tables)]


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
    """Everything besides tables that decides a plan, JSON-ready, in canonical order; and where stored tables came from."""
    stored = {"network": scenario.origin.to_dict()} if scenario.origin is not None else {}
    told = {} if scenario.published is None else {"published": scenario.published.plan}
    elastic = {"elastic": True} if scenario.elastic else {}
    titles = {"titles": scenario.network.titles} if scenario.network.titles else {}
    return (
        stored
        | told
        | elastic
        | titles
        | {
            "format": PLAN_FORMAT,
            "title": scenario.title._asdict(),
            "date": scenario.on.isoformat(),
            "seed": scenario.seed,
            "stages": list(scenario.stages),
            "limits": scenario.limits.options(),
            "codes": scenario.network.settings.codes,
            "levels": list(scenario.network.settings.levels),
            "enums": {k: list(v) for k, v in sorted(scenario.network.enums.items())},
            "policy": {s: _told_values(scenario.policies[s].values) for s in scenario.stages},
            "cites": {
                s: {k: o.cites for k, o in sorted(scenario.policies[s].origins.items()) if o.cites}
                for s in scenario.stages
            },
        }
    )


def _told_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values in canonical order. What holds against a published plan only where it is on: without one a plan keeps its id."""
    return {k: v for k, v in sorted(values.items()) if k not in AGAINST or v != OFF}


def display_tables(scenario: Scenario) -> dict[str, pl.DataFrame]:
    """Tables that help people read the plan."""
    return {t: scenario.network.frame(t) for t in DISPLAY if scenario.network.has(t)}
