"""The engine `posting` against brute force, and its certificate."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.solve import posting, posting_groups
from planner.solve.engines import run
from planner.solve.posting_groups import NEVER

STEP = 100_000


def arrays(
    cost: np.ndarray, supply: list[int], must: list[int], further: list[int], **more: Any
) -> dict[str, np.ndarray]:
    """One group with a dense cost table; every slot is a village of its own unless given."""
    n, m = cost.shape
    nothing = np.zeros(0, np.int64)
    found: dict[str, Any] = {
        "supply": supply, "group": [0] * n, "c0": range(n), "c1": [0] * n, "c2": [0] * n, "unit": [-1] * n, "unit_cap": [],
        "slot_ptr": [0, m], "slot_list": range(m), "must": must, "further": further, "must_gain": [3 * STEP] * m,
        "further_gain": [STEP] * m, "village": range(m), "there": [0] * m, "wanted": [0] * m,
        "listed_class": nothing, "listed_slot": nothing, "listed_room": nothing, "listed_cost": nothing,
        "t0_ptr": [0, n * m], "t1_ptr": [0, m], "t2_ptr": [0, m], **more,
    }  # fmt: skip
    made = {k: np.array(v, dtype=np.int64) for k, v in found.items()}
    made |= {"t0": cost.astype(np.int32).ravel(), "t1": np.zeros(m, np.int32), "t2": np.zeros(m, np.int32)}
    villages = len(made["there"])
    made["led"] = np.array(more.get("led", [False] * villages), dtype=bool)
    made["leads"] = np.array(more.get("leads", [False] * m), dtype=bool)
    made["hard"] = np.array(more.get("hard", [False] * m), dtype=bool)
    return made


def answer(given_arrays: dict[str, np.ndarray]) -> Any:
    return run("posting", given_arrays, {}, lambda m: None)


def best(cost: np.ndarray, must: list[int], further: list[int]) -> int:
    """Every way to send single people (supply 1) to slots, by trying all."""
    n, m = cost.shape
    found = None
    for way in itertools.product(range(-1, m), repeat=n):
        if any(j >= 0 and cost[i, j] >= NEVER for i, j in enumerate(way)):
            continue
        there = [way.count(j) for j in range(m)]
        if any(t > a + b for t, a, b in zip(there, must, further, strict=True)):
            continue
        value = sum(int(cost[i, j]) for i, j in enumerate(way) if j >= 0)
        for t, a, b in zip(there, must, further, strict=True):
            value += 3 * STEP * max(0, a - t) + STEP * (a + b - max(a, t))
        found = value if found is None else min(found, value)
    assert found is not None
    return found


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_brute_force_agrees(data: st.DataObject) -> None:
    n, m = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
    price = st.one_of(st.integers(0, 50), st.just(NEVER))
    cost = np.array(data.draw(st.lists(price, min_size=n * m, max_size=n * m))).reshape(n, m)
    must = data.draw(st.lists(st.integers(0, 2), min_size=m, max_size=m))
    further = data.draw(st.lists(st.integers(0, 2), min_size=m, max_size=m))
    found = answer(arrays(cost, [1] * n, must, further))
    assert found.status == "OPTIMAL"
    assert found.facts["objective"] == found.facts["bound"] == best(cost, must, further)


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_certificate_holds_on_every_pair(seed: int) -> None:
    """Dual feasibility on all allowed pairs, and no gap: with few first candidates, so that pricing has work."""
    rng = np.random.default_rng(seed)
    n, m = 40, 25
    cost = rng.integers(0, 5_000, (n, m))
    cost[rng.random((n, m)) < 0.3] = NEVER
    made = arrays(
        cost, rng.integers(1, 4, n).tolist(), rng.integers(0, 3, m).tolist(), rng.integers(0, 3, m).tolist()
    )
    found = answer(made)
    person, slot = found.arrays["worth_class"], found.arrays["worth_slot"]
    reduced = cost + person[:, None] - slot[None, :]
    assert (reduced[cost < NEVER] >= 0).all()
    assert (person >= 0).all()
    seats = (
        np.minimum(made["must_gain"], slot) * made["must"]
        + np.minimum(made["further_gain"], slot) * made["further"]
    )
    priced = np.where(made["must"] + made["further"] > 0, seats, 0).sum() - (made["supply"] * person).sum()
    assert priced == found.facts["objective"]
    sent = np.bincount(found.arrays["arc_class"], found.arrays["arc_count"], n)
    filled = np.bincount(found.arrays["arc_slot"], found.arrays["arc_count"], m)
    assert (sent <= made["supply"]).all() and (filled <= made["must"] + made["further"]).all()


def test_few_candidates_give_the_same_optimum(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    cost = 200 * np.arange(50)[None, :] + rng.integers(0, 300, (60, 50))  # everyone wants the first slots
    made = arrays(cost, [1] * 60, [1] * 50, [0] * 50)
    whole = answer(made).facts
    for name in ("NEAREST", "FEW", "JOINING", "JOINING_SLOT"):
        monkeypatch.setattr(posting, name, 1)
    monkeypatch.setattr(posting_groups, "BLOCK", 1500)
    few = answer(made).facts
    assert few["objective"] == whole["objective"]
    assert few["rounds"] > whole["rounds"] and few["arcs"] < whole["arcs"]


def test_stay_arcs_carry_only_those_in_place() -> None:
    """Two of a class of three are in place at slot 0, where staying is free; the third would pay 10."""
    made = arrays(
        np.array([[10]]), [3], [0], [3], listed_class=[0], listed_slot=[0], listed_room=[2], listed_cost=[0]
    )
    found = answer(made)
    assert found.facts["objective"] == 10
    assert found.arrays["arc_count"][found.arrays["arc_listed"]].tolist() == [2]


def test_unit_cap() -> None:
    made = arrays(np.array([[1, 5], [2, 1]]), [1, 1], [1, 1], [0, 0], unit=[0, 0], unit_cap=[1])
    found = answer(made)
    assert found.status == "OPTIMAL" and found.arrays["arc_count"].sum() == 1


def test_teams_bound_stays_the_flows() -> None:
    """Slot 0 leads, nobody may take it; slot 1's three people have no leader: closed, and the gap is told."""
    cost = np.array([[NEVER, 0]])
    found = answer(
        arrays(cost, [3], [1, 3], [0, 0], village=[0, 0], there=[0], wanted=[3], leads=[True, False])
    )
    assert found.status == "FEASIBLE"
    assert found.arrays["closed"].tolist() == [True]
    assert (found.facts["objective"], found.facts["bound"]) == (12 * STEP, 3 * STEP)


def test_cut_is_a_set_of_seats_that_too_few_reach() -> None:
    cost = np.array([[0, 0, NEVER], [0, 0, NEVER], [0, 0, 0]])
    made = arrays(cost, [1, 1, 1], [2, 1, 1], [0, 0, 0], hard=[True, True, True])
    found = answer(made)
    assert found.status == "INFEASIBLE"
    seats = made["must"][found.arrays["cut_slots"]].sum()
    people = (cost[:, found.arrays["cut_slots"]] < NEVER).any(axis=1).sum()
    assert (found.facts["asked"], found.facts["reachable"]) == (seats, people) and seats > people
