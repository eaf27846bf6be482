"""The stage `pairing`: the order of its steps, its baseline and its key figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from graph.language import Text
from graph.schema import RESULTS
from graph.tables.suggest import nearest_word
from planner.policy import Setting
from planner.reason import Explanation, Left
from planner.solve.pool import Executor, OnProgress
from planner.solve.task import Answer, Task
from planner.stage import Context, Kpi, Limits, Outcome, Status
from planner.stages import pairs as eligible
from planner.stages.clashes import find_clashes
from planner.stages.designation import cheapest_first
from planner.stages.keeping import let_go, nearest
from planner.stages.keeping_pairs import with_ended
from planner.stages.pairing.against import tell
from planner.stages.pairing.counties import CountyModel, build_counties
from planner.stages.pairing.counting import count_clashes, least_partners
from planner.stages.pairing.figures import figures
from planner.stages.pairing.inside import MOST, SOLVED, Run, best_inside, county_plan, other_plans
from planner.stages.pairing.loads import divide, divide_loads
from planner.stages.pairing.members import find_members
from planner.stages.pairing.outside import why_outside
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
from planner.stages.pairs_uncounted import nothing_asked

TITLE = Text("区域结对", "pairing")
NO_COUNTIES = Text(
    "在变动上限之内，没有找到其县结对也合规的区域结对；放宽 published_changes_max",
    "no region pairs were found whose county pairs keep within published_changes_max, too; allow more changes",
)


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

    def count_ahead(self, context: Context, undecided: Collection[str]) -> list[Text]:
        """The same; where own scores decide and no rule asks for a pair, that there is nothing to count."""
        return [
            *self.count(context),
            *nothing_asked(
                context, least_partners(context), "partners_per_recipient", "partners_per_supporter"
            ),
        ]

    def tasks(self, context: Context, limits: Limits) -> tuple[list[Task], Any]:
        """The first model alone."""
        built = build_regions(context)
        return [_region_task(context, built, limits)], built

    def answer(self, context: Context, built: RegionModel, answers: Sequence[Answer]) -> Outcome:
        """The first model's pairs alone, in the units of the whole stage."""
        answer = _unweighed(context, built, answers[0])
        found = eligible.choice_outcome(NAME, built.pairs, answer, model=built.model)
        return ranked(found) if _with_counties(context) else found

    def solve(
        self,
        context: Context,
        executor: Executor,
        limits: Limits,
        on_progress: OnProgress | None = None,
        *,
        whether: bool = False,
    ) -> Outcome:
        """Regions, then how their loads are divided, then counties; only ``whether`` it can be done: the first plan found will do."""
        scored = context.policy["objective"] == "scores"
        if not scored and not find_members(context).recipients:
            return _nothing(context)

        def run(tasks: list[Task]) -> list[Answer]:
            return executor.run(tasks, on_progress)

        forbidden: list[np.ndarray] = []
        while True:
            built, first, chosen, loads = _regions(context, run, limits, forbidden)
            if first.status not in SOLVED or loads is None or not _with_counties(context):
                break
            plan = county_plan(context, run, limits, built, chosen, loads)
            if plan.answer.status != "INFEASIBLE" or built.keep is None or len(forbidden) == MOST:
                break
            forbidden.append(mask_of(built, first))  # the limit on changes does not reach for their counties
        if first.status == "INFEASIBLE" and forbidden:
            return _without(context, executor, limits, plan.counties, plan.answer)
        if first.status not in SOLVED:
            return _without(context, executor, limits, built, first)
        picked = mask_of(built, first)
        regions = eligible.choice_outcome(NAME, built.pairs, first, model=built.model)
        if scored:
            return tell(regions, built.keep, picked, None)
        if loads is None:  # whole persons can be divided, but not within the limit
            return replace(regions, status="NO_SOLUTION_IN_TIME", tables={})
        if not context.policy.on("county_pairs"):
            tables = [region_table(context, built.pairs, chosen, loads)]
            tables.append(shown_counterpart(context, tables))
            alone = with_ended(together(tables, [first], regions.sizes, counties=False), built.pairs, picked)
            return tell(alone, built.keep, picked, None)
        if plan.answer.status == "INFEASIBLE" and forbidden:
            return replace(regions, status="NO_SOLUTION_IN_TIME", tables={}, gave_up=NO_COUNTIES)
        if not plan.solved:
            return _without(context, executor, limits, plan.counties, plan.answer)
        plan, bound = (plan, None) if whether else best_inside(context, run, limits, built, first, plan)
        sizes = {"county_pairs": plan.counties.pairs.size, "county_rows": plan.counties.model.n_rows}
        tables = [plan.regions, plan.table()]
        tables.append(shown_counterpart(context, tables))
        found = together(tables, [first, plan.answer], {**regions.sizes, **sizes}, counties=True, bound=bound)
        return tell(found, built.keep, plan.regions_of(built.pairs), plan.against)

    def by_steps(self, context: Context) -> bool:
        """Always: counties are paired inside the pairs of regions."""
        return True

    def whether(self, context: Context, executor: Executor, limits: Limits) -> Status:
        """Status of the first plan found: the first model alone does not show that counties can be paired."""
        return self.solve(context, executor, limits, whether=True).status

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

    def why_outside(self, context: Context, rows: pl.DataFrame, keys: tuple[str, ...]) -> Left | None:
        """Why there is no pair with all of ``keys`` to choose from; ``rows``: the pairs that the stage decided."""
        return why_outside(context, rows, keys)


