"""The stage `pairing`: the order of its steps, its baseline and its key figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from graph.language import Text
from graph.schema import RESULTS
from graph.tables.suggest import nearest_word
from planner.policy import Setting
from planner.reason import Explanation
from planner.solve.pool import Executor, OnProgress
from planner.solve.task import Answer, Task
from planner.stage import Context, Kpi, Limits, Outcome
from planner.stages import pairs as eligible
from planner.stages.clashes import find_clashes
from planner.stages.designation import cheapest_first
from planner.stages.pairing.counties import CountyModel, build_counties
from planner.stages.pairing.counting import count_clashes
from planner.stages.pairing.figures import figures
from planner.stages.pairing.inside import SOLVED, best_inside, county_plan
from planner.stages.pairing.loads import divide, divide_loads
from planner.stages.pairing.members import find_members
from planner.stages.pairing.reasons import explain_pairing
from planner.stages.pairing.regions import (
    RegionModel,
    build_regions,
    capacities,
    eligible_regions,
    region_pairs,
)
from planner.stages.pairing.results import (
    county_pairs_in_force,
    one_table,
    ranked,
    region_table,
    shown_counterpart,
    together,
)
from planner.stages.pairing.settings import NAME, READS, SETTINGS

TITLE = Text("区域结对", "pairing")


def nothing_to_pair(context: Context) -> Text:
    """A warning where nobody is to receive: what was looked for, and the tag that comes near it."""
    tag = str(context.policy["recipients_tag"])
    there = context.network.frame("region_tags")["tag"].unique().sort().to_list()
    near = nearest_word(tag, there)
    zh, en = (f"，是不是 {near}？", f", did you mean {near}?") if near else ("", "")
    return Text(
        f"没有受援方：没有地区列入名单，也没有现有结对，也没有地区带标签 {tag}（recipients_tag）{zh}",
        f"no recipients: no region is listed, no pair is in force, and none is tagged {tag} (recipients_tag){en}",
    )


@dataclass(frozen=True)
class Pairing:
    """The stage `pairing`; see the package's docstring."""

    name: str = NAME
    title: Text = TITLE
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: READS)
    needs: tuple[str, ...] = ("regions", "relations|region_tags")
    sees: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = SETTINGS

    def count(self, context: Context) -> list[Text]:
        """Too few partners, recipients that nobody may support, prefectures out of reach."""
        return count_clashes(context)

    def tasks(self, context: Context, limits: Limits) -> tuple[list[Task], Any]:
        """The first model alone."""
        built = build_regions(context)
        return [_region_task(context, built, limits)], built

    def answer(self, context: Context, built: RegionModel, answers: Sequence[Answer]) -> Outcome:
        """The first model's pairs alone, in the units of the whole stage."""
        found = eligible.choice_outcome(NAME, built.pairs, answers[0], model=built.model)
        return ranked(found) if _with_counties(context) else found

    def solve(
        self, context: Context, executor: Executor, limits: Limits, on_progress: OnProgress | None = None
    ) -> Outcome:
        """Regions, then how their loads are divided, then counties."""
        scored = context.policy["objective"] == "scores"
        if not scored and not find_members(context).recipients:
            return _nothing(context)
        for exact in (False, True):
            built = build_regions(context, exact)
            first = executor.run([_region_task(context, built, limits)], on_progress)[0]
            first = eligible.let_go(first, built.model, context.what_if)
            if first.status not in SOLVED:
                return _without(context, executor, limits, built, first)
            chosen = np.flatnonzero(first.arrays["x"][: built.pairs.size] > 0)
            loads = None
            if not scored:
                loads = divide_loads(context, executor.run, limits, built.members, built.pairs, chosen)
            if scored or loads is not None:
                break
        regions = eligible.choice_outcome(NAME, built.pairs, first, model=built.model)
        if scored:
            return regions
        if loads is None:  # whole persons can be divided, but not within the limit
            return replace(regions, status="NO_SOLUTION_IN_TIME", tables={})
        if not context.policy.on("county_pairs"):
            tables = [region_table(context, built.pairs, chosen, loads)]
            tables.append(shown_counterpart(context, tables))
            return together(tables, [first], regions.sizes, counties=False)

        def run(tasks: list[Task]) -> list[Answer]:
            return executor.run(tasks, on_progress)

        plan = county_plan(context, run, limits, built, chosen, loads)
        if not plan.solved:
            return _without(context, executor, limits, plan.counties, plan.answer)
        plan, bound = best_inside(context, run, limits, built, first, plan)
        sizes = {"county_pairs": plan.counties.pairs.size, "county_rows": plan.counties.model.n_rows}
        tables = [plan.regions, plan.table()]
        tables.append(shown_counterpart(context, tables))
        return together(tables, [first, plan.answer], {**regions.sizes, **sizes}, counties=True, bound=bound)

    def eligible(self, context: Context, chosen: pl.DataFrame) -> list[set[tuple[str, str]]]:
        """Region pairs that may be chosen, and county pairs inside the region pairs of ``chosen``."""
        members, pairs = eligible_regions(context)
        found = [pairs.named()]
        if _with_counties(context):
            regions = chosen.filter(pl.col("kind") != "county_pair")
            found.append(build_counties(context, members, regions).pairs.named())
        return found

    def baseline(self, context: Context) -> dict[str, pl.DataFrame]:
        """The pairs in force; with own scores each recipient, in order, takes its cheapest supporter with room."""
        if context.policy["objective"] == "scores":
            pairs = eligible.scored_pairs(context, NAME)
            chosen = cheapest_first(pairs, capacities(context, pairs.supporters))
            return {"pairs": eligible.chosen_table(NAME, pairs, chosen)}
        members = find_members(context)
        pairs = region_pairs(context, members)
        held = np.flatnonzero(pairs.in_force)
        weight = members.strength[pairs.supporter[held]]
        loads = divide(pairs.load[held], pairs.recipient[held], weight)
        tables = [region_table(context, pairs, held, loads)]
        if context.policy.on("county_pairs"):
            tables.append(county_pairs_in_force(context))
        tables.append(shown_counterpart(context, tables))
        return {"pairs": one_table(tables)}

    def measure(self, context: Context, tables: Mapping[str, pl.DataFrame]) -> list[Kpi]:
        """Covered recipients, pairs, changes, the heaviest load, county pairs, cost."""
        return figures(context, tables["pairs"].filter(pl.col("stage") == NAME))

    def explain(
        self, context: Context, tables: Mapping[str, pl.DataFrame], keys: tuple[str, ...]
    ) -> list[Explanation]:
        """Each chosen pair of the subject beside the cheapest ones that were not chosen."""
        return explain_pairing(context, tables["pairs"].filter(pl.col("stage") == NAME), keys)


