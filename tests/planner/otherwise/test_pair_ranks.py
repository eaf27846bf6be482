"""Pairs that are recommended, and those that are dearest to lose: all of them by second solves, one after the other, say the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graph.language import Text
from planner.otherwise.choice import Asking, solve_held
from planner.otherwise.narrow import Narrowed, least_in_model, least_relaxed, solve_narrowed
from planner.otherwise.pair_moves import PairMove, PairOtherwise
from planner.otherwise.pair_ranks import dearest_pairs, rank_by_rank
from planner.otherwise.pairs import PAIR, pair_otherwise, pairs_forced, proofs
from planner.plan import Plan
from planner.recommend import recommend
from planner.solve.pool import InProcess
from planner.stage import WhatIf
from tests.planner.every_row.test_pairs import HEAD, SCORES, made
from tests.planner.pairing_land import FREE, REGIONS, tables
from tests.planner.planned import planned
from tests.planner.tiny import network

UNITS, COUNTIES = ("u1", "u2", "u3", "u4"), "ABCD"


def drawn(folder: Path, seed: int) -> Plan:
    rng = np.random.default_rng(seed)
    lines = [
        f"designation,{u},{c},{rng.integers(1, 3000)},1\n"
        for u in UNITS
        for c in COUNTIES
        if u != "u1" or rng.random() < 0.8
    ]
    return made(folder, HEAD + "".join(lines), 1, f"designation.sense={'max' if seed % 2 else 'min'}")


@pytest.mark.parametrize("seed", range(6))
def test_the_best_counties_of_a_unit_are_all_that_forced_solves_find(tmp_path: Path, seed: int) -> None:
    plan = drawn(tmp_path, seed)
    asking = Asking(plan, "designation", InProcess())
    (proof,) = proofs(asking)
    ends = [proof.found.ends(p) for p in np.flatnonzero(~proof.found.chosen).tolist()]
    for key in ("u2", "A"):
        forced = [rank_by_rank(asking, pair_otherwise(asking, e, True)) for e in ends if key in e]
        best = sorted(f for (f,) in forced if np.isfinite(f))[:2]
        told = recommend(plan, key, 2, executor=InProcess())
        assert [abs(t.change) for t in told if t.change is not None] == best
        assert all(t.worse or t.change == 0 for t in told)


@pytest.mark.parametrize("seed", range(6))
def test_few_columns_give_the_answer_of_all(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.otherwise.narrow.BEYOND", 20.0)
    plan = drawn(tmp_path, seed)
    asking = Asking(plan, "designation", InProcess())
    (proof,) = proofs(asking)
    kept, narrowed = frozenset(plan.table("pairs").select(PAIR).iter_rows()), 0
    for p in range(proof.found.pairs.size):
        forced = not proof.found.chosen[p]
        what_if = WhatIf({proof.found.ends(p): forced}, kept)
        least = float((proof.having if forced else proof.losing)[p])
        few = solve_narrowed(asking, what_if, proof, least)
        whole, _ = solve_held(asking, what_if)
        if few is not None:
            narrowed += 1
            assert few.objective == whole.objective
    assert narrowed


def test_the_dearest_by_hand(tmp_path: Path) -> None:
    """u2 on A, u1 on B. Without either it is u1 on A and u3 on B, 2.5 more. With room for two: u1 on A (1) and B (2)."""
    asking = Asking(made(tmp_path / "one", SCORES, 1), "designation", InProcess())
    assert [(t.supporter, t.recipient, t.change) for t in dearest_pairs(asking, 5)] == [
        ("u1", "B", 2.5),
        ("u2", "A", 2.5),
    ]
    asking = Asking(made(tmp_path / "two", SCORES, 2), "designation", InProcess())
    told = dearest_pairs(asking, 1)  # without u1 on B u3 comes for 7.5, without u1 on A u2 comes for 4
    assert [(t.supporter, t.recipient, t.change) for t in told] == [("u1", "B", 5.5)]


@pytest.mark.parametrize("seed", range(6))
def test_the_dearest_are_those_of_all(tmp_path: Path, seed: int) -> None:
    asking = Asking(drawn(tmp_path, seed), "designation", InProcess())
    (proof,) = proofs(asking)
    chosen = [proof.found.ends(p) for p in np.flatnonzero(proof.found.chosen).tolist()]
    every = sorted((rank_by_rank(asking, pair_otherwise(asking, e, False)) for e in chosen), reverse=True)
    assert [rank_by_rank(asking, t) for t in dearest_pairs(asking, 2)] == every[:2]


def test_who_cannot_be_replaced_comes_first(tmp_path: Path) -> None:
    scores = HEAD + "designation,u1,A,1,1\ndesignation,u2,B,1,1\ndesignation,u3,B,9,1\n"
    first, second = dearest_pairs(Asking(made(tmp_path, scores, 1), "designation", InProcess()), 2)
    assert (first.supporter, first.status, first.change) == ("u1", "INFEASIBLE", None) and first.forbidden
    assert (second.supporter, second.change) == ("u2", 8.0)


def test_regions_are_recommended_and_told_by_rank(tmp_path: Path) -> None:
    values = {**FREE, "cover_recipients": True, "county_pairs": True, "partners_per_recipient": [1, 1]}
    plan = planned(tmp_path, network(**tables()), pairing=values)
    (told,) = recommend(plan, "W1", executor=InProcess())
    asking = Asking(plan, "pairing", InProcess())
    chosen = plan.table("pairs").filter(recipient="W1")["supporter"].to_list()
    assert (
        told.moves
        and told.change == pair_otherwise(asking, (({"E1", "E2"} - set(chosen)).pop(), "W1"), True).change
    )
    listed = dearest_pairs(asking, 10)
    assert len(listed) == plan.table("pairs").height
    costs = [rank_by_rank(asking, t) for t in listed]
    assert costs == sorted(costs, reverse=True)


def test_what_comes_first_in_rank_decides(tmp_path: Path) -> None:
    """A point of the first rank counts before any number of the second, though together they are less."""
    values = {**FREE, "cover_recipients": True, "county_pairs": True, "partners_per_recipient": [1, 1]}
    asking = Asking(planned(tmp_path, network(**tables()), pairing=values), "pairing", InProcess())
    title = Text("", "")

    def told(first: float, second: float) -> PairOtherwise:
        parts = [(title, first), (title, second)]
        return PairOtherwise("pairing", title, "OPTIMAL", first + second, parts, worse=True)

    few, many = told(1.0, 1.0), told(0.0, 50.0)
    assert sorted([few, many], key=lambda t: rank_by_rank(asking, t)) == [many, few]
    none = PairOtherwise("pairing", title, "INFEASIBLE")
    assert rank_by_rank(asking, none) > rank_by_rank(asking, few)


def test_a_unit_that_can_have_no_county_is_told_why(tmp_path: Path) -> None:
    """u4 has room for 9, and A takes 12."""
    scores = HEAD + "designation,u1,A,5,1\ndesignation,u4,A,1,12\ndesignation,u2,B,1,9\n"
    plan = made(tmp_path, scores, 1)
    (told,) = recommend(plan, "u4", executor=InProcess())
    assert (told.status, told.change) == ("INFEASIBLE", None)
    assert any("designation.unit_capacity = true" in t.en or "12" in t.en for t in told.forbidden)


def test_county_pairs_over_few_columns_cost_what_the_whole_stage_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.otherwise.narrow.BEYOND", 20.0)
    values = {**FREE, "cover_recipients": True, "county_pairs": True, "partners_per_recipient": [1, 1]}
    more = [{"code": f"E{p}{k}", "name": f"{p}{k}", "level": "county", "parent": f"E{p}", "lon": 121.0 - k, "lat": 31.0 + 2 * k}
            for p in (1, 2) for k in range(5)]  # fmt: skip
    net = network(**tables(regions=[*REGIONS, *more]))
    asking = Asking(planned(tmp_path, net, pairing=values), "pairing", InProcess())
    (_, counties), narrowed = proofs(asking), list[bool]()

    def noted(*words: Any) -> Narrowed | None:
        narrowed.append((found := solve_narrowed(*words)) is not None)
        return found

    monkeypatch.setattr("planner.otherwise.pairs.solve_narrowed", noted)
    few = {
        p: pair_otherwise(asking, counties.found.ends(p), not counties.found.chosen[p])
        for p in range(counties.found.pairs.size)
    }
    assert sum(narrowed) > 2
    monkeypatch.setattr("planner.otherwise.pairs.solve_narrowed", lambda *words: None)
    for p, told in few.items():
        whole = pair_otherwise(asking, counties.found.ends(p), not counties.found.chosen[p])
        assert (told.status, told.worse) == (whole.status, whole.worse)
        assert told.change == (None if whole.change is None else pytest.approx(whole.change))
        assert [c for _, c in told.parts] == pytest.approx([c for _, c in whole.parts])
        assert {(m.supporter, m.recipient, m.how) for m in told.moves if isinstance(m, PairMove)} >= {
            (*counties.found.ends(p), "ended" if counties.found.chosen[p] else "new")
        } or told.change is None


def test_region_pairs_are_dearer_than_county_pairs_and_few_are_solved_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a region pair that can be missed another one is new, for 10 points and more; county pairs, of the second rank, come after."""
    values = {**FREE, "cover_recipients": True, "county_pairs": True, "partners_per_recipient": [1, 1]}
    plan = planned(tmp_path, network(**tables()), pairing=values)
    asking = Asking(plan, "pairing", InProcess())
    ends = plan.table("pairs").select(PAIR).rows()
    every = sorted(
        (rank_by_rank(asking, pair_otherwise(asking, (s, r), False)) for s, r in ends), reverse=True
    )
    solved: list[tuple[str, str]] = []

    def counted(asking: Asking, pair: tuple[str, str], forced: bool) -> PairOtherwise:
        solved.append(pair)
        return pair_otherwise(asking, pair, forced)

    monkeypatch.setattr("planner.otherwise.pair_ranks.pair_otherwise", counted)
    (first,) = dearest_pairs(asking, 1)
    assert len(solved) == 1 < len(ends)
    assert rank_by_rank(asking, first) == every[0]
    listed = dearest_pairs(asking, len(ends))
    assert [rank_by_rank(asking, t) for t in listed] == every
    regions = set(plan.table("pairs").filter(kind="east_west").select(PAIR).iter_rows())
    missed = [t for t in listed if t.change is not None]
    is_region = [(t.supporter, t.recipient) in regions for t in missed]
    assert is_region == sorted(is_region, reverse=True) and len(set(is_region)) == 2
    assert all((t.parts[0][1] >= 10) is region for t, region in zip(missed, is_region, strict=True))


