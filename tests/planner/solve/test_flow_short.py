"""Floors that cannot all be kept: against a linear programme on random networks, and by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from planner.solve.bounded_flow import cheapest_flow
from planner.solve.task import Arrays
from tests.planner.solve.models import run


def random_floors(seed: int) -> dict[str, np.ndarray]:
    """Two sources, three places with floors, and a sink that takes what is not spent."""
    draw = np.random.default_rng(seed)
    tail, head = np.meshgrid([0, 1], [2, 3, 4], indexing="ij")
    money = draw.integers(5, 20, 2)
    n = 3
    arrays = {
        "tail": np.concatenate([tail.ravel(), [2, 3, 4], [0, 1]]),
        "head": np.concatenate([head.ravel(), [5] * n, [5, 5]]),
        "lower": np.concatenate([np.zeros(6), draw.integers(0, 25, n), [0, 0]]),
        "upper": np.concatenate([draw.integers(0, 20, 6), draw.integers(5, 30, n), money]),
        "cost": np.concatenate([draw.integers(-9, 10, 6 + n), [0, 0]]),
        "supply": np.concatenate([money, np.zeros(n), [-money.sum()]]),
        "may_short": np.concatenate([np.zeros(6), np.ones(n), [0, 0]]).astype(bool),
    }
    return {k: v if v.dtype == bool else v.astype(np.int64) for k, v in arrays.items()}


def least_by_programme(arrays: Arrays) -> tuple[int, int]:
    """Fewest units short, then the least cost: two linear programmes with a column for what each arc is short."""
    m, soft = len(arrays["tail"]), np.flatnonzero(arrays["may_short"])
    k = len(soft)
    balance = np.zeros((len(arrays["supply"]), m + k))
    np.add.at(balance, (arrays["tail"], np.arange(m)), 1)
    np.subtract.at(balance, (arrays["head"], np.arange(m)), 1)
    floors = np.zeros((k, m + k))
    floors[np.arange(k), soft], floors[np.arange(k), m + np.arange(k)] = -1, -1
    bounds = [(0, u) for u in arrays["upper"]] + [(0, None)] * k
    both: dict[str, Any] = {"A_eq": balance, "b_eq": arrays["supply"], "bounds": bounds}
    short = np.concatenate([np.zeros(m), np.ones(k)])
    first = linprog(short, A_ub=floors, b_ub=-arrays["lower"][soft], **both)
    limits = np.append(-arrays["lower"][soft], round(first.fun))
    second = linprog(np.concatenate([arrays["cost"], np.zeros(k)]), A_ub=np.vstack([floors, short]), b_ub=limits, **both)  # fmt: skip
    return round(first.fun), round(second.fun)


@pytest.mark.parametrize("seed", range(30))
def test_nothing_is_less_short_and_nothing_so_short_is_cheaper(seed: int) -> None:
    arrays = random_floors(seed)
    answer = run("flow_short", arrays, reasons=9)
    assert answer.status == "OPTIMAL"
    assert (answer.facts["least"], answer.facts["objective"]) == least_by_programme(arrays)
    flow, short = answer.arrays["flow"], answer.arrays["short"]
    assert (flow >= 0).all() and (flow <= arrays["upper"]).all()
    asked = np.where(arrays["may_short"], arrays["lower"], 0)
    assert np.array_equal(short, np.maximum(asked - flow, 0)) and short.sum() == answer.facts["least"]
    for k, arc in enumerate(answer.arrays["why_arc"].tolist()):
        kept = arrays["may_short"].copy()
        kept[arc] = False
        again = run("flow_short", {**arrays, "may_short": kept})
        told = answer.arrays["why_least"][k]
        assert told == (-1 if again.status == "INFEASIBLE" else again.facts["least"])
        assert told == -1 or told >= answer.facts["least"]
    whole = cheapest_flow(arrays)
    if whole is not None:  # all floors can be kept: the very cost of the cheapest flow
        assert answer.facts["least"] == 0 and answer.facts["objective"] == int(arrays["cost"] @ whole)


def test_a_floor_that_may_not_be_missed() -> None:
    arrays = random_floors(3)
    arrays["lower"][6:9], arrays["upper"][6:9] = 30, 40
    arrays["may_short"][6] = False
    assert run("flow_short", arrays).status == "INFEASIBLE"
