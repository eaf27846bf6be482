"""Changes of a cheapest flow against solving again, on random networks and by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from planner.solve import engines
from planner.solve.bounded_flow import cheapest_flow
from planner.solve.flow_model import FlowModel
from planner.solve.flow_questions import FAR, NAMES
from planner.solve.potentials import NegativeCycle, exact_dot
from planner.solve.residual import draw_together
from planner.solve.task import Answer, Arrays
from tests.planner.solve.test_bounded_flow import random_model


def whole(**columns: Any) -> dict[str, np.ndarray]:
    return {k: np.atleast_1d(np.asarray(v, dtype=np.int64)) for k, v in columns.items()}


def ask(arrays: Arrays, flow: np.ndarray, step: int, work: float = 1.0, **ways: dict[str, Any]) -> Answer:
    """Answers of the engine; what is not given of a way is empty."""
    given = {f"{w}_{k}": np.zeros(0, dtype=np.int64) for w in ("put", "take") for k in NAMES}
    for way, columns in ways.items():
        given |= {f"{way}_{k}": v for k, v in whole(**columns).items()}
    options = {"step": step, "work": work}
    return engines.run("flow_prices", {**arrays, "flow": flow, **given}, options, lambda m: None)


def cost_with(arrays: Arrays, extra: list[tuple[int, int, int, int]], supply: dict[int, int]) -> int | None:
    """Least cost with arcs (tail, head, upper, cost) and supplies added; ``None`` where no flow is left."""
    more = np.array(extra, dtype=np.int64).reshape(-1, 4).T
    n = max([len(arrays["supply"]), *(more[:2].ravel() + 1).tolist()])
    amount = np.zeros(n, dtype=np.int64)
    amount[: len(arrays["supply"])] = arrays["supply"]
    for node, much in supply.items():
        amount[node] += much
    added = dict(zip(("tail", "head", "upper", "cost"), more, strict=True)) | {"lower": 0 * more[0]}
    again = {k: np.concatenate([arrays[k], added[k]]) for k in added} | {"supply": amount}
    flow = cheapest_flow(again)
    return None if flow is None else exact_dot(again["cost"], flow)


def larger_model(seed: int) -> FlowModel:
    """Forty nodes, some 250 arcs of few different costs: many ways are equally cheap, and nodes draw together."""
    rng = np.random.default_rng(seed)
    n, m = 40, 250
    tail, head = rng.integers(0, n, m), rng.integers(0, n, m)
    head = np.where(head == tail, (head + 1) % n, head)
    flow = rng.integers(0, 30, m)
    model = FlowModel()
    model.nodes(n)
    upper = flow + rng.integers(0, 40, m)
    model.arcs("all", tail, head, np.maximum(flow - rng.integers(0, 40, m), 0), upper, rng.integers(0, 3, m))
    model.supply(np.arange(n), (np.bincount(tail, flow, n) - np.bincount(head, flow, n)).astype(np.int64))
    return model


@pytest.mark.parametrize("way", ["put", "take"])
@pytest.mark.parametrize("seed", range(44))
def test_a_change_is_what_solving_again_says(seed: int, way: str) -> None:
    """Two openings of different cost and room, at a step that makes none, some or all arcs wide."""
    arrays = (random_model(seed) if seed < 22 else larger_model(seed)).arrays()
    rng = np.random.default_rng(seed)
    n, step = len(arrays["supply"]), int(rng.choice([1, 2, 5, 12, 60]))
    flow = cheapest_flow(arrays)
    assert flow is not None
    here, there, target = rng.permutation(n)[:3].tolist()
    rooms, costs = rng.integers(1, step + 1, 2).tolist(), rng.integers(-3, 4, 2).tolist()
    asked = {"target": target, "amount": step, "most": FAR, "question": [0, 0], "node": [here, there], "cost": costs, "room": rooms}  # fmt: skip
    answer = ask(arrays, flow, step, **{way: asked})
    cost, placed = int(answer.arrays[f"{way}_cost"][0]), int(answer.arrays[f"{way}_placed"][0])
    ends = [(n, here), (n, there)] if way == "put" else [(here, n), (there, n)]
    extra = [(*e, r, c) for e, r, c in zip(ends, rooms, costs, strict=True)]
    sign = 1 if way == "put" else -1
    before = exact_dot(arrays["cost"], flow)
    assert answer.arrays[f"{way}_known"][0] and 0 <= placed <= step
    again = cost_with(arrays, extra, {n: sign * placed, target: -sign * placed})
    assert again is not None and again - before == cost
    if placed < step:
        assert cost_with(arrays, extra, {n: sign * (placed + 1), target: -sign * (placed + 1)}) is None


@pytest.mark.parametrize("seed", range(20))
def test_only_what_is_cheap_enough_is_placed(seed: int) -> None:
    arrays = random_model(seed).arrays()
    n, flow = len(arrays["supply"]), cheapest_flow(arrays)
    assert flow is not None
    for node in range(1, n):
        asked = {"target": 0, "amount": 9, "most": 2, "question": 0, "node": node, "cost": 0, "room": 9}
        answer = ask(arrays, flow, 9, put=asked)
        way_out = [(node, 0, 9, 2)]  # the same as leaving the money for 2 a unit
        again = cost_with(arrays, way_out, {node: 9, 0: -9})
        assert again is not None
        left = 9 - int(answer.arrays["put_placed"][0])
        assert again - exact_dot(arrays["cost"], flow) == int(answer.arrays["put_cost"][0]) + 2 * left


def line() -> FlowModel:
    """a → b → sink, 10 units of which 6 pay 3 each; the rest goes by a dearer arc."""
    model = FlowModel()
    a, b, sink = model.nodes(3)
    model.arcs(
        "x", np.array([a, b, a]), np.array([b, sink, sink]), 0, np.array([99, 6, 99]), np.array([0, -3, 0])
    )
    model.supply(np.array([a, sink]), np.array([10, -10]))
    return model  # fmt: skip


def test_by_hand_what_a_breakpoint_does() -> None:
    """8 units that are taken out at b: the 4 to spare come for nothing, the others cost 3 each, as do all without that arc."""
    arrays = line().arrays()
    flow = cheapest_flow(arrays)
    assert flow is not None and flow.tolist() == [6, 6, 4]
    take = {"target": [2, 2], "amount": [8, 10], "most": [FAR] * 2, "question": [0, 1], "node": [1, 1], "cost": [0] * 2,
            "room": [99] * 2}  # fmt: skip
    told = ask(arrays, flow, 10, take=take)
    assert told.arrays["take_cost"].tolist() == [12, 18] and told.arrays["take_placed"].tolist() == [8, 10]
    shut = {"target": [2], "amount": [8], "most": [FAR], "question": [0], "node": [1], "cost": [0], "room": [99],
            "shut_question": [0], "shut_arc": [0]}  # fmt: skip
    told = ask(arrays, flow, 10, take=shut)
    assert told.arrays["take_cost"].tolist() == [18] and told.arrays["take_placed"].tolist() == [6]


def test_without_work_left_what_is_not_sure_stays_unknown() -> None:
    arrays = line().arrays()
    flow = cheapest_flow(arrays)
    assert flow is not None
    take = {"target": [2] * 2, "amount": [1, 8], "most": [FAR] * 2, "question": [0, 1], "node": [1, 1], "cost": [0] * 2,
            "room": [99] * 2}  # fmt: skip
    assert ask(arrays, flow, 8, take=take, work=1e-9).arrays["take_known"].tolist() == [False, False]
    assert ask(arrays, flow, 8, take=take).arrays["take_known"].all()


def test_a_dearer_flow_is_refused() -> None:
    arrays = line().arrays()
    with pytest.raises(NegativeCycle):
        draw_together(arrays, np.array([0, 0, 10]), 1)
