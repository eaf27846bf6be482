"""Leximin: the least met share of a county in a year as large as can be, then the next, and so on; weighted need met last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from graph.errors import ScenarioError
from planner.published import CHANGES_MAX
from planner.solve.parts import ONE, part
from planner.solve.pool import Executor, OnProgress
from planner.solve.task import Answer, Task
from planner.stage import Context, Limits
from planner.stages.funds.built import Built
from planner.stages.funds.certificate import proof_prices
from planner.stages.funds.facts import Facts
from planner.stages.funds.known import Known
from planner.stages.funds.tasks import task_of


@dataclass(frozen=True)
class Levels:
    """What the rounds came to.

    Parameters
    ----------
    built : Built
        The model without levels, to which the cuts belong.
    level, fixed : ndarray
        (C, T) int64: share of what a county can get in a year, in parts of ``ONE``, and the round that fixed it (−1: none).
    answer : Answer
        The engine's.
    """

    built: Built
    level: np.ndarray
    fixed: np.ndarray
    answer: Answer

    def floors(self, known: Known) -> Known:
        """The same numbers with each county's floor raised to its level."""
        low = np.maximum(known.county_low, part(known.most(), self.level))
        return replace(known, county_low=low)

    def certificates(self) -> dict[str, np.ndarray]:
        """``level``, ``level_round`` and, for each round, its cut as prices of 0 and 1 in the rules' terms (``cut_*``)."""
        cuts = [
            proof_prices(self.built, behind.astype(np.int64), 0) for behind in self.answer.arrays["behind"]
        ]
        names = [k for k in cuts[0] if k != "dual_scale"] if cuts else []
        stacked = {f"cut_{k}": np.stack([c[k] for c in cuts]).astype(np.int8) for k in names}
        return {"level": self.level, "level_round": self.fixed, **stacked}

    def told(self) -> dict[str, Any]:
        """For ``plan.json``: each round's level, and how many county-years it fixed; how many none did."""
        facts = self.answer.facts
        rounds = [
            {"share": level / ONE, "fixed": n}
            for level, n in zip(facts["levels"], facts["fixed"], strict=True)
        ]
        there = self.built.county_node >= 0
        return {"rounds": rounds, "left": int((there & (self.fixed < 0)).sum())}


def levels_of(
    context: Context,
    facts: Facts,
    known: Known,
    executor: Executor,
    limits: Limits,
    on_progress: OnProgress | None,
    rounds: int | None = None,
) -> Levels:
    """The levels of all counties and years; ``rounds`` at most, else as the policy says.

    Raises
    ------
    ScenarioError
        When the rules are no flow.
    """
    task, built = task_of(context, facts, known, limits)
    limited = context.published is not None and context.policy.on(CHANGES_MAX)
    why = built.why_rows or [
        k
        for k, on in (("smallest_project", context.policy.on("smallest_project")), (CHANGES_MAX, limited))
        if on
    ]
    if why:
        zh, en = "、".join(why), ", ".join(why)
        raise ScenarioError(
            f'[funds] 逐轮抬升最低满足率要求全部规则成层级；这些不成：{zh}。改动它们，或改用 fairness = "weighted" 或 "proportional"',
            f"[funds] raising the least met share round by round needs rules that form a flow; these do not: {en}. Change "
            'them, or choose fairness = "weighted" or "proportional"',
        )
    place = built.model.families["county"]
    arrays = {**task.arrays, "fair_arc": np.arange(place.start, place.stop)}
    options = {**limits.options(), "rounds": rounds or int(context.policy["fairness_rounds"])}
    answer = executor.run([Task("fair_levels", arrays, options, "leximin")], on_progress)[0]
    shape = built.county_node.shape
    level, fixed = np.zeros(shape, dtype=np.int64), np.full(shape, -1, dtype=np.int64)
    if "level" in answer.arrays:
        at = tuple(built.index["county"].T)
        level[at], fixed[at] = answer.arrays["level"], answer.arrays["round"]
    return Levels(built, level, fixed, answer)


def decided(
    context: Context,
    facts: Facts,
    known: Known,
    executor: Executor,
    limits: Limits,
    on_progress: OnProgress | None,
) -> tuple[Built, Answer, Levels | None]:
    """The model and its answer, as fairness asks: under leximin with each county's floor at its level."""
    levels = None
    if context.policy["fairness"] == "leximin":
        levels = levels_of(context, facts, known, executor, limits, on_progress)
        if levels.answer.status != "OPTIMAL":
            return levels.built, levels.answer, None
        known = levels.floors(known)
    task, built = task_of(context, facts, known, limits)
    return built, executor.run([task], on_progress)[0], levels
