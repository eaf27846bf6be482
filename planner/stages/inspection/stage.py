"""The stage `inspection`: the order of its steps, and the round robin beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from graph.language import Text, several
from planner.composition import TOTAL_COST
from planner.cost import SCALE
from planner.policy import Setting
from planner.reason import Explanation, Left
from planner.solve.task import Answer, Task
from planner.stage import Context, Kpi, Limits, Outcome
from planner.stages.designation import cheapest_first
from planner.stages.inspection.asked import hold_visits
from planner.stages.inspection.conflicts import forbidden, may_lead
from planner.stages.inspection.figures import figures
from planner.stages.inspection.model import InspectionModel, Work, build_model, days_room, find_work
from planner.stages.inspection.reasons import explain_visits
from planner.stages.inspection.results import inspection_table, scored_table
from planner.stages.inspection.scores import ScoredModel, build_scored, count_scored, days_of
from planner.stages.inspection.settings import NAME, READS, SETTINGS
from planner.stages.keeping import let_go as unweighed
from planner.stages.keeping import nearest, with_ends, with_told
from planner.stages.pairs import choice_outcome, let_go
from planner.stages.pairs_explained import explain_pairs
from planner.stages.pairs_left import chosen_of, why_left
from planner.stages.words import clash, name_list

TITLE = Text("督查巡查", "inspection")
CHANGED = Text("与已公布方案不同的督查", "visits that are not as published")
PROOF = Text(
    "抽样由种子决定，与求解无关；派组的界由求解器给出，可行性与目标由 verify 复核",
    "the sample follows from the seed, not from a solver; the bound on the assignment is the solver's word; "
    "verify re-checks feasibility and objective",
)


@dataclass(frozen=True)
class Inspection:
    """The stage `inspection`; see the package's docstring."""

    name: str = NAME
    title: Text = TITLE
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: READS)
    needs: tuple[str, ...] = ("regions", "inspection_teams")
    sees: tuple[str, ...] = ("pairing", "designation")
    settings: tuple[Setting, ...] = SETTINGS

    def count(self, context: Context) -> list[Text]:
        """Visits without a county left, visits that no team may make, more days than the teams have."""
        if context.policy["objective"] == "scores":
            return count_scored(context)
        work = find_work(context)
        return _no_county(context, work) + _no_team(context, work) + _too_few_days(context, work)

    def tasks(self, context: Context, limits: Limits) -> tuple[list[Task], Any]:
        """One integer model; with own scores a plain assignment inside it is recognised and solved as such."""
        scored = context.policy["objective"] == "scores"
        built: InspectionModel | ScoredModel = build_scored(context) if scored else build_model(context)
        # without the rule on visits an assignment could be one the other way round, and prices those of teams
        plain = scored and context.policy.on("teams_per_visit") and built.keep is None
        engine = "choose" if plain else "mip"
        arrays = built.model.arrays()
        if isinstance(built, InspectionModel):
            arrays = hold_visits(context, built, arrays)
        if built.keep is not None:
            x = np.arange(len(built.keep.published))
            arrays = nearest(context, built.keep, arrays, x, built.most)
        return [Task(engine, arrays, limits.options(), NAME)], built

    def answer(
        self, context: Context, built: InspectionModel | ScoredModel, answers: Sequence[Answer]
    ) -> Outcome:
        """Chosen teams and visits as a table."""
        (answer,) = answers
        if isinstance(built, ScoredModel):
            answer = unweighed(context, built.keep, answer, built.model, built.most)
            found = choice_outcome(NAME, built.pairs, answer, model=built.model)
            if answer.status not in ("OPTIMAL", "FEASIBLE"):
                return found
            chosen = np.flatnonzero(answer.arrays["x"][: built.pairs.size] > 0)
            found = replace(found, tables={"inspections": scored_table(context, built.pairs, chosen)})
            return with_told(found, built.keep, answer.arrays["x"][: built.pairs.size] > 0)
        answer = let_go(answer, built.model, context.what_if)
        return _outcome(context, built, unweighed(context, built.keep, answer, built.model, built.most))

    def baseline(self, context: Context) -> dict[str, pl.DataFrame]:
        """Round robin: each visit in turn to the next team that is large enough and not from there."""
        if context.policy["objective"] == "scores":
            pairs = build_scored(context).pairs
            chosen = cheapest_first(pairs, days_of(context, pairs.supporters))
            return {"inspections": scored_table(context, pairs, chosen)}
        work = find_work(context)
        team, visit = round_robin(context, work)
        return {"inspections": inspection_table(context, work, team, visit)}

    def measure(self, context: Context, tables: Mapping[str, pl.DataFrame]) -> list[Kpi]:
        """Visits, counties, conflicts of interest, days and their spread, cost."""
        return figures(context, tables["inspections"])

    def explain(
        self, context: Context, tables: Mapping[str, pl.DataFrame], keys: tuple[str, ...]
    ) -> list[Explanation]:
        """Each visit of the subject: the team chosen, the next cheapest, and a nearer one that may not go."""
        if context.policy["objective"] == "scores":
            rows = tables["inspections"].with_columns(
                stage=pl.lit(NAME), supporter="team", recipient="region", load="days"
            )
            return _explain_scored(context, rows, keys)
        return explain_visits(context, tables["inspections"], keys)


def _explain_scored(context: Context, rows: pl.DataFrame, keys: tuple[str, ...]) -> list[Explanation]:
    built = build_scored(context)

    def left(numbers: np.ndarray) -> Left:
        return why_left(NAME, chosen_of(context, built.pairs, built.model, rows), numbers, SETTINGS)

    return explain_pairs(context, NAME, built.pairs, rows, keys, why=left)


