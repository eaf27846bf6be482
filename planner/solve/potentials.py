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
    potential = np.zeros(n_nodes, dtype=np.int64)
    passes = spread(Star(start, end, length, n_nodes), potential, np.arange(n_nodes), MOST_PASSES)
    if passes is None:
        raise NegativeCycle(f"no shortest distances after {MOST_PASSES} passes")
    return potential, passes


class Star:
    """Arcs of a graph, sorted by the node from which a distance spreads."""

    def __init__(self, start: np.ndarray, end: np.ndarray, length: np.ndarray, n_nodes: int) -> None:
        order = np.argsort(start, kind="stable")
        self.end, self.length = end[order], length[order]
        self.first = np.searchsorted(start[order], np.arange(n_nodes + 1))


def spread(
    star: Star, distance: np.ndarray, changed: np.ndarray, most: int, root: int | None = None
) -> int | None:
    """Lower ``distance`` (in place) along arcs until nothing gets lower (Bellman–Ford over whole arrays).

    Each pass looks only at the arcs that leave the nodes that the last one lowered, ``changed`` at first. Returns the passes,
    or ``None`` where ``most`` do not do (with as many as nodes: a cycle of negative length) or where the ``root``, from which
    all distances are counted, is lowered itself.
    """
    for number in range(most):
        if root is not None and distance[root] < 0:
            return None
        if not changed.size:
            return number
        changed = _relax(star, distance, changed)
    return None


def _relax(star: Star, distance: np.ndarray, changed: np.ndarray) -> np.ndarray:
    """One pass over the arcs that leave ``changed`` nodes; the nodes whose distance fell."""
    counts = star.first[changed + 1] - star.first[changed]
    total = int(counts.sum())
    if not total:
        return changed[:0]
    offset = np.repeat(star.first[changed] - (np.cumsum(counts) - counts), counts)
    arcs = offset + np.arange(total)
    reached = star.end[arcs]
    new = np.repeat(distance[changed], counts) + star.length[arcs]
    better = new < distance[reached]
    reached = reached[better]
    np.minimum.at(distance, reached, new[better])
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