def _carried(context: Context, built: RegionModel, first: Answer) -> np.ndarray | None:
    """(n,) float64 persons that each supporter carries in the first model's answer, where promises may be broken."""
    if not context.elastic:
        return None
    return np.bincount(built.pairs.supporter, first.arrays["x"][built.parts], len(built.members.supporters))


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
    """The published pairs, or those in force, as a first guess of x; NaN leaves y and z to the solver."""
    guess = built.pairs.in_force if built.keep is None else built.keep.published
    if not guess.any():
        return None
    start = np.full(built.model.n_columns, np.nan)
    start[: built.pairs.size] = guess
    return start


def _recipients_priced(context: Context) -> bool:
    """Whether prices of a recognised assignment are the recipients': else it could be one the other way round."""
    return list(context.policy["partners_per_recipient"] or ()) == [1, 1]


def _region_task(context: Context, built: RegionModel, limits: Limits) -> Task:
    """The first model; with own scores a plain assignment inside it is recognised and solved as such."""
    arrays = eligible.hold(built.model.arrays(_start(built)), built.pairs, context.what_if)
    arrays = nearest(context, built.keep, arrays, np.arange(built.pairs.size), _most_pairs(context, built))
    plain = context.policy["objective"] == "scores" and _recipients_priced(context) and built.keep is None
    engine = "choose" if plain else "mip"
    return Task(engine, arrays, limits.options(), NAME)


def _most_pairs(context: Context, built: RegionModel) -> int:
    """Region pairs that can be chosen at most."""
    most = context.policy["partners_per_recipient"]
    return (
        built.pairs.size
        if most is None
        else min(built.pairs.size, int(most[1]) * len(built.pairs.recipients))
    )


def _unweighed(context: Context, built: RegionModel, answer: Answer) -> Answer:
    """The answer with objective and bound in the model's own cost."""
    answer = eligible.let_go(answer, built.model, context.what_if)
    return let_go(context, built.keep, answer, built.model, _most_pairs(context, built))


def _regions(
    context: Context, run: Run, limits: Limits, forbidden: list[np.ndarray]
) -> tuple[RegionModel, Answer, np.ndarray, np.ndarray | None]:
    """The first model's answer that is none of ``forbidden`` (n,) bool, its pairs, and how their loads are divided.

    Shares first; whole persons only where shares cannot be rounded. Loads are ``None`` where nothing is divided.
    """
    for exact in (True,) if context.elastic else (False, True):
        built = build_regions(context, exact)
        if forbidden:
            built = replace(built, model=other_plans(built.model, built.pairs.size, None, forbidden))
        first = _unweighed(context, built, run([_region_task(context, built, limits)])[0])
        if first.status not in SOLVED:
            return built, first, np.zeros(0, dtype=np.int64), None
        chosen = np.flatnonzero(mask_of(built, first))
        if context.policy["objective"] == "scores":
            return built, first, chosen, None
        carried = _carried(context, built, first)
        loads = divide_loads(context, run, limits, built.members, built.pairs, chosen, carried=carried)
        if loads is not None:
            break
    return built, first, chosen, loads


def mask_of(built: RegionModel, answer: Answer) -> np.ndarray:
    """(n,) bool: the region pairs of an answer."""
    return np.asarray(answer.arrays["x"][: built.pairs.size] > 0)


def _without(
    context: Context, executor: Executor, limits: Limits, built: RegionModel | CountyModel, answer: Answer
) -> Outcome:
    """The outcome where a model has no answer: INFEASIBLE with its clash in words, or not in time."""
    clashes = []
    if answer.status == "INFEASIBLE" and context.what_if is None:
        clashes = find_clashes(STAGE, context, built, executor, limits)
    return eligible.choice_outcome(NAME, built.pairs, answer, model=built.model, clashes=clashes)


STAGE = Pairing()
