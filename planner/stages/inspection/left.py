"""Why a team makes no visit, and why nobody makes one: in the same words for the single answer and for the whole table."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from graph.language import Text
from graph.schema import ENUMS
from planner.cost import SCALE
from planner.reason import Left
from planner.stage import Context
from planner.stages.inspection.model import InspectionModel, Work, build_model
from planner.stages.inspection.settings import NAME, SETTINGS
from planner.stages.inspection.shut import barred_by
from planner.stages.inspection.visits import Visit
from planner.stages.pairs_left import SHUT, Chosen, why_left
from planner.stages.words import rules_said

NO_VISIT = Text("这一年没有要做的督查", "there is no visit to be made in the year")
NO_TEAM = Text("没有督查组", "there is no inspection team")


class LeftOver:
    """What a plan left open: teams without a visit, visits without a team.

    Parameters
    ----------
    context : Context
    made : iterable of (str, str, str)
        The visits of the plan: kind, region, team.
    """

    def __init__(self, context: Context, made: Iterable[tuple[str, str, str]]) -> None:
        self._context, self._built, taken = context, build_model(context), set(made)
        self.work = self._built.work
        ends = zip(self._built.team.tolist(), self._built.visit.tolist(), strict=True)
        mask = [(*visit_key(self.work, v), self.work.teams.ids[t]) in taken for t, v in ends]
        cost = self.work.cost[self._built.team, self._built.visit]
        self._plan = Chosen(self._built.model, np.array(mask, np.bool_), cost, SCALE, self._named)

    @property
    def idle(self) -> list[int]:
        """Teams that make no visit."""
        return _none_of(self._built.team[self._plan.mask], len(self.work.teams.ids))

    @property
    def unmade(self) -> list[int]:
        """Visits that nobody makes."""
        return _none_of(self._built.visit[self._plan.mask], len(self.work.visits))

    def of_team(self, team: int) -> Left:
        """Why a team makes no visit."""
        if not self.work.visits:
            return Left(NO_VISIT)
        numbers = np.flatnonzero(self._built.team == team)
        return self._why(numbers, [(team, v) for v in range(len(self.work.visits))])

    def of_visit(self, visit: int) -> Left:
        """Why nobody makes a visit."""
        if not self.work.teams.ids:
            return Left(NO_TEAM)
        numbers = np.flatnonzero(self._built.visit == visit)
        return self._why(numbers, [(t, visit) for t in range(len(self.work.teams.ids))])

    def _why(self, numbers: np.ndarray, pairs: list[tuple[int, int]]) -> Left:
        if numbers.size:
            return why_left(NAME, self._plan, numbers, SETTINGS)
        barred = [barred_by(self._context, self.work, t, v) for t, v in pairs]
        common = set.intersection(*map(set, barred))
        rules = tuple(dict.fromkeys(r for one in barred for r in one if r in (common or one)))
        return Left(SHUT.fill(rules=rules_said(NAME, rules, SETTINGS)), rules)

    def _named(self, number: int) -> Text:
        return visit_said(self._context, self._built, number)


def visit_key(work: Work, visit: int) -> tuple[str, str]:
    """Kind and region."""
    return work.visits[visit].kind, work.visits[visit].region


def visit_said(context: Context, built: InspectionModel, number: int) -> Text:
    """A column of the model: the team, and the visit that it would make."""
    team, visit = built.work.teams.ids[int(built.team[number])], built.work.visits[int(built.visit[number])]
    what = visit_words(context, visit)
    return Text(f"{team} → {what.zh}", f"{team} → {what.en}")


def visit_words(context: Context, visit: Visit) -> Text:
    """A visit: the region, and the kind."""
    kind, name = (
        ENUMS["inspection_kind"].get(visit.kind, Text(visit.kind, visit.kind)),
        context.network.label(visit.region),
    )
    return Text(f"{name}（{kind.zh}）", f"{name} ({kind.en})")


def _none_of(taken: np.ndarray, n: int) -> list[int]:
    return np.flatnonzero(np.bincount(taken, minlength=n) == 0).tolist()
