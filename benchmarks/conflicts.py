"""Why a stage of china-2016 has no answer: our search, a naive deletion filter, and HiGHS's own irreducible subsystem.

All three begin with the same infeasible stage. Ours and the naive filter ask the same question (can these rules hold?), the naive
one once for every rule and for every pin and ban. HiGHS looks at rows of the stage's model, without integrality.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np

from benchmarks.page import Page
from graph.errors import InputError
from planner.clash.members import Member, rules_of, singly, taken_out
from planner.clash.smallest import smallest_clash
from planner.clash.trial import Trials
from planner.inputs import seen_network
from planner.scenario import Scenario, read_scenario
from planner.solve.choice import ChoiceModel
from planner.solve.cores import iis_rows
from planner.solve.executor import LocalProcesses
from planner.solve.pool import Executor
from planner.solve.task import Arrays, Task
from planner.stage import Context
from planner.stages import STAGES

CASES = {
    "units for counties": ("designation", ["designation.units_per_county=[3, 3]", "designation.same_kind_max=1"]),
    "a pin that is forbidden": (
        "designation",
        ['designation.pins=["u001>522630", "u002>522630", "u003>522630"]', 'designation.bans=["u001>522630", "u005>522630"]'],
    ),
    "pins against changes": ("pairing", ['pairing.pins=["110000>620000", "120000>150000"]', "pairing.changes_max=0"]),
    "posts that must be filled": ("cadres", ["cadres.must_fill_tier=2"]),
    "a ceiling below the floors": ("funds", ["funds.county_ceiling=1000000"]),
    "a deadline too soon": ("exit", ["exit.deadline=2017"]),
    "an even load": ("inspection", ["inspection.balance_tolerance=0.0"]),
}  # fmt: skip
NOTE = (
    "Seconds and members of the set that is told, for stages of `china-2016` made infeasible. "
    "`ours`: divide and conquer over rules, then their pins and bans singly; `naive`: leave out one after the other; `HiGHS`: "
    "`getIis` on the stage's rows without integrality (members are rows; none where the linear model has an answer; "
    "flows of people and money have no such rows)."
)


def run() -> Page:
    """Measure all cases."""
    columns = ("case", "stage", "method", "seconds", "trials", "members")
    page = Page("conflicts", "Why it cannot be done", NOTE, columns)
    for title, (name, settings) in CASES.items():
        scenario = read_scenario("china-2016", settings=settings, stages=[name], domain=False)
        network, policies = seen_network(scenario), scenario.policies
        context = Context(network, policies[name], scenario.on, scenario.seed, {}, policies)
        with LocalProcesses(1) as pool:
            pool.run(
                [Task("whether", _nothing(), {}, "first")]
            )  # the child is there before anything is measured
            for method, find in (("ours", ours), ("naive", naive), ("HiGHS", iis)):
                began = perf_counter()
                trials, members = find(scenario, context, name, pool)
                page.rows.append((title, name, method, perf_counter() - began, trials, members))
    return page


Found = tuple[int | str, int | str]


def ours(scenario: Scenario, context: Context, name: str, pool: Executor) -> Found:
    """Our search, without knowing anything of the clash beforehand but the cut that the stage itself tells people are too few by."""
    stage, posts, more = STAGES[name], None, 0
    if name == "cadres":
        first = Trials(stage, context, pool, scenario.limits)
        short = first.shortage([])
        posts, more = None if short is None else set(short.posts), first.asked
    found = smallest_clash(stage, context, pool, scenario.limits, (), posts)
    return found.trials + more, len(found.members)


def naive(scenario: Scenario, context: Context, name: str, pool: Executor) -> Found:
    """Leave out each rule, pin and ban in turn; who is not missed stays out."""
    stage = STAGES[name]
    universe: list[Member] = [
        one for rule in rules_of(stage, context) for one in singly(stage, context, rule, None)
    ]
    trials = Trials(stage, context, pool, scenario.limits)
    kept: Sequence[Member] = universe
    for member in universe:
        less = [m for m in kept if m is not member]
        if trials.holds(taken_out(universe, less)) is False:
            kept = less
    return trials.asked, len(kept)


def _nothing() -> Arrays:
    model = ChoiceModel()
    model.rows("any", np.zeros(1, np.int64), model.columns(np.zeros(1, np.int64)), 1.0, 0.0, 1.0, 1)
    return model.arrays()


def iis(scenario: Scenario, context: Context, name: str, pool: Executor) -> Found:
    """HiGHS on the rows of the stage's first model."""
    try:
        tasks, _ = STAGES[name].tasks(context, scenario.limits)
    except InputError:  # a pinned pair that is forbidden has no column
        return "", "no model"
    if (
        "row_lower" not in tasks[0].arrays
        or "cost" not in tasks[0].arrays
        or "integer" not in tasks[0].arrays
    ):
        return "", "a flow"
    return "", len(iis_rows(tasks[0].arrays))