def test_pairs_forced_by_one_task_cost_what_the_whole_stage_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.otherwise.narrow.BEYOND", 20.0)
    told = 0
    for seed in range(4):
        plan = drawn(tmp_path / str(seed), seed)
        asking = Asking(plan, "designation", InProcess())
        (proof,) = proofs(asking)
        numbers = np.flatnonzero(~proof.found.chosen & np.isfinite(proof.having))
        kept = frozenset(plan.table("pairs").select(PAIR).iter_rows())
        few = [pairs_forced(asking, proof, numbers[k : k + 2]) for k in range(0, len(numbers), 2)]
        for p, one in (item for some in few for item in some.items()):
            whole, _ = solve_held(asking, WhatIf({proof.found.ends(p): True}, kept))
            assert whole.objective is not None
            assert one.change == (whole.objective - asking.head["objective"]) / asking.head["scale"]
            assert (one.supporter, one.recipient) == proof.found.ends(p) and one.status == "OPTIMAL"
            told += 1
    assert told > 5


def test_a_region_pair_costs_what_its_model_alone_proves_or_more(tmp_path: Path) -> None:
    values = {**FREE, "cover_recipients": True, "county_pairs": True, "partners_per_recipient": [1, 1]}
    asking = Asking(planned(tmp_path, network(**tables()), pairing=values), "pairing", InProcess())
    regions, _ = proofs(asking)
    others = np.flatnonzero(~regions.found.chosen)
    exact, relaxed = [], least_relaxed(asking, regions, others).tolist()
    for p, least in zip(others.tolist(), relaxed, strict=True):
        alone = least_in_model(asking, regions, p)
        whole = pair_otherwise(asking, regions.found.ends(p), True)
        first = np.inf if whole.change is None else whole.parts[0][1] * regions.found.pairs.scale
        assert least <= alone <= first + 1e-6
        exact.append(alone == pytest.approx(first))
    assert any(exact) and max(relaxed) > 0
    assert pairs_forced(asking, regions, others) == {}  # county pairs are decided inside them
