"""Node potentials of a minimum-cost flow, and the bound that they prove.

The flow solver's binding exposes no duals. On the residual graph of an optimal flow no cycle is negative, so shortest
distances exist; they are the potentials (Ahuja, Magnanti, Orlin: Network Flows, ch. 9).
"""

from __future__ import annotations

import numpy as np

from planner.solve.task import Arrays

MOST_PASSES = 20_000
LOOK = 16  # passes, then it is looked for circles


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
    passes, changing = spread(Star(start, end, length, n_nodes), potential, np.arange(n_nodes), MOST_PASSES)
    if changing.size:
        raise NegativeCycle(f"no shortest distances after {MOST_PASSES} passes")
    return potential, passes


class Star:
    """Arcs of a graph, sorted by the node from which a distance spreads."""

    def __init__(
        self, start: np.ndarray, end: np.ndarray, length: np.ndarray, n_nodes: int, sort: bool = True
    ) -> None:
        if sort:
            order = ordered(start, n_nodes)
            start, end, length = start[order], end[order], length[order]
        self.start, self.end, self.length = start, end, length
        self.first = np.searchsorted(self.start, np.arange(n_nodes + 1))

    def leaving(self, nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Arcs that leave ``nodes``, and how many leave each."""
        counts = self.first[nodes + 1] - self.first[nodes]
        offset = np.repeat(self.first[nodes] - (np.cumsum(counts) - counts), counts)
        return offset + np.arange(len(offset)), counts

    def confirmed(self, guess: np.ndarray, root: int, far: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Distances of a guess that a path of arcs in balance leads to from the root, ``far`` for all others.

        None is too short, since a path has that length. Then the nodes from which some arc would lower another, and the node
        before each on its path, −1 where there is none.
        """
        balanced = np.flatnonzero(guess[self.start] + self.length == guess[self.end])
        inner = Star(self.start[balanced], self.end[balanced], self.length[balanced], len(guess), sort=False)
        distance, via, reached = np.full(len(guess), far), np.full(len(guess), -1), np.array([root])
        place = np.empty(len(guess), np.int64)
        distance[root] = 0
        while reached.size:
            arcs = inner.leaving(reached)[0]
            arcs = arcs[distance[inner.end[arcs]] == far]
            via[inner.end[arcs]] = inner.start[arcs]
            reached = _once(inner.end[arcs], place)
            distance[reached] = guess[reached]
        here = distance[self.start]
        lowering = (here < far) & (here + self.length < distance[self.end])
        return distance, np.unique(self.start[lowering]), via


def ordered(start: np.ndarray, n_nodes: int) -> np.ndarray:
    """Numbers of arcs by their start, equal ones in their order; by counting, as a transposed sparse matrix comes out."""
    k = len(start)
    if not k:
        return np.zeros(0, np.int64)
    from scipy.sparse import csc_array  # here, as those who only look at worths do without it

    columns = csc_array(
        (np.arange(k, dtype=np.int32), start.astype(np.int32), np.arange(k + 1, dtype=np.int32)),
        shape=(n_nodes, k),
    )
    return np.asarray(columns.tocsr().data.astype(np.int64))


def _once(nodes: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Each of the nodes once, where it stands last; ``place`` (n,) is scribbled on."""
    numbers = np.arange(len(nodes))
    place[nodes] = numbers
    return np.asarray(nodes[place[nodes] == numbers])


def spread(
    star: Star, distance: np.ndarray, changed: np.ndarray, most: int, via: np.ndarray | None = None
) -> tuple[int, np.ndarray]:
    """Lower ``distance`` (in place) along arcs until nothing gets lower (Bellman–Ford over whole arrays).

    Each pass looks only at the arcs that leave the nodes that the last one lowered, ``changed`` at first. Returns the passes,
    and the nodes that still changed where ``most`` do not do (with as many as nodes: a cycle of negative length). ``via``, if
    given, gets the node before each that was lowered; where they come to lead in circles, whose lengths are negative, it ends
    with the nodes on them.
    """
    place = np.empty(len(distance), np.int64)
    for number in range(most):
        if not changed.size:
            return number, changed
        if via is not None and number % LOOK == LOOK - 1 and (circles := on_circles(via)).size:
            return number, circles
        changed = _relax(star, distance, changed, via, place)
    return most, changed


def on_circles(via: np.ndarray) -> np.ndarray:
    """Nodes to which ``via`` leads back, by steps that double; −1 leads nowhere."""
    n = len(via)
    step = np.append(np.where(via < 0, n, via), n)
    for _ in range(n.bit_length()):
        step = step[step]
    return np.unique(step[step < n])


def _relax(
    star: Star, distance: np.ndarray, changed: np.ndarray, via: np.ndarray | None, place: np.ndarray
) -> np.ndarray:
    """One pass over the arcs that leave ``changed`` nodes; the nodes whose distance fell."""
    arcs, counts = star.leaving(changed)
    if not arcs.size:
        return changed[:0]
    reached = star.end[arcs]
    new = np.repeat(distance[changed], counts) + star.length[arcs]
    better = new < distance[reached]
    reached = reached[better]
    np.minimum.at(distance, reached, new[better])
    if via is not None:
        least = new[better] == distance[reached]
        via[reached[least]] = star.start[arcs[better][least]]
    return _once(reached, place)


def entries(via: np.ndarray, sure: np.ndarray) -> np.ndarray:
    """(n,) the first ``sure`` node back along ``via`` from each, which leads to one from everywhere."""
    step = np.where(sure | (via < 0), np.arange(len(via)), via)
    while True:
        further = step[step]
        if np.array_equal(further, step):
            return step
        step = further


def way_back(via: np.ndarray, nodes: np.ndarray) -> np.ndarray:
    """All nodes from which ``via`` leads to one of ``nodes``, and these."""
    seen = np.zeros(len(via), np.bool_)
    while nodes.size:
        seen[nodes] = True
        nodes = np.unique(via[nodes])
        nodes = nodes[nodes >= 0]
        nodes = nodes[~seen[nodes]]
    return np.flatnonzero(seen)


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
