"""How far ahead each way of planning looks, and which stages it plans in a year.

``myopic`` plans the next year alone; ``rolling`` every year all that is left, of which the first year is carried out; ``full`` plans
once, and what cannot be done any more is not done. They differ in the stages that plan years ahead (:data:`AHEAD`). Pairs are
agreed once, in the first year; inspections are of one year, and planned for each; postings are planned every year, by ``full``
again only when the term of those whom it sent is over.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import polars as pl

from graph.errors import InfeasibleError
from graph.language import Text
from planner.clash.members import Member
from planner.plan import Plan
from planner.policy import OFF, Policy
from planner.run import make_plan
from planner.scenario import Scenario
from planner.solve.pool import Pool
from planner.stage import Context
from planner.stages import STAGES
from planner.stages.exit.places import find_places
from planner.stages.funds.facts import MOST_YEARS

HORIZONS = ("myopic", "rolling", "full")
TITLES = {
    "myopic": Text("逐年", "myopic"),
    "rolling": Text("滚动", "rolling"),
    "full": Text("一次规划到底", "full horizon"),
}
AHEAD, ONCE = ("funds", "exit"), ("pairing", "designation")


@dataclass(frozen=True)
class Desk:
    """Where plans are made.

    Parameters
    ----------
    plans : str
        Folder of plans.
    answers : str or None
        Folder of their answers; ``None``: none are kept.
    workers : int or None
        Child processes of each plan. Each has a pool of its own: a plan that fails stops its pool.
    pool : Pool or None
        A pool of the caller's instead.
    """

    plans: str
    answers: str | None
    workers: int | None
    pool: Pool | None


@dataclass(frozen=True)
class Planned:
    """What was planned for a year: the plan, where any stage has one, and what had to give way."""

    plan: Plan | None
    told: tuple[Text, ...]


def stages_of(scenario: Scenario, horizon: str, number: int) -> tuple[str, ...]:
    """Stages that are planned in a year.

    Parameters
    ----------
    scenario : Scenario
        As it stands on the day of planning.
    horizon : str
        One of :data:`HORIZONS`.
    number : int
        Which year of the roll, from 0.
    """
    whole = horizon == "full" and number > 0
    term = max(1, math.ceil(scenario.policies["cadres"].weight("minimum_term_years")))
    waits = {
        **dict.fromkeys(ONCE, number > 0),
        **dict.fromkeys(AHEAD, whole),
        "cadres": horizon == "full" and number % term > 0,
    }
    here = {"funds": lambda: _has_money(scenario, horizon), "exit": lambda: _has_counties(scenario)}
    return tuple(s for s in scenario.stages if not waits.get(s, False) and (s not in here or here[s]()))


def _has_money(scenario: Scenario, horizon: str) -> bool:
    """Whether there are budgets and needs in the years that the stage would plan."""
    years = money_years(scenario)
    if horizon == "myopic":
        years = [y for y in years if y == scenario.on.year + 1]
    needs = scenario.network.frame("needs").filter(pl.col("year").is_in(years) & (pl.col("amount") > 0))
    return bool(years) and not needs.is_empty()


def _has_counties(scenario: Scenario) -> bool:
    context = Context(scenario.network, scenario.policies["exit"], scenario.on, scenario.seed)
    return len(find_places(context).counties) > 0


def money_years(scenario: Scenario) -> list[int]:
    """Years with a budget that are still to be planned, at most as many as the stage ``funds`` plans."""
    known = scenario.network.frame("fund_budgets")["year"].unique().sort().to_list()
    limits = scenario.policies["funds"]["years"]
    later = [y for y in known if y > scenario.on.year and (limits is None or limits[0] <= y <= limits[1])]
    return later if limits is not None else later[:MOST_YEARS]


def looking(
    scenario: Scenario, start: Scenario, horizon: str, used: Mapping[str, Fraction], exited: set[str]
) -> Scenario:
    """The scenario with the values that a way of planning needs: years, deadline, pins and slots that are left, the year of inspection.

    ``inspection.year`` names the year after the day of planning, or another one as far from it, and moves with the years. Other
    values that name a year (a deadline, pins, a path, exits by year, freezes) are of the calendar and stay.

    Parameters
    ----------
    scenario, start : Scenario
        As things stand, and as they stood at the start, whose values are changed.
    horizon : str
        One of :data:`HORIZONS`.
    used : mapping of str to Fraction
        Programme → slots used so far.
    exited : set of str
        Counties that have exited since the start.
    """
    scenario = replace(scenario, policies=start.policies)
    year = scenario.on.year + 1
    funds: dict[str, Any] = {}
    exits: dict[str, Any] = {"pins": _pins(scenario, horizon, exited)}
    years = money_years(scenario)
    if horizon == "myopic":
        if year in years:
            funds["years"] = [year, year]
        exits |= {"deadline": OFF, "horizon_years": 1}
    elif years and scenario.policies["funds"]["years"] is not None:
        funds["years"] = [years[0], years[-1]]
    caps = scenario.policies["funds"]["slot_caps"]
    if caps is not None and used:
        funds["slot_caps"] = {p: max(int(n - used.get(p, Fraction(0))), 0) for p, n in caps.items()}
    changed = {"funds": funds, "exit": exits, "inspection": _inspected(scenario, start)}
    for stage, values in changed.items():
        scenario = with_values(scenario, stage, values)
    return scenario


def _inspected(scenario: Scenario, start: Scenario) -> Mapping[str, Any]:
    """The year of inspection, where one is set, as many years later as the day of planning is."""
    first = start.policies["inspection"]["year"]
    return {} if first is None else {"year": int(first) + scenario.on.year - start.on.year}


def _pins(scenario: Scenario, horizon: str, exited: set[str]) -> Any:
    """Pinned years that can still be kept, of counties that have not exited; those beyond the next year are no matter to ``myopic``."""
    pins, year = scenario.policies["exit"]["pins"], scenario.on.year + 1
    if pins is None:
        return OFF
    last = year if horizon == "myopic" else math.inf
    left = {r: y for r, y in pins.items() if r not in exited and year <= y <= last}
    return left or OFF


def with_values(scenario: Scenario, stage: str, values: Mapping[str, Any]) -> Scenario:
    """The scenario with some policy values of a stage changed."""
    policy = scenario.policies[stage]
    changed = Policy({**policy.values, **values}, policy.origins)
    return replace(scenario, policies={**scenario.policies, stage: changed})


def plan_year(scenario: Scenario, stages: tuple[str, ...], desk: Desk) -> Planned:
    """Plan these stages. Where rules of one clash, one of them gives way for this year; where none may, the stage has no plan.

    Raises
    ------
    LimitReached
        When a stage has no answer within the limit.
    OutsideError
        When the disk, the memory or a solver process fails.
    """
    told: list[Text] = []
    while stages:
        try:
            plan = make_plan(
                replace(scenario, stages=stages), desk.plans, workers=desk.workers, executor=desk.pool, reuse=desk.answers is not None, answers=desk.answers,
            )  # fmt: skip
            return Planned(plan, tuple(told))
        except InfeasibleError as error:
            if error.stage not in stages:
                raise
            rule = gives_way(error.stage, error.members)
            if rule is not None:
                scenario = with_values(scenario, error.stage, {rule.key: OFF})
                told.append(
                    Text(
                        f"规则不能同时成立，本年不计 {rule.title.zh}（{error.stage}.{rule.key}）",
                        f"rules clash: planned without {rule.title.en} ({error.stage}.{rule.key}) this year",
                    )
                )
                continue
            stages = tuple(s for s in stages if s != error.stage)
            told.append(Text(f"规则不能同时成立，本年没有 {error.stage} 的方案", f"rules clash: no plan of {error.stage} this year"))  # fmt: skip
    return Planned(None, tuple(told))


def gives_way(stage: str, members: Sequence[Member]) -> Member | None:
    """Of the rules that clash the one that is given up: the deadline of exits, else the one declared last; none that must not."""
    order = {s.key: i for i, s in enumerate(STAGES[stage].settings) if s.rule and not s.never_relax}
    may = [m for m in members if m.key in order and not m.never_relax]
    return max(may, key=lambda m: (m.key == "deadline", order[m.key]), default=None)
