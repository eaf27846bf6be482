"""Why somebody is posted nowhere and why a seat stays empty: in the same words for the single answer and for the whole table."""

from __future__ import annotations

import numpy as np

from graph.language import Text
from graph.titles import role_title
from planner.published import FROZEN
from planner.reason import Left
from planner.stage import Context
from planner.stages.cadres.build import Model
from planner.stages.cadres.held_back import held_back
from planner.stages.cadres.settings import SETTINGS, TEAM_RULES
from planner.stages.cadres.shut_out import shut_out
from planner.stages.cadres.standing import Standing
from planner.stages.words import rules_said

NAME = "cadres"
GONE = Text("上一次派驻已因故结束（postings.ended_because）",
            "the last posting was ended for a reason of its own (postings.ended_because)")  # fmt: skip
AWAY = Text("不在可派时间内（cadres.availability）", "not available (cadres.availability)")
SHORT = Text("可派时间不足一个最短任期（cadres.availability、cadres.minimum_term_years）",
             "not available for a whole minimum term (cadres.availability, cadres.minimum_term_years)")  # fmt: skip
CLOSED = Text("没有够得着的空岗：{rules}", "no post within reach has a seat left: {rules}")
AS_WELL = Text(
    "每个够得着的岗位都由别人担任，至少同样好",
    "every post within reach is filled at least as well by somebody else",
)
HELD = Text(
    "空位属于最短任期未满的人，{ended}", "the seats are those of people in their minimum term; {ended}"
)
OTHERS = Text("空位属于最短任期未满的人", "the seats are held for people in their minimum term")
SHUT = Text(f"所在地区冻结（cadres.{FROZEN}）", f"the region is frozen (cadres.{FROZEN})")
NOBODY = Text(
    "没有一个够得着且合格的人；挡住人的规则：{rules}",
    "nobody who is fit is within reach; rules in the way: {rules}",
)
BUSY = Text(
    "可来的人在别处至少同样有用，派到这里没有得到更好的方案",
    "whoever could come does at least as much elsewhere, and no better plan was found with them here",
)
BUSY_TEAMS = Text(
    "可来的人在别处至少同样有用，或派来不合规则（{rules}），派到这里没有得到更好的方案",
    "whoever could come does at least as much elsewhere or may not come under {rules}, and no better plan was found with them here",
)


def ended_words(context: Context) -> Text:
    """That a minimum term is cut short."""
    leader = role_title(str(context.policy["leader_role"]))
    return Text(
        f"未满最短任期，因所在村没有{leader.zh}而提前结束",
        f"the minimum term is cut short, as the village has no {leader.en}",
    )


def why_nowhere(standing: Standing, row: int, reachable: bool) -> Left | None:
    """Why a cadre (row number) is posted nowhere; ``None`` where that takes a look at every post, wherever it is.

    ``reachable``: whether there is a post that the cadre may take.
    """
    people = standing.model.people
    if people.fixed[row]:
        return Left(ended_words(standing.context), ("minimum_term_years", "team_led"))
    if not people.free[row] and standing.gone[row]:
        return Left(GONE)
    if not people.free[row]:
        return Left(AWAY, ("availability",))
    if reachable:
        return Left(AS_WELL)
    return None if people.new[row] else Left(SHORT, ("availability", "minimum_term_years"))


def why_closed(standing: Standing, row: int) -> Left:
    """The rules that leave a free cadre no post: those of the posts that fewest rules keep closed. ``standing``: of all posts."""
    slots = np.arange(len(standing.seats))
    kept = shut_out(standing, np.full(len(slots), row), slots)
    rules = tuple(dict.fromkeys(r for one in kept if len(one.rules) == len(kept[0].rules) for r in one.rules))
    named = tuple(r for r in rules if r in _KEYS)
    return Left(CLOSED.fill(rules=rules_said(NAME, named, SETTINGS)), rules)


def why_empty(standing: Standing, slot: int, anybody: bool, ended: bool) -> Left:
    """Why a post has fewer people than its target.

    Parameters
    ----------
    standing : Standing
    slot : int
    anybody : bool
        Whether there is somebody who may newly take the post, seats aside.
    ended : bool
        Whether somebody in the minimum term was there and does not stay.
    """
    context, model = standing.context, standing.model
    if model.kept is not None and model.kept.shut[model.posts.village[slot]]:
        return Left(SHUT, (FROZEN,))
    if not standing.seats[slot]:
        told = HELD.fill(ended=ended_words(context)) if ended else OTHERS
        return Left(told, ("minimum_term_years", "team_led") if ended else ("minimum_term_years",))
    if not anybody:
        rules = tuple(r for r in held_back(context, model, np.array([slot]), 0).rules if r in _KEYS)
        return Left(NOBODY.fill(rules=rules_said(NAME, rules, SETTINGS)), rules)
    teams = tuple(r for r in ("team_minimum", "team_led", *TEAM_RULES) if context.policy.on(r))
    if not teams:
        return Left(BUSY)
    return Left(BUSY_TEAMS.fill(rules=rules_said(NAME, teams, SETTINGS)))


def ended_at(model: Model, placed: np.ndarray) -> np.ndarray:
    """(m,) bool: posts at which somebody in the minimum term was and does not stay; ``placed``: (n cadres,) bool."""
    found = np.zeros(len(model.posts.village), np.bool_)
    found[model.people.post[model.people.fixed & ~placed & (model.people.post >= 0)]] = True
    return found


_KEYS = {s.key for s in SETTINGS}
