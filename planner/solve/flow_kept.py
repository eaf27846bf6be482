"""Among equally cheap flows the one that keeps most of an earlier flow.

By complementary slackness a flow is one of the cheapest if, by any optimal potentials, arcs of positive reduced cost are at their lower
bounds and arcs of negative reduced cost at their upper ones. On the arcs that are left, a second minimum-cost flow earns a gain for every unit
of the earlier flow that it keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from planner.solve import bounded_flow
from planner.solve.bounded_flow import cheapest_flow
from planner.solve.potentials import exact_dot
from planner.solve.task import Answer, Arrays

Report = Callable[[Mapping[str, Any]], None]


def solve(arrays: Arrays, options: Mapping[str, Any], report: Report) -> Answer:
    """As the engine ``bounded_flow``; of all cheapest flows the one that keeps most of an earlier one.

    Arrays in: the model's, and ``keep_flow``, ``keep_gain`` (n_arcs,) int64: the earlier flow, and what each unit of it that is kept
    is worth.

    Raises
    ------
    ArithmeticError
        When what keeps most is not the cheapest.
    """
    answer = bounded_flow.solve(arrays, options, report)
    if answer.status != "OPTIMAL":
        return answer
    report({"step": "keeping"})
    flow = kept_most(arrays, np.asarray(answer.arrays["potential"]))
    if exact_dot(arrays["cost"], flow) != answer.facts["objective"]:
        raise ArithmeticError("what keeps most is not the cheapest")
    return replace(answer, arrays={**answer.arrays, "flow": flow})


def kept_most(arrays: Arrays, potential: np.ndarray) -> np.ndarray:
    """The cheapest flow, (n_arcs,) int64, with the most of ``keep_gain · min(flow, keep_flow)`` (both (n_arcs,) int64).

    Raises
    ------
    ArithmeticError
        When there is none: the potentials are not optimal ones.
    """
    face, kept, gain = on_face(arrays, potential), arrays["keep_flow"], arrays["keep_gain"]
    lower, upper = face["lower"], face["upper"]
    most = np.clip(kept, lower, upper)
    some = np.flatnonzero((gain > 0) & (most > lower))
    first = upper.copy()
    first[some] = most[some]
    cost = np.zeros(len(lower), np.int64)
    cost[some] = -gain[some]
    wide = {
        "tail": np.concatenate([face["tail"], face["tail"][some]]),
        "head": np.concatenate([face["head"], face["head"][some]]),
        "lower": np.concatenate([lower, np.zeros(len(some), np.int64)]),
        "upper": np.concatenate([first, (upper - most)[some]]),
        "cost": np.concatenate([cost, np.zeros(len(some), np.int64)]),
        "supply": face["supply"],
    }
    found = cheapest_flow(wide)
    if found is None:
        raise ArithmeticError("no flow on the face of the cheapest ones")
    flow = found[: len(lower)].copy()
    flow[some] += found[len(lower) :]
    return flow


def on_face(arrays: Arrays, potential: np.ndarray) -> dict[str, np.ndarray]:
    """The model with bounds that only its cheapest flows keep, by optimal potentials (n_nodes,)."""
    reduced = arrays["cost"] + potential[arrays["tail"]] - potential[arrays["head"]]
    lower = np.where(reduced < 0, arrays["upper"], arrays["lower"])
    upper = np.where(reduced > 0, arrays["lower"], arrays["upper"])
    return {**arrays, "lower": lower, "upper": upper}
