"""What prices of the recipients prove of a plain assignment problem, by this check's own arithmetic.

For any prices u, with S over sets of recipients that a supporter may hold together,

    Σ_j u[j] + Σ_i min_S Σ_{j in S} (cost[i,j] − u[j])  ≤  cost of every plan

since each recipient is in exactly one set. Pairs that a rule forbids are in none. Prices are whole thousandths of the unit in which costs are whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner.verify.outcome import Resolved
from planner.verify.score_book import SAFE, ScoreBook, exact

PRICE_SCALE = 1000


@dataclass(frozen=True)
class Names:
    """What a stage calls the rules: partners of a recipient, loads within a capacity, partners of a supporter."""

    partners: str
    capacity: str
    counted: str | None = None


DESIGNATION = Names("units_per_county", "unit_capacity", "counties_per_unit")
INSPECTION = Names("teams_per_visit", "team_days")
PAIRING = Names("partners_per_recipient", "supporter_capacity", "partners_per_supporter")


def proved_bound(
    resolved: Resolved,
    stage: str,
    book: ScoreBook,
    prices: np.ndarray,
    capacity: Mapping[str, float | None],
    names: Names = DESIGNATION,
    shut: Iterable[tuple[str, str]] = (),
    pinned: Iterable[tuple[str, str]] = (),
) -> int | None:
    """The bound in ``1/scale`` in the reader's sense; ``None`` where the rules do not give each recipient exactly one.

    ``prices`` is (number of recipients,) int64, recipients sorted by id; ``shut`` are pairs that a rule forbids,
    ``pinned`` those that it demands: such a recipient has no other.
    """
    partners = tuple(resolved.value(stage, names.partners) or ())
    if partners != (1, 1) or len(prices) != len(book.recipients):
        return None
    sign = -1 if resolved.value(stage, "sense") == "max" else 1
    told = [int(price) for price in prices.tolist()]
    price = np.array(told, dtype=object if max(map(abs, told), default=0) > SAFE else np.int64)
    cost = exact(sign * book.whole, PRICE_SCALE) * PRICE_SCALE
    value = cost - price[book.recipient]
    gains = value < 0
    gains[book.numbers(shut)] = False
    _keep_pinned(gains, book, pinned)
    gaining = np.flatnonzero(gains)
    gaining = gaining[np.argsort(book.supporter[gaining], kind="stable")]
    start = np.searchsorted(book.supporter[gaining], np.arange(len(book.supporters) + 1))
    value = exact(value[gaining], len(book.recipients))
    load = book.load[gaining]
    counted = None if names.counted is None else resolved.value(stage, names.counted)
    most = None if counted is None else _most(counted, book)
    limited = resolved.value(stage, names.capacity)
    total = sum(told)
    for i, supporter in enumerate(book.supporters):
        mine = slice(start[i], start[i + 1])
        room = capacity.get(supporter) if limited else None
        gain, loads = value[mine], load[mine]
        if room is not None:
            gain, loads = gain[loads <= room], loads[loads <= room]
        total += max(_by_load(gain, loads, room), _by_number(gain, most))
    return sign * -(-total // PRICE_SCALE)


def _keep_pinned(gains: np.ndarray, book: ScoreBook, pinned: Iterable[tuple[str, str]]) -> None:
    """Every other pair of a pinned recipient is in no set."""
    demanded = book.numbers(pinned)
    others = np.isin(book.recipient, book.recipient[demanded])
    others[demanded] = False
    gains[others] = False


def _most(counted: Sequence[int], book: ScoreBook) -> int:
    """How many recipients a supporter may have; no more than it must where all that they must have are all there are."""
    least, most = (int(limit) for limit in counted)
    return least if least * len(book.supporters) == len(book.recipients) else most


def _by_number(gains: np.ndarray, most: int | None) -> int:
    """The least sum of at most ``most`` values, all below 0."""
    return int((gains if most is None else np.sort(gains)[:most]).sum())


def _by_load(gains: np.ndarray, load: np.ndarray, room: float | None) -> int:
    """The least sum of values, all below 0, whose loads fit ``room``; each alone does."""
    if room is None or int(load.sum()) <= room:
        return int(gains.sum())
    if load.size and (load == load[0]).all():
        return _by_number(gains, int(room // load[0]) if load[0] else None)
    best = np.zeros(int(room) + 1, dtype=gains.dtype)
    for value, taken in zip(gains, load.tolist(), strict=True):
        with_it = best[: len(best) - taken] + value
        np.minimum(best[taken:], with_it, out=best[taken:]) if taken else np.add(best, value, out=best)
    return int(best[-1])
