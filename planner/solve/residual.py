"""The residual network of a cheapest flow, drawn together for changes of at most one ``step`` of money.

A change of the flow is itself a cheapest flow, of at most ``step`` units, in the residual network. It needs no arc for more
than ``step`` units, so that arcs with that much room count as *wide*: without limit. Nodes that wide arcs of no reduced cost
join both ways are one point. Nothing is lost by that: within a point money moves freely.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from planner.solve.flow_questions import FAR
from planner.solve.potentials import Star, residual_potentials, spread
from planner.solve.task import Arrays


@dataclass(frozen=True)
class Residual:
    """Points and the links between them; link ``2·j`` goes along an arc, ``2·j + 1`` is its way back.

    Parameters
    ----------
    point : ndarray
        (n_nodes,) int64, the point of each node.
    price : ndarray
        (n_nodes,) int64 node potentials: no link has a negative reduced cost.
    start, end, length, room : ndarray
        (2·n,) int64: points, reduced cost (0 or more where there is room) and room of every link between points.
    link_of : ndarray
        (n_arcs,) int64: first of an arc's two links; −1 where both its ends are one point.
    n_points : int
        Number of points.
    step : int
        The largest change, in units of flow.
    """

    point: np.ndarray
    price: np.ndarray
    start: np.ndarray
    end: np.ndarray
    length: np.ndarray
    room: np.ndarray
    link_of: np.ndarray
    n_points: int
    step: int

    def reversed(self) -> Residual:
        """The same with every link turned round, for money that is taken out instead of put in."""
        return Residual(
            self.point, -self.price, self.end, self.start, self.length, self.room, self.link_of, self.n_points, self.step
        )  # fmt: skip

    def distances(self, target: int) -> tuple[np.ndarray, np.ndarray]:
        """(n_points,) int64 reduced cost of the cheapest way to a point, and of the cheapest wide one; ``FAR`` where none."""
        return self._distance(target, self.room > 0), self._distance(target, self.room >= self.step)

    def _distance(self, target: int, kept: np.ndarray) -> np.ndarray:
        star = Star(self.end[kept], self.start[kept], self.length[kept], self.n_points)
        found = np.full(self.n_points, FAR, dtype=np.int64)
        found[target] = 0
        spread(star, found, np.array([target]), self.n_points + 1)
        return found


def draw_together(arrays: Arrays, flow: np.ndarray, step: int) -> Residual:
    """The residual network of a cheapest flow.

    Parameters
    ----------
    arrays : mapping
        ``tail``, ``head``, ``lower``, ``upper``, ``cost``, ``supply`` of a :class:`~planner.solve.flow_model.FlowModel`.
    flow : ndarray
        (n_arcs,) int64, a cheapest flow.
    step : int
        The largest change that will be asked for, 1 or more.

    Raises
    ------
    NegativeCycle
        When the flow is not a cheapest one.
    """
    tail, head, cost, n = arrays["tail"], arrays["head"], arrays["cost"], len(arrays["supply"])
    more, less = arrays["upper"] - flow, flow - arrays["lower"]
    price, _ = residual_potentials(tail, head, cost, more > 0, less > 0, n)
    reduced = cost + price[tail] - price[head]
    free = reduced == 0
    there, back = free & (more >= step), free & (less >= step)
    ends = np.concatenate([tail[there], head[back]]), np.concatenate([head[there], tail[back]])
    graph = coo_matrix((np.ones(len(ends[0]), dtype=np.int8), ends), shape=(n, n))
    n_points, point = connected_components(graph, connection="strong")
    point = point.astype(np.int64)
    between = point[tail] != point[head]
    link_of = np.where(between, 2 * (np.cumsum(between) - 1), -1)

    def pairs(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return np.stack([one[between], other[between]], axis=1).ravel()

    return Residual(point, price, pairs(point[tail], point[head]), pairs(point[head], point[tail]),
                    pairs(reduced, -reduced), pairs(more, less), link_of, int(n_points), step)  # fmt: skip
