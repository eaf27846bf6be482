"""The flow of people to posts over given ways, and its potentials."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.graph.python import min_cost_flow

from planner.solve.posting_graph import FAR, Graph, Guess, Worths
from planner.solve.potentials import entries, spread, way_back

LARGEST = 2**61  # cost times nodes that the solver takes
SWEEPS = 2_000  # for the first guess; a chain of exchanges may be longer
PATIENCE = 8  # times as many sweeps for each further guess


def send(
    of: Graph, guess: Guess | None = None, base: np.ndarray | None = None, moving: np.ndarray | None = None
) -> np.ndarray:
    """Cheapest flow, (arcs,) people on each, by cost-scaling push–relabel on whole arrays.

    The solver's work grows with the logarithm of the largest cost. With a ``guess`` it gets costs reduced by its worths and
    cut off at ``guess.most`` (at what the solver takes, if that is less), and arcs that are dearer are left out, unless people
    of ``base`` are on them: an answer whose optimality :func:`worths` has to confirm on the true costs. Where only the arcs
    ``moving`` (arcs,) bool may change, the others keep the people that they have in ``base`` (arcs,).

    Raises
    ------
    ArithmeticError
        When the solver refuses the costs.
    """
    cost, keep, supply = of.cost, of.room > 0, of.supply
    found = np.zeros(len(of.tail), np.int64)
    if base is not None and moving is not None:
        found[~moving] = base[~moving]
        keep &= moving
        supply = supply - divergence(of, found)
    if guess is not None:
        node = by_node(of, guess.worths)
        cost = cost + node[of.tail] - node[of.head]
        nodes = int(np.count_nonzero(np.bincount(of.tail[keep], minlength=len(node))))
        most = min(guess.most, LARGEST // (1 + nodes))
        near = cost[: of.optional] < most
        if base is not None:
            near |= base[: of.optional] > 0  # so that what is there now can stay
        keep[: of.optional] &= near
        cost = np.clip(cost, -most, most)
    kept = np.flatnonzero(keep)
    found[kept] = cheapest_arcs(of.tail[kept], of.head[kept], of.room[kept], cost[kept], supply)
    return found


def divergence(of: Graph, flow: np.ndarray) -> np.ndarray:
    """(nodes,) people who leave each node, less those who enter it."""
    n = len(of.supply)
    return (np.bincount(of.tail, flow, n) - np.bincount(of.head, flow, n)).astype(np.int64)


def cheapest_arcs(
    tail: np.ndarray, head: np.ndarray, room: np.ndarray, cost: np.ndarray, supply: np.ndarray
) -> np.ndarray:
    """(k,) flow on arcs among nodes with ``supply`` (n,), at least cost; nodes that no arc touches take no part.

    Raises
    ------
    ArithmeticError
        When the solver refuses the costs, or the supplies cannot be met.
    """
    nodes = np.flatnonzero(
        np.bincount(tail, minlength=len(supply)) + np.bincount(head, minlength=len(supply))
    )
    if supply[nodes].sum() or np.count_nonzero(supply[nodes]) != np.count_nonzero(supply):
        raise ArithmeticError("min-cost flow: supplies that no arc leads away")
    number = np.zeros(len(supply), np.int32)
    number[nodes] = np.arange(len(nodes))
    solver: Any = (
        min_cost_flow.SimpleMinCostFlow()
    )  # its stubs want arrays of an exact dtype and call solve() untyped
    numbers = solver.add_arcs_with_capacity_and_unit_cost(number[tail], number[head], room, cost)
    solver.set_nodes_supplies(np.arange(len(nodes), dtype=np.int32), supply[nodes])
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"min-cost flow: {status}")
    return np.asarray(solver.flows(numbers), np.int64)


class Unsettled(ArithmeticError):
    """No shortest distances: the flow is not the cheapest, or the sweeps did not do.

    ``nodes``: some on cycles of negative length; with a guess whole cycles, one for each fault; or what still changed at the
    end.
    """

    def __init__(self, text: str, nodes: np.ndarray) -> None:
        super().__init__(text)
        self.nodes = nodes


def by_node(of: Graph, known: Worths) -> np.ndarray:
    """(nodes,) worth of each node; those that nothing reaches stay far from overflow."""
    parts = np.concatenate([known.person, known.hub, known.slot, known.unit, [0]])
    return np.asarray(np.clip(parts, -FAR // 8, FAR // 8))


def worths(
    of: Graph,
    flow: np.ndarray,
    most: int | None = None,
    near: np.ndarray | None = None,
) -> tuple[Worths, int]:
    """Worth of one person more at each node, and the sweeps that it took.

    Shortest distances to the sink in the residual graph (Bellman–Ford over whole arrays, each sweep only from what the last
    one lowered). On every arc with room ``cost ≥ worth of its head − worth of its tail``; equality where people move. A
    node from which nothing leads to the sink is worth ``−FAR``, a class at least 0. Which of the cheapest flows it is makes
    no difference.

    Raises
    ------
    Unsettled
        As :func:`settled` does.
    """
    nodes, swept = settled(of, flow, most, near)
    return of.worths(nodes), swept


def settled(
    of: Graph,
    flow: np.ndarray,
    most: int | None = None,
    near: np.ndarray | None = None,
) -> tuple[np.ndarray, int]:
    """(nodes,) what one person more is worth at each node, which may be less than nothing; and sweeps.

    Parameters
    ----------
    of, flow
        The graph, and (arcs,) people on each.
    most : int, optional
        Sweeps at most.
    near : ndarray, optional
        (nodes,) worths that may be right: what arcs in balance confirm from the sink on is begun with.

    Raises
    ------
    Unsettled
        When the residual graph has a negative cycle (the flow was not the cheapest), or ``most`` sweeps do not do.
    """
    room, used = flow < of.room, flow > 0
    room[: of.optional] = True  # their room is everyone there is: no rule
    root, ends = len(of.supply) - 1, of.ends
    open_ = np.concatenate([room, used])
    star = ends.star(open_, root + 1)
    via: np.ndarray | None = None
    if near is None:
        distance, begun = np.full(root + 1, FAR), np.array([root])
        distance[root] = 0
    else:
        distance, begun, via = star.confirmed(-near, root, FAR)
    first = distance.copy()
    enough = 2 * root + 4
    swept, wrong = spread(star, distance, begun, enough if most is None else min(most, enough), via)
    if not wrong.size:
        back = ends.outer[open_[ends.outer]]
        round_trip = distance[ends.start[back]] + ends.length[back]
        wrong = ends.start[back][round_trip < 0]
        if wrong.size and via is not None:  # of those that rest on one fault the worst
            origin = entries(via, (first < FAR) & (first == distance))[wrong]
            order = np.lexsort((wrong, round_trip[round_trip < 0], origin))
            wrong = wrong[order[np.unique(origin[order], return_index=True)[1]]]
    if wrong.size:
        wrong = wrong if via is None else way_back(via, np.unique(wrong))
        raise Unsettled("the flow is not the cheapest: its residual graph has a negative cycle", wrong)
    return -distance, swept


@dataclass(frozen=True)
class Cheapest:
    """A cheapest flow, (arcs,) people; the worth of each node, (nodes,); the guess that led there; sweeps that it took."""

    arcs: np.ndarray
    nodes: np.ndarray
    guess: Guess
    sweeps: int


def cheapest(of: Graph, guesses: Iterator[Guess]) -> Cheapest:
    """The cheapest flow by the first of ``guesses`` that the true costs confirm.

    Raises
    ------
    ArithmeticError
        When none is confirmed.
    """
    patience = SWEEPS
    for guess in guesses:
        try:
            found = send(of, guess)
            nodes, sweeps = settled(of, found, patience)
        except ArithmeticError:  # cut off too low, or so long a chain
            patience *= PATIENCE
            continue
        return Cheapest(found, nodes, guess, sweeps)
    raise ArithmeticError("no guess was confirmed")
