"""Of all cheapest flows the one that keeps most, and handing out the published way: against integer programmes on random cases."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from planner.solve import flow_kept, most_kept
from tests.planner.solve.test_flow_budget import random_flow


@pytest.mark.parametrize("seed", range(20))
def test_the_cheapest_flow_that_keeps_most(seed: int):
    rng = np.random.default_rng(seed)
    arrays = random_flow(rng)
    m, n = len(arrays["cost"]), len(arrays["supply"])
    arrays["cost"] = arrays["cost"] // 6  # many flows are equally cheap
    arrays["keep_flow"] = rng.integers(0, 6, m)
    arrays["keep_gain"] = rng.choice([0, 1, 1, 7], m)
    answer = flow_kept.solve(arrays, {}, lambda told: None)
    flow = answer.arrays["flow"]
    kept = int(arrays["keep_gain"] @ np.minimum(flow, arrays["keep_flow"]))
    rows = np.zeros((n, m))
    np.add.at(rows, (arrays["tail"], np.arange(m)), 1)
    np.add.at(rows, (arrays["head"], np.arange(m)), -1)
    both = np.block(
        [[rows, rows], [arrays["cost"][None, :], arrays["cost"][None, :]]]
    )  # within, and beyond, what was there
    right = np.append(arrays["supply"], answer.facts["objective"])
    most = np.minimum(arrays["keep_flow"], arrays["upper"])
    upper = np.concatenate([most, arrays["upper"] - most])
    gain = np.concatenate([arrays["keep_gain"], np.zeros(m)])
    found = milp(
        -gain,
        constraints=LinearConstraint(both, right, right),
        integrality=np.ones(2 * m),
        bounds=Bounds(0, upper),
    )
    assert answer.facts["objective"] == arrays["cost"] @ flow
    assert kept == round(-found.fun)


@pytest.mark.parametrize("seed", range(10))
def test_as_much_as_can_be_goes_the_old_way(seed: int):
    rng = np.random.default_rng(seed)
    give, take = rng.integers(0, 9, 3), rng.integers(0, 9, 4)
    giver, taker = np.divmod(rng.choice(12, 7, replace=False), 4)
    before = rng.integers(0, 7, 7)
    arrays = {"give": give, "take": take, "giver": giver, "taker": taker, "before": before}
    answer = most_kept.solve(arrays, {}, lambda told: None)
    rows = np.zeros((7, 7))
    rows[giver, np.arange(7)] = 1
    rows[3 + taker, np.arange(7)] = 1
    limits = np.concatenate([give, take])
    found = milp(
        -np.ones(7),
        constraints=LinearConstraint(rows, -np.inf, limits),
        integrality=np.ones(7),
        bounds=Bounds(0, before),
    )
    amount = answer.arrays["amount"]
    assert answer.facts["kept"] == amount.sum() == round(-found.fun)
    assert (rows @ amount <= limits).all()
    assert (amount <= before).all()


def test_nothing_to_hand_out():
    nothing = np.zeros(0, np.int64)
    arrays = {"give": nothing, "take": nothing, "giver": nothing, "taker": nothing, "before": nothing}
    assert most_kept.solve(arrays, {}, lambda told: None).facts["kept"] == 0
