"""Costs are integers, scaled in one place.

Computed costs are points, held as whole thousandths (:data:`SCALE`). Own scores may be decimal or negative: the
smallest power of ten that makes all of them whole is their scale.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np

from graph.errors import ScenarioError

SCALE = 1000
LARGEST = 2**53 // 4096  # sums of many costs stay exact in the engines' doubles
DIGITS_MOST = 6


def points(values: np.ndarray) -> np.ndarray:
    """Points as whole thousandths, int64; half is rounded to even. NaN counts 0."""
    return np.asarray(np.rint(np.nan_to_num(values) * SCALE), dtype=np.int64)


def scale_scores(scores: np.ndarray) -> tuple[np.ndarray, int]:
    """Own scores as whole numbers.

    Parameters
    ----------
    scores : ndarray
        float64, finite.

    Returns
    -------
    whole : ndarray
        int64, ``scores × scale`` rounded.
    scale : int
        1, 10, … 1,000,000; the last also where more digits are given (they are rounded away).

    Raises
    ------
    ScenarioError
        When scores are so large that sums of them would no longer be exact.
    """
    scale = 1
    for _ in range(DIGITS_MOST):
        scaled = scores * scale
        if np.all(np.abs(scaled - np.rint(scaled)) <= 1e-9 * np.maximum(1.0, np.abs(scaled))):
            break
        scale *= 10
    scaled = np.rint(scores * scale)
    if scaled.size and np.abs(scaled).max() > LARGEST:
        most = LARGEST // scale
        raise ScenarioError(
            f"pair_scores：成本超过 {most:,}（保留 {scale} 分之一时），合计将不再精确；请除以一个公因子",
            f"pair_scores: costs above {most:,} (kept to 1/{scale}) could no longer be summed exactly; divide all by a factor",
        )
    return scaled.astype(np.int64), scale


def terms_text(terms: Mapping[str, int]) -> str:
    """Terms of one cost, whole thousandths, as canonical JSON; zero terms are left out."""
    return json.dumps({k: int(v) for k, v in terms.items() if v}, sort_keys=True, separators=(",", ":"))


def terms_column(terms: Mapping[str, np.ndarray]) -> list[str]:
    """The same for many costs: name → (n,) whole thousandths."""
    names = sorted(terms)
    rows = np.stack([terms[n] for n in names], axis=1).tolist() if names else []
    return [terms_text(dict(zip(names, row, strict=True))) for row in rows]
