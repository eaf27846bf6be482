"""A village's problem: why its poor households are poor, and which skills would help (assumed)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from planner.stage import Context

HELPED_BY: dict[str, tuple[str, ...]] = {
    "illness": ("health",),
    "disability": ("health",),
    "schooling": ("education",),
    "disaster": ("engineering", "finance"),
    "no_labour": ("general",),
    "no_funds": ("finance", "industry"),
    "no_skill": ("agriculture", "industry", "e_commerce"),
    "no_land": ("industry", "e_commerce"),
    "transport": ("engineering",),
    "motivation": ("party_building",),
    "food": ("agriculture",),
    "clothing": ("general",),
    "education": ("education",),
    "medical": ("health",),
    "housing": ("engineering",),
    "water": ("engineering",),
}
"""Cause of poverty, or what is lacking → skills that help (assumed; listed in docs/stages/cadres.md)."""

SKILLS = tuple(sorted({skill for skills in HELPED_BY.values() for skill in skills}))


@dataclass(frozen=True)
class Problems:
    """Groups of households as arrays: ``village`` (k,) number, ``mask`` (k,) bits of skills that help, ``households`` (k,)."""

    village: np.ndarray
    mask: np.ndarray
    households: np.ndarray
    villages: int


def skill_mask(profile: str) -> int:
    """Bits of a list of skills ``a;b``."""
    return sum(1 << SKILLS.index(skill) for skill in set(profile.split(";")) if skill in SKILLS)


def problem_masks(context: Context, villages: pl.Series) -> Problems:
    """Newest household groups of each village, up to the year of planning."""
    groups = context.network.frame("household_groups").filter(pl.col("year") <= context.on.year)
    groups = groups.filter(pl.col("year") == pl.col("year").max().over("village"))
    number = pl.DataFrame({"village": villages}).with_row_index("number")
    groups = groups.join(number, on="village", how="inner", maintain_order="left")
    cell = groups.select(
        pl.concat_str(pl.col("cause").fill_null(""), pl.col("lacking").fill_null(""), separator=";").alias(
            "c"
        )
    )["c"]
    distinct = cell.unique()
    masks = [sum(1 << k for k in range(len(SKILLS)) if _helps(text, k)) for text in distinct.to_list()]
    mask = (
        cell.replace_strict(distinct, masks, return_dtype=pl.Int64)
        if len(cell)
        else pl.Series([], dtype=pl.Int64)
    )
    return Problems(
        groups["number"].cast(pl.Int64).to_numpy(),
        mask.to_numpy(),
        groups["households"].to_numpy(),
        len(villages),
    )


def _helps(text: str, skill: int) -> bool:
    return any(SKILLS[skill] in HELPED_BY.get(part, ()) for part in text.split(";"))


def served_share(problems: Problems, mask: int) -> np.ndarray:
    """(v,) share of each village's poor households that a profile serves; 1 where none are known."""
    n = problems.villages
    whole = np.bincount(problems.village, problems.households, n)
    served = np.bincount(problems.village, problems.households * ((problems.mask & mask) > 0), n)
    return np.where(whole > 0, served / np.maximum(whole, 1.0), 1.0)
