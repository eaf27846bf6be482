"""One flow for several futures, in each of which it costs something else: the least worst case, regret, tail or sum; in whole units.

For futures j = 1 … S with costs ``c_j·f`` each criterion is ``max_w Σ w_j·(c_j·f − best_j)`` over weights: ``Σ w = 1`` for the worst case and the
regret, ``w ≤ 1, Σ w = k`` for the k worst (Rockafellar and Uryasev 2000), all 1 for the sum. With weights given it is a cheapest flow, exact in whole
units, which proves a bound (Lagrange), and is one more flow to mix from; the best mix of the flows known gives the next weights
(Dantzig and Wolfe 1960). Between the rounded-down and rounded-up arcs of the best mix a whole flow exists. What that leaves open a small model
closes by HiGHS, with whole arcs; a large one tells its bound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linprog  # type: ignore[attr-defined]  # exported, but not by its own list
from scipy.sparse import csr_array, hstack, vstack

from planner.solve import mip
from planner.solve.bounded_flow import cheapest_flow, no_flow
from planner.solve.clock import Clock
from planner.solve.potentials import exact_dot
from planner.solve.task import Answer, Arrays

Report = Callable[[Mapping[str, Any]], None]

LARGEST = 2**61  # cost times nodes that the flow solver takes
SCALE = 10**6  # weights are whole millionths, or coarser where costs are large
ROUNDS = 80
SMALL, EXACT = 4_000, 2**31
"""Arcs, and costs of a flow, up to which HiGHS closes what is open; beyond, its tolerances would not tell one unit."""


def solve(arrays: Arrays, options: Mapping[str, Any], report: Report) -> Answer:
    """Minimise ``options["criterion"]`` (``worst``, ``regret``, ``tail`` of ``options["tail"]`` futures, ``mean``: the sum) of the futures' costs.

    Arrays in: a :class:`~planner.solve.flow_model.FlowModel` without side rows, ``cost`` being what is the same in all; ``varying`` (v,) numbers of
    arcs without a lower bound, and ``future_cost`` (S, v) int64 what each costs besides in each future; those with the same ends are listed so that
    none costs less than one before it in any future. ``best`` (S,) int64, for ``regret``. Arrays out: ``flow`` (n_arcs,) and ``costs`` (S,) int64; ``weight``
    (S,) int64 in ``1/dual_scale``, which proves the bound unless ``closed`` (by HiGHS). Facts: ``objective``, ``bound``, ``rounds``, ``cut_short`` (by the clock). INFEASIBLE: as the
    engine ``bounded_flow``.
    """
    model = _Model(arrays, options)
    first = model.flow(model.even())
    if first is None:
        return no_flow(arrays)
    clock = Clock(options.get("time_limit"))
    rounds, mix = _mixed(model, first, options, clock, report)
    found = model.best
    if found.figure > model.bound:
        model.add(_whole(model, mix))
        found = model.best
    closed, cut_short = False, clock.was_up
    if found.figure > model.bound and model.small and not clock.up():
        closed, cut_short = _close(model, {**options, "time_limit": clock.left()}, report)
        found = model.best
    cut_short |= clock.was_up
    facts = {"objective": found.figure, "bound": model.bound, "rounds": rounds, "dual_scale": model.scale, "closed": closed, "cut_short": cut_short}  # fmt: skip
    status = "OPTIMAL" if found.figure == model.bound else "FEASIBLE"
    told = {"flow": found.flow, "costs": np.array(found.costs, np.int64), "weight": model.proving}
    return Answer(status, told, facts)


@dataclass(frozen=True)
class _Point:
    """A flow, what it costs in each future, and what that comes to by the criterion."""

    flow: np.ndarray
    costs: tuple[int, ...]
    figure: int


@dataclass
class _Model:
    arrays: Arrays
    options: Mapping[str, Any]
    points: list[_Point] = field(default_factory=list)
    bound: int = -(2**62)

    def __post_init__(self) -> None:
        a = self.arrays
        self.futures = len(a["future_cost"])
        self.criterion = str(self.options["criterion"])
        self.less = a["best"].tolist() if self.criterion == "regret" else [0] * self.futures
        self.sum = {"tail": int(self.options["tail"]), "mean": self.futures}.get(self.criterion, 1)
        largest = int(np.abs(a["cost"]).max(initial=0)) + int(np.abs(a["future_cost"]).max(initial=0))
        most = LARGEST // ((len(a["supply"]) + 1) * max(largest, 1) * self.sum)
        self.scale = 1 if self.criterion == "mean" else max(1, min(SCALE, most))
        self.proving = self.even()
        ends = np.stack([a["tail"][a["varying"]], a["head"][a["varying"]]])
        self.group = np.unique(ends, axis=1, return_inverse=True)[1].ravel()

    def even(self) -> np.ndarray:
        """(S,) weights that are alike."""
        return self.whole_weights(np.full(self.futures, self.sum / self.futures))

    def whole_weights(self, weight: np.ndarray) -> np.ndarray:
        """(S,) int64 near the given ones, which sum to what they must and are no larger than they may."""
        wanted, most = self.sum * self.scale, self.scale
        found: np.ndarray = np.clip(np.floor(weight * self.scale).astype(np.int64), 0, most)
        for j in np.argsort(-weight, kind="stable").tolist():
            found[j] += min(most - int(found[j]), wanted - int(found.sum()))
        return found

    def flow(self, weight: np.ndarray, bounds: Arrays | None = None) -> _Point | None:
        """The cheapest flow at weights; without other bounds it proves one on the criterion."""
        cost = self.arrays["cost"] * int(weight.sum())
        cost[self.arrays["varying"]] += weight @ self.arrays["future_cost"]
        flow = cheapest_flow({**self.arrays, **(bounds or {}), "cost": cost})
        if flow is None:
            return None
        point = self.add(flow)
        if bounds is None:
            value = sum(int(w) * (c - b) for w, c, b in zip(weight, point.costs, self.less, strict=True))
            if -(-value // self.scale) > self.bound:
                self.bound, self.proving = -(-value // self.scale), weight
        return point

    def add(self, flow: np.ndarray) -> _Point:
        """A flow, its arcs of the same ends filled in their order, which is as good or better in each future."""
        a, arcs = self.arrays, self.arrays["varying"]
        flow, width = flow.copy(), a["upper"][arcs]
        order = np.argsort(self.group, kind="stable")
        first = np.searchsorted(self.group[order], self.group[order])
        before = np.cumsum(width[order]) - width[order]
        before -= before[first]
        whole = np.zeros(int(self.group.max(initial=-1)) + 1, np.int64)
        np.add.at(whole, self.group, flow[arcs])
        flow[arcs[order]] = np.clip(whole[self.group[order]] - before, 0, width[order])
        same = exact_dot(a["cost"], flow)
        costs = tuple(same + exact_dot(c, flow[arcs]) for c in a["future_cost"])
        self.points.append(_Point(flow, costs, self.figure(costs)))
        return self.points[-1]

    def figure(self, costs: tuple[int, ...]) -> int:
        """What costs by future come to by the criterion."""
        return sum(sorted((c - b for c, b in zip(costs, self.less, strict=True)), reverse=True)[: self.sum])

    @property
    def best(self) -> _Point:
        """The best of the flows found; of equals the first."""
        return min(self.points, key=lambda p: p.figure)

    @property
    def small(self) -> bool:
        """Whether HiGHS may close what is open."""
        largest = max(abs(c - b) for p in self.points for c, b in zip(p.costs, self.less, strict=True))
        return len(self.arrays["cost"]) <= SMALL and largest * self.sum < EXACT


def _mixed(model: _Model, first: _Point, options: Mapping[str, Any], clock: Clock, report: Report) -> tuple[int, np.ndarray]:  # fmt: skip
    """Flows until their best mix is proved to be the best of all; how many rounds that took, and the mix (n_arcs,) float64."""
    share, rounds = np.ones(1), 0
    most = max(1, int(ROUNDS * float(options.get("work") or 1.0)))
    pool = [first]
    while model.best.figure > model.bound and rounds < most and not clock.up():
        rounds += 1
        value, share, weight = _master(model, pool)
        report({"round": rounds, "objective": model.best.figure, "bound": model.bound})
        if value <= model.bound:
            break
        known = {p.costs for p in pool}
        point = model.flow(model.whole_weights(weight))
        if point is None or point.costs in known:
            break
        pool.append(point)
    share = _master(model, pool)[1]
    return rounds, np.asarray(sum(s * p.flow for s, p in zip(share, pool, strict=True) if s > 0))


def _master(model: _Model, pool: list[_Point]) -> tuple[float, np.ndarray, np.ndarray]:
    """The criterion of the best mix of some flows, their shares, and the futures' weights there."""
    costs = [[c - b for c, b in zip(p.costs, model.less, strict=True)] for p in pool]
    low = min(map(min, costs))
    size = max(max(map(max, costs)) - low, 1)
    table = np.array([[(c - low) / size for c in row] for row in costs]).T
    s, n = table.shape
    level, over = np.full((s, 1), -1.0), -np.eye(s)
    objective = np.concatenate([np.zeros(n), [model.sum], np.ones(s)])
    found: Any = linprog(
        objective, A_ub=np.hstack([table, level, over]), b_ub=np.zeros(s), A_eq=[[1.0] * n + [0.0] * (s + 1)], b_eq=[1.0],
        bounds=[(0, None)] * n + [(None, None)] + [(0, None)] * s, method="highs",
    )  # fmt: skip
    return float(found.fun) * size + model.sum * low, found.x[:n], -found.ineqlin.marginals


