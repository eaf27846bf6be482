"""Own scores: teams to regions as the plain assignment problem of ``pair_scores``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.choice import INFINITY, ChoiceModel
from planner.stage import Context
from planner.stages.inspection.settings import NAME
from planner.stages.pairs import Pairs, degree_rows, scored_pairs


@dataclass(frozen=True)
class ScoredModel:
    """Arrays of the assignment."""

    pairs: Pairs
    model: ChoiceModel


def build_scored(context: Context) -> ScoredModel:
    """Each listed region by ``teams_per_visit`` teams, each team's loads within ``days_max``."""
    policy, pairs, model = context.policy, scored_pairs(context, NAME), ChoiceModel()
    x = model.columns(pairs.cost)
    if policy.on("teams_per_visit"):
        low, high = policy["teams_per_visit"]
        degree_rows(model, "teams_per_visit", x, pairs.recipient, len(pairs.recipients), (low, high))
    if policy.on("team_days"):
        limits = (-INFINITY, days_of(context, pairs.supporters))
        degree_rows(model, "team_days", x, pairs.supporter, len(pairs.supporters), limits, pairs.load)
    return ScoredModel(pairs, model)


def days_of(context: Context, teams: list[str]) -> np.ndarray:
    """(n,) float64 days that each team has; infinite where the table does not know it."""
    given = dict(context.network.frame("inspection_teams").select("id", "days_max").iter_rows())
    return np.array([INFINITY if given.get(t) is None else given[t] for t in teams], dtype=np.float64)
