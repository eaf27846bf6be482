"""A cheapest flow that changes at most so much of an earlier one: a price on change, and cycles between two flows at that price.

The limit is one row across the network. With a price on each unit that is not kept the model is a flow again; the price at which the
cheapest flow comes to change more than allowed, or less, is found by lines through the two best flows known (one on either side), a few
flows in all. At that price both are cheapest, their difference falls into circles that cost nothing, and walking along these as far as the limit
lets leads to a flow on the limit. What the price proves (weak duality) is the bound.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import gcd
from typing import Any

import numpy as np

from planner.solve.bounded_flow import cheapest_flow, no_flow
from planner.solve.flow_kept import kept_most
from planner.solve.potentials import exact_dot, proven_bound, residual_potentials
from planner.solve.task import Answer, Arrays

Report = Callable[[Mapping[str, Any]], None]
LARGEST = 2**61  # cost times nodes that the flow solver takes


def solve(arrays: Arrays, options: Mapping[str, Any], report: Report) -> Answer:
    """Minimise ``cost·f`` with at most ``options["changes_max"]`` units of ``keep_flow`` not kept on the arcs ``counted``.

    Arrays in: the model's, ``keep_flow``, ``keep_gain`` as in :mod:`planner.solve.flow_kept`, ``counted`` (n_arcs,) bool: arcs whose
    upper bounds are what there is to keep. Arrays out: ``flow`` (n_arcs,) and ``potential`` (n_nodes,) int64, of costs times
    ``dual_scale`` less ``change_price`` on counted arcs. Facts: ``objective``, ``bound``, ``dual_scale``, ``change_price``,
    ``changes``. INFEASIBLE: as the engine ``bounded_flow``, or, where the limit alone is in the way, with ``least_changes`` in facts.
    """
    model, most = _Model(arrays), int(options["changes_max"])
    first = model.at(0, 1)
    if first is None:
        return no_flow(arrays)
    best = model.point(kept_most(arrays, model.potential(first.flow, 0, 1)))
    report({"step": "price", "changes": best.changes})
    if best.changes <= most:
        return _told(model, best, best, (0, 1), most)
    least = model.fewest()
    if least.changes > most:
        return Answer("INFEASIBLE", {}, {"least_changes": least.changes})
    low, high, price = _between(model, best, least, most, report)
    return _told(model, model.combined(low, high, most), low, price, most)


@dataclass(frozen=True)
class _Point:
    """A flow, what it costs, and units of it that are not kept."""

    flow: np.ndarray
    cost: int
    changes: int


class _Model:
    def __init__(self, arrays: Arrays) -> None:
        self.arrays, self.counted = arrays, np.asarray(arrays["counted"])
        self.whole = int(arrays["upper"][self.counted].sum())
        self.nodes = len(arrays["supply"])
        self.largest = int(np.abs(arrays["cost"]).max(initial=0))

    def fits(self, scale: int, price: int) -> bool:
        """Whether the solver takes costs of that size."""
        return (self.largest * scale + price) * (self.nodes + 1) < LARGEST

    def priced(self, price: int, scale: int) -> dict[str, np.ndarray]:
        """The model with a price on each unit that is not kept."""
        return {**self.arrays, "cost": self.arrays["cost"] * scale - price * self.counted}

    def at(self, price: int, scale: int) -> _Point | None:
        """A cheapest flow at a price; ``None`` where there is no flow."""
        flow = cheapest_flow(self.priced(price, scale))
        return None if flow is None else self.point(flow)

    def better(self, price: int, scale: int, than: _Point) -> _Point | None:
        """A cheapest flow at a price where ``than`` is none; else ``None``.

        Raises
        ------
        ArithmeticError
            When there is no flow.
        """
        found = self.at(price, scale)
        if found is None:
            raise ArithmeticError("a flow that was there is gone")
        return found if self.value(found, price, scale) < self.value(than, price, scale) else None

    @staticmethod
    def value(of: _Point, price: int, scale: int) -> int:
        """What a flow costs at a price."""
        return of.cost * scale + price * of.changes

    def fewest(self) -> _Point:
        """The flow with the fewest changes, whatever it costs.

        Raises
        ------
        ArithmeticError
            When there is no flow.
        """
        flow = cheapest_flow({**self.arrays, "cost": -self.counted.astype(np.int64)})
        if flow is None:
            raise ArithmeticError("a flow that was there is gone")
        return self.point(flow)

    def point(self, flow: np.ndarray) -> _Point:
        """What a flow comes to."""
        return _Point(flow, exact_dot(self.arrays["cost"], flow), self.whole - int(flow[self.counted].sum()))

    def potential(self, flow: np.ndarray, price: int, scale: int) -> np.ndarray:
        """(n_nodes,) potentials of a cheapest flow at a price."""
        a = self.priced(price, scale)
        room, back = flow < a["upper"], flow > a["lower"]
        return residual_potentials(a["tail"], a["head"], a["cost"], room, back, self.nodes)[0]

    def combined(self, low: _Point, high: _Point, most: int) -> _Point:
        """From ``high`` towards ``low`` as far as the limit lets, along the circles of their difference."""
        flow, left = high.flow.copy(), most - high.changes
        circles = _circles(self.arrays, low.flow - high.flow)
        weighed = [(-int((sign * self.counted[arcs]).sum()), arcs, sign, n) for arcs, sign, n in circles]
        for each, arcs, sign, n in sorted(weighed, key=lambda c: -c[0]):
            units = min(n, left // each) if each > 0 else 0
            flow[arcs] += sign * units
            left -= each * units
        return self.point(flow)


def _between(
    model: _Model, low: _Point, high: _Point, most: int, report: Report
) -> tuple[_Point, _Point, tuple[int, int]]:
    """Flows on either side of the limit that are cheapest at one price, the price and its scale.

    Where that price is no fraction of numbers that the solver takes: the first is cheapest at the whole price that is told, the other
    at the next.
    """
    while True:
        up, over = high.cost - low.cost, low.changes - high.changes
        price, scale = up // gcd(up, over), over // gcd(up, over)
        exact = model.fits(scale, price)
        if not exact:
            price, scale = up // over, 1
        found = model.better(price, scale, low)
        if found is None and not exact:
            found = model.better(price + 1, 1, high)
        if found is None:
            return low, high, (price, scale)
        report({"step": "price", "changes": found.changes})
        if found.changes > most:
            low = found
        else:
            high = found


def _circles(arrays: Arrays, difference: np.ndarray) -> list[tuple[np.ndarray, np.ndarray, int]]:
    """Circles into which a difference of two flows falls: arcs, ±1 along each, and how much goes round."""
    left = np.abs(difference)
    ways: dict[int, list[int]] = defaultdict(list)
    ends = np.where(difference > 0, arrays["head"], arrays["tail"])
    starts = np.where(difference > 0, arrays["tail"], arrays["head"])
    for arc in np.flatnonzero(left).tolist():
        ways[int(starts[arc])].append(arc)
    found = []
    for first in sorted(ways):
        while True:
            while ways[first] and not left[ways[first][-1]]:
                ways[first].pop()
            if not ways[first]:
                break
            path, seen, node = list[int](), {first: 0}, first
            while True:
                while not left[ways[node][-1]]:
                    ways[node].pop()
                arc = ways[node][-1]
                path.append(arc)
                node = int(ends[arc])
                if node in seen:
                    break
                seen[node] = len(path)
            arcs = np.array(path[seen[node] :])
            amount = int(left[arcs].min())
            left[arcs] -= amount
            found.append((arcs, np.sign(difference[arcs]), amount))
    return found


def _told(model: _Model, found: _Point, cheapest: _Point, at: tuple[int, int], most: int) -> Answer:
    """The answer; ``cheapest`` is a cheapest flow at the price ``at``. What counted arcs carry stays, the rest keeps most of what it was."""
    arrays, (price, scale) = model.arrays, at
    potential = model.potential(cheapest.flow, price, scale)
    lower, upper = arrays["lower"].copy(), arrays["upper"].copy()
    lower[model.counted] = upper[model.counted] = found.flow[model.counted]
    settled = _Model({**arrays, "lower": lower, "upper": upper})
    near = settled.at(0, 1)
    if near is not None:
        found = model.point(kept_most(settled.arrays, settled.potential(near.flow, 0, 1)))
    proved = proven_bound(model.priced(price, scale), potential) + price * (model.whole - most)
    bound = min(-(-proved // scale), found.cost)
    facts = {
        "objective": found.cost, "bound": bound, "dual_scale": scale, "change_price": price, "changes": found.changes, "cut_short": False,
    }  # fmt: skip
    return Answer(
        "OPTIMAL" if bound == found.cost else "FEASIBLE", {"flow": found.flow, "potential": potential}, facts
    )
