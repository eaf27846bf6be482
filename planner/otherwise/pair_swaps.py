"""What losing a pair costs at most: by the cheapest swap that keeps every rule, without a solve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planner.otherwise.choices import Choices

NEAR = 1e-9
"""What the sum of a row may be beyond its side."""
TRIED = 400
"""Exchanges of one pair that are tried, the cheapest first."""


def most_by_swaps(found: Choices) -> list[float]:
    """Thousandths that losing each pair of the plan costs at most, in the order of the pairs; infinite where no swap is found.

    Another supporter takes the recipient; or one that does, and whose own recipient the supporter takes in turn. Rows in which
    other columns than pairs stand may not change at all.
    """
    rows = _rows(found)
    chosen = np.flatnonzero(found.chosen)
    return [_cheapest(found, rows, p, chosen) for p in chosen.tolist()]


@dataclass(frozen=True)
class _Rows:
    """Rows by column (``ptr``, ``row``, ``value``), what each comes to in the plan, and its sides."""

    ptr: np.ndarray
    row: np.ndarray
    value: np.ndarray
    now: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def hold(self, gone: list[int], new: list[int]) -> bool:
        """Whether every row still holds with some columns gone and others new."""
        change: dict[int, float] = {}
        for columns, sign in ((gone, -1.0), (new, 1.0)):
            for column in columns:
                at = slice(int(self.ptr[column]), int(self.ptr[column + 1]))
                for row, value in zip(self.row[at].tolist(), self.value[at].tolist(), strict=True):
                    change[row] = change.get(row, 0.0) + sign * value
        return all(
            self.low[row] - NEAR <= self.now[row] + by <= self.high[row] + NEAR
            for row, by in change.items()
            if by
        )


def _rows(found: Choices) -> _Rows:
    arrays, n = found.model.arrays(), found.pairs.size
    count = len(arrays["row_lower"])
    row = np.repeat(np.arange(count), np.diff(arrays["indptr"]))
    column, value = arrays["indices"], arrays["data"]
    now = np.bincount(
        row, value * np.append(found.chosen, np.zeros(found.model.n_columns - n))[column], minlength=count
    )
    others = np.bincount(row[column >= n], minlength=count) > 0
    order = np.argsort(column, kind="stable")
    ptr = np.append(0, np.cumsum(np.bincount(column, minlength=found.model.n_columns)))
    low, high = (np.where(others, now, arrays[side]) for side in ("row_lower", "row_upper"))
    return _Rows(ptr, row[order], value[order], now, low, high)


def _cheapest(found: Choices, rows: _Rows, p: int, chosen: np.ndarray) -> float:
    """What the first swap that keeps the rows costs more, of those that cost least."""
    sides = (_taken_over(found, p), _crossed(found, p, chosen))
    return min(
        next((float(more) for more, gone, new in side if rows.hold(gone, new)), np.inf) for side in sides
    )


def _taken_over(found: Choices, p: int) -> Iterator[tuple[int, list[int], list[int]]]:
    """Another supporter for the recipient of ``p``."""
    pairs = found.pairs
    others = np.flatnonzero(~found.chosen & (pairs.recipient == pairs.recipient[p]))
    for q in others[np.argsort(pairs.cost[others], kind="stable")].tolist():
        yield int(pairs.cost[q] - pairs.cost[p]), [p], [q]


def _crossed(found: Choices, p: int, chosen: np.ndarray) -> Iterator[tuple[int, list[int], list[int]]]:
    """Two pairs that exchange their supporters."""
    pairs = found.pairs
    to_mine, of_mine = np.full(len(pairs.supporters), -1), np.full(len(pairs.recipients), -1)
    same = np.flatnonzero(pairs.recipient == pairs.recipient[p])
    to_mine[pairs.supporter[same]] = same
    mine = np.flatnonzero(pairs.supporter == pairs.supporter[p])
    of_mine[pairs.recipient[mine]] = mine
    one, other = to_mine[pairs.supporter[chosen]], of_mine[pairs.recipient[chosen]]
    new = (one >= 0) & (other >= 0) & ~found.chosen[one] & ~found.chosen[other]
    q, one, other = chosen[new], one[new], other[new]
    more = pairs.cost[one] + pairs.cost[other] - pairs.cost[p] - pairs.cost[q]
    for k in np.argsort(more, kind="stable")[:TRIED].tolist():
        yield int(more[k]), [p, int(q[k])], [int(one[k]), int(other[k])]