def _with_counties(context: Context) -> bool:
    """Whether county pairs are decided too: own scores know none."""
    return context.policy["objective"] != "scores" and context.policy.on("county_pairs")


def _nothing(context: Context) -> Outcome:
    """The outcome where nobody is to be paired: counterpart support as it stands, and a word about it."""
    shown = shown_counterpart(context, [RESULTS["pairs"].empty()])
    return replace(
        together([shown], [], {}, counties=_with_counties(context)), warnings=[nothing_to_pair(context)]
    )


def _start(built: RegionModel) -> np.ndarray | None:
    """The pairs in force as a first guess of x; NaN leaves y and z to the solver."""
    if not built.pairs.in_force.any():
        return None
    start = np.full(built.model.n_columns, np.nan)
    start[: built.pairs.size] = built.pairs.in_force
    return start


def _recipients_priced(context: Context) -> bool:
    """Whether prices of a recognised assignment are the recipients': else it could be one the other way round."""
    return list(context.policy["partners_per_recipient"] or ()) == [1, 1]


def _region_task(context: Context, built: RegionModel, limits: Limits) -> Task:
    """The first model; with own scores a plain assignment inside it is recognised and solved as such."""
    arrays = eligible.hold(built.model.arrays(_start(built)), built.pairs, context.what_if)
    engine = "choose" if context.policy["objective"] == "scores" and _recipients_priced(context) else "mip"
    return Task(engine, arrays, limits.options(), NAME)


def _without(
    context: Context, executor: Executor, limits: Limits, built: RegionModel | CountyModel, answer: Answer
) -> Outcome:
    """The outcome where a model has no answer: INFEASIBLE with its clash in words, or not in time."""
    clashes = []
    if answer.status == "INFEASIBLE" and context.what_if is None:
        clashes = find_clashes(STAGE, context, built, executor, limits)
    return eligible.choice_outcome(NAME, built.pairs, answer, model=built.model, clashes=clashes)


STAGE = Pairing()
