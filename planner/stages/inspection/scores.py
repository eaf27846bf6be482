"""Own scores: teams to regions as the plain assignment problem of ``pair_scores``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graph.language import Text
from graph.network import Network
from planner.published import CHANGES_MAX, FROZEN
from planner.solve.choice import INFINITY, ChoiceModel
from planner.stage import Context
from planner.stages.inspection.against import keep_scored
from planner.stages.inspection.model import DAYS, SPEND, TEAM
from planner.stages.inspection.settings import NAME
from planner.stages.keeping import Keep, hold_rows, places_of
from planner.stages.pairs import Pairs, degree_rows, scored_pairs
from planner.stages.room import Noun, Room, rows_hit
from planner.stages.words import clash

REGION = Noun("个地区", "region", "regions")


@dataclass(frozen=True)
class ScoredModel:
    """Arrays of the assignment."""

    pairs: Pairs
    model: ChoiceModel
    room: Room
    network: Network
    keep: Keep | None = None

    @property
    def most(self) -> int:
        """Pairs that can be chosen at most."""
        return self.pairs.size

    def places(self, rule: str, rows: np.ndarray) -> Text:
        """The teams and regions of a rule that clash, with numbers."""
        if self.keep is not None and rule in (CHANGES_MAX, FROZEN):
            return places_of(self.keep, self.network, rule)
        hit = rows_hit(self.model.rules, np.concatenate(self.model.row_rule), rule, rows)
        return self.room.told(hit) if rule == "team_days" else self.room.weights(hit)


def build_scored(context: Context) -> ScoredModel:
    """Each listed region by ``teams_per_visit`` teams, each team's loads within ``days_max``."""
    policy, pairs, model = context.policy, scored_pairs(context, NAME), ChoiceModel(named=context.elastic)
    x = model.columns(pairs.cost)
    if policy.on("teams_per_visit"):
        low, high = policy["teams_per_visit"]
        n, about = len(pairs.recipients), pairs.recipients
        degree_rows(model, "teams_per_visit", x, pairs.recipient, n, (low, high), about=about)
    if policy.on("team_days"):
        limits = (-INFINITY, days_of(context, pairs.supporters))
        degree_rows(
            model,
            "team_days",
            x,
            pairs.supporter,
            len(pairs.supporters),
            limits,
            pairs.load,
            pairs.supporters,
        )
    keep = keep_scored(context, pairs)
    if keep is not None:
        hold_rows(model, keep, x)
    return ScoredModel(pairs, model, scored_room(context, pairs), context.network, keep)


def scored_room(context: Context, pairs: Pairs) -> Room:
    """The days that each team has, and the loads of the regions."""
    label, limits = context.network.label, context.policy["teams_per_visit"]
    return Room(
        pairs.supporters, [label(r) for r in pairs.recipients], pairs.supporter, pairs.recipient, pairs.load,
        days_of(context, pairs.supporters), int(limits[0]) if limits is not None else 0, TEAM, REGION, unit=DAYS, can=SPEND,
    )  # fmt: skip


def count_scored(context: Context) -> list[Text]:
    """Loads of the regions against the days that the teams have."""
    if not context.policy.on("team_days"):
        return []
    told = scored_room(context, scored_pairs(context, NAME)).clashes()
    return [clash(t, "team_days", "teams_per_visit") for t in told]


def days_of(context: Context, teams: list[str]) -> np.ndarray:
    """(n,) float64 days that each team has; infinite where the table does not know it."""
    given = dict(context.network.frame("inspection_teams").select("id", "days_max").iter_rows())
    return np.array([INFINITY if given.get(t) is None else given[t] for t in teams], dtype=np.float64)
