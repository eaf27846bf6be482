"""Handing out what came into nodes to what left them, so that as much as can be goes the way it went before: a largest flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from ortools.graph.python import max_flow

from planner.solve.task import Answer, Arrays


def solve(arrays: Arrays, options: Mapping[str, Any], report: Callable[[Mapping[str, Any]], None]) -> Answer:
    """The most that givers ``give`` (m,) and takers ``take`` (n,) can exchange over ways ``giver``, ``taker``, ``before`` (k,).

    All int64: a way carries at most what it carried before. Arrays out: ``amount`` (k,) int64. Facts: ``kept``, their sum.

    Raises
    ------
    ArithmeticError
        When the solver does not finish.
    """
    give, take = arrays["give"], arrays["take"]
    m, n = len(give), len(take)
    report({"ways": len(arrays["before"])})
    solver: Any = max_flow.SimpleMaxFlow()
    top, end = m + n, m + n + 1
    tail = np.concatenate([np.full(m, top), arrays["giver"], m + np.arange(n)])
    head = np.concatenate([np.arange(m), m + arrays["taker"], np.full(n, end)])
    room = np.concatenate([give, arrays["before"], take])
    ways = solver.add_arcs_with_capacity(tail.astype(np.int32), head.astype(np.int32), room)
    if m and n and solver.solve(top, end) != solver.OPTIMAL:
        raise ArithmeticError("largest flow did not finish")
    flow = solver.flows(ways[m : m + len(arrays["before"])]) if m and n else np.zeros(0)
    amount = np.asarray(flow, dtype=np.int64)
    return Answer("OPTIMAL", {"amount": amount}, {"kept": int(amount.sum())})
