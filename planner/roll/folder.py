"""The folder of a roll: scenarios that stand on their own, and what is told of the years.

::

    <roll id>/roll.json               what is played: scenario, years, outcome, seed, chances
    <roll id>/start/                  the scenario on its date, without what is learnt later
    <roll id>/<horizon>/<year>/       a scenario: how things stand at the end of the year; overlays ``start``
    <roll id>/plans/<plan id>/        the plans, each once
    <roll id>/.answers/               answers that plans share; may be removed
    <roll id>/totals.json             each horizon's sums, and how far they are from ``full``
    <roll id>/years.parquet           one row per horizon and year; written last
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import InputError
from graph.language import Text
from graph.questions.rules_file import OWN_RULES
from graph.tables.write import disk_told, write_tables
from planner.inputs import PRIVATE
from planner.own_rules import rules_text
from planner.policy import Origin, Policy, toml
from planner.result_folder import Kind, write_frame
from planner.roll.horizon import TITLES
from planner.scenario import Scenario
from planner.scenario_file import FORMAT
from planner.shipped import FILE
from planner.titles import titles_text
from planner.whole import as_bytes, write_whole

HEAD, YEARS, TOTALS, START, PLANS = "roll.json", "years.parquet", "totals.json", "start", "plans"
VERSION = 1
KIND = Kind(Text("推演", "roll"), HEAD, VERSION)
BASE = f"../../{START}"


def settled(scenario: Scenario) -> Scenario:
    """The scenario as its folder will give it back: no stored network behind it, and values that stand in that folder's file."""
    policies = {
        s: Policy(p.values, {k: Origin(FILE) for k in p.origins}) for s, p in scenario.policies.items()
    }
    public = {t: scenario.network.frame(t) for t in scenario.network.frames if t not in PRIVATE}
    network = replace(scenario.network, frames=public)
    return replace(scenario, policies=policies, network=network, origin=None)


def year_title(scenario: Scenario, horizon: str, year: int) -> Text:
    """Title of the scenario at the end of a year."""
    told, title = TITLES[horizon], scenario.title
    return Text(f"{title.zh} · {told.zh} · {year}", f"{title.en} · {told.en} · {year}")


def write_start(folder: Path, scenario: Scenario) -> None:
    """Write the scenario on its date; what is there already is left."""
    place = folder / START
    if (place / FILE).is_file():
        return
    frames = {t: scenario.network.frame(t) for t in scenario.network.frames}
    given = {s: {k: p.values[k] for k in p.origins} for s, p in scenario.policies.items()}
    if scenario.network.rules:
        with disk_told(place):
            place.mkdir(parents=True, exist_ok=True)
        write_whole(place / OWN_RULES, rules_text(scenario.network.rules).encode())
    _write(place, frames, "\n".join([*_head(scenario), *_regions(scenario), *_values(given)]) + "\n")


def write_year(folder: Path, start: Scenario, now: Scenario, horizon: str) -> None:
    """Write the scenario at the end of a year over ``start``; what is there already is left."""
    place = folder / horizon / str(now.on.year)
    if (place / FILE).is_file():
        return
    network = now.network
    frames = {t: network.frame(t) for t in network.frames if network.frames[t] is not start.network.frames.get(t)}  # fmt: skip
    given = {
        s: {k: v for k, v in p.values.items() if v != start.policies[s].values[k]}
        for s, p in now.policies.items()
    }
    lines = [*_head(now), f"base = {toml(BASE)}", *_values(given)]
    _write(place, frames, "\n".join(lines) + "\n")


def _write(place: Path, frames: Mapping[str, pl.DataFrame], text: str) -> None:
    """Tables first; a folder that has its file is whole."""
    with disk_told(place):
        place.mkdir(parents=True, exist_ok=True)
    if frames:
        write_tables(frames, place / "data", form="parquet")
    write_whole(place / FILE, text.encode())


def _head(scenario: Scenario) -> list[str]:
    return [
        f"format = {FORMAT}",
        f"title = {toml(scenario.title.zh)}",
        f"title_en = {toml(scenario.title.en)}",
        f"date = {scenario.on.isoformat()}",
        f"seed = {scenario.seed}",
        f"stages = {toml(list(scenario.stages))}",
    ]


def _regions(scenario: Scenario) -> Iterator[str]:
    settings, limits = scenario.network.settings, scenario.limits
    yield from ("", "[regions]", f"codes = {toml(settings.codes)}", f"levels = {toml(list(settings.levels))}")
    if scenario.network.enums:
        yield from ("", "[enums]", *(f"{k} = {toml(list(v))}" for k, v in scenario.network.enums.items()))
    yield from titles_text(scenario.network.titles)
    yield from ("", "[limits]", f"solver_threads = {limits.solver_threads}", f"work = {toml(limits.work)}")
    if limits.time_limit is not None:
        yield f"time_limit = {toml(limits.time_limit)}"


def _values(given: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for stage, values in given.items():
        if values:
            yield from ("", f"[{stage}]", *(f"{k} = {toml(v)}" for k, v in sorted(values.items())))


def write_end(folder: Path, years: pl.DataFrame, totals: Mapping[str, Any]) -> None:
    """Write sums and rows; the rows last: where they are, all is there."""
    write_whole(folder / TOTALS, as_bytes(totals))
    write_frame(folder / YEARS, years)


def read_end(folder: Path) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Rows and sums of a roll that is done.

    Raises
    ------
    InputError
        When they are not there or damaged.
    """
    try:
        totals: dict[str, Any] = json.loads((folder / TOTALS).read_text(encoding="utf-8"))
        return pl.read_parquet(folder / YEARS), totals
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise InputError(
            f"{folder}：推演没有做完或已损坏；再运行同一条 jiedui roll 命令会接着做",
            f"{folder}: the roll is not done or damaged; the same jiedui roll command goes on with it",
        ) from error
