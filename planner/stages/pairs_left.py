"""Why something is not chosen: what one more beside what the plan chose would break, and cost; and what may not be chosen at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from graph.language import Text
from planner.policy import Setting
from planner.reason import Left
from planner.solve.choice import AHEAD, ChoiceModel
from planner.solve.one_more import in_the_way
from planner.stage import Context
from planner.stages.pairs import Pairs
from planner.stages.words import rules_said

ADDED = Text(
    "规则不要求有；在方案所选之外再加最便宜的 {what}，{change}；用它换下别的，也没有找到更好的方案",
    "no rule asks for one; the cheapest besides what the plan chose, {what}, {change}, and in the place of another it gave no better plan",
)
ONE_ADDED = Text(
    "规则不要求有；在方案所选之外再加它，{change}；用它换下别的，也没有找到更好的方案",
    "no rule asks for it; besides what the plan chose it {change}, and in the place of another it gave no better plan",
)
FULL = Text(
    "在方案所选之外没有余地：{rules}；用它换下别的，也没有找到更好的方案",
    "there is no room besides what the plan chose: {rules}; in the place of another it gave no better plan",
)
CHANGES = {
    1: Text("总目标变差 {points} 分", "makes the total worse by {points} points"),
    0: Text("总目标不变", "leaves the total as it is"),
    -1: Text("总目标变好 {points} 分（方案没有证明最优）", "betters the total by {points} points (the plan is not proved to be the best)"),
}  # fmt: skip
SHUT = Text("没有一个可选的组合：{rules}", "no pair with it may be chosen: {rules}")
ONE_SHUT = Text("不可选：{rules}", "it may not be chosen: {rules}")
UNLISTED = Text("pair_scores 没有列出", "pair_scores does not list it")


@dataclass(frozen=True)
class Chosen:
    """A choice model beside a plan's answer to it.

    Parameters
    ----------
    model : ChoiceModel
    mask : ndarray
        (n,) bool: which of its first n columns, the choices, the plan has.
    cost : ndarray
        (n,) int64 in 1/``scale`` points, to be minimised.
    scale : int
    named : callable
        Number of a choice → what it is called.
    """

    model: ChoiceModel
    mask: np.ndarray
    cost: np.ndarray
    scale: int
    named: Callable[[int], Text]

    @cached_property
    def in_the_way(self) -> tuple[np.ndarray, np.ndarray]:
        """Choices, sorted, and for each a row that one more of it breaks; see :func:`~planner.solve.one_more.in_the_way`."""
        return in_the_way(self.model.arrays(), self.mask.astype(np.int64), np.arange(len(self.mask)))

    def rules_of(self, number: int) -> set[str]:
        """The rules that one more of a choice breaks, each by itself."""
        column, row = self.in_the_way
        here = row[np.searchsorted(column, number) : np.searchsorted(column, number, "right")]
        of_row = np.concatenate(self.model.row_rule) if len(here) else np.zeros(0, np.int64)
        return {self.model.rules[rule].removesuffix(AHEAD) for rule in of_row[here].tolist()}


def chosen_of(context: Context, pairs: Pairs, model: ChoiceModel, rows: pl.DataFrame) -> Chosen:
    """A model, whose first columns are ``pairs``, beside those that stand in ``rows`` (columns supporter, recipient)."""
    taken = set(rows.select("supporter", "recipient").iter_rows())
    ends = zip(pairs.supporter.tolist(), pairs.recipient.tolist(), strict=True)
    mask = [(pairs.supporters[s], pairs.recipients[r]) in taken for s, r in ends]
    return beside(context, pairs, model, np.array(mask, np.bool_))


def beside(context: Context, pairs: Pairs, model: ChoiceModel, mask: np.ndarray) -> Chosen:
    """A model, whose first columns are ``pairs``, beside those of ``mask`` (n,) bool."""
    label = context.network.label

    def named(number: int) -> Text:
        ends = pairs.supporters[pairs.supporter[number]], pairs.recipients[pairs.recipient[number]]
        told = " → ".join(label(end) for end in ends)
        return Text(told, told)

    return Chosen(model, mask, pairs.cost, pairs.scale, named)


def why_left(stage: str, plan: Chosen, numbers: np.ndarray, settings: Sequence[Setting]) -> Left:
    """Why none of some choices (``numbers``, one or more) is the plan's.

    Where one of them has room besides what the plan chose, what the cheapest of these would add to the total; else the rules that
    leave no room: those that do so to every one, or where no rule does, all that do so to any.
    """
    free = numbers[~np.isin(numbers, plan.in_the_way[0])]
    if free.size:
        return _added(plan, int(free[plan.cost[free].argmin()]), len(numbers) == 1)
    of = [plan.rules_of(number) for number in numbers.tolist()]
    every, some = set.intersection(*of), set.union(*of)
    known = [rule.removesuffix(AHEAD) for rule in plan.model.rules]
    rules = tuple(dict.fromkeys(rule for rule in known if rule in (every or some)))
    return Left(FULL.fill(rules=rules_said(stage, rules, settings)), rules)


def _added(plan: Chosen, number: int, alone: bool) -> Left:
    cost = int(plan.cost[number])
    change = CHANGES[int(np.sign(cost))].fill(points=f"{abs(cost) / plan.scale:,.3f}")
    if alone:
        return Left(ONE_ADDED.fill(change=change))
    return Left(ADDED.fill(what=plan.named(number), change=change))


def why_shut(
    stage: str, every: Pairs, shut: Mapping[str, np.ndarray], keys: Sequence[str], settings: Sequence[Setting]
) -> Left | None:
    """Why no pair with all of ``keys`` may be chosen: the rules that leave them out of ``every`` pair there is.

    Parameters
    ----------
    stage : str
    every : Pairs
        Pairs before any is left out.
    shut : mapping of str to ndarray
        Rule → (n,) bool: the pairs that it leaves out.
    keys : sequence of str
    settings : sequence of Setting
        Of the stage, for titles.

    Returns
    -------
    Left or None
        ``None`` where there is no such pair at all, or one that may be chosen.
    """
    mine = touching(every, keys)
    left_out = np.zeros(every.size, np.bool_)
    for mask in shut.values():
        left_out |= mask
    if not mine.any() or not left_out[mine].all():
        return None
    rules = tuple(rule for rule, mask in shut.items() if mask[mine].any())
    said = ONE_SHUT if len(keys) > 1 else SHUT
    return Left(said.fill(rules=rules_said(stage, rules, settings)), rules)


def touching(pairs: Pairs, keys: Sequence[str]) -> np.ndarray:
    """(n,) bool: the pairs of which each of ``keys`` is an end."""
    found = np.full(pairs.size, bool(keys))
    for key in keys:
        here = np.zeros(pairs.size, np.bool_)
        for ids, at in ((pairs.supporters, pairs.supporter), (pairs.recipients, pairs.recipient)):
            if key in ids:
                here |= at == ids.index(key)
        found &= here
    return found
