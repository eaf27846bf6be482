"""How needy a county is, and what it needs: what several stages read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from planner.stage import Context

SKILLS_OF: dict[str, tuple[str, ...]] = {
    "industry": ("industry", "agriculture"),
    "relocation": ("engineering",),
    "labour": ("general",),
    "education": ("education",),
    "health": ("health",),
    "ecology": ("agriculture",),
    "housing": ("engineering",),
    "infrastructure": ("engineering",),
    "dibao": ("finance",),
    "e_commerce": ("e_commerce",),
    "tourism": ("industry",),
    "photovoltaic": ("engineering", "finance"),
}
"""Programme → skills that serve it (assumed; declared here and in docs/stages/designation.md)."""


def latest_fact(context: Context, measure: str, codes: Sequence[str]) -> np.ndarray:
    """Newest value of a measure up to the year of planning, shape ``(n,)`` float64; NaN where there is none."""
    facts = context.network.frame("region_facts")
    asked = pl.DataFrame({"region": list(codes)}, schema={"region": pl.String})
    known = facts.filter((pl.col("measure") == measure) & (pl.col("year") <= context.on.year))
    known = known.join(asked, on="region", how="semi").sort("year")
    newest = known.unique("region", keep="last", maintain_order=True).select(
        "region", pl.col("value").cast(pl.Float64)
    )
    found = asked.join(newest, on="region", how="left", maintain_order="left")["value"]
    return found.fill_null(float("nan")).to_numpy()


def need_rank(context: Context, codes: Sequence[str]) -> np.ndarray:
    """Need between 0 and 1: poverty incidence against the largest among ``codes``; 0.5 where unknown."""
    incidence = latest_fact(context, "poverty_incidence", codes)
    known = np.asarray(~np.isnan(incidence))
    if not known.any() or incidence[known].max() <= 0:
        return np.full(len(codes), 0.5)
    return np.where(known, incidence / incidence[known].max(), 0.5)


def match_profiles(context: Context, profiles: Sequence[str | None], counties: Sequence[str]) -> np.ndarray:
    """Share of each county's need (yuan) that each unit's profile serves, shape ``(units, counties)``, 0–1.

    1 where a county states no need; 0 where a unit states no profile. Needs of all years count.
    """
    amounts = need_by_programme(context, counties)
    skills = sorted({s for served in SKILLS_OF.values() for s in served})
    has = np.array([[s in (p or "").split(";") for s in skills] for p in profiles], dtype=bool).reshape(
        -1, len(skills)
    )
    total = np.zeros(len(counties))
    met = np.zeros((len(profiles), len(counties)))
    for programme, amount in amounts.items():
        served = [skills.index(s) for s in SKILLS_OF.get(programme, ())]
        met += np.any(has[:, served], axis=1, keepdims=True) * amount[None, :]
        total += amount
    return np.where(total > 0, met / np.maximum(total, 1.0), 1.0)


def need_by_programme(context: Context, counties: Sequence[str]) -> dict[str, np.ndarray]:
    """Programme → (n,) yuan that the counties need over all years."""
    needs = context.network.frame("needs").filter(pl.col("region").is_in(list(counties)))
    sums = needs.group_by("programme", "region").agg(pl.col("amount").sum()).sort("programme", "region")
    position = {c: i for i, c in enumerate(counties)}
    found: dict[str, np.ndarray] = {}
    for programme, region, amount in sums.iter_rows():
        found.setdefault(programme, np.zeros(len(counties)))[position[region]] = amount
    return found
