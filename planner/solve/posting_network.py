"""Who may go where, as a network of four layers: classes of people, hubs, slots, one sink.

What a posting costs is a sum of table rows. Where the table of abilities has few distinct columns (few wishes), all classes
of a group that share the other rows meet in one hub per wish: the way from a hub to a slot then stands for the pairs of
all its classes. The dense table of pairs is never stored, and the same optimum is found over a fraction of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from planner.solve.task import Arrays

NEVER = 2**29  # three of them still fit into 32 bits
TABLES = ("t0", "t1", "t2")
ABILITIES = 1  # the table whose columns are the wishes
BLOCK = 1 << 20  # pairs that are priced at once
OFFER = 20  # pairs that cost as much as one arc from a class to a hub, in the choice between hubs and none


@dataclass(frozen=True)
class Seats:
    """What is asked for and who is there.

    Parameters
    ----------
    supply : ndarray
        (n,) people in each class.
    unit : ndarray
        (n,) number of the class's unit where its release is capped, else −1.
    unit_cap : ndarray
        (u,) people that it may release.
    count, gain : ndarray
        (2, m) seats of each slot and what one filled seat is worth; row 0 must-seats, row 1 further seats.
    """

    supply: np.ndarray
    unit: np.ndarray
    unit_cap: np.ndarray
    count: np.ndarray
    gain: np.ndarray


@dataclass(frozen=True)
class Block:
    """The hubs of one group of classes with the same reach.

    Parameters
    ----------
    first : int
        Number of its first hub; row r and wish w have hub ``first + r·wishes + w``.
    wishes : int
        Wishes of its slots.
    slots, wish : ndarray
        (s,) slots in reach and the wish of each.
    tables, codes : tuple of ndarray
        Cost of row r at each slot: the sum of ``tables[k][codes[k][r]]``, each (rows of k, s) int32.
    """

    first: int
    wishes: int
    slots: np.ndarray
    wish: np.ndarray
    tables: tuple[np.ndarray, ...]
    codes: tuple[np.ndarray, ...]

    @property
    def rows(self) -> int:
        """Rows of costs."""
        return len(self.codes[0])

    def costs(self, first: int, last: int) -> np.ndarray:
        """Costs of rows ``first`` … ``last``, shape ``(last − first, s)`` int32; :data:`NEVER` and more: not allowed."""
        found: np.ndarray = self.tables[0][self.codes[0][first:last]]
        for table, code in zip(self.tables[1:], self.codes[1:], strict=True):
            found += table if len(table) == 1 else table[code[first:last]]
        return found

    def parts(self) -> Iterator[tuple[int, int, np.ndarray]]:
        """``first, last, costs`` over all rows, about :data:`BLOCK` pairs at a time."""
        step = max(1, BLOCK // max(1, len(self.slots)))
        for first in range(0, self.rows, step):
            last = min(first + step, self.rows)
            yield first, last, self.costs(first, last)


@dataclass(frozen=True)
class Stays:
    """Arcs from classes to slots that only ``room`` people may take, such as those in place; (k,) each.

    ``moves``: how many changes each person on the arc is, against the same person at home.
    """

    of_class: np.ndarray
    slot: np.ndarray
    cost: np.ndarray
    room: np.ndarray
    moves: np.ndarray


@dataclass(frozen=True)
class Network:
    """Classes, hubs and slots; ``offer_*`` (k,) are all arcs from classes to hubs.

    ``moves`` (n,): how many changes a new posting of each class is, against the same person at home; costs hold their price.
    """

    seats: Seats
    blocks: list[Block]
    hubs: int
    offer_class: np.ndarray
    offer_hub: np.ndarray
    offer_cost: np.ndarray
    stays: Stays
    moves: np.ndarray

    @property
    def counted(self) -> bool:
        """Whether changes count: among equally good flows the one with the fewest is wanted."""
        return bool(self.moves.any() or self.stays.moves.any())

    @property
    def slots(self) -> int:
        """Number of slots."""
        return int(self.seats.count.shape[1])

    @property
    def arcs(self) -> int:
        """Offers, allowed ways or not, and stays."""
        ways = sum(b.rows * len(b.slots) for b in self.blocks)
        return ways + len(self.offer_cost) + len(self.stays.cost)

    def within(self, window: np.ndarray) -> Network:
        """The same with ways to the slots of a window (m,) bool alone."""
        blocks = []
        for block in self.blocks:
            kept = np.flatnonzero(window[block.slots])
            tables = tuple(t[:, kept] for t in block.tables)
            blocks.append(replace(block, slots=block.slots[kept], wish=block.wish[kept], tables=tables))
        return replace(self, blocks=[b for b in blocks if len(b.slots)])

    def most_cost(self) -> int:
        """No allowed pair or stay costs more."""
        stay = int(np.abs(self.stays.cost).max(initial=0))
        way = max((_most(b) for b in self.blocks), default=0)
        return max(int(np.abs(self.offer_cost).max(initial=0)) + way, stay)


def _most(block: Block) -> int:
    return sum(int(np.abs(t, where=t < NEVER, out=np.zeros_like(t)).max(initial=0)) for t in block.tables)


def read_network(arrays: Arrays, change_price: int = 0) -> Network:
    """The network of the engine ``posting``'s arrays, each change at a price; see there."""
    order = np.argsort(arrays["group"], kind="stable")
    n, wish = len(arrays["slot_ptr"]) - 1, arrays.get("wish")
    at = np.searchsorted(arrays["group"][order], np.arange(n + 1))
    blocks: list[Block] = []
    offers: list[tuple[np.ndarray, ...]] = []
    hubs = 0
    for g in range(n):
        classes = order[at[g] : at[g + 1]]
        slots = np.asarray(arrays["slot_list"][arrays["slot_ptr"][g] : arrays["slot_ptr"][g + 1]])
        if not (len(classes) and len(slots)):
            continue
        tables = [
            np.asarray(arrays[t][arrays[f"{t}_ptr"][g] : arrays[f"{t}_ptr"][g + 1]]).reshape(-1, len(slots))
            for t in TABLES
        ]
        codes = [np.asarray(arrays[f"c{k}"][classes]) for k in range(len(TABLES))]
        block, of_class, hub, cost = _block(hubs, slots, tables, codes, None if wish is None else wish[slots])
        blocks.append(block)
        offers.append((classes[of_class], hubs + hub, cost))
        hubs += block.rows * block.wishes
    of_class, slot, cost, room = (
        np.asarray(arrays[f"listed_{k}"]) for k in ("class", "slot", "cost", "room")
    )
    moves, staying = (
        arrays.get(k, np.zeros(n, np.int64))
        for k, n in (("moves", len(arrays["supply"])), ("listed_moves", len(slot)))
    )
    offer_class, offer_hub, offer_cost = (_join([o[k] for o in offers]) for k in range(3))
    offer_cost = offer_cost + change_price * moves[offer_class]
    stays = Stays(of_class, slot, cost + change_price * staying, room, staying)
    return Network(read_seats(arrays), blocks, hubs, offer_class, offer_hub, offer_cost, stays, moves)


