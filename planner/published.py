"""Decisions that are published already: what is planned again is held against them.

Whoever plans again may limit how many decisions change, put a price on each change, or freeze those of a region until a day. Each
stage has three policy values for it, all off by default; :func:`settings` declares them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from planner.policy import Setting

CHANGES_MAX = "published_changes_max"
CHANGE_WEIGHT = "published_change_weight"
FROZEN = "published_frozen"
AGAINST = (CHANGES_MAX, CHANGE_WEIGHT, FROZEN)
"""Policy values that mean something only beside a published plan."""


@dataclass(frozen=True)
class Published:
    """The plan that is published.

    Parameters
    ----------
    plan : str
        Its id.
    tables : mapping of str to mapping
        Stage → result table → its rows (``graph.schema.RESULTS``), the stage's own alone.
    chain : tuple of str
        Names of the scenario that it was made of and of those that this one stands on, its own first; empty where nobody kept them.
    """

    plan: str
    tables: Mapping[str, Mapping[str, pl.DataFrame]] = field(default_factory=dict)
    chain: tuple[str, ...] = ()

    def of(self, stage: str) -> Mapping[str, pl.DataFrame]:
        """The tables of a stage; empty where the plan did not decide it."""
        return self.tables.get(stage, {})


def settings(
    unit: str, one: str, what_zh: str, what_en: str, price_max: float | None = None
) -> tuple[Setting, ...]:
    """The three policy values of a stage whose changes are counted in ``unit`` (``one`` of them); ``what_…`` says what counts as one.

    ``price_max``: points of one change at most, where whole numbers would run over.
    """
    return (
        Setting(CHANGES_MAX, "integer", "off", "与已公布方案相比的变动上限", "changes against the published plan at most",
                unit=unit, minimum=0, note_zh=what_zh, note_en=what_en),
        Setting(CHANGE_WEIGHT, "number", "off", "每项变动的代价", "price on a change against the published plan",
                unit=f"points per {one}", minimum=0, maximum=price_max, note_zh=what_zh, note_en=what_en),
        Setting(FROZEN, "texts", "off", "冻结的地区", "regions whose decisions stay as published", entries="singly",
                note_zh="地区代码；代码<日期：此日之前冻结；代码<=年：该年及以前的决定；* 为全部；含其下级",
                note_en="a region's code; CODE<DAY: frozen before that day; CODE<=YEAR: decisions for years up to it; * is everywhere; with all below it"),
    )  # fmt: skip
