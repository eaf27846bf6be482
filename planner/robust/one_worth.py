"""One allocation of money for all futures where a yuan is worth something else in each of them.

What must hold in every future is one network, as in :mod:`planner.robust.one_money`, with the least of what a need can take. What a need's money is
worth falls in steps whose ends differ by future: between two ends of any of them a yuan is worth one number in each. So a need has an arc for each such
piece, worth a number per future (S numbers an arc); none is worth more than one before it, whatever the future. The criterion decides between the futures
(:mod:`planner.solve.flow_futures`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from graph.language import Text
from planner.robust.one_money import RETURNED, equal_arrays, meet_facts, meet_known, same_ground
from planner.robust.one_rows import add_rows_of_all, same_returns
from planner.solve.task import Task
from planner.stage import Context, Limits
from planner.stages.funds.built import Built
from planner.stages.funds.facts import Facts
from planner.stages.funds.known import Known
from planner.stages.funds.network import build_network
from planner.stages.funds.stage import seen

OTHER = Text(
    "[funds] 各未来的年份、县、项目、来源、单价、优先的县、贷款成本或是否守预算不同，不能是一个方案；请让这些在各未来相同",
    "[funds] the futures differ in years, counties, programmes, sources, costs of one thing, counties that come first, what loans cost or whether "
    "budgets hold: that is no single plan; let these be the same in all futures",
)
PUBLISHED = Text(
    "[funds] 与已公布的方案对照时，每元的价值须在各未来相同；请去掉场景中的 published，或只让预算、下限与上限不确定",
    "[funds] beside a published plan a yuan must be worth the same in every future; leave `published` out of the scenario, or let budgets, floors and "
    "ceilings alone be uncertain",
)
FAIR = Text(
    '[funds] fairness 不是 "weighted"，而每元的价值在各未来不同；请用 --set funds.fairness=weighted，或只让预算、下限不确定',
    '[funds] fairness is not "weighted", and a yuan is worth something else in each future; use --set funds.fairness=weighted, or let budgets and '
    "floors alone be uncertain",
)


RULE_OF = {"ceiling:microcredit": "microcredit_loan_max", "ceiling:relending": "relending_share"}
"""Side rows that have not the name of their rule."""


def rows_refused(rows: Sequence[str]) -> Text:
    """Why there is no plan under rules that are no bounds on arcs where a yuan is worth something else in each future."""
    rules = list(dict.fromkeys(RULE_OF.get(row, row) for row in rows))
    named, off = ", ".join(rules), " ".join(f"--set funds.{rule}=off" for rule in rules)
    return Text(
        f"[funds] 现行规则跨年或跨县（{named}），而每元的价值在各未来不同：不能是一个网络流；请关闭这些规则（{off}），或只让预算、下限与上限不确定",
        f"[funds] rules across years or counties are in force ({named}), and a yuan is worth something else in each future: that is no single flow; "
        f"switch them off ({off}), or let budgets, floors and ceilings alone be uncertain",
    )


@dataclass(frozen=True)
class Worth:
    """What fits every future, and what it is worth in each.

    Parameters
    ----------
    built : Built
        The network; its steps are the pieces.
    cost : ndarray
        (S, n_steps) int64: minus what a yuan of each piece is worth in each future, thousandths of points.
    """

    built: Built
    cost: np.ndarray

    def fits(self, limits: Limits) -> Task:
        """Whether there is an allocation that fits every future, whatever it is worth."""
        return Task("bounded_flow", dict(self.built.model.arrays()), limits.options(), "funds")

    def task(self, criterion: str, limits: Limits, best: Sequence[int], tail: int) -> Task:
        """The best one by a criterion; ``best`` (S,): what each future's own best plan costs, ``tail``: how many futures the tail holds."""
        steps = self.built.model.families["step"]
        arrays = dict(self.built.model.arrays())
        cost = arrays["cost"].copy()
        cost[steps] = 0
        arrays |= {
            "cost": cost,
            "varying": np.arange(steps.start, steps.stop),
            "future_cost": self.cost,
            "best": np.array(best, dtype=np.int64),
        }
        options = {**limits.options(), "criterion": criterion, "tail": tail}
        return Task("flow_futures", arrays, options, criterion)


def worth_model(contexts: Sequence[Context]) -> Worth | Text:
    """The rules of all futures and the worth in each, or why there is no such model."""
    first = contexts[0].policy
    if any(c.policy["fairness"] != "weighted" for c in contexts):
        return FAIR
    read = [seen(c) for c in contexts]
    if any(k.published is not None for _, k in read):
        return PUBLISHED
    budgets = {c.policy.on("budgets") for c in contexts}
    if len(budgets) > 1 or not all(_comparable(read[0], other) for other in read[1:]):
        return OTHER
    facts = replace(
        reduce(meet_facts, (f for f, _ in read)), allowed=np.all([f.allowed for f, _ in read], axis=0)
    )
    known, ends = _pieces([k for _, k in read])
    built = build_network(facts, known, first.on("budgets"))
    if not same_returns(contexts):
        return RETURNED
    crossing = add_rows_of_all(contexts, read, built)
    crossing += ["smallest_project"] if any(c.policy.on("smallest_project") for c in contexts) else []
    if crossing:
        return rows_refused(crossing)
    return Worth(built, np.stack([-_worth(built, k, e) for (_, k), e in zip(read, ends, strict=True)]))


def _comparable(one: tuple[Facts, Known], other: tuple[Facts, Known]) -> bool:
    return (
        same_ground(one[0], other[0])
        and equal_arrays(one[0], other[0], "deep", "outside")
        and equal_arrays(one[1], other[1], "loan_cost")
    )


def _pieces(read: Sequence[Known]) -> tuple[Known, list[np.ndarray]]:
    """What all futures allow, its steps cut at every future's ends; and these ends, (K, C, P, T) yuan each, within what all allow."""
    cell = np.min([k.cell for k in read], axis=0)
    ends = [np.minimum(np.cumsum(k.steps, axis=0), cell) for k in read]
    cuts = np.sort(np.concatenate(ends), axis=0)
    steps = np.diff(cuts, axis=0, prepend=0)
    known = replace(reduce(meet_known, read), cell=cell, steps=steps, value=np.zeros_like(steps))
    return known, ends


def _worth(built: Built, known: Known, ends: np.ndarray) -> np.ndarray:
    """(n_steps,) int64 what a yuan of each piece is worth in a future: by the step of that future in which the piece begins."""
    piece, c, p, t = built.index["step"].T
    begin = (np.cumsum(built.known.steps, axis=0) - built.known.steps)[piece, c, p, t]
    step = (ends[:, c, p, t] <= begin).sum(axis=0)
    return np.asarray(known.value[step, c, p, t])
