"""Choices held against a published plan: how many may change, what each costs, which stay; else as near as costs allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from graph.language import Text, several
from graph.network import Network
from planner.composition import Composition, Part
from planner.cost import points
from planner.published import CHANGE_WEIGHT, CHANGES_MAX, FROZEN
from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.task import Answer, Arrays
from planner.stage import Context, Outcome
from planner.stages.words import name_list

TERM = "published"
ENDED = Text("公布后取消的决定", "published decisions that end")
MOST_NAMED = 8


@dataclass(frozen=True)
class Keep:
    """What a published plan asks of n choices.

    Parameters
    ----------
    plan : str
        Id of the published plan.
    published : ndarray
        (n,) bool: choices of that plan that can be made again. One that is not made again is a change, and so is each other one.
    frozen : mapping of str to ndarray
        Entry → (n,) bool: choices that stay as published.
    budget : int or None
        Changes at most.
    price : int
        Thousandths of a point for each change.
    lost : mapping of Text to list of Text
        Reason → what was published and cannot be chosen any more.
    count : int, optional
        How many choices of the published plan can be made again, where a column may stand for several.
    """

    plan: str
    published: np.ndarray
    frozen: Mapping[str, np.ndarray] = field(default_factory=dict)
    budget: int | None = None
    price: int = 0
    lost: Mapping[Text, list[Text]] = field(default_factory=dict)
    count: int | None = None

    @property
    def held(self) -> int:
        """How many choices of the published plan can be made again."""
        return int(self.published.sum()) if self.count is None else self.count

    def shut(self) -> np.ndarray:
        """(n,) bool: choices that what stays as published leaves out."""
        masks = [~self.published & frozen for frozen in self.frozen.values()]
        return np.asarray(np.any([np.zeros(len(self.published), np.bool_), *masks], axis=0))


def budget_of(context: Context) -> int | None:
    """Changes at most; ``None`` without a limit or a published plan."""
    most = context.policy[CHANGES_MAX] if context.published is not None else None
    return None if most is None else int(most)


def price_of(context: Context) -> int:
    """Thousandths of a point that a change costs; 0 under own scores, which are no points."""
    if context.published is None or context.policy.values.get("objective") == "scores":
        return 0
    return int(points(np.array([context.policy.weight(CHANGE_WEIGHT)]))[0])


def merged(*lost: Mapping[Text, list[Text]]) -> dict[Text, list[Text]]:
    """What could not be kept, from several models."""
    found: dict[Text, list[Text]] = {}
    for each in lost:
        for reason, names in each.items():
            found[reason] = found.get(reason, []) + names
    return found


def changes(keep: Keep, chosen: np.ndarray) -> int:
    """New and ended ones among the choices ``chosen`` (n,) bool."""
    return int((chosen ^ keep.published).sum())


def hold_rows(model: ChoiceModel, keep: Keep, x: np.ndarray, spent: int = 0) -> None:
    """The three rules as rows over the choices' columns ``x`` (n,); ``spent``: changes that are made elsewhere already.

    A new choice must have its price in the model's cost; what ends costs through a column of its own.
    """
    if keep.price:
        model_ends(model, keep.price, x[keep.published])
    if keep.budget is not None:
        sign = np.where(keep.published, -1.0, 1.0)
        most = float(keep.budget - spent - keep.held)
        model.rows(CHANGES_MAX, np.zeros(len(x)), x, sign, -INFINITY, most, 1)
    for mask in keep.frozen.values():
        freeze_rows(model, x, mask, keep.published)


def model_ends(model: ChoiceModel, price: int, kept: np.ndarray) -> None:
    """``e ≥ 1 − x`` for each published choice (k,) columns: what ends costs its price."""
    ends = model.columns(np.full(len(kept), price, dtype=np.int64))
    rows = np.tile(np.arange(len(kept)), 2)
    model.rows(CHANGE_WEIGHT, rows, np.concatenate([kept, ends]), 1.0, 1.0, INFINITY, len(kept))


def freeze_rows(model: ChoiceModel, x: np.ndarray, mask: np.ndarray, published: np.ndarray) -> None:
    """No new choice among those of ``mask`` (n,) bool, and every published one of them again."""
    for columns, limits in (
        (x[mask & ~published], (-INFINITY, 0.0)),
        (x[mask & published], (None, INFINITY)),
    ):
        least = float(len(columns)) if limits[0] is None else limits[0]
        if len(columns):
            model.rows(FROZEN, np.zeros(len(columns)), columns, 1.0, least, limits[1], 1)


def nearest(context: Context, keep: Keep | None, arrays: Arrays, x: np.ndarray, most: int) -> Arrays:
    """The arrays with changes weighed below any cost, so that of equally good choices those with the fewest are found.

    ``most``: other choices at most that count as a change each, so that no number of changes outweighs a thousandth; 0 where
    only published ones that end count. A choice to be priced (``what_if``) is near
    to its plan instead.
    """
    if keep is None or context.what_if is not None:
        return arrays
    cost = arrays["cost"] * step_of(keep, most)
    cost[x] += np.where(keep.published, -1, 1 if most else 0)
    return {**arrays, "cost": cost}


def step_of(keep: Keep, most: int) -> int:
    """What a thousandth weighs against one change."""
    return most + keep.held + 1


def let_go(context: Context, keep: Keep | None, answer: Answer, model: ChoiceModel, most: int) -> Answer:
    """The answer of :func:`nearest`'s arrays with objective and bound in the model's own cost."""
    if keep is None or context.what_if is not None:
        return answer
    facts, step = dict(answer.facts), step_of(keep, most)
    if facts.get("bound") is not None:
        facts["bound"] = (int(facts["bound"]) + keep.held) // step
    if "x" in answer.arrays:
        facts["objective"] = int(np.concatenate(model.cost) @ answer.arrays["x"].astype(np.int64))
        if facts.get("bound") is not None:
            facts["bound"] = (
                facts["objective"] if answer.status == "OPTIMAL" else min(facts["objective"], facts["bound"])
            )
    return replace(answer, facts=facts)


def with_told(outcome: Outcome, keep: Keep | None, chosen: np.ndarray) -> Outcome:
    """The outcome with what was kept of the published plan, what was not, and why."""
    if keep is None or not outcome.tables:
        return outcome
    kept = int((chosen & keep.published).sum())
    return told(outcome, keep, kept, int((chosen & ~keep.published).sum()), keep.held - kept)


def told(outcome: Outcome, keep: Keep, kept: int, new: int, ended: int) -> Outcome:
    """See :func:`with_told`; for choices that are not all columns of one model."""
    lost = sum(len(names) for names in keep.lost.values())
    counted = Text(f"新增 {new}，取消 {ended}", f"{new} new, {ended} ended")
    if keep.count is not None:
        counted = Text(f"改动 {ended}", f"{ended} changed")
    words = [Text(
        f"与已公布方案 {keep.plan} 相比：保持 {kept}，{counted.zh}；无法保持 {lost}",
        f"against the published plan {keep.plan}: {kept} kept, {counted.en}; {lost} could not be kept",
    )]  # fmt: skip
    for reason, names in keep.lost.items():
        zh, en = (_listed([getattr(n, k) for n in names], sep) for k, sep in (("zh", "、"), ("en", ", ")))
        words.append(Text(f"无法保持（{reason.zh}）：{zh}", f"could not be kept ({reason.en}): {en}"))
    facts: dict[str, Any] = {"plan": keep.plan, "changes": new + ended, "kept": kept, "new": new, "ended": ended, "told": words[0].as_dict(), "lost": [
        {"reason": r.as_dict(), "what": [n.as_dict() for n in names]} for r, names in keep.lost.items()
    ]}  # fmt: skip
    return replace(
        outcome, warnings=[*outcome.warnings, *words], details={**outcome.details, "published": facts}
    )


def with_ends(
    composition: Composition, objective: int, rows: int, scale: int, title: Text = ENDED
) -> Composition:
    """The composition where the objective has more than its rows' costs: what ends is a part of its own, by this ``title``."""
    if objective == rows or composition.ranked:
        return composition
    parts = list(composition.parts) or [Part(composition.words, rows / scale)]
    words = Text("相加；每项按 published_change_weight 计", "added up; each counts published_change_weight")
    return Composition(words, [*parts, Part(title, (objective - rows) / scale)])


def places_of(keep: Keep, network: Network, rule: str) -> Text:
    """What a clash says of these rules: the frozen regions, or how many decisions are published."""
    if rule == FROZEN:
        codes = [entry.partition("<")[0].strip() for entry in keep.frozen]
        return name_list(network, codes)
    if rule == CHANGES_MAX:
        n = keep.held
        return Text(f"已公布、还能保持的有 {n} 项", f"{several(n, 'published decision')} could be kept")
    return Text("", "")


def _listed(names: Sequence[str], separator: str) -> str:
    rest = len(names) - MOST_NAMED
    return separator.join(names[:MOST_NAMED]) + (f" …(+{rest})" if rest > 0 else "")
