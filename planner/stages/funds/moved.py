"""Prices of budgets that other bounds follow: shares, floors and carry-over move with the budget, so that money is planned again.

The quick way (:mod:`planner.stages.funds.million`) changes the budget alone. That is the same wherever no bound that moves is near: a
change of ``step`` yuan moves no arc by more than the step, so that an arc further from its bounds, as they are and as they will
be, than that is not in the way of it. All other budgets are planned again, as far as the work allowed lets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from planner.solve.pool import Executor, OnProgress
from planner.stage import Context, Limits
from planner.stages.funds.again import OtherBudget, Replanned, planned_again
from planner.stages.funds.built import Built
from planner.stages.funds.facts import PPM, Facts, ppm
from planner.stages.funds.known import last_flows

ARCS = 500_000
"""Arcs of all plans made again for prices, at ``work`` = 1: a few seconds."""
CLASSES = ("deep_poverty_share", "outside_share")


def planned_anew(
    context: Context,
    built: Built,
    flow: np.ndarray,
    table: pl.DataFrame,
    step: int,
    executor: Executor,
    limits: Limits,
    on_progress: OnProgress | None,
) -> pl.DataFrame:
    """Rows of budgets with exact prices where bounds move with the budget; null where that is beyond the work allowed.

    A side that leaves no plan has yuan and no price.

    Parameters
    ----------
    built, flow
        The model, all of whose rules fit the network, and its cheapest flow.
    table : DataFrame
        Rows of rule ``budgets``, by changing the budget alone.
    step : int
        Yuan.
    """
    facts, before = built.facts, _worth(built, flow)
    sides = _Sides(context, built, flow, step)
    asked: list[tuple[int, str, OtherBudget]] = []
    ranked = table.with_row_index("row").sort("more", "row", descending=[True, False], nulls_last=True)
    for row in ranked.iter_rows(named=True):
        s, t = facts.sources.index(row["source"]), facts.years.index(row["year"])
        lose = min(step, int(facts.budget[s, t]))
        if not sides.moved(s, t):
            continue
        asked += [(row["row"], side, OtherBudget(s, t, yuan))
                  for side, yuan in (("less", -lose), ("more", row["more_yuan"] or step)) if yuan]  # fmt: skip
    many = int(ARCS * float(limits.options().get("work") or 1.0)) // max(built.model.n_arcs, 1)
    told = planned_again(context, facts, [o for _, _, o in asked[:many]], executor, limits, on_progress)
    return _filled(table, asked, told, before)


def _worth(built: Built, flow: np.ndarray) -> int:
    cost = built.model.arrays()["cost"]
    return -int((cost.astype(object) * flow).sum())


def _filled(
    table: pl.DataFrame, asked: list[tuple[int, str, OtherBudget]], told: list[Replanned], before: int
) -> pl.DataFrame:
    columns = {name: table[name].to_list() for name in ("less", "less_yuan", "more", "more_yuan")}
    for number, (row, side, other) in enumerate(asked):
        found = told[number] if number < len(told) else None
        known = found is not None and (found.objective is not None or found.status == "INFEASIBLE")
        columns[f"{side}_yuan"][row] = abs(other.yuan) if known else None
        new = found.objective if found is not None else None
        columns[side][row] = None if new is None else new - before
    return table.with_columns(pl.Series(k, v, dtype=pl.Int64) for k, v in columns.items())


@dataclass(frozen=True)
class _Sides:
    """Which budgets have a bound that moves with them within reach of ``step`` yuan."""

    context: Context
    built: Built
    flow: np.ndarray
    step: int

    def moved(self, s: int, t: int) -> bool:
        """Whether a bound that follows the budget (row numbers) may matter to its price."""
        return (
            not self.built.facts.budget[s, t]
            or self._class(t)
            or self._shares(s, t)
            or self._carried(s, t)
            or self._counties(s, t)
        )

    def _near(self, family: str, rows: np.ndarray, moves: np.ndarray | int, upper: bool) -> bool:
        """Whether arcs of a family lie within a step of a bound of theirs that moves by as much as ``moves``."""
        arrays, place = self.built.model.arrays(), self.built.model.families[family]
        arcs = np.arange(place.start, place.stop)[rows]
        low, high = self.flow[arcs] - arrays["lower"][arcs], arrays["upper"][arcs] - self.flow[arcs]
        reach = self.step + moves
        return bool(np.any(low <= reach)) or (upper and bool(np.any(high <= reach)))

    def _class(self, t: int) -> bool:
        facts, policy = self.built.facts, self.context.policy
        for number, rule in enumerate(CLASSES):
            members = (facts.deep, facts.outside)[number]
            if not policy.on(rule) or not self.built.known.cell[members, :, t].any():
                continue
            here = (self.built.index["class"] == np.array([number, t])).all(axis=1)
            moves = ppm(policy[rule]) * self.step // PPM + 1
            if not here.any() or self._near("class", here, moves, False):
                return True
        return False

    def _shares(self, s: int, t: int) -> bool:
        """Bounds of provinces: a share's target moves by less than the step, times 1 ± its deviation; the reward by a step at most."""
        if not self.built.facts.shared[s]:
            return False
        policy, index = self.context.policy, self.built.index["share"]
        if not any(policy.on(rule) for rule in ("province_shares", "reward", "stability")):
            return False
        widest = ppm(policy["province_shares"]) if policy.on("province_shares") else 0
        moves = np.full(len(self.built.facts.provinces), (3 * PPM + widest) * self.step // PPM + 3)
        moves = moves + self._history(s, self.built.facts.provinces)
        here = (index[:, 0] == s) & (index[:, 2] == t)
        return self._near("share", here, moves[index[here, 1]], True)

    def _carried(self, s: int, t: int) -> bool:
        index = self.built.index["carry"]
        arrays, place = self.built.model.arrays(), self.built.model.families["carry"]
        arcs = np.arange(place.start, place.stop)[(index == np.array([s, t])).all(axis=1)]
        return bool(np.any(arrays["upper"][arcs] - self.flow[arcs] <= 2 * self.step))

    def _counties(self, s: int, t: int) -> bool:
        moves = self._history(s, self.built.facts.counties)
        index = self.built.index["county"]
        here = (index[:, 1] == t) & (moves[index[:, 0]] > 0)
        return bool(here.any()) and self._near("county", here, moves[index[here, 0]], False)

    def _history(self, s: int, places: list[str]) -> np.ndarray:
        """(n,) yuan by which what was allotted last moves bounds of places, 0 where nothing was."""
        found = np.zeros(len(places), np.int64)
        if not self.context.policy.on("stability"):
            return found
        flows = self.context.once("funds.moved.flows", lambda: _grown_by(self.context, self.built.facts))
        years = self.built.facts.years
        change = 1 + float(self.context.policy["stability"]) * (years[-1] - self.context.on.year + 10)
        for place, each in flows.get(self.built.facts.sources[s], {}).items():
            if place in places:
                found[places.index(place)] += int(each * self.step * change) + 3
        return found


def _grown_by(context: Context, facts: Facts) -> dict[str, dict[str, float]]:
    """Source → place → yuan by which its share of what was allotted last grows with a yuan of budget."""
    budgets = context.network.frame("fund_budgets")
    found: dict[str, dict[str, float]] = {}
    for source, region, since, amount in last_flows(context, facts).iter_rows():
        rows = budgets.filter((pl.col("source") == source) & (pl.col("year") == since))
        before = int(rows["amount"][0]) if rows.height else 0
        if before:
            mine = found.setdefault(source, {})
            mine[region] = mine.get(region, 0.0) + amount / before
    return found
