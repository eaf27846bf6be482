"""Why a need is not met: in the same words for the single answer and for the whole table."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from graph.language import Text
from planner.stages.funds.facts import Facts

NO_SOURCE = Text(
    "没有一个来源可以付（专款专用、方向、地点）", "no source may pay for it (earmarks, directions, places)"
)
NO_WORTH = Text("再给也不值什么（可用数量、收益递减或规则所限）",
                "more would be worth nothing (what can be done, diminishing returns or a rule)")  # fmt: skip
ELSEWHERE = Text(
    "可以付它的钱在别处至少同样值", "the money that may pay for it is worth at least as much where it is"
)
RULED = Text(
    "可以付它的钱在别处值得少些，但规则不许再用在这里",
    "money that may pay for it is worth less where it is, but rules do not let more of it come here",
)
UNPRICED = Text("方案没有存资金的价", "the plan keeps no prices of money")
UNSETTLED = Text(
    "可以付它的钱在别处值多少，方案没有全部算出（jiedui explain 来源 --price 会算）",
    "the plan did not work out what all money that may pay for it is worth where it is (jiedui explain SOURCE --price does)",
)
NEAR = 1e-9


class Unmet:
    """Why needs are not met, by the prices that a plan keeps (``None``: none).

    Parameters
    ----------
    facts : Facts
    prices : DataFrame or None
        Table `prices` of the stage.
    """

    def __init__(self, facts: Facts, prices: pl.DataFrame | None) -> None:
        self._allowed, self._worth = facts.allowed, _worth_of_budgets(facts, prices)
        self._more = _worth_of_needs(prices)
        self._facts = facts

    def why(self, county: int, programme: int, year: int) -> Text:
        """Why a need (row numbers of `facts`) gets no more."""
        payers = self._allowed[:, county, programme]
        if not payers.any():
            return NO_SOURCE
        facts = self._facts
        more = self._more.get((facts.counties[county], facts.programmes[programme], facts.years[year]))
        if more is None:
            return UNPRICED
        if more <= 0:
            return NO_WORTH
        worth = self._worth[payers, year]
        if (worth < more - NEAR).any():
            return RULED
        return UNSETTLED if np.isnan(worth).any() else ELSEWHERE


def _worth_of_budgets(facts: Facts, prices: pl.DataFrame | None) -> np.ndarray:
    """(sources, years) thousandths that a yuan less of a budget loses: infinite where nothing can be taken, nan where it was not worked out."""
    found = np.full((len(facts.sources), len(facts.years)), np.inf)
    if prices is None:
        return found
    s, t = ({v: k for k, v in enumerate(ids)} for ids in (facts.sources, facts.years))
    rows = prices.filter(pl.col("rule") == "budgets")
    for source, year, less, yuan in rows.select("source", "year", "less", "less_yuan").iter_rows():
        if source in s and year in t and facts.budget[s[source], t[year]]:
            found[s[source], t[year]] = np.nan if not yuan else np.inf if less is None else -less / yuan
    return found


def _worth_of_needs(prices: pl.DataFrame | None) -> Mapping[tuple[str, str, int], float]:
    """Thousandths that a yuan more for each need alone gains."""
    if prices is None:
        return {}
    rows = prices.filter(pl.col("rule") == "needs", pl.col("more").is_not_null())
    listed = rows.select("region", "programme", "year", "more", "more_yuan").iter_rows()
    return {(c, p, y): more / yuan for c, p, y, more, yuan in listed}
