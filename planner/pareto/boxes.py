"""Where points of a front may still lie: boxes of bounds on all aims but the first, taken apart as points are found.

Every bound vector ε stands for the question "the least first aim while the others are at most ε". Where the answer is a point z,
every ε' between z and ε has it, too; where there is none, there is none for any ε' below ε (Kirlik and Sayın 2014).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

Corner = tuple[int, ...]


@dataclass(frozen=True)
class Box:
    """Whole bound vectors from ``low`` to ``high``, both of them inside.

    ``fresh``: whether its middle is asked before its top, which spreads the points where not all of them are wanted.
    """

    low: Corner
    high: Corner
    fresh: bool = True

    @property
    def size(self) -> int:
        """How many bound vectors it holds."""
        return math.prod(b - a + 1 for a, b in zip(self.low, self.high, strict=True))

    @property
    def asked(self) -> Corner:
        """The bound vector that it asks first."""
        if not self.fresh:
            return self.high
        return tuple((a + b) // 2 for a, b in zip(self.low, self.high, strict=True))

    def without(self, low: Corner, high: Corner) -> list[Box]:
        """What is left of it when the vectors from ``low`` to ``high`` are settled: boxes that do not overlap."""
        inner_low = tuple(map(max, self.low, low))
        inner_high = tuple(map(min, self.high, high))
        if any(a > b for a, b in zip(inner_low, inner_high, strict=True)):
            return [self]
        rest, found = self, []
        for i, (a, b) in enumerate(zip(inner_low, inner_high, strict=True)):
            if rest.low[i] < a:
                found.append(replace(rest, high=_with(rest.high, i, a - 1)))
            if rest.high[i] > b:
                found.append(replace(rest, low=_with(rest.low, i, b + 1)))
            rest = replace(rest, low=_with(rest.low, i, a), high=_with(rest.high, i, b))
        return found


def settle(boxes: Iterable[Box], low: Corner, high: Corner) -> list[Box]:
    """All of them without the vectors from ``low`` to ``high``."""
    return [left for box in boxes for left in box.without(low, high)]


def largest(boxes: Iterable[Box]) -> Box:
    """The one with most vectors; of several the first by its corners."""
    return min(boxes, key=lambda box: (-box.size, box.low, box.high))


def _with(corner: Corner, i: int, value: int) -> Corner:
    return (*corner[:i], value, *corner[i + 1 :])
