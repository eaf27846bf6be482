"""The nearest whole number of a limit, such as a unit's capacity, at which a pair is swapped.

More room need not mean more of anything for one pair, so every number is tried in turn, each solved on both sides. The limit left out
says where that ends: an answer that is the best without any limit is the best under every limit that it keeps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from graph.language import Text
from planner.otherwise.choice import Asking
from planner.otherwise.choices import Choices
from planner.otherwise.turns import asked_of
from planner.solve.task import Answer, Arrays
from planner.stages import STAGES

TRIED = 6
"""Numbers that are tried each way."""
OWN = ("unit_capacity", "supporter_capacity")
"""Rules of which only the supporter's own row is asked about."""
LIMITS = (
    *OWN, "units_per_county", "counties_per_unit", "same_kind_max", "partners_per_recipient", "partners_per_supporter",
    "county_partners_per_recipient", "county_partners_per_supporter",
)  # fmt: skip


@dataclass(frozen=True)
class QuotaTurn:
    """What a limit has to come to.

    Parameters
    ----------
    rule : str
        Key of the policy value.
    title : Text
    now : int
    up : bool
    state : str
        ``turns`` at the number ``at``, and at none nearer; ``never``: at no number; ``not_found``: not up to ``sure``;
        ``infeasible``: not up to ``sure``, and beyond it the rules cannot hold together.
    at : int or None
    sure : int
        The farthest number tried at which the pair stays as it is.
    """

    rule: str
    title: Text
    now: int
    up: bool
    state: Literal["turns", "never", "not_found", "infeasible"]
    at: int | None
    sure: int

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"number": self.rule, "title": self.title.as_dict(), "now": self.now, "direction": "more" if self.up else "less",
                "state": self.state, "at": self.at, "sure": self.sure, "confirmed": self.state == "turns"}  # fmt: skip


@dataclass(frozen=True)
class _Limit:
    """Some rows of a model whose upper sides are one number."""

    asking: Asking
    found: Choices
    column: int
    rows: np.ndarray
    now: int
    least: int

    def solved(self, most: float) -> Answer:
        """Both sides of the pair with another number."""
        options = {"column": self.column, "pairs": self.found.pairs.size, "end": [0, 1]}
        task = asked_of(self.asking, self.found, np.zeros(self.found.model.n_columns, np.int64), options)
        upper = task.arrays["row_upper"].copy()
        upper[self.rows] = most
        return self.asking.executor.run(
            [replace(task, arrays={**task.arrays, "row_upper": upper})], self.asking.told
        )[0]

    def used(self, x: np.ndarray) -> int:
        """The largest number that an answer needs of the limit."""
        arrays: Arrays = self.found.model.arrays()
        row = np.repeat(np.arange(len(arrays["row_upper"])), np.diff(arrays["indptr"]))
        sums = np.bincount(row, arrays["data"] * x[arrays["indices"]], minlength=len(arrays["row_upper"]))
        return int(np.ceil(sums[self.rows].max(initial=0) - 1e-9))


def quota_turns(asking: Asking, found: Choices, pair: tuple[str, str]) -> list[QuotaTurn]:
    """Each limit of the model that a number more or less of may swap the pair, upwards and downwards."""
    titles = {s.key: s.title for s in STAGES[asking.stage].settings}
    told = []
    for rule in LIMITS:
        limit = _limit(asking, found, pair, rule)
        if limit is not None:
            for up in (True, False):
                state, at, sure = _upwards(limit) if up else _downwards(limit)
                told.append(QuotaTurn(f"{asking.stage}.{rule}", titles[rule], limit.now, up, state, at, sure))
    return told


