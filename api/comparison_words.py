"""What the words of a comparison read in the language in force: sides, measures, kinds, ways of change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from graph.language import Text
from graph.schema import ENUMS
from planner.compare import Comparison
from planner.compare.places import joined_network
from planner.compare.policy_words import value_words
from planner.compare.support import MEASURES, SIDES
from planner.plan import Plan

HOW = {"new": Text("新增", "new"), "ended": Text("取消", "ended"), "changed": Text("改变", "changed")}
STATES = {"kept": Text("保持", "kept"), "new": Text("新增", "new"), "ended": Text("取消", "ended")}
MOVES = {
    "moved": Text("换村", "moved to another village"),
    "other_post": Text("同村换岗", "another post, same village"),
    "entered": Text("新派", "entered"),
    "left": Text("退出", "left"),
}
KINDS = {"money": "programme", "people": "role", "pairs": "relation_kind", "load": "relation_kind"}
COUNTS = {
    "kept": Text("保持", "kept"),
    "swapped": Text("换对象", "partner swapped"),
    "new": Text("新增", "new"),
    "ended": Text("取消", "ended"),
}
COUNTRY = Text("全国性资金", "money of the whole country")
ALL = Text("全部", "all")


def not_planned_said(found: Comparison) -> dict[str, Text]:
    """Plan id → which stages it has not planned, and that these are not compared with it."""
    said_of = {}
    for plan, stages in found.not_planned.items():
        titles = [ENUMS["stage"][s] for s in stages]
        zh, en = "、".join(t.zh for t in titles), ", ".join(t.en for t in titles)
        said_of[plan] = Text(
            f"没有规划这些阶段，不比较：{zh}", f"has not planned these stages, which are not compared: {en}"
        )
    return said_of


def settings_said(found: Comparison) -> pl.DataFrame:
    """Policy values that differ, in the language in force: entries of lists by name, long lists by how they differ from the first plan's."""
    policies = {p.id: p.head["inputs"]["policy"] for p in found.plans}
    names = joined_network(found.plans).names
    first = found.ids[0]

    def told(plan: str, stage: str, key: str) -> str:
        values = [policies[i].get(stage, {}).get(key, "–") for i in (plan, first)]
        return str(value_words(values[0], values[0] if plan == first else values[1], names))

    keys = found.settings.select("stage", "key").rows()
    return found.settings.with_columns(
        pl.Series(i, [told(i, *key) for key in keys], dtype=pl.String) for i in found.ids
    )


def plan_label(plan: Plan) -> Text:
    """A plan as a heading: what its scenario is called, and the first digits of its id, as two may be called the same."""
    title = plan.head["title"]
    return Text(f"{title['zh']} {plan.id[:6]}", f"{title['en']} {plan.id[:6]}")


def plan_labels(plans: Sequence[Plan]) -> dict[str, str]:
    """Plan id → its label in the language in force."""
    return {p.id: str(plan_label(p)) for p in plans}


def said(frame: pl.DataFrame, column: str, words: dict[str, Text]) -> pl.DataFrame:
    """The frame with a column's values by their titles; other values stay."""
    return frame.with_columns(pl.col(column).replace({k: str(t) for k, t in words.items()}))


def support_said(frame: pl.DataFrame) -> pl.DataFrame:
    """Sides, measures and kinds by their titles."""
    kind: Any = pl.when(pl.col("kind") == "").then(pl.lit(str(ALL)))
    for (side, measure), enum in {
        **{(s, m): e for m, e in KINDS.items() for s in SIDES},
        ("given", "money"): "fund_level",
    }.items():
        titles = {k: str(t) for k, t in ENUMS[enum].every().items()}
        mine = (pl.col("side") == side) & (pl.col("measure") == measure)
        kind = kind.when(mine).then(pl.col("kind").replace(titles))
    told = frame.with_columns(kind.otherwise("kind").alias("kind"))
    return said(said(told, "side", SIDES), "measure", MEASURES)


def kind_said(side: str, measure: str, kind: str) -> str:
    """One kind by its title; nothing where it is all kinds."""
    enum = "fund_level" if (side, measure) == ("given", "money") else KINDS[measure]
    return str(ENUMS[enum].get(kind, kind)) if kind else ""
