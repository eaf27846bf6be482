"""Key figures of an allocation: the plan's or the baseline's."""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.language import Text
from graph.titles import counties_with
from planner.stage import Context, Kpi
from planner.stages.funds.facts import Facts
from planner.stages.funds.fair import LEAST
from planner.stages.funds.known import Known, loan_cost
from planner.stages.row_numbers import row_numbers


def dense(facts: Facts, table: pl.DataFrame) -> np.ndarray:
    """(C, P, T) yuan of a table `allocations`, over all sources."""
    found = np.zeros(facts.need.shape, dtype=np.int64)
    sums = table.group_by("region", "programme", "year").agg(pl.col("amount").sum())
    names = (("region", facts.counties), ("programme", facts.programmes), ("year", facts.years))
    at = tuple(row_numbers(sums[k], v) for k, v in names)
    found[at] = sums["amount"].to_numpy()
    return found


def weighted(known: Known, amount: np.ndarray) -> int:
    """Value of what is met, thousandths of points: each step filled before the next."""
    left, total = amount.copy(), 0
    for steps, value in zip(known.steps, known.value, strict=True):
        taken = np.minimum(left, steps)
        total += int((taken * value).sum())
        left -= taken
    return total


def worth_of(context: Context, facts: Facts, known: Known, table: pl.DataFrame) -> int:
    """The objective of a table `allocations`, thousandths of points: value of what is met, less what microcredit costs."""
    credit = sum(lent(table, facts, "microcredit").values())
    return weighted(known, dense(facts, table)) - loan_cost(context) * credit


def stays_worth(facts: Facts, known: Known, table: pl.DataFrame) -> int:
    """What published money that stays where it is counts more, thousandths of points."""
    if known.published is None:
        return 0
    return known.published.worth * int(np.minimum(dense(facts, table), known.published.amount).sum())


def met_shares(known: Known, amount: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of counties and years that can get anything: share of what they can get that they get, and what they can get (yuan)."""
    most = known.most()
    there = most > 0
    return np.minimum(amount.sum(axis=1)[there] / most[there], 1.0), most[there]


def least_share(facts: Facts, known: Known, table: pl.DataFrame) -> float:
    """The least met share of any county in a year; 1 where none can get anything."""
    return float(met_shares(known, dense(facts, table))[0].min(initial=1.0))


def fair_mean(known: Known, amount: np.ndarray) -> float:
    """Geometric mean of the met shares, weighted by what counties can get; shares below a hundredth count as that."""
    share, most = met_shares(known, amount)
    if not share.size:
        return 1.0
    return float(np.exp(np.average(np.log(np.maximum(share, LEAST)), weights=most)))


def lent(table: pl.DataFrame, facts: Facts, instrument: str) -> dict[int, int]:
    """Year → yuan lent by the sources of one instrument."""
    lenders = [s for s, i in zip(facts.sources, facts.instrument, strict=True) if i == instrument]
    rows = (
        table.filter(pl.col("source").is_in(lenders))
        .group_by("year")
        .agg(pl.col("amount").sum())
        .sort("year")
    )
    return dict(rows.iter_rows())


def unfinished(facts: Facts, amount: np.ndarray) -> int:
    """Yuan beyond the last whole thing, over all countable needs: a dibao year, a house, a village's road."""
    counted = facts.unit_cost > 0
    return int((amount[counted] % facts.unit_cost[counted]).sum())


def kpis(context: Context, facts: Facts, known: Known, table: pl.DataFrame) -> list[Kpi]:
    """All key figures."""
    amount = dense(facts, table)
    by_county = amount.sum(axis=1)
    need, spent = int(facts.need.sum()), int(amount.sum())
    credit = lent(table, facts, "microcredit")
    points = worth_of(context, facts, known, table) / 1000
    below = (by_county < known.county_low).sum()
    met = np.divide(by_county.sum(axis=1), np.maximum(facts.need.sum(axis=(1, 2)), 1))
    heads = np.maximum(facts.poor, 1) * len(facts.years)
    per_head = (by_county.sum(axis=1) / heads)[facts.poor > 0]
    term, policy = int(context.policy["microcredit_years"]), context.policy
    first, listed = (counties_with(str(policy[k])) for k in ("deep_poverty_tag", "county_tag"))
    due = sum(a for y, a in credit.items() if y + term <= facts.years[-1])
    counted = [
        Kpi("met", Text("需求满足率", "need met"), round(spent / max(need, 1), 6), "share", "more"),
        Kpi("points", Text("加权满足需求", "weighted need met"), round(points), "points", "more"),
        Kpi("spent", Text("安排资金", "money allocated"), spent, "yuan"),
        Kpi("unfinished", Text("未满一件的资金", "money short of a whole thing"), unfinished(facts, amount), "yuan", "less"),
        Kpi("unspent", Text("未安排资金", "money not allocated"), int(facts.budget.sum()) - spent, "yuan", "less"),
        Kpi("deep_share", Text(f"{first.zh}份额", f"share of {first.many}"),
            _share(by_county[facts.deep].sum(), spent), "share", "more"),
        Kpi("outside", Text(f"{listed.without_zh}份额", f"share outside {listed.many}"), _share(by_county[facts.outside].sum(), spent), "share"),
        Kpi("least_met", Text("满足率最低的县", "need met in the worst-off county"), round(float(met.min()), 6) if met.size else None,
            "share", "more"),
        Kpi("least_met_year", Text("满足率最低的县·年（占其能得的）", "met share of the worst-off county in a year"),
            round(least_share(facts, known, table), 6), "share", "more"),
        Kpi("fair_mean", Text("满足率的几何平均", "geometric mean of met shares"), round(fair_mean(known, amount), 6), "share", "more"),
        Kpi("per_head_p10", Text("人均资金（第 10 百分位县）", "yuan per poor person, 10th percentile county"),
            round(float(np.quantile(per_head, 0.1))) if per_head.size else None, "yuan a year", "more"),
        Kpi("below_floor", Text("低于下限的县·年", "county-years below their floor"), int(below), "", "less"),
        Kpi("microcredit", Text("小额信贷", "microcredit lent"), sum(credit.values()), "yuan"),
        Kpi("microcredit_cost", Text("贴息与风险补偿", "subsidy and risk fund"), round(sum(credit.values()) * (
            policy.weight("microcredit_subsidy") * term + policy.weight("microcredit_risk_fund"))), "yuan", "less"),
        Kpi("repayments_due", Text("规划期内到期还款", "repayments that fall due in the planned years"), due, "yuan"),
    ]  # fmt: skip
    return [k for k in counted if k.key not in _silent(context, facts)]


def _silent(context: Context, facts: Facts) -> set[str]:
    """Figures of what the scenario does not have: nobody lends, no county comes first, there is no list, nobody is counted."""
    found: set[str] = set()
    if "microcredit" not in context.network.frame("fund_sources")["instrument"]:
        found |= {"microcredit", "microcredit_cost", "repayments_due"}
    if not facts.deep.any():
        found.add("deep_share")
    if facts.outside.all():
        found.add("outside")
    if not facts.poor.any():
        found.add("per_head_p10")
    return found


def _share(part: int, whole: int) -> float:
    return round(float(part) / max(whole, 1), 6)
