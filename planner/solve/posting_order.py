"""Which seats can be filled, before any cost is looked at: prices of the strict order, and a flow that keeps it.

Classes that may take the same slots are one kind, slots that the same kinds may take and that are worth the same are one
type. Between kinds and types a small flow without costs fills the most valuable seats; its potentials hold for every
allowed pair at once. From there only pairs that are tight in the order compete by cost, and the large worths of seats no
longer hide the small costs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.posting_flow import Arcs, Seats, potentials, send
from planner.solve.posting_groups import NEVER, Group

MOST_CELLS = 400_000_000  # kinds × slots


@dataclass(frozen=True)
class Order:
    """What the order alone gives.

    Parameters
    ----------
    person, slot : ndarray
        (n,), (m,) int64 worth of one person more in each class, of one person at each slot; ``person − slot ≥ 0`` for
        every allowed pair, 0 where the order lets people move.
    seeds : tuple of ndarray
        Class and slot of pairs that together fill the best set of seats, (k,) each.
    """

    person: np.ndarray
    slot: np.ndarray
    seeds: tuple[np.ndarray, np.ndarray]


def seat_order(seats: Seats, groups: list[Group]) -> Order | None:
    """The order's prices, or ``None`` where the table of kinds and slots would be too large."""
    n, m = len(seats.supply), seats.count.shape[1]
    kind, members = _kinds(seats, groups, n)
    if not members or len(members) * m > MOST_CELLS:
        return None
    may = np.zeros((len(members), m), np.bool_)
    for k, (group, row) in enumerate(members):
        may[k, group.slots] = (group.costs(row, row + 1) < NEVER)[0]
    signature = np.concatenate(
        [np.packbits(may, axis=0).T, seats.gain.T.copy().view(np.uint8).reshape(m, -1)], axis=1
    )
    one = np.ascontiguousarray(signature).view(np.dtype((np.void, signature.shape[1]))).ravel()
    _, first, of_type = np.unique(one, return_index=True, return_inverse=True)
    of_type = of_type.ravel()
    some = kind >= 0
    supply = np.bincount(kind[some], seats.supply[some], len(members)).astype(np.int64)
    lead = np.zeros(len(members), np.int64)
    lead[kind[some]] = np.flatnonzero(some)
    count = np.stack([np.bincount(of_type, c, len(first)).astype(np.int64) for c in seats.count])
    few = Seats(supply, seats.unit[lead], seats.unit_cap, count, seats.gain[:, first])
    of_kind, to_type = np.nonzero(may[:, first])
    arcs = Arcs(
        of_kind, to_type, np.zeros(len(of_kind), np.int64), supply[of_kind], np.zeros(len(of_kind), np.bool_)
    )
    flow = send(few, arcs)
    person_kind, slot_type, _ = potentials(few, arcs, flow)
    person = np.zeros(n, np.int64)
    person[some] = person_kind[kind[some]]
    used = np.flatnonzero(flow.arcs)
    seeds = _hand_out(seats, kind, of_type, of_kind[used], to_type[used], flow.arcs[used])
    return Order(person, slot_type[of_type], seeds)


def _kinds(seats: Seats, groups: list[Group], n: int) -> tuple[np.ndarray, list[tuple[Group, int]]]:
    """(n,) kind of each class, −1 where it reaches nothing; and a member of each kind: its group and row there."""
    kind = np.full(n, -1, np.int64)
    members: list[tuple[Group, int]] = []
    for group in groups:
        codes = [
            c if (t >= NEVER).any() else np.zeros_like(c)
            for t, c in zip(group.tables, group.codes, strict=True)
        ]
        key = np.stack([*codes, seats.unit[group.classes]])
        _, first, number = np.unique(key, axis=1, return_index=True, return_inverse=True)
        kind[group.classes] = len(members) + number.ravel()
        members += [(group, int(row)) for row in first]
    return kind, members


def _hand_out(
    seats: Seats,
    kind: np.ndarray,
    of_type: np.ndarray,
    of_kind: np.ndarray,
    to_type: np.ndarray,
    people: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Classes and slots that share out what flows between their kinds and types; must-seats before further ones."""
    classes = np.flatnonzero(kind >= 0)
    number, which = _along(kind[classes], seats.supply[classes], of_kind, people)
    piece_class, piece_arc, size = classes[number], which[0], which[1]
    m = len(of_type)
    seat_slot = np.tile(np.arange(m), 2)
    late = np.repeat([0, 1], m)
    order = np.lexsort((seat_slot, late, of_type[seat_slot]))
    room = np.concatenate([seats.count[0], seats.count[1]])[order]
    place, which = _along(of_type[seat_slot[order]], room, to_type[piece_arc], size)
    pair_slot, pair_class = seat_slot[order][place], piece_class[which[0]]
    pair = np.unique(pair_class * m + pair_slot)
    return pair // m, pair % m


def _along(
    owner: np.ndarray, size: np.ndarray, wanted: np.ndarray, amount: np.ndarray
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Lay ``amount`` (k,) of owners ``wanted`` along what their members hold (``owner``, ``size``), in order.

    Returns the member of each piece, and the number in ``amount`` and the size of each piece. Per owner at most as much
    may be wanted as its members hold.
    """
    by = np.argsort(owner, kind="stable")
    held, at = np.cumsum(size[by]), np.argsort(wanted, kind="stable")
    sums = np.bincount(owner, size, int(owner.max(initial=-1)) + 1)
    start = np.concatenate([[0], np.cumsum(sums)]).astype(np.int64)
    inside = np.cumsum(amount[at])
    first = np.searchsorted(wanted[at], wanted[at])
    begin = start[wanted[at]] + (inside - amount[at]) - (inside - amount[at])[first]
    end = begin + amount[at]
    cuts = np.unique(np.concatenate([begin, end, held]))
    low, high = cuts[:-1], cuts[1:]
    order = np.argsort(begin, kind="stable")
    piece = (
        order[np.clip(np.searchsorted(begin[order], low, side="right") - 1, 0, None)]
        if len(begin)
        else low[:0]
    )
    low, high = (low, high) if len(begin) else (low[:0], high[:0])
    real = (begin[piece] <= low) & (high <= end[piece])
    member = by[np.searchsorted(held, low[real], side="right")]
    return member, (at[piece[real]], (high - low)[real])
