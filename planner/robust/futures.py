"""Futures: scenarios drawn from a design, each with its own best plan; a sweep that keeps its plans."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import polars as pl

from graph.errors import InfeasibleError, UsageError
from graph.wording import Wording
from planner.decisions import of_stages, seen_by
from planner.inputs import seen_network
from planner.plan import Plan, read_plan
from planner.reuse import FOLDER as ANSWERS
from planner.robust.held import STAGES
from planner.run import make_plan
from planner.scenario import Scenario
from planner.stage import Context
from planner.sweep.design import Design
from planner.sweep.member import DONE, scenario_at
from planner.sweep.rows import PLANS
from planner.sweep.run import OnProgress, Sweep, run_sweep

NOMINAL = -1
"""Number of the scenario as it stands, beside futures that are counted from 0."""


@dataclass(frozen=True)
class Futures:
    """Sampled futures and their plans.

    Parameters
    ----------
    scenario : Scenario
        As it stands.
    design : Design
        What is drawn.
    sweep : Sweep
        How each future ended.
    nominal : Plan or None
        The plan of the scenario as it stands; ``None`` where its rules cannot hold together.
    """

    scenario: Scenario = field(repr=False)
    design: Design
    sweep: Sweep = field(repr=False)
    nominal: Plan | None = field(repr=False)

    @property
    def wording(self) -> Wording:
        """The scenario's own words."""
        return self.scenario.wording

    @cached_property
    def planned(self) -> tuple[int, ...]:
        """Numbers of the futures that have a plan."""
        return tuple(self.sweep.runs.filter(pl.col("status") == DONE)["number"].to_list())

    def without(self) -> dict[str, list[int]]:
        """Status → numbers of the futures that have no plan."""
        found: dict[str, list[int]] = {}
        for number, status in self.sweep.runs.select("number", "status").iter_rows():
            if status != DONE:
                found.setdefault(status, []).append(number)
        return found

    def plan(self, number: int) -> Plan:
        """The plan of a future, or of :data:`NOMINAL`."""
        if number == NOMINAL:
            assert self.nominal is not None
            return self.nominal
        (name,) = self.sweep.runs.filter(pl.col("number") == number)["plan"]
        return read_plan(self.sweep.folder / PLANS / name)

    def plans(self) -> Iterator[tuple[int, Plan]]:
        """The nominal plan, where there is one, then those of the futures, one after another."""
        if self.nominal is not None:
            yield NOMINAL, self.nominal
        for number in self.planned:
            yield number, self.plan(number)

    def at(self, number: int) -> Scenario:
        """The scenario of a future, or of :data:`NOMINAL`."""
        return self.scenario if number == NOMINAL else scenario_at(self.scenario, self.design, number)

    def context(self, number: int, stage: str, before: Plan | None = None) -> Context:
        """What a stage sees in a future, with the decisions that ``before`` made in earlier stages."""
        found = self.at(number)
        decided = {} if before is None else seen_by(stage, found.stages, of_stages(before.tables()))
        network = seen_network(found)
        return Context(network, found.policies[stage], found.on, found.seed, decided, found.policies)


def make_futures(
    scenario: Scenario,
    design: Design,
    out: Path | str,
    *,
    workers: int | None = None,
    dask: str | None = None,
    on_progress: OnProgress | None = None,
) -> Futures:
    """Plan every future, and the scenario as it stands; what was planned before is taken as it is.

    Parameters
    ----------
    scenario : Scenario
        As it stands.
    design : Design
        A sample.
    out : Path or str
        Folder that holds sweeps.
    workers : int, optional
        Processes; with ``dask`` the most futures under way there. Changes no result.
    dask : str, optional
        Address of a Dask cluster's scheduler. Changes no result.
    on_progress : callable, optional
        As :func:`planner.sweep.run.run_sweep` calls it.

    Raises
    ------
    UsageError
        When the scenario plans one of the stages that are held in other futures beside a published plan; else as the others.
    InputError, OutsideError
        As :func:`planner.sweep.run.run_sweep` does.
    """
    _demand_unpublished(scenario)
    sweep = run_sweep(
        scenario, design, out, workers=workers, dask=dask, keep_plans=True, on_progress=on_progress
    )
    nominal = None
    with suppress(InfeasibleError):
        nominal = make_plan(scenario, sweep.folder / PLANS, dask=dask, answers=sweep.folder / ANSWERS)
    return Futures(scenario, design, sweep, nominal)


def _demand_unpublished(scenario: Scenario) -> None:
    published = scenario.published
    beside = [s for s in STAGES if s in scenario.stages and published is not None and published.of(s)]
    if beside:
        named = ", ".join(beside)
        raise UsageError(
            f"稳健性不与已公布的方案对照：请去掉场景中的 published（它决定了 {named}）",
            f"robustness is not held against a published plan: leave `published` out of the scenario (it decides {named})",
        )