def _whole(model: _Model, mix: np.ndarray) -> np.ndarray:
    """The best whole flow at the proving weights between a mix's rounded-down and rounded-up arcs.

    Raises
    ------
    ArithmeticError
        When there is none: the mix is no flow.
    """
    a, wrong = model.arrays, 1e-3 + 1e-14 * np.abs(mix)
    low = np.maximum(np.floor(mix - wrong).astype(np.int64), a["lower"])
    high = np.minimum(np.ceil(mix + wrong).astype(np.int64), a["upper"])
    point = model.flow(model.proving, {"lower": low, "upper": high})
    if point is None:
        raise ArithmeticError("no whole flow beside a mix of whole flows")
    return point.flow


def _close(model: _Model, options: Mapping[str, Any], report: Report) -> tuple[bool, bool]:
    """Look for a better whole flow by HiGHS; whether that proved the bound, and whether the clock ended it."""
    a, s, n, k = model.arrays, model.futures, len(model.arrays["cost"]), len(model.arrays["supply"])
    arc, ones = np.arange(n), np.ones(n)
    nodes = csr_array((np.concatenate([ones, -ones]), (np.concatenate([a["tail"], a["head"]]), np.tile(arc, 2))), shape=(k, n))  # fmt: skip
    each = np.tile(a["cost"].astype(np.float64), (s, 1))
    each[:, a["varying"]] += a["future_cost"]
    free = csr_array((k, s + 1))
    rows = vstack([hstack([nodes, free]), hstack([csr_array(-each), np.ones((s, 1)), np.eye(s)])]).tocsr()
    supply, best = a["supply"].astype(np.float64), np.array(model.less, np.float64)
    arrays = {
        "cost": np.concatenate([np.zeros(n, np.int64), [model.sum], np.ones(s, np.int64)]).astype(np.int64),
        "lower": np.concatenate([a["lower"], [-np.inf], np.zeros(s)]), "upper": np.concatenate([a["upper"], np.full(s + 1, np.inf)]),
        "integer": np.arange(n + s + 1) < n, "indptr": rows.indptr.astype(np.int64), "indices": rows.indices.astype(np.int64),
        "data": rows.data, "row_lower": np.concatenate([supply, -best]), "row_upper": np.concatenate([supply, np.full(s, np.inf)]),
        "row_rule": np.zeros(k + s, np.int64),
        "start": np.concatenate([model.best.flow.astype(np.float64), np.full(s + 1, np.nan)]),
    }  # fmt: skip
    answer = mip.solve(arrays, options, report)
    if "x" not in answer.arrays:
        return False, bool(answer.facts["cut_short"])
    point = model.add(answer.arrays["x"][:n])
    if answer.status == "OPTIMAL":
        model.bound = max(model.bound, point.figure)
    elif answer.facts.get("bound") is not None:
        model.bound = max(model.bound, min(int(answer.facts["bound"]), model.best.figure))
    return answer.status == "OPTIMAL", bool(answer.facts["cut_short"])
