"""In words: which engine decided and why, what proves the bound, and what the objective counts."""

from __future__ import annotations

import numpy as np

from graph.language import Text
from planner.composition import Composition, Part
from planner.cost import SCALE
from planner.published import CHANGES_MAX
from planner.solve.potentials import exact_dot
from planner.stage import Context
from planner.stages.funds.built import Built
from planner.stages.funds.levels import Levels
from planner.stages.funds.published import inside

WEIGHTED = Text("加权满足的需求，减去小额信贷的成本", "the weighted need met, less what microcredit costs")
PROPORTIONAL = Text(
    "各县当年满足率的对数（按其能得的加权，分段线性）之和乘以 10,000，加上加权满足的需求减去小额信贷的成本：先公平，同样公平时比后者",
    "the logarithms of counties' met share of a year, weighted by what they can get (in segments), times 10,000, and the weighted need met less what "
    "microcredit costs: fairness first, the latter among what is as fair",
)
NEED_MET = Text("加权满足的需求", "weighted need met")
LEXIMIN = Text(
    "先是各县当年满足率的最低值，再次低值，逐轮而上；最后是加权满足的需求，减去小额信贷的成本",
    "the least met share of any county in a year, then the next, round by round; last the weighted need met, less what "
    "microcredit costs",
)


def engine_words(context: Context, built: Built, levels: Levels | None) -> tuple[Text, Text]:
    """Which engine and why; what proves the bound."""
    listed = ", ".join(built.why_rows)
    if context.policy.on("smallest_project"):
        words = Text("最小费用流，逐轮关闭或抬升过小的项目（smallest_project 不是网络规则）",
                     "minimum-cost flow, closing or raising projects that are too small, round by round "
                     "(smallest_project is no rule of a network)")  # fmt: skip
    elif built.why_rows:
        words = Text(f"HiGHS 线性规划，再以取整后的流得到整元（不成层级的规则：{listed}）",
                     f"HiGHS, linear programme, then whole yuan by a flow on rounded bounds (rules that cross: {listed})")  # fmt: skip
    elif built.known.published is not None and context.policy.on(CHANGES_MAX):
        words = Text("OR-Tools 最小费用流：变动上限以每元变动的价格计入，其余规则成层级；整元",
                     "OR-Tools, minimum-cost flow: the limit on changes as a price on each yuan moved, all other rules laminar; whole yuan")  # fmt: skip
    else:
        words = Text("OR-Tools 最小费用流：全部规则成层级，整元精确",
                     "OR-Tools, minimum-cost flow: all rules are laminar, exact in whole yuan")  # fmt: skip
    proof = Text("价格（节点势）证明：verify 按规则逐项重算界，与目标的差即为缺口",
                 "prices (node potentials): verify recomputes the bound rule by rule; its distance to the objective is the gap")  # fmt: skip
    if levels is not None:
        n = len(levels.told()["rounds"])
        words = Text(f"{n} 轮最大流抬升最低满足率，再由{words.zh}", f"{n} rounds of largest flows raise the least met share, then {words.en}")  # fmt: skip
        proof = Text(f"每轮一个割，证明该轮的满足率不能更高；最后一级：{proof.zh}",
                     f"a cut for each round proves that its share cannot be larger; the last level: {proof.en}")  # fmt: skip
    return words, proof


def composition(
    built: Built, flow: np.ndarray, objective: int, bound: int, levels: Levels | None
) -> Composition:
    """What the objective counts, by the choice of fairness; with a price on change what stays published is a part of it."""
    published, fair = published_parts(built, flow), _fair(built, flow)
    need = Part(NEED_MET, (objective - sum(worth for _, worth in published) - fair) / SCALE)
    staying = [Part(title, worth / SCALE) for title, worth in published]
    if levels is not None:
        first = levels.told()["rounds"][0]["share"]
        least = Part(Text("最低满足率", "least met share"), first, first)
        last = Part(and_stays(NEED_MET) if published else NEED_MET, objective / SCALE, bound / SCALE)
        return Composition(and_stays(LEXIMIN) if published else LEXIMIN, (least, last), ranked=True)
    if "fair" in built.model.families:
        parts: tuple[Part, ...] = (
            Part(Text("公平 × 10,000", "fairness × 10,000"), fair / SCALE),
            need,
            *staying,
        )
        return Composition(and_stays(PROPORTIONAL) if published else PROPORTIONAL, parts)
    return Composition(and_stays(WEIGHTED), (need, *staying)) if published else Composition(WEIGHTED)


def _fair(built: Built, flow: np.ndarray) -> int:
    """Thousandths of a point that the logarithms of counties' met shares count."""
    place = built.model.families.get("fair")
    return 0 if place is None else -exact_dot(built.model.arrays()["cost"][place], flow[place])


def published_parts(built: Built, flow: np.ndarray) -> list[tuple[Text, int]]:
    """What published money counts, thousandths of a point: all of it, less what is moved; nothing where a change has no price."""
    published = built.known.published
    if published is None or not published.worth:
        return []
    place = built.model.families["step"]
    stays = int(flow[place][inside(built.index["step"][:, 0])].sum())
    whole, price = int(published.amount.sum()), f"{published.worth / SCALE:g}"
    return [
        (Text(f"公布的 {whole:,} 元，每元 {price}", f"the {whole:,} yuan published, {price} each"), published.worth * whole),
        (Text("减去被挪动的", "less those that are moved"), published.worth * (stays - whole)),
    ]  # fmt: skip


def and_stays(words: Text) -> Text:
    """The words, and that published money which stays where it is counts besides."""
    return Text(f"{words.zh}，加上留在公布之处的每一元（published_change_weight）",
                f"{words.en}, and each yuan that stays where it is published (published_change_weight)")  # fmt: skip


def level_words(levels: Levels) -> Text | None:
    """A warning where the rounds ran out before every county had its level."""
    told = levels.told()
    if not told["left"]:
        return None
    n, left, least = len(told["rounds"]), told["left"], told["rounds"][-1]["share"]
    return Text(f"fairness_rounds：{n} 轮之后还有 {left} 个县·年可以更高（至少 {least:.1%}），由加权满足的需求决定",
                f"fairness_rounds: after {n} rounds {left} county-years could have more (at least {least:.1%}); the weighted need met decides there")  # fmt: skip
