"""What is traded off: parts of the cost of the pairs that a stage chooses, and how many pairs there are."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.errors import UsageError
from graph.language import Text
from planner.cost import SCALE
from planner.scenario import Scenario
from planner.stages.pairs import Pairs

OPTION = "--aim"
FEWEST, MOST = 2, 3
STAGES = ("pairing", "designation")
"""Stages whose decision is one choice of pairs."""
TERMS = {
    "pairing": ("distance", "need", "change", "tie", "language", "industry"),
    "designation": ("distance", "profile", "need", "change"),
}
COST, PAIRS = "cost", "pairs"
TITLES = {
    "distance": Text("距离", "distance"),
    "need": Text("需求与实力", "need against strength"),
    "change": Text("变动", "change"),
    "tie": Text("既有联系", "ties"),
    "language": Text("语言", "language"),
    "industry": Text("产业", "industry"),
    "profile": Text("专长", "profile"),
    COST: Text("总成本", "total cost"),
    PAIRS: Text("结对数", "number of pairs"),
}


@dataclass(frozen=True)
class Aim:
    """One aim, to be as small as can be.

    Parameters
    ----------
    stage, key : str
        ``pairing`` or ``designation``, and one of its :data:`TERMS`, ``cost`` or ``pairs``.
    """

    stage: str
    key: str

    @property
    def name(self) -> str:
        """As it is typed: ``stage.key``."""
        return f"{self.stage}.{self.key}"

    @property
    def title(self) -> Text:
        """For people."""
        return TITLES[self.key]

    @property
    def scale(self) -> int:
        """How many units make one point (or one pair)."""
        return 1 if self.key == PAIRS else SCALE

    def of(self, pairs: Pairs) -> np.ndarray:
        """(n,) int64: what each eligible pair adds to the aim, in 1/:attr:`scale`."""
        if self.key == PAIRS:
            return np.ones(pairs.size, dtype=np.int64)
        return np.asarray(pairs.cost if self.key == COST else pairs.terms[self.key], dtype=np.int64)


def read_aims(scenario: Scenario, words: Sequence[str]) -> tuple[Aim, ...]:
    """Aims as they were typed, ``stage.key``.

    Raises
    ------
    UsageError
        When they are not two or three different ones of one stage that is planned by computed costs, a key is unknown, or the
        weight of a term is 0, so that it is the same for every plan.
    """
    if not FEWEST <= len(words) <= MOST:
        raise UsageError(
            f"请给出两个或三个 {OPTION} 阶段.目标（现有 {len(words)} 个）",
            f"give two or three {OPTION} STAGE.AIM (there are {len(words)})",
        )
    aims = tuple(_aim(scenario, word) for word in words)
    twice = next((a for i, a in enumerate(aims) if a in aims[:i]), None)
    if twice is not None:
        raise _wrong(twice.name, Text("给出了两次", "is given twice"))
    other = next((a for a in aims if a.stage != aims[0].stage), None)
    if other is not None:
        raise _wrong(other.name, Text(
            f"各目标应属同一阶段，前面的是 {aims[0].stage}", f"aims must be of one stage, and the first is of {aims[0].stage}"))  # fmt: skip
    return aims


def _aim(scenario: Scenario, word: str) -> Aim:
    stage, _, key = word.strip().partition(".")
    if stage not in STAGES or stage not in scenario.stages:
        known = [s for s in STAGES if s in scenario.stages]
        raise _wrong(word, _unknown("阶段", "stage", stage, known))
    policy = scenario.policies[stage]
    if policy["objective"] == "scores":
        raise _wrong(word, Text(
            '自带评分只有一个数，没有可以权衡的各项；请用 objective = "cost"',
            'own scores are one figure without parts to trade off; use objective = "cost"'))  # fmt: skip
    known = [*TERMS[stage], COST, PAIRS]
    if key not in known:
        raise _wrong(word, _unknown("目标", "aim", key, known))
    if key in TERMS[stage] and not policy.weight(f"{key}_weight"):
        raise _wrong(word, Text(
            f"{stage}.{key}_weight 为 0，这一项对所有方案都一样", f"{stage}.{key}_weight is 0, so that it is the same for every plan"))  # fmt: skip
    return Aim(stage, key)


def _unknown(zh: str, en: str, name: str, known: Sequence[str]) -> Text:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return Text(f"没有{zh} {name}；是不是 {near[0]}？", f"no {en} {name} here; did you mean {near[0]}?")
    listed = ", ".join(known)
    return Text(f"没有{zh} {name}；可用：{listed}", f"no {en} {name} here; there are: {listed}")


def _wrong(what: str, told: Text) -> UsageError:
    return UsageError(f"{OPTION} {what}：{told.zh}", f"{OPTION} {what}: {told.en}")
