"""Node potentials of a minimum-cost flow, and the bound that they prove.

The flow solver's binding exposes no duals. On the residual graph of an optimal flow no cycle is negative, so shortest
distances exist; they are the potentials (Ahuja, Magnanti, Orlin: Network Flows, ch. 9).
"""

from __future__ import annotations

import numpy as np

from planner.solve.task import Arrays

MOST_PASSES = 20_000


class NegativeCycle(ArithmeticError):
    """The residual graph has a negative cycle: the flow was not optimal."""


def residual_potentials(
    tail: np.ndarray, head: np.ndarray, cost: np.ndarray, room: np.ndarray, back: np.ndarray, n_nodes: int
) -> tuple[np.ndarray, int]:
    """Shortest distances from a virtual root that reaches every node at no cost.

    Parameters
    ----------
    tail, head : ndarray
        (m,) int64 node numbers.
    cost : ndarray
        (m,) int64.
    room, back : ndarray
        (m,) bool: the flow on the arc could grow, could shrink.
    n_nodes : int
        Number of nodes.

    Returns
    -------
    potential : ndarray
        (n_nodes,) int64 with ``cost + potential[tail] − potential[head] ≥ 0`` where there is room, ``≤ 0`` where
        the flow could shrink.
    passes : int
        How many passes it took.

    Raises
    ------
    NegativeCycle
        When the flow was not optimal.
    """
    start = np.concatenate([tail[room], head[back]])
    end = np.concatenate([head[room], tail[back]])
    length = np.concatenate([cost[room], -cost[back]])
    order = np.argsort(start, kind="stable")
    start, end, length = start[order], end[order], length[order]
    first = np.searchsorted(start, np.arange(n_nodes + 1))
    potential = np.zeros(n_nodes, dtype=np.int64)
    changed = np.arange(n_nodes)
    for number in range(MOST_PASSES):
        if not changed.size:
            return potential, number
        changed = _relax(potential, changed, first, end, length)
    raise NegativeCycle(f"no shortest distances after {MOST_PASSES} passes")


def _relax(
    potential: np.ndarray, changed: np.ndarray, first: np.ndarray, end: np.ndarray, length: np.ndarray
) -> np.ndarray:
    """One pass over the arcs that leave ``changed`` nodes; the nodes whose distance fell."""
    counts = first[changed + 1] - first[changed]
    total = int(counts.sum())
    if not total:
        return changed[:0]
    offset = np.repeat(first[changed] - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    arcs = offset + np.arange(total)
    reached = end[arcs]
    distance = np.repeat(potential[changed], counts) + length[arcs]
    better = distance < potential[reached]
    reached = reached[better]
    np.minimum.at(potential, reached, distance[better])
    return np.unique(reached)


def proven_bound(arrays: Arrays, potential: np.ndarray) -> int:
    """A bound on the least cost of a ``FlowModel``'s arcs that any potentials prove (weak duality), exactly."""
    reduced = arrays["cost"] + potential[arrays["tail"]] - potential[arrays["head"]]
    cheapest = np.where(reduced >= 0, arrays["lower"], arrays["upper"])
    return exact_dot(reduced, cheapest) - exact_dot(potential, arrays["supply"])


def exact_dot(a: np.ndarray, b: np.ndarray) -> int:
    """``a·b`` of whole arrays, exactly: in blocks that cannot overflow, as Python's integers where none would do."""
    if not a.size:
        return 0
    if object in (a.dtype, b.dtype):
        return _python_dot(a, b)
    largest = int(np.abs(a).max()) * max(int(np.abs(b >> 24).max()), 2**24)
    block = 2**62 // max(largest, 1)
    if block < 1:
        return _python_dot(a, b)
    total = 0
    for at in range(0, a.size, block):
        part, other = a[at : at + block], b[at : at + block]
        total += (int(np.dot(part, other >> 24)) << 24) + int(np.dot(part, other & 0xFFFFFF))
    return total


def _python_dot(a: np.ndarray, b: np.ndarray) -> int:
    return sum(int(x) * int(y) for x, y in zip(a.tolist(), b.tolist(), strict=True) if x and y)
