"""Why there is no one plan of money for all futures: which value stands against it, and what to set instead."""

from __future__ import annotations

from collections.abc import Sequence

from graph.language import Text
from planner.stages.funds.crossing import simpler_words

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
LEXIMIN = Text(
    'funds.fairness = "leximin" 逐轮求解，不是一个模型；请加上 --set funds.fairness=weighted 或 proportional',
    'funds.fairness = "leximin" is solved round by round, so that it is no single model; add --set funds.fairness=weighted or proportional',
)
LOGARITHMS = Text(
    'funds.fairness = "proportional"：各县能得多少在各未来不同（或 fairness 不同），满足率的对数也就不同；请只让预算、下限不确定，或加上 --set funds.fairness=weighted',
    'funds.fairness = "proportional": what counties can get differs by future (or fairness itself does), and so do the logarithms of their met shares; '
    "let budgets and floors alone be uncertain, or add --set funds.fairness=weighted",
)
RETURNED = Text(
    "funds.microcredit_returns、funds.microcredit_years 在各未来不同：收回的钱不能现在就定；请让它们在各未来相同",
    "funds.microcredit_returns or funds.microcredit_years differs by future, so that what comes back cannot be decided now; give it one value in all futures",
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


WEIGHTED = Text(
    "funds.fairness 不是 weighted，而每元的价值在各未来不同：请加上 --set funds.fairness=weighted，或不让需求和发生率（--uncertain、--vary）不确定",
    "funds.fairness is not weighted, and a yuan is worth something else in each future: add --set funds.fairness=weighted, or leave needs and "
    "incidences out of --uncertain and --vary",
)


def of_crossing(rules: Sequence[str]) -> Text:
    """Rules that are no bounds of a network stand against a plan where a yuan is worth something else in each future."""
    how = simpler_words(rules)
    return Text(
        f"这些规则跨年或跨县，而每元的价值在各未来不同，不成一个资金网络；请改掉（规则：改成什么）：{how.zh}；或不让需求和发生率（--uncertain、--vary）不确定",
        f"these rules reach across years or counties, and a yuan is worth something else in each future, which makes no network of money; "
        f"change (rule: what to set): {how.en}; or leave needs and incidences out of --uncertain and --vary",
    )


def of_ground(differing: Sequence[str]) -> Text:
    """The futures do not stand on the same ground: in what they differ (keys of :data:`GROUND`)."""
    zh, en = "、".join(GROUND[k].zh for k in differing), ", ".join(GROUND[k].en for k in differing)
    return Text(
        f"各未来的{zh}不同，不能是一个资金方案；请不要用 --uncertain 或 --vary 改动它们",
        f"the futures differ in {en}, so that no single plan of money fits all; leave these out of --uncertain and --vary",
    )
