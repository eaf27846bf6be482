"""What is traded off: parts of a stage's objective, and what may be counted besides, each to be as small (or as large) as can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.errors import UsageError
from graph.language import Text
from graph.tables.suggest import unknown
from planner.cost import SCALE
from planner.policy import Policy
from planner.scenario import Scenario

OPTION = "--aim"
FEWEST, MOST = 2, 3
POINTS, PAIRS, SEATS, VISITS, DAYS, YUAN, WEIGHTED = (
    Text("分", "points"), Text("对", "pairs"), Text("人", "seats"), Text("次", "visits"), Text("天", "days"), Text("元", "yuan"),
    Text("加权人数", "seats, weighted"),
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """What an aim counts.

    Parameters
    ----------
    title : Text
        For people.
    unit : Text
        What it is counted in.
    scale : int
        How many of the aim's own whole units make one.
    more : bool
        Whether it is to be large; then its values are held with the other sign, so that all aims are to be small.
    weights : tuple of str
        Policy values of the stage; where all of them are 0 or off every plan comes to the same.
    """

    title: Text
    unit: Text = POINTS
    scale: int = SCALE
    more: bool = False
    weights: tuple[str, ...] = ()


def _term(zh: str, en: str, *weights: str) -> Kind:
    return Kind(Text(zh, en), weights=weights)


COST = Kind(Text("总成本", "total cost"))
NUMBER = Kind(Text("结对数", "number of pairs"), PAIRS, 1)
DISTANCE = _term("距离", "distance", "distance_weight")
NEED = _term("需求与实力", "need against strength", "need_weight")
CHANGE = _term("变动", "change", "change_weight")
KINDS: Mapping[str, Mapping[str, Kind]] = {
    "pairing": {
        "distance": DISTANCE, "need": NEED, "change": CHANGE, "tie": _term("既有联系", "ties", "tie_weight"),
        "language": _term("语言", "language", "language_weight"), "industry": _term("产业", "industry", "industry_weight"),
        "cost": COST, "pairs": NUMBER,
    },
    "designation": {
        "distance": DISTANCE, "profile": _term("专长", "profile", "profile_weight"), "need": NEED, "change": CHANGE,
        "cost": COST, "pairs": NUMBER,
    },
    "cadres": {
        "open": Kind(Text("空缺岗位（加权）", "open posts, weighted"), WEIGHTED, 1),
        "must": Kind(Text("空缺的必须岗位", "open must-posts"), SEATS, 1),
        "further": Kind(Text("空缺的可增岗位", "open further posts"), SEATS, 1),
        "distance": DISTANCE,
        "skill_language": _term("专长与语言", "skill and language", "skill_weight", "language_weight"),
        "unit": _term("本单位的县与专长", "unit's own counties and profile", "own_county_weight", "profile_weight"),
        "new": _term("新派", "new postings", "keep_weight"),
        "cost": COST,
    },
    "funds": {
        "worth": Kind(Text("加权满足需求", "weighted need met"), more=True),
        "fair": Kind(Text("均衡（满足率的对数）", "evenness (logarithms of met shares)"), more=True),
        "met": Kind(Text("满足需求", "need met"), YUAN, 1, more=True),
        "deep": Kind(Text("优先的县所得", "money of counties that come first"), YUAN, 1, more=True),
        "microcredit": Kind(Text("小额信贷", "microcredit lent"), YUAN, 1),
    },
    "exit": {
        "risk": _term("临近退出线的风险", "risk close to the line", "risk_weight"),
        "results": _term("核查结果的余量", "margin of the results", "results_weight"),
        "late": _term("县退出过晚", "counties late", "late_weight"),
        "early": _term("深度贫困县退出过早", "deep poverty early", "early_weight"),
        "village_late": _term("村退出过晚", "villages late", "village_late_weight"),
        "village_early": _term("村退出过早", "villages early", "village_early_weight"),
        "short": _term("责任书短缺", "pledges short", "county_short_weight", "village_short_weight"),
        "cost": COST,
    },
    "inspection": {
        "travel": _term("路途", "travel", "travel_weight"), "language": _term("语言", "language", "language_weight"),
        "days": Kind(Text("督查天数", "days of all teams"), DAYS, 1),
        "visits": Kind(Text("组次", "visits of teams"), VISITS, 1),
        "cost": COST,
    },
}  # fmt: skip
"""Stage → what may be traded off in it."""


@dataclass(frozen=True)
class Aim:
    """One aim.

    Parameters
    ----------
    stage, key : str
        Of :data:`KINDS`.
    """

    stage: str
    key: str

    @property
    def name(self) -> str:
        """As it is typed: ``stage.key``."""
        return f"{self.stage}.{self.key}"

    @property
    def kind(self) -> Kind:
        """What it counts."""
        return KINDS[self.stage][self.key]

    @property
    def title(self) -> Text:
        """For people; what is to be large says so."""
        title = self.kind.title
        return Text(f"{title.zh} ↑", f"{title.en} ↑") if self.kind.more else title

    def told(self, value: int) -> float | int:
        """A value of the aim in its unit."""
        value = -value if self.kind.more else value
        return value if self.kind.scale == 1 else value / self.kind.scale


def read_aims(scenario: Scenario, words: Sequence[str]) -> tuple[Aim, ...]:
    """Aims as they were typed, ``stage.key``.

    Raises
    ------
    UsageError
        When they are not two or three different ones of one stage that is planned by computed costs, a key is
        unknown, or the weight of a term is 0, so that it is the same for every plan.
    """
    if not FEWEST <= len(words) <= MOST:
        raise UsageError(
            f"请给出两个或三个 {OPTION} 阶段.目标（现有 {len(words)} 个）",
            f"give two or three {OPTION} STAGE.AIM (there are {len(words)})",
        )
    aims = tuple(_aim(scenario, word) for word in words)
    twice = next((a for i, a in enumerate(aims) if a in aims[:i]), None)
    if twice is not None:
        raise wrong(twice.name, Text("给出了两次", "is given twice"))
    other = next((a for a in aims if a.stage != aims[0].stage), None)
    if other is not None:
        raise wrong(other.name, Text(
            f"各目标应属同一阶段，前面的是 {aims[0].stage}", f"aims must be of one stage, and the first is of {aims[0].stage}"))  # fmt: skip
    return aims


def _aim(scenario: Scenario, word: str) -> Aim:
    stage, _, key = word.strip().partition(".")
    there = [s for s in KINDS if s in scenario.stages]
    if stage not in there:
        raise wrong(word, unknown(Text("此次规划没有阶段", "the scenario plans no stage"), stage, there))
    policy = scenario.policies[stage]
    if policy.values.get("objective") == "scores":
        raise wrong(word, Text(
            '自带评分只有一个数，没有可以权衡的各项；请用 objective = "cost"',
            'own scores are one figure without parts to trade off; use objective = "cost"'))  # fmt: skip
    if key not in KINDS[stage]:
        raise wrong(
            word,
            unknown(Text("没有目标", "no aim"), key, {k: kind.title for k, kind in KINDS[stage].items()}),
        )
    _weighed(word, policy, stage, KINDS[stage][key])
    return Aim(stage, key)


def _weighed(word: str, policy: Policy, stage: str, kind: Kind) -> None:
    if not kind.weights or any(policy.weight(w) for w in kind.weights):
        return
    zh, en = (
        "、".join(f"{stage}.{w}" for w in kind.weights),
        " and ".join(f"{stage}.{w}" for w in kind.weights),
    )
    are, they = ("均", "are") if len(kind.weights) > 1 else ("", "is")
    it = "it" if they == "is" else "this aim"
    raise wrong(word, Text(f"{zh} {are}为 0，这一项对所有方案都一样", f"{en} {they} 0, so that {it} is the same for every plan"))  # fmt: skip


def wrong(what: str, told: Text) -> UsageError:
    """The error of an aim."""
    return UsageError(f"{OPTION} {what}：{told.zh}", f"{OPTION} {what}: {told.en}")
