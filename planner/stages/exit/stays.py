"""Why a county or village does not exit within the years planned: in the same words for the single answer and for the whole table."""

from __future__ import annotations

import numpy as np

from graph.language import Text
from planner.reason import Left
from planner.stages.exit.model import Parts
from planner.stages.exit.settings import SETTINGS
from planner.stages.words import rules_said

CLOSED = Text("规划的每一年都受限于：{rules}", "every year planned is closed by: {rules}")
NO_BETTER = Text(
    "没有规则要求在规划的年份内退出，退出也没有得到更好的方案",
    "no rule asks for an exit within these years, and no better plan was found with one",
)


def why_stays(parts: Parts, code: str) -> Left:
    """Why one that is planned for does not exit: the rules that close every year to it, else that nothing asks for an exit."""
    masks = _closed(parts, code)
    if not masks or not np.logical_or.reduce(list(masks.values())).all():
        return Left(NO_BETTER)
    rules = tuple(rule for rule, mask in masks.items() if mask.any())
    return Left(CLOSED.fill(rules=rules_said("exit", rules, SETTINGS)), rules)


def _closed(parts: Parts, code: str) -> dict[str, np.ndarray]:
    """Rule of its own → (years,) bool: the years that it closes."""
    if code in parts.places.listed:
        row = parts.places.listed.index(code)
        return {rule: mask[row] for rule, mask in parts.blocked.items()}
    years = np.arange(len(parts.places.years))
    return {"village_line": years < parts.villages.ready[parts.villages.codes.index(code)]}
