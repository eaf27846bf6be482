"""As the engine ``flow_rows``; of flows that are as cheap one that keeps more of an earlier flow, where rounding finds it.

A second linear programme may cost no more than the whole flow that was found, and earns a gain for every unit of the earlier flow that it keeps; it
is rounded to whole units as the first one was. Where that breaks a row, or keeps no more, the flow stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from planner.solve import flow_rows
from planner.solve.flow_model import UNLIMITED
from planner.solve.potentials import exact_dot
from planner.solve.task import Answer, Arrays

Report = Callable[[Mapping[str, Any]], None]


def solve(arrays: Arrays, options: Mapping[str, Any], report: Report) -> Answer:
    """As :func:`planner.solve.flow_rows.solve`; arrays in besides: ``keep_flow``, ``keep_gain`` as in :mod:`planner.solve.flow_kept`."""
    answer = flow_rows.solve(arrays, options, report)
    if "flow" not in answer.arrays:
        return answer
    report({"step": "keeping"})
    flow = np.asarray(answer.arrays["flow"])
    found = _keeping(arrays, flow, options, report)
    if found is None or _kept(arrays, found) <= _kept(arrays, flow):
        return answer
    objective, before = exact_dot(arrays["cost"], found), int(answer.facts["objective"])
    facts = {
        **answer.facts, "objective": objective, "bound": min(int(answer.facts["bound"]), objective),
        "rounding_cost": max(int(answer.facts["rounding_cost"]) + objective - before, 0),
    }  # fmt: skip
    status = "OPTIMAL" if facts["bound"] == objective else "FEASIBLE"
    return replace(answer, status=status, arrays={**answer.arrays, "flow": found}, facts=facts)


def _kept(arrays: Arrays, flow: np.ndarray) -> int:
    """What the units that a flow keeps are worth."""
    return exact_dot(arrays["keep_gain"], np.minimum(flow, arrays["keep_flow"]))


def _keeping(arrays: Arrays, flow: np.ndarray, options: Mapping[str, Any], report: Report) -> np.ndarray | None:  # fmt: skip
    """A whole flow that costs no more than ``flow`` and keeps every row, (n_arcs,) int64; ``None`` where none is found."""
    wide, some = _wide(arrays, exact_dot(arrays["cost"], flow))
    linear = flow_rows.linear(wide, options, report, 0)
    whole = flow_rows.whole_flow(wide, linear[0]) if isinstance(linear, tuple) else None
    if whole is None:
        return None
    found = whole[: len(flow)].copy()
    found[some] += whole[len(flow) :]
    return found


def _wide(arrays: Arrays, most: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The model with a second arc for what goes beyond the earlier flow, and one more row: it costs ``most`` at most. And the arcs that got one."""
    lower, upper = arrays["lower"], arrays["upper"]
    within = np.clip(arrays["keep_flow"], lower, upper)
    some = np.flatnonzero((arrays["keep_gain"] > 0) & (within > lower))
    first, cost = upper.copy(), np.zeros(len(lower), np.int64)
    first[some], cost[some] = within[some], -arrays["keep_gain"][some]
    none = np.zeros(len(some), np.int64)
    n, m, k = len(lower), len(some), len(arrays["row_lower"])
    row = np.repeat(np.arange(k), np.diff(arrays["indptr"]))
    second = np.full(n, -1)
    second[some] = n + np.arange(m)
    paid, twice = np.flatnonzero(arrays["cost"]), second[arrays["indices"]] >= 0
    paid_twice = paid[second[paid] >= 0]
    rows = np.concatenate([row, row[twice], np.full(len(paid) + len(paid_twice), k)])
    column = np.concatenate([arrays["indices"], second[arrays["indices"][twice]], paid, second[paid_twice]])
    data = np.concatenate(
        [arrays["data"], arrays["data"][twice], arrays["cost"][paid], arrays["cost"][paid_twice]]
    )
    order = np.lexsort((column, rows))
    model = {
        "tail": np.concatenate([arrays["tail"], arrays["tail"][some]]),
        "head": np.concatenate([arrays["head"], arrays["head"][some]]),
        "lower": np.concatenate([lower, none]),
        "upper": np.concatenate([first, (upper - within)[some]]),
        "cost": np.concatenate([cost, none]),
        "supply": arrays["supply"],
        "indptr": np.append(0, np.cumsum(np.bincount(rows, minlength=k + 1))).astype(np.int64),
        "indices": column[order],
        "data": data[order],
        "row_lower": np.append(arrays["row_lower"], -UNLIMITED),
        "row_upper": np.append(arrays["row_upper"], most),
    }
    return model, some