def _outcome(context: Context, built: InspectionModel, answer: Answer) -> Outcome:
    engine = Text("HiGHS 整数规划", "HiGHS, integer programme")
    sizes = {"teams": len(built.work.teams.ids), "visits": len(built.work.visits), "counties": len(built.work.stops),
             "columns": built.model.n_columns, "rows": built.model.n_rows}  # fmt: skip
    bound = answer.facts.get("bound")
    if answer.status not in ("OPTIMAL", "FEASIBLE"):
        status: Any = answer.status
        return Outcome(status, {}, None, bound, SCALE, engine, PROOF, sizes=sizes)
    at = np.flatnonzero(answer.arrays["x"][: len(built.team)] > 0)
    objective, keep = int(answer.facts["objective"]), built.keep
    found = Outcome(
        "OPTIMAL" if answer.status == "OPTIMAL" else "FEASIBLE",
        {"inspections": inspection_table(context, built.work, built.team[at], built.visit[at])},
        objective,
        bound,
        SCALE,
        engine,
        PROOF,
        sizes=sizes,
        warnings=_nothing_due(built.work) + _short_samples(context, built.work),
        details={"cut_short": bool(answer.facts.get("cut_short")), "nodes": answer.facts.get("nodes", 0)},
    )
    if keep is None:
        return found
    rows = int(built.work.cost[built.team[at], built.visit[at]].sum())
    composition = with_ends(TOTAL_COST, objective, rows, SCALE, CHANGED)
    return with_told(replace(found, composition=composition), keep, answer.arrays["x"][: len(built.team)] > 0)


def _nothing_due(work: Work) -> list[Text]:
    if work.visits:
        return []
    return [Text("没有应督查的地区：assessments 为空，也没有带名单内县标签（county_tag）的县",
                 "no region is due: assessments is empty, and no county bears the tag of listed counties (county_tag)")]  # fmt: skip


def _short_samples(context: Context, work: Work) -> list[Text]:
    """Visits that sample fewer counties than set, because no more may be visited or there are no more."""
    short = _short(context, work)
    if not short:
        return []
    names = name_list(context.network, [work.visits[v].region for v in short])
    return [Text(f"{len(short)} 次督查抽不足县数（visits_per_county 或县数所限）：{names.zh}",
                 f"{several(len(short), 'visit samples', 'visits sample')} fewer counties than set (visits_per_county, or no more there): {names.en}")]  # fmt: skip


def _short(context: Context, work: Work, below: int | None = None) -> list[int]:
    found = np.bincount([s.visit for s in work.stops], minlength=len(work.visits))
    wanted = [
        int(context.policy["counties_per_visit"][v.kind]) if below is None else below for v in work.visits
    ]
    return [v for v in range(len(work.visits)) if found[v] < wanted[v]]


def round_robin(context: Context, work: Work) -> tuple[np.ndarray, np.ndarray]:
    """(team, visit) of the round robin; a visit that no team may make is left out."""
    regions = list(dict.fromkeys(v.region for v in work.visits))
    own = forbidden(context, work.teams, regions).get(
        "no_own", np.zeros((len(work.teams.ids), len(regions)), dtype=bool)
    )
    n, turn = len(work.teams.ids), 0
    chosen: list[tuple[int, int]] = []
    for v, visit in enumerate(work.visits):
        able = may_lead(context, work.teams, visit.kind) & ~own[:, regions.index(visit.region)]
        order = [(turn + i) % n for i in range(n)]
        t = next((t for t in order if able[t]), None)
        if t is not None:
            chosen.append((t, v))
            turn = t + 1
    picked = np.array(chosen, dtype=np.int64).reshape(-1, 2)
    return picked[:, 0], picked[:, 1]


def _no_county(context: Context, work: Work) -> list[Text]:
    empty = _short(context, work, 1)
    if not empty:
        return []
    names = name_list(context.network, [work.visits[v].region for v in empty])
    return [clash(Text(f"{len(empty)} 次督查已无县可查：{names.zh}", f"{several(len(empty), 'visit has', 'visits have')} no county left to inspect: {names.en}"),
                  "visits_per_county", "counties_per_visit")]  # fmt: skip


def _least_teams(context: Context) -> int:
    return int(context.policy["teams_per_visit"][0]) if context.policy.on("teams_per_visit") else 0


def _no_team(context: Context, work: Work) -> list[Text]:
    least = _least_teams(context)
    lost = np.flatnonzero(work.allowed.sum(axis=0) < least)
    if not lost.size:
        return []
    names = name_list(context.network, [work.visits[v].region for v in lost])
    return [clash(Text(f"{lost.size} 次督查可派的组不足 {least} 个：{names.zh}",
                       f"{several(lost.size, 'visit has', 'visits have')} fewer than {least} teams that may make {'it' if lost.size == 1 else 'them'}: {names.en}"),
                  "teams_per_visit", "team_size", "led_by", "no_own", "no_paired", "no_designated", "no_supervising",
                  "no_reciprocal", "no_repeat")]  # fmt: skip


def _too_few_days(context: Context, work: Work) -> list[Text]:
    if not context.policy.on("team_days") or not work.allowed.size:
        return []
    told = days_room(context, work).clashes()
    return [clash(t, "team_days", "counties_per_visit", "days_per_county") for t in told]


STAGE = Inspection()
