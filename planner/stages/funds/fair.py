"""Proportional fairness between counties: the logarithm of a met share, in segments.

A county's met share of a year is what it gets over the most that it can get: what it can be paid for, within its ceiling.
"""

from __future__ import annotations

from itertools import pairwise
from math import log

import numpy as np

from planner.stages.funds.facts import PPM

LEAST = 0.01
"""Below this share the logarithm goes on as a straight line, as steep as there."""
BELOW, ABOVE = 20, 28
"""Segments up to a share of one half, and from there to 1, each so many times as wide as the one before: a chord is below
the logarithm by 0.0048 at most, and above one half by 0.0001."""
FAIR_WEIGHT = 10_000
"""What a point of fairness weighs against a point of need met."""


def fair_shares() -> list[int]:
    """Upper ends of the segments, millionths of the whole."""
    low = [LEAST * (0.5 / LEAST) ** (k / BELOW) for k in range(BELOW)]
    return [round(PPM * share) for share in (*low, *(0.5 * 2 ** (k / ABOVE) for k in range(ABOVE + 1)))]


def fair_slopes() -> list[int]:
    """What the logarithm rises with the share in each segment, thousandths: the first as steep as at its end."""
    ends = fair_shares()
    chords = [(log(b) - log(a)) / (b - a) * PPM for a, b in pairwise(ends)]
    return [round(1000 * s) for s in (1 / LEAST, *chords)]


def fair_segments(most: np.ndarray, fair: bool) -> np.ndarray:
    """(K, C, T) yuan in each segment of counties that can get ``most`` (C, T); K = 0 where ``fair`` does not hold."""
    if not fair:
        return np.zeros((0, *most.shape), dtype=np.int64)
    ends = [most // PPM * end + most % PPM * end // PPM for end in fair_shares()]
    return np.diff(np.stack([0 * most, *ends]), axis=0)
