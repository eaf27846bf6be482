"""The published factors by which central money goes to provinces; their weights are assumed.

For province g and factor k, ``a[k,g]`` is its share of the factor; ``share[g] = Σ_k weight[k]·a[k,g]``. Income and
fiscal strength lift the poor people of provinces that have less than the best; results lift or lower them by the last
assessment (:data:`RESULT`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from planner.stage import Context
from planner.stages.funds.facts import PPM, Facts
from planner.stages.need import latest_fact

RESULT = {"commended": 1.2, "plain": 1.0, "talk_deputy": 0.9, "talk_principal": 0.8}
"""What an assessment does to a province's poor people in the factor "results" (assumed)."""


def province_factors(context: Context, facts: Facts, year: int) -> dict[str, np.ndarray]:
    """Factor → (G,) float64, not yet a share: what each province has of it."""
    n = len(facts.provinces)
    poor = np.bincount(facts.province, facts.poor, n)
    need = np.bincount(
        facts.province, facts.need[:, :, facts.years.index(year)].sum(axis=1).astype(np.float64), n
    )
    deep = np.bincount(facts.province, facts.poor * facts.deep, n)
    income = latest_fact(context, "income_per_head", facts.provinces)
    people = np.maximum(latest_fact(context, "rural_population", facts.provinces), 1.0)
    strength = latest_fact(context, "fiscal_revenue", facts.provinces) / people
    category = assessed(context, year - 1)
    result = np.array([RESULT.get(category.get(g, ""), 1.0) for g in facts.provinces])
    return {
        "poverty": poor,
        "income": poor * _lack(income),
        "fiscal": poor * _lack(strength),
        "depth": deep,
        "tasks": need,
        "results": poor * result,
    }


def _lack(values: np.ndarray) -> np.ndarray:
    """1 for the best-off province, up to 2 for one that has nothing; 1 where unknown."""
    known = ~np.isnan(values)
    if not known.any() or values[known].max() <= 0:
        return np.ones(len(values))
    return np.where(known, 2.0 - np.nan_to_num(values) / values[known].max(), 1.0)


def assessed(context: Context, year: int) -> dict[str, str]:
    """Region → category of the assessment of a year."""
    rows = context.network.frame("assessments").filter(pl.col("year") == year)
    return dict(rows.select("region", "category").iter_rows())


def shares_by_factors(
    factors: Mapping[str, np.ndarray], weights: Mapping[str, float], reach: np.ndarray
) -> np.ndarray:
    """Shares of the provinces in ``reach`` (G,) bool, as whole millionths (G,) int64; :data:`PPM` in all."""
    total = np.zeros(len(reach))
    for name, have in factors.items():
        inside = np.where(reach, have, 0.0)
        if inside.sum() > 0:
            total += float(weights.get(name, 0.0)) * inside / inside.sum()
    if total.sum() <= 0:
        total = reach.astype(np.float64)
    exact = PPM * total / max(total.sum(), 1e-300)
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(
        -(exact - whole), kind="stable"
    )  # the largest remainders first, so that all of it is shared
    whole[order[: PPM - int(whole.sum())]] += 1
    return np.asarray(np.where(reach, whole, 0))