def _limit(asking: Asking, found: Choices, pair: tuple[str, str], rule: str) -> _Limit | None:
    model = found.model
    if rule not in model.rules:
        return None
    arrays = model.arrays()
    rows = np.flatnonzero(arrays["row_rule"] == model.rules.index(rule))
    if rule in OWN:
        rows = rows[np.concatenate(model.about)[rows] == pair[0]]
    upper, lower = (arrays[side][rows] for side in ("row_upper", "row_lower"))
    if not len(rows) or not np.isfinite(upper).all() or _other_columns(arrays, rows, found.pairs.size):
        return None
    column = int(np.flatnonzero(found.named([pair]))[0])
    least = int(np.ceil(max(lower.max(), 0.0)))
    return _Limit(asking, found, column, rows, int(np.floor(upper.max())), least)


def _other_columns(arrays: Arrays, rows: np.ndarray, n: int) -> bool:
    """Whether rows count anything but pairs, such as those that look ahead at a later model in shares of its limit."""
    row = np.repeat(np.arange(len(arrays["row_upper"])), np.diff(arrays["indptr"]))
    return bool((arrays["indices"][np.isin(row, rows)] >= n).any())


Told = tuple[Literal["turns", "never", "not_found", "infeasible"], int | None, int]


def _upwards(limit: _Limit) -> Told:
    free = limit.solved(np.inf)
    if free.status != "OPTIMAL":
        return "not_found", None, limit.now
    turned = bool(free.facts["turned"])
    settled = limit.used(free.arrays["other" if turned else "stay"]) if free.arrays else limit.now
    for most in range(limit.now + 1, min(settled, limit.now + TRIED + 1)):
        answer = limit.solved(most)
        if answer.status != "OPTIMAL":
            return "not_found", None, most - 1
        if answer.facts["turned"]:
            return "turns", most, most - 1
    if settled > limit.now + TRIED + 1:
        return "not_found", None, limit.now + TRIED
    return (
        ("turns", max(settled, limit.now + 1), max(settled, limit.now + 1) - 1)
        if turned
        else ("never", None, settled)
    )


def _downwards(limit: _Limit) -> Told:
    for most in range(limit.now - 1, max(limit.least, limit.now - TRIED) - 1, -1):
        answer = limit.solved(most)
        if answer.status != "OPTIMAL":
            return "not_found", None, most + 1
        if answer.facts["turned"]:
            return "turns", most, most + 1
        if answer.facts["begin"] == [None, None]:
            return "infeasible", None, most + 1
    return (
        ("never", None, limit.least)
        if limit.now - TRIED <= limit.least
        else ("not_found", None, limit.now - TRIED)
    )


def quota_words(turn: QuotaTurn, has: bool) -> Text:
    """One limit in words; ``has``: whether the plan has the pair."""
    zh, en = (
        f"{turn.title.zh}（{turn.rule}，现 {turn.now}）",
        f"{turn.title.en} ({turn.rule}, now {turn.now})",
    )
    then = Text("换掉它", "it is swapped") if has else Text("选它", "it is chosen")
    never = "it is not swapped" if has else "it is not chosen"
    more = Text("再多", "more") if turn.up else Text("再少", "less")
    match turn.state:
        case "turns":
            return Text(f"{zh}为 {turn.at} 时就会{then.zh}，为 {turn.sure} 时不会（都已求解）",
                        f"{en}: with {turn.at} {then.en}, with {turn.sure} it is not (both solved)")  # fmt: skip
        case "never":
            return Text(
                f"{zh}{more.zh}也不会{then.zh}（已证明）",
                f"{en}: however many {more.en}: {never} (proved)",
            )
        case "infeasible":
            return Text(f"{zh}到 {turn.sure} 为止不变；再少，规则不能同时成立",
                        f"{en}: nothing down to {turn.sure}; with less the rules cannot hold together")  # fmt: skip
        case "not_found":
            return Text(f"{zh}到 {turn.sure} 为止不变（已求解）；再往外没有看",
                        f"{en}: nothing {'up' if turn.up else 'down'} to {turn.sure} (solved); farther was not looked")  # fmt: skip
