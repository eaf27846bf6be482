"""A solve that begins with an earlier answer: the same bytes as one that does not, whatever changed in between."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.solve import posting, posting_again, posting_window
from planner.solve.engines import run
from planner.solve.posting_again import BEFORE
from planner.solve.posting_network import NEVER
from planner.solve.task import Answer
from tests.planner.solve.posting_cases import Land, answer, check, dense, hubs, land, sent_pairs
from tests.planner.solve.test_posting_ties import marked


def again(case: Land, before: Answer) -> Answer:
    return answer(case.arrays | {f"before_{k}": a for k, a in before.arrays.items()})


def same(one: Answer, other: Answer) -> bool:
    """To the last byte, facts too."""
    assert one.arrays.keys() == other.arrays.keys()
    assert one.status == other.status and one.facts == other.facts
    return all(
        a.dtype == other.arrays[k].dtype and np.array_equal(a, other.arrays[k]) for k, a in one.arrays.items()
    )


def edited(case: Land, rng: np.random.Generator) -> Land:
    """People leave and come, seats open and close, posts get dearer or shut, a class and a slot go."""
    a = {k: v.copy() for k, v in case.arrays.items()}
    n, m = case.table.shape
    for _ in range(int(rng.integers(1, 4))):
        kind, i, j = int(rng.integers(6)), int(rng.integers(n)), int(rng.integers(m))
        if kind == 0:
            a["supply"][i] = int(rng.integers(0, 5))
        elif kind == 1:
            a["must"][j], a["further"][j] = rng.integers(0, 3, 2)
        elif kind == 2 and len(a["t0"]):
            a["t0"][rng.integers(len(a["t0"]))] = rng.integers(0, 90)
        elif kind == 3 and len(a["unit_cap"]):
            a["unit_cap"][rng.integers(len(a["unit_cap"]))] = rng.integers(0, 4)
        elif kind == 4:
            a["class_mark"][i] = rng.integers(2**63)  # another class in its place
        else:
            a["slot_mark"][j] = rng.integers(2**63)
    assert len(np.unique(a["class_mark"])) == n and len(np.unique(a["slot_mark"])) == m
    table = np.full_like(case.table, 0)  # not looked at
    return Land(a, table)


@given(st.integers(0, 10_000), st.booleans(), st.booleans(), st.sampled_from([1, 30]))
@settings(max_examples=200)
def test_from_an_earlier_answer_it_is_the_same(seed: int, wanted: bool, teams: bool, few: int) -> None:
    """Whether few or many ways are looked at first, which makes many rounds or few."""
    rng = np.random.default_rng(~seed & 0xFFFF)  # other numbers than the marks are drawn from
    case = marked(land(seed, classes=20, slots=16, units=True, stays=True, teams=teams), seed)
    with hubs(wanted), pytest.MonkeyPatch.context() as patch:
        patch.setattr(posting_window, "MOST", 2.0)
        patch.setattr(posting_again, "MANY", few)
        patch.setattr(posting_again, "FEW", min(few, 12))
        before = answer(case.arrays)
        if before.status not in ("OPTIMAL", "FEASIBLE"):
            return
        assert same(before, again(case, before))
        for _ in range(3):
            case = edited(case, rng)
            whole, begun = answer(case.arrays), again(case, before)
            assert same(whole, begun)
            before = begun


def two_counties(people: int) -> Land:
    """Two counties of four slots; each slot asks for one, people are nearer to their own county; one row of costs each."""
    rng = np.random.default_rng(1)
    near = np.kron(np.array([[0, 60], [60, 0]]), np.ones((4, 4), np.int64))
    cost = near + rng.integers(0, 30, (8, 8))
    supply = [1] * 8
    supply[0] = people
    return marked(dense(cost, supply, [1] * 8, [0] * 8, zone=np.arange(8)[None, :] // 4), 5)


def test_only_the_window_around_an_edit_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """One person fewer in the first county: the flow is sent there alone; nobody in the second moves."""
    windows: list[list[int]] = []
    inside = posting_window._inside

    def noted(of: Any, window: np.ndarray) -> np.ndarray:
        windows.append(np.flatnonzero(window).tolist())
        return inside(of, window)

    monkeypatch.setattr(posting_window, "_inside", noted)
    before = answer(two_counties(1).arrays)
    assert not windows
    case = two_counties(0)
    found = again(case, before)
    assert check(case, found) == check(case, answer(case.arrays))
    assert all(w == [0, 1, 2, 3] for w in windows)
    far = {p for p in sent_pairs(before) if p[1] >= 4}
    assert far == {p for p in sent_pairs(found) if p[1] >= 4}


def test_a_round_begins_in_the_window_where_the_last_one_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one way at first there are several rounds; the first of them looks for a window, the others have one."""
    monkeypatch.setattr(posting_again, "MANY", 1)
    monkeypatch.setattr(posting_again, "FEW", 0)
    given, left = [], []
    mended = posting_window.mended

    def noted(of: Any, zone: np.ndarray, near: posting_window.Near) -> posting_window.Mended | None:
        found = mended(of, zone, near)
        assert found is not None
        given.append(near.window)
        left.append(found.window)
        return found

    before = answer(two_counties(1).arrays)
    monkeypatch.setattr(posting, "mended", noted)
    case = two_counties(0)
    found = again(case, before)
    assert len(given) > 1 and given[0] is None and left[0].any()
    for window, was in zip(given[1:], left, strict=False):
        assert window is not None and np.array_equal(window, was)
    monkeypatch.undo()
    assert same(found, answer(case.arrays))