def read_seats(arrays: Arrays) -> Seats:
    """Supplies and seats of the engine's arrays."""
    return Seats(
        np.asarray(arrays["supply"]),
        np.asarray(arrays["unit"]),
        np.asarray(arrays["unit_cap"]),
        np.stack([arrays["must"], arrays["further"]]),
        np.stack([arrays["must_gain"], arrays["further_gain"]]),
    )


def _block(
    first: int,
    slots: np.ndarray,
    tables: list[np.ndarray],
    codes: list[np.ndarray],
    alike: np.ndarray | None,
) -> tuple[Block, np.ndarray, np.ndarray, np.ndarray]:
    """A group's block; and class (its number in the group), hub (in the block) and cost of each offer.

    ``alike`` (s,), if given: slots with the same number have the same column of abilities.
    """
    count = len(codes[0])
    others = [k for k in range(len(TABLES)) if k != ABILITIES]
    first_of_row, row = equal_columns(np.stack([codes[k] for k in others]))
    rows = np.stack([codes[k] for k in others])[:, first_of_row]
    used, ability = np.unique(codes[ABILITIES], return_inverse=True)
    if alike is None:
        lead, wish = equal_columns(tables[ABILITIES][used])
    else:
        one, number = np.unique(alike, return_index=True, return_inverse=True)[1:]
        lead, wish = equal_columns(tables[ABILITIES][used][:, one])
        lead, wish = one[lead], wish[number.ravel()]
    wishes, size = tables[ABILITIES][used][:, lead], len(lead)
    if rows.shape[1] * len(slots) + OFFER * count * size >= count * len(slots) + OFFER * count:
        block = Block(first, 1, slots, np.zeros(len(slots), np.int64), tuple(tables), tuple(codes))
        return block, np.arange(count), np.arange(count), np.zeros(count, np.int64)
    block = Block(first, size, slots, wish, tuple(tables[k] for k in others), tuple(rows))
    cost = wishes[ability]
    of_class, column = np.nonzero(cost < NEVER)
    return block, of_class, row[of_class] * size + column, cost[of_class, column].astype(np.int64)


