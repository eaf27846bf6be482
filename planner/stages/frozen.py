"""Regions whose decisions stay as the published plan has them: reading the policy value ``published_frozen``."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches

from graph.errors import ScenarioError
from planner.published import FROZEN
from planner.stage import Context


def frozen_regions(context: Context) -> list[str]:
    """Codes of the regions that are frozen on the day of planning, in the order given; with each goes all below it.

    Raises
    ------
    ScenarioError
        When a code is no region, or what follows ``<`` no day.
    """
    found = []
    known = context.network.parents
    for written in context.policy[FROZEN] or ():
        code, until, day = str(written).partition("<")
        if code not in known:
            near = get_close_matches(code, known, n=1)
            raise ScenarioError(
                f"{FROZEN}：没有地区 {code}" + (f"；是否想写 {near[0]}？" if near else ""),
                f"{FROZEN}: there is no region {code}" + (f"; did you mean {near[0]}?" if near else ""),
            )
        if not until or context.on < _day(written, day):
            found.append(code)
    return found


def _day(written: str, day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise ScenarioError(
            f"{FROZEN}：{written} 中 {day} 不是日期；应写成 地区代码<2017-05-01",
            f"{FROZEN}: in {written}, {day} is no day; write CODE<2017-05-01",
        ) from error
