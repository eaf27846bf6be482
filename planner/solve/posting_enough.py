"""Whether people are enough for the seats that must be filled, whatever it costs: a largest flow over who may take what.

Ways that are alike are one: the rows of costs of a group that may take the same seats share a node for each wish. Rules on whole teams
are left out, so too few people are too few under any, and enough are enough where there are none.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from ortools.graph.python import max_flow

from planner.solve.posting_cut import Cut, counted
from planner.solve.posting_network import NEVER, Block, Network, equal_columns

Arcs = tuple[np.ndarray, np.ndarray]
"""Tails and heads."""


def too_few(network: Network, hard: np.ndarray) -> Cut | None:
    """Seats at slots ``hard`` (m,) bool that ask for more people than may take them; ``None`` where all can be filled.

    Everyone who could take one of the seats takes one of them, or is held back by a unit whose other people do.
    """
    seats, stays = network.seats, network.stays
    asked = np.flatnonzero(hard & (seats.count[0] > 0))
    need = seats.count[0][asked]
    most = int(need.sum())
    number = np.full(network.slots, -1)
    number[asked] = np.arange(len(asked))
    node, (way, slot) = _ways(network, number)
    offered, nodes = node[network.offer_hub], int(node.max(initial=-1)) + 1
    units, classes = len(seats.unit_cap), len(seats.supply)
    source, sink = 0, 1 + units + classes + nodes + len(asked)
    unit_at, class_at, node_at, slot_at = 1, 1 + units, 1 + units + classes, 1 + units + classes + nodes
    all_classes, leads, staying = np.arange(classes), offered >= 0, number[stays.slot] >= 0
    tail = [
        np.full(units, source),
        np.where(seats.unit >= 0, unit_at + seats.unit, source),
        class_at + network.offer_class[leads],
        node_at + way,
        class_at + stays.of_class[staying],
        slot_at + np.arange(len(asked)),
    ]
    head = [
        unit_at + np.arange(units),
        class_at + all_classes,
        node_at + offered[leads],
        slot_at + slot,
        slot_at + number[stays.slot[staying]],
        np.full(len(asked), sink),
    ]
    room = [
        seats.unit_cap,
        seats.supply,
        np.full(int(leads.sum()), most),
        np.full(len(way), most),
        stays.room[staying],
        need,
    ]
    solver: Any = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(*(np.concatenate(x).astype(np.int64) for x in (tail, head, room)))
    if solver.solve(source, sink) != solver.OPTIMAL:
        raise ArithmeticError("the largest flow was not found")
    if solver.optimal_flow() == most:
        return None
    reaching = np.asarray(solver.get_sink_side_min_cut(), np.int64) - slot_at
    slots = np.zeros(network.slots, np.bool_)
    slots[asked[reaching[(reaching >= 0) & (reaching < len(asked))]]] = True
    return counted(network, slots)


def _ways(network: Network, number: np.ndarray) -> tuple[np.ndarray, Arcs]:
    """The node of each hub (h,), −1 where it leads to no slot that counts, and ways from nodes to the numbers of slots."""
    node, fresh = np.full(network.hubs, -1), 0
    tails, heads = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for block in network.blocks:
        inside = np.flatnonzero(number[block.slots] >= 0)
        if not inside.size:
            continue
        first, of_row = _alike(block, inside)
        for k, row in enumerate(first.tolist()):
            open_ = inside[block.costs(row, row + 1)[0, inside] < NEVER]
            tails.append(fresh + k * block.wishes + block.wish[open_])
            heads.append(number[block.slots[open_]])
        hubs = block.first + np.arange(block.rows)[:, None] * block.wishes + np.arange(block.wishes)
        node[hubs] = fresh + of_row[:, None] * block.wishes + np.arange(block.wishes)
        fresh += len(first) * block.wishes
    tail = np.concatenate(tails)
    node[~np.isin(node, tail)] = -1
    return node, (tail, np.concatenate(heads))


def _alike(block: Block, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first of all rows that may take the same of its slots ``inside``, and the number of each row's set."""
    packed = [np.packbits(cost[:, inside] < NEVER, axis=1) for _, _, cost in block.parts()]
    return equal_columns(np.concatenate(packed).T)
