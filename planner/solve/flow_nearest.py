"""A cheapest flow whose bounds were changed, and of all that are as cheap one that is nearest to the flow before.

What must move is sent over the cheapest ways of the residual network (:mod:`planner.solve.flow_sent`). Where that would take many rounds
a second minimum-cost flow by OR-Tools runs there instead. Either way an arc is a little longer for each unit that moves, by less than
a way through all nodes could be worth, so that nothing moves that need not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from planner.solve.bounded_flow import cheapest_flow, no_flow
from planner.solve.flow_sent import TooFar, sent
from planner.solve.potentials import exact_dot, proven_bound, residual_potentials
from planner.solve.task import Answer, Arrays

Report = Callable[[Mapping[str, Any]], None]


def solve(arrays: Arrays, options: Mapping[str, Any], report: Report) -> Answer:
    """Minimise ``cost·f`` over a :class:`~planner.solve.flow_model.FlowModel` without side rows, near the flow of other bounds.

    Arrays in: the model's; ``before_lower``, ``before_upper`` (n_arcs,): the bounds before, which hold those now; where it is known,
    ``near_flow`` (n_arcs,): a cheapest flow within them. Arrays out: ``flow``, ``before_flow`` (n_arcs,) int64 and ``potential``
    (n_nodes,) int64. Facts: ``objective`` and ``bound`` (equal: the potentials
    prove it), ``before`` (the objective with the bounds before). INFEASIBLE: as the engine ``bounded_flow``.

    Raises
    ------
    ArithmeticError
        When there was no flow before, ``near_flow`` is not a cheapest one, or the potentials do not prove the answer.
    """
    before = {**arrays, "lower": arrays["before_lower"], "upper": arrays["before_upper"]}
    report({"step": "before"})
    base = arrays.get("near_flow")
    if base is None:
        base = cheapest_flow(before)
    if base is None:
        raise ArithmeticError("there is no flow within the bounds before")
    report({"step": "after"})
    flow = _changed(arrays, base, _potentials(before, base))
    if flow is None:
        return no_flow(arrays)
    potential = _potentials(arrays, flow)
    objective, bound = exact_dot(arrays["cost"], flow), proven_bound(arrays, potential)
    if bound != objective:
        raise ArithmeticError(f"potentials prove {bound}, the flow costs {objective}")
    facts = {
        "objective": objective,
        "bound": bound,
        "before": exact_dot(arrays["cost"], base),
        "cut_short": False,
    }
    return Answer("OPTIMAL", {"flow": flow, "before_flow": base, "potential": potential}, facts)


def _potentials(arrays: Arrays, flow: np.ndarray) -> np.ndarray:
    """(n_nodes,) int64 of a cheapest flow within the bounds."""
    room, back = flow < arrays["upper"], flow > arrays["lower"]
    ends, n = (arrays["tail"], arrays["head"]), len(arrays["supply"])
    return residual_potentials(*ends, arrays["cost"], room, back, n)[0]


def _changed(arrays: Arrays, base: np.ndarray, potential: np.ndarray) -> np.ndarray | None:
    """The cheapest flow within the bounds by the least change of ``base``; ``None`` where there is none."""
    try:
        return sent(arrays, base, potential)
    except TooFar:
        return changed_whole(arrays, base)


def changed_whole(arrays: Arrays, base: np.ndarray) -> np.ndarray | None:
    """The same by one flow over the whole residual network."""
    lower, upper = arrays["lower"], arrays["upper"]
    if np.any(upper < lower):
        return None
    begun, n, k = np.clip(base, lower, upper), len(arrays["supply"]), len(base)
    left = arrays["supply"].copy()
    np.subtract.at(left, arrays["tail"], begun)
    np.add.at(left, arrays["head"], begun)
    cost = arrays["cost"] * (n + 1)
    room = np.concatenate([upper - begun, begun - lower])
    residual = {
        "tail": np.concatenate([arrays["tail"], arrays["head"]]),
        "head": np.concatenate([arrays["head"], arrays["tail"]]),
        "lower": np.zeros(2 * k, np.int64),
        "upper": room,
        "cost": np.concatenate([cost, -cost]) + 1,
        "supply": left,
    }
    change = cheapest_flow(residual)
    return None if change is None else begun + change[:k] - change[k:]
