"""Why there is no one plan of money for all futures: which value stands against it, and what to set instead."""

from __future__ import annotations

from collections.abc import Sequence

from graph.language import Text
from planner.stage import Context
from planner.stages.funds.built import Built
from planner.stages.funds.crossing import add_crossing_rows, simpler_words

FAIR = "weighted"
WORTH = Text(
    "不确定的表改变了需求或每元的价值；一个模型的资金方案只用于预算、下限与上限的不确定",
    "the uncertain tables change needs or what a yuan is worth; one plan of money is made for uncertain budgets, floors and ceilings",
)
"""Not told to anyone: then there is a plan by each criterion."""
PUBLISHED = Text(
    "与已公布的方案对照时，每元的价值须在各未来相同：去掉场景中的 published，或不让需求和发生率（--uncertain、--vary）不确定",
    "beside a published plan a yuan must be worth the same in every future: leave `published` out of the scenario, or needs and "
    "incidences out of --uncertain and --vary",
)
GROUND = {
    "years": Text("年份", "years"), "counties": Text("县", "counties"), "provinces": Text("省", "provinces"),
    "province": Text("县所属的省", "the province of a county"), "programmes": Text("项目", "programmes"),
    "sources": Text("资金来源", "sources of money"), "level": Text("资金来源的级别", "levels of sources"),
    "instrument": Text("资金来源的形式", "instruments of sources"), "direction": Text("资金来源的方向", "directions of sources"),
    "shared": Text("共用的资金来源", "shared sources"), "unit_cost": Text("单价", "costs of one thing"),
    "deep": Text("优先的县", "counties that come first"), "outside": Text("名单以外的县", "counties outside the list"),
    "loan_cost": Text("贷款成本", "costs of loans"), "budgets": Text("预算是否有约束（funds.budgets）", "whether budgets hold (funds.budgets)"),
}  # fmt: skip
"""What must be the same in all futures, for people."""


def of_rules(contexts: Sequence[Context]) -> Text | None:
    """What some future's values ask that a single weighted flow does not have; ``None`` where nothing is."""
    fairness = next((c.policy["fairness"] for c in contexts if c.policy["fairness"] != FAIR), None)
    if fairness is not None:
        return Text(
            f'funds.fairness = "{fairness}"：稳健的资金方案只按加权满足的需求（weighted）来做；加上 --set funds.fairness={FAIR}',
            f'funds.fairness = "{fairness}": a robust plan of money is made for the weighted need met alone; add --set funds.fairness={FAIR}',
        )
    if any(c.policy.on("smallest_project") for c in contexts):
        return _no_network(["smallest_project"])
    return None


def of_rows(contexts: Sequence[Context], built: Built) -> Text | None:
    """Rules of the first future that has some which are no bounds of a network; ``None`` where none has. Adds their rows to ``built``."""
    crossing = next((rules for c in contexts if (rules := add_crossing_rows(c, built))), [])
    return _no_network(crossing) if crossing else None


def _no_network(rules: Sequence[str]) -> Text:
    how = simpler_words(rules)
    return Text(
        f"这些规则跨年或跨县，与其余的不成一个资金网络，求不出稳健方案；请改掉（规则：改成什么）：{how.zh}",
        f"these rules reach across years or counties and make no network of money with the others, for which alone there is a robust plan; "
        f"change (rule: what to set): {how.en}",
    )


def of_ground(differing: Sequence[str]) -> Text:
    """The futures do not stand on the same ground: in what they differ (keys of :data:`GROUND`)."""
    zh, en = "、".join(GROUND[k].zh for k in differing), ", ".join(GROUND[k].en for k in differing)
    return Text(
        f"各未来的{zh}不同，不能是一个资金方案；请不要用 --uncertain 或 --vary 改动它们",
        f"the futures differ in {en}, so that no single plan of money fits all; leave these out of --uncertain and --vary",
    )