def test_where_much_is_new_it_begins_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    start = posting.start
    monkeypatch.setattr(posting, "start", lambda *a: begun.append(1) or start(*a))
    case, other = two_counties(1), marked(two_counties(1), 77)
    before = answer(case.arrays)
    assert len(begun) == 1
    again(case, before)
    assert len(begun) == 1
    assert same(again(other, before), answer(other.arrays))  # it knows none of the slots
    assert len(begun) == 3
    monkeypatch.setattr(posting_window, "MOST", 0.0)
    changed = two_counties(0)
    assert same(
        again(changed, before), answer(changed.arrays)
    )  # it knows them, but no window is small enough
    assert len(begun) == 5


def test_an_answer_without_all_it_takes_is_not_begun_with() -> None:
    case = two_counties(1)
    before = answer(case.arrays)
    for key in BEFORE:
        arrays = {f"before_{k}": a for k, a in before.arrays.items() if k != key}
        assert same(answer(case.arrays | arrays), before)


def test_people_beyond_what_is_there_now_are_left_out() -> None:
    """Fewer seats, a smaller unit and fewer in place than the old answer used: it is cut down, not believed."""
    case = marked(dense(np.full((2, 2), 3), [3, 3], [3, 3], [0, 0]), 1)
    before = answer(case.arrays)
    less = Land(case.arrays | {"supply": np.array([2, 1]), "must": np.array([1, 3])}, case.table)
    assert same(again(less, before), answer(less.arrays))
    assert posting_again.within_limits(
        np.array([0, 0, 1, -1]), np.array([2, 2, 5, 9]), np.array([3, 4])
    ).tolist() == [*(2, 1, 4, 9)]
    assert posting_again._find(np.array([5, 3], np.uint64), np.array([3, 4, 5], np.uint64)).tolist() == [
        1,
        -1,
        0,
    ]


def test_a_flow_with_several_faults_is_mended_in_one_window() -> None:
    """The circles of exchanges that pay are found together, through the sink and not."""
    case = marked(land(11, classes=30, slots=24), 11)
    before = answer(case.arrays)
    worse = dict(before.arrays)
    worse["arc_count"] = before.arrays["arc_count"].copy()
    worse["arc_count"][::2] = 0
    assert same(answer(case.arrays | {f"before_{k}": a for k, a in worse.items()}), before)
    assert run("posting", case.arrays, {}, lambda f: None).facts["objective"] == before.facts["objective"]


def test_a_seat_worth_far_more_than_any_cost_is_mended_in_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one person who may take the best seat leaves it to the next: worths jump by its gain, and no fresh start is needed."""
    begun: list[int] = []
    start = posting.start
    monkeypatch.setattr(posting, "start", lambda *a: begun.append(1) or start(*a))
    cost = np.full((6, 8), 5)
    cost[:4, 4:] = cost[4:, :4] = NEVER
    cost[0, 1:4] = NEVER  # the first class may take the first slot alone
    gain = np.array([10**9, *(10**6,) * 7])

    def case(first: int) -> Land:
        told = dense(cost, [first, 1, 1, 1, 2, 2], [1] * 8, [0] * 8, zone=np.arange(8)[None, :] // 4)
        return marked(Land(told.arrays | {"must_gain": gain, "further_gain": gain}, told.table), 5)

    before = answer(case(1).arrays)
    gone = case(0)
    found = again(gone, before)
    assert len(begun) == 1
    assert same(found, answer(gone.arrays))
    assert (0 in {j for _, j, *_ in sent_pairs(found)}) and found.facts["objective"] == before.facts[
        "objective"
    ] + 10**6 - 5
