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
FIRST = 10**9  # of two costs in lexicographic order, what one unit of the first weighs in units of the second
FIRST_LARGEST = 2**62
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
        if np.all(np.abs(scaled - np.rint(scaled)) <= np.maximum(1e-9, 4 * np.spacing(np.abs(scaled)))):
            break
        scale *= 10
    scaled = np.rint(scores * scale)
    if scaled.size and np.abs(scaled).max() > LARGEST:
        most, factor = LARGEST // scale, 10
        while np.abs(scaled).max() > LARGEST * factor:
            factor *= 10
        raise ScenarioError(
            f"pair_scores：成本超过 {most:,}（保留 {scale} 分之一时），合计将不再精确；请把成本都除以 {factor:,}",
            f"pair_scores: costs above {most:,} (kept to 1/{scale}) could no longer be summed exactly; divide all by {factor:,}",
        )
    return scaled.astype(np.int64), scale


def first_then(first: int, second: int) -> int:
    """Two costs as one number that orders plans by the first, and by the second only where the first is equal.

    Parameters
    ----------
    first, second : int
        Whole thousandths; ``second`` is not negative.

    Returns
    -------
    int
        ``FIRST · first + second``.

    Raises
    ------
    ScenarioError
        When ``second`` reaches ``FIRST``, so that it would outweigh the first, or the sum passes ``FIRST_LARGEST``.
    """
    whole = FIRST * first + second
    if not 0 <= second < FIRST or abs(whole) > FIRST_LARGEST:
        most, top = FIRST // SCALE, FIRST_LARGEST // FIRST // SCALE
        raise ScenarioError(
            f"先后两级成本过大：次级须低于 {most:,} 分（现为 {second / SCALE:,.3f}），首级不超过 {top:,} 分"
            f"（现为 {first / SCALE:,.3f}）；请把各项权重同除以一个公因子",
            f"costs of two ranks are too large: the second must stay below {most:,} points (it is {second / SCALE:,.3f}), "
            f"the first at most {top:,} (it is {first / SCALE:,.3f}); divide all weights by a factor",
        )
    return whole


def terms_text(terms: Mapping[str, int]) -> str:
    """Terms of one cost, whole thousandths, as canonical JSON; zero terms are left out."""
    return json.dumps({k: int(v) for k, v in terms.items() if v}, sort_keys=True, separators=(",", ":"))


def terms_column(terms: Mapping[str, np.ndarray]) -> list[str]:
    """The same for many costs: name → (n,) whole thousandths."""
    names = sorted(terms)
    if not names:
        return []
    distinct, at = np.unique(np.stack([terms[n] for n in names], axis=1), axis=0, return_inverse=True)
    texts = [terms_text(dict(zip(names, row, strict=True))) for row in distinct.tolist()]
    return [texts[k] for k in at.ravel().tolist()]
