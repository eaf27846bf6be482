"""What prices of the recipients prove of a plain assignment problem, by this check's own arithmetic.

For any prices u, with S over sets of recipients that a supporter may hold together,

    Σ_j u[j] + Σ_i min_S Σ_{j in S} (cost[i,j] − u[j])  ≤  cost of every plan

since each recipient is in exactly one set. Prices are whole thousandths of the unit in which costs are whole.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from planner.verify.outcome import Resolved
from planner.verify.pairs import ScoreBook

PRICE_SCALE = 1000


def proved_bound(
    resolved: Resolved, stage: str, book: ScoreBook, prices: np.ndarray, capacity: Mapping[str, float | None]
) -> int | None:
    """The bound in ``1/scale`` in the reader's sense; ``None`` where the rules do not give each recipient exactly one.

    ``prices`` is (number of recipients,) int64, recipients sorted by id.
    """
    if tuple(resolved.value(stage, "units_per_county") or ()) != (1, 1) or len(prices) != len(
        book.recipients
    ):
        return None
    sign = -1 if resolved.value(stage, "sense") == "max" else 1
    number = {r: j for j, r in enumerate(book.recipients)}
    held: dict[str, list[tuple[int, int]]] = {s: [] for s in book.supporters}
    for (supporter, recipient), (_, load) in book.scores.items():
        price = int(prices[number[recipient]])
        value = sign * book.whole(supporter, recipient) * PRICE_SCALE - price
        held[supporter].append((value, int(load)))
    counted = resolved.value(stage, "counties_per_unit")
    limited = resolved.value(stage, "unit_capacity")
    total = sum(int(p) for p in prices)
    for supporter, items in held.items():
        room = capacity.get(supporter) if limited else None
        total += max(_by_load(items, room), _by_number(items, None if counted is None else int(counted[1])))
    return sign * -(-total // PRICE_SCALE)


def _by_number(items: list[tuple[int, int]], most: int | None) -> int:
    """The least sum of at most ``most`` values."""
    gains = sorted(value for value, _ in items if value < 0)
    return sum(gains if most is None else gains[:most])


def _by_load(items: list[tuple[int, int]], room: float | None) -> int:
    """The least sum of values whose loads fit ``room``."""
    wanted = [(value, load) for value, load in items if value < 0]
    if room is None or sum(load for _, load in wanted) <= room:
        return sum(value for value, _ in wanted)
    wanted = [(value, load) for value, load in wanted if load <= room]
    if len({load for _, load in wanted}) == 1:
        return _by_number(wanted, int(room // wanted[0][1]))
    best = np.zeros(int(room) + 1, dtype=np.int64)
    for value, load in wanted:
        with_it = best[: len(best) - load] + value
        np.minimum(best[load:], with_it, out=best[load:]) if load else np.add(best, value, out=best)
    return int(best[-1])