def _join(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def slot_types(network: Network) -> np.ndarray:
    """(m,) number of each slot's type: the same gains, in the same blocks, with the same wish, open to the same rows."""
    of_type = np.unique(network.seats.gain, axis=1, return_inverse=True)[1].ravel()
    fresh = int(of_type.max(initial=-1)) + 1
    for block in network.blocks:
        key = of_type[block.slots] * block.wishes + block.wish
        for table in block.tables:
            shut = table >= NEVER
            if shut.any():
                key = key * len(key) + equal_columns(np.packbits(shut, axis=0))[1]
                key = np.unique(key, return_inverse=True)[1].ravel()
        inside = np.unique(key, return_inverse=True)[1].ravel()
        of_type[block.slots] = fresh + inside
        fresh += int(inside.max()) + 1
    return np.asarray(np.unique(of_type, return_inverse=True)[1].ravel())


def equal_columns(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first of each set of equal columns, (d,), and the number of each column's set, (s,)."""
    rows = np.ascontiguousarray(table.T)
    one = rows.view(np.dtype((np.void, rows.shape[1] * rows.itemsize))).ravel()
    _, first, number = np.unique(one, return_index=True, return_inverse=True)
    return first, number.ravel()


def merged(network: Network, of_cluster: np.ndarray) -> Network:
    """The same with clusters of slots of one type for slots, (m,) cluster of each; their costs are averages."""
    m = int(of_cluster.max(initial=-1)) + 1
    lead = np.unique(of_cluster, return_index=True)[1]
    seats = network.seats
    count = np.stack([_sums(of_cluster, c, m) for c in seats.count])
    blocks = []
    for block in network.blocks:
        present, at = np.unique(of_cluster[block.slots], return_inverse=True)
        order = np.argsort(at.ravel(), kind="stable")
        size = np.bincount(at.ravel())
        start = np.cumsum(size) - size
        tables = tuple(_averages(t, order, start, size) for t in block.tables)
        blocks.append(replace(block, slots=present, wish=block.wish[order[start]], tables=tables))
    stays = replace(network.stays, slot=of_cluster[network.stays.slot])
    return replace(
        network, seats=replace(seats, count=count, gain=seats.gain[:, lead]), blocks=blocks, stays=stays
    )


def _averages(table: np.ndarray, order: np.ndarray, start: np.ndarray, size: np.ndarray) -> np.ndarray:
    sums = np.add.reduceat(table[:, order], start, axis=1, dtype=np.int64)
    return np.asarray(np.minimum(sums // size, NEVER).astype(np.int32))


def without_costs(network: Network) -> Network:
    """The same where nothing costs anything and gains are divided by what they have in common."""
    gain = network.seats.gain
    seats = replace(network.seats, gain=gain // max(int(np.gcd.reduce(gain, axis=None)), 1))
    blocks = [
        replace(b, tables=tuple(np.where(t >= NEVER, NEVER, 0).astype(np.int32) for t in b.tables))
        for b in network.blocks
    ]
    nothing = replace(network.stays, cost=np.zeros_like(network.stays.cost))
    return replace(
        network, seats=seats, blocks=blocks, offer_cost=np.zeros_like(network.offer_cost), stays=nothing
    )


def _sums(owner: np.ndarray, amount: np.ndarray, size: int) -> np.ndarray:
    found = np.zeros(size, np.int64)
    np.add.at(found, owner, amount)
    return found
