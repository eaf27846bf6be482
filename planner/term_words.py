"""Terms of a cost in words."""

from __future__ import annotations

from graph.language import Text

TERMS = {
    "distance": Text("距离", "distance"),
    "profile": Text("专长", "profile"),
    "need": Text("需求", "need"),
    "change": Text("变动", "change"),
    "tie": Text("既有联系", "tie"),
    "language": Text("语言", "language"),
    "industry": Text("产业", "industry"),
    "skill_language": Text("专长与语言", "skill and language"),
    "unit": Text("单位", "unit"),
    "new": Text("新派", "new posting"),
    "early": Text("过早", "early"),
    "late": Text("拖延", "late"),
    "village_early": Text("村过早", "village early"),
    "village_late": Text("村拖延", "village late"),
    "results": Text("核查结果", "results"),
    "risk": Text("风险", "risk"),
    "travel": Text("路程", "travel"),
    "need_yuan": Text("需求（元）", "need (yuan)"),
    "met_share": Text("满足率", "met"),
    "next_yuan_worth": Text("多 1 元（分）", "1 yuan more (points)"),
    "million_less": Text("少 price_step 元（分）", "price_step yuan less (points)"),
    "million_more": Text("多 price_step 元（分）", "price_step yuan more (points)"),
}
"""Terms of a cost by title; a term that is not here is shown by its name."""
