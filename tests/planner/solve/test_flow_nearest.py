"""A flow with other bounds: as cheap as any, and nothing moves that need not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from planner.solve import bounded_flow, flow_nearest
from planner.solve.flow_model import FlowModel


def silent(_: Mapping[str, Any]) -> None:
    """Progress that nobody hears."""


def two_ways(alike: int = 4) -> FlowModel:
    """Ten units from node 0 to node 1 over ways of cost 1, each with room for 5."""
    model = FlowModel()
    model.nodes(2)
    model.supply(0, 10)
    model.supply(1, -10)
    model.arcs("way", np.zeros(alike, np.int64), 1, 0, 5, 1)
    return model


def test_only_what_must_move_moves() -> None:
    model = two_ways()
    before = model.arrays()
    base = bounded_flow.solve(before, {}, silent).arrays["flow"]
    used = int(np.argmax(base))
    model.fix("way", np.array([used]), 3)
    arrays = {**model.arrays(), "before_lower": before["lower"], "before_upper": before["upper"]}
    found = flow_nearest.solve(arrays, {}, silent)
    assert (found.facts["objective"], found.facts["before"]) == (10, 10)
    assert np.abs(found.arrays["flow"] - base).sum() == 2 * (base[used] - 3)
    assert found.arrays["before_flow"].tolist() == base.tolist()


def test_bounds_that_cannot_hold_are_a_cut() -> None:
    model = two_ways(2)
    before = model.arrays()
    model.fix("way", np.array([0]), 4)
    arrays = {**model.arrays(), "before_lower": before["lower"], "before_upper": before["upper"]}
    found = flow_nearest.solve(arrays, {}, silent)
    assert found.status == "INFEASIBLE" and found.facts["short"] == 1
    model.fix("way", np.array([0]), 5)  # at least 5 and at most 4
    arrays = {**model.arrays(), "before_lower": before["lower"], "before_upper": before["upper"]}
    assert flow_nearest.solve(arrays, {}, silent).status == "INFEASIBLE"


@pytest.mark.parametrize("seed", range(20))
def test_it_is_as_cheap_as_a_flow_from_the_beginning(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model, n = FlowModel(), 6
    model.nodes(n)
    tail, head = rng.integers(0, n, 18), rng.integers(0, n, 18)
    keep = tail != head
    model.arcs(
        "way", tail[keep], head[keep], 0, rng.integers(0, 9, keep.sum()), rng.integers(-3, 6, keep.sum())
    )
    model.arcs("dear", np.arange(n - 1), np.arange(1, n), 0, 50, 40)
    model.supply(0, 7)
    model.supply(n - 1, -7)
    before = model.arrays()
    model.fix("way", np.array([int(rng.integers(0, keep.sum()))]), int(rng.integers(0, 4)))
    after = model.arrays()
    told = bounded_flow.solve(after, {}, silent)
    arrays = {**after, "before_lower": before["lower"], "before_upper": before["upper"]}
    found = flow_nearest.solve(arrays, {}, silent)
    assert found.status == told.status
    if told.status == "OPTIMAL":
        assert found.facts["objective"] == told.facts["objective"]
