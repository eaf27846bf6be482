"""A flow whose lower bounds cannot all hold: as few units short of them as can be, then the least cost; exact in whole units."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.solve.bounded_flow import cheapest_flow, no_flow
from planner.solve.potentials import exact_dot
from planner.solve.task import Answer, Arrays

Report = Callable[[Mapping[str, Any]], None]
TRIES = 6
"""Weights of a unit short that are tried, each 64 times the one before."""


def solve(arrays: Arrays, options: Mapping[str, Any], report: Report) -> Answer:
    """Minimise the units short of lower bounds, then ``cost·f`` among all flows that are short of no more.

    Arrays in: as of :mod:`planner.solve.bounded_flow`; ``may_short`` (n_arcs,) bool: arcs whose lower bound may be missed, also
    where it lies above their upper one. Arrays out: ``flow``, ``short`` (n_arcs,) int64; ``why_arc`` (k,) int64: arcs that are
    short, at most ``options["reasons"]``, and for each ``why_least`` (k,) the fewest units short in all were it kept (−1: it
    cannot be), with ``why_ptr`` (k+1,), ``why_other``: the arcs that are short then. Facts: ``objective`` and ``bound``
    (equal), ``least``: the units short in all. INFEASIBLE as there, where the other lower bounds cannot hold.

    Raises
    ------
    ArithmeticError
        When no weight of a unit short that fits 64 bits comes before all costs.
    """
    split = Split.of(arrays)
    first = split.fewest()
    if first is None:
        return no_flow(split.arrays)
    short = split.short(first)
    least = int(short.sum())
    report({"step": "short", "units": least})
    flow = _cheapest(split, least)
    short = split.short(flow)
    objective = exact_dot(arrays["cost"], flow)
    facts = {"objective": objective, "bound": objective, "least": least, "cut_short": False}
    why = _reasons(arrays, short, int(options.get("reasons", 0)))
    return Answer("OPTIMAL", {"flow": flow, "short": short, **why}, facts)


@dataclass(frozen=True)
class Split:
    """Arcs with a lower bound that may be missed, each as two: up to the bound, and beyond it.

    ``arrays``: of all arcs, those beyond the bounds last; ``soft`` (k,) int64: arcs of the first kind; ``asked`` (n_arcs,)
    int64: what was asked of each arc that may be short, 0 of all others.
    """

    arrays: dict[str, np.ndarray]
    soft: np.ndarray
    asked: np.ndarray

    @classmethod
    def of(cls, arrays: Arrays) -> Split:
        """Split them."""
        soft = np.flatnonzero(arrays["may_short"] & (arrays["lower"] > 0))
        lower, upper = arrays["lower"].copy(), arrays["upper"].copy()
        asked = np.zeros(len(lower), dtype=np.int64)
        asked[soft] = lower[soft]
        kept = np.minimum(lower[soft], upper[soft])
        beyond, lower[soft], upper[soft] = upper[soft] - kept, 0, kept
        nothing = np.zeros(len(soft), dtype=np.int64)
        found = {
            k: np.concatenate([arrays[k], arrays[k][soft]]) for k in ("tail", "head", "cost")
        } | {
            "lower": np.concatenate([lower, nothing]), "upper": np.concatenate([upper, beyond]), "supply": arrays["supply"],
        }  # fmt: skip
        return cls(found, soft, asked)

    def cheapest(self, reward: int, cost: bool) -> np.ndarray | None:
        """The flow, (n_arcs,) int64, where a unit that keeps a bound earns ``reward``; ``None`` where there is none."""
        n = len(self.asked)
        weight = self.arrays["cost"].copy() if cost else np.zeros(len(self.arrays["cost"]), dtype=np.int64)
        weight[self.soft] -= reward
        found = cheapest_flow({**self.arrays, "cost": weight})
        if found is None:
            return None
        flow = found[:n].copy()
        flow[self.soft] += found[n:]
        return flow

    def fewest(self) -> np.ndarray | None:
        """A flow with as few units short as can be."""
        return self.cheapest(1, False)

    def short(self, flow: np.ndarray) -> np.ndarray:
        """(n_arcs,) int64: units that each arc is short."""
        return np.asarray(np.maximum(self.asked - flow, 0))


def _cheapest(split: Split, least: int) -> np.ndarray:
    """The cheapest flow that is ``least`` units short: found where a unit weighs so much that it is no shorter.

    Whatever the weight: a flow that is cheapest by weight and cost together, and is short as little as can be, is the cheapest of
    those.
    """
    reward = 1 + 4 * int(np.abs(split.arrays["cost"]).max(initial=0))
    for _ in range(TRIES):
        flow = split.cheapest(reward, True)
        if flow is not None and int(split.short(flow).sum()) == least:
            return flow
        reward *= 64
    raise ArithmeticError("no weight of what is short comes before all costs")


def _reasons(arrays: Arrays, short: np.ndarray, most: int) -> dict[str, np.ndarray]:
    """For arcs that are short: what would be short instead, were their bound kept."""
    arcs = np.flatnonzero(short)[:most]
    least, other, ptr = [], [np.zeros(0, dtype=np.int64)], [0]
    for arc in arcs.tolist():
        may = arrays["may_short"].copy()
        may[arc] = False
        split = Split.of({**arrays, "may_short": may})
        flow = split.fewest()
        then = np.zeros(len(short), dtype=np.int64) if flow is None else split.short(flow)
        least.append(-1 if flow is None else int(then.sum()))
        other.append(np.flatnonzero(then))
        ptr.append(ptr[-1] + len(other[-1]))
    return {
        "why_arc": arcs, "why_least": np.array(least, dtype=np.int64), "why_ptr": np.array(ptr, dtype=np.int64),
        "why_other": np.concatenate(other),
    }  # fmt: skip
