"""Alternatives: nearly as good, as different as can be, against brute force; each keeps every rule."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.cli.alternatives import print_alternatives, read_share
from graph.errors import UsageError
from planner.alternatives import Alternatives, cost_limit, find_alternatives
from planner.explain import context_of
from planner.plan import Plan
from planner.solve.pool import InProcess
from planner.stages.designation import eligible_pairs
from planner.stages.pairing.regions import eligible_regions
from tests.planner import exit_land
from tests.planner.pairing_land import tables
from tests.planner.planned import planned
from tests.planner.stages.test_keeping_designation import BARE, PLACES, land
from tests.planner.stages.test_keeping_exit import FREE
from tests.planner.stages.test_keeping_pairing import LOOSE
from tests.planner.tiny import network

Choice = frozenset[tuple[str, str]]


def chosen(tables_of: Any) -> Choice:
    return frozenset(tables_of["pairs"].select("supporter", "recipient").iter_rows())


def check_by_brute_force(found: Alternatives, start: Choice, every: dict[Choice, int], limit: int) -> None:
    """Each is within the limit of cost, and none of all choices is farther from those before it."""
    seen = [start]
    near = [c for c, cost in every.items() if cost <= limit]
    for one in found.found:
        mine = chosen(one.tables)
        assert every[mine] == one.objective <= limit
        farthest = max(min(len(c ^ other) for other in seen) for c in near)
        assert one.least == one.most == farthest == min(len(mine ^ other) for other in seen)
        assert one.from_plan == len(mine ^ start)
        assert set(one.gone) == start - mine and set(one.new) == mine - start
        seen.append(mine)
    assert found.complete is (max(min(len(c ^ other) for other in seen) for c in near) == 0)


@pytest.mark.parametrize("seed", range(4))
def test_designation_against_brute_force(seed: int, tmp_path: Path) -> None:
    draw = np.random.default_rng(seed)
    homes = {f"u{i}": str(draw.choice(list(PLACES))) for i in range(1, 4)}
    plan = planned(tmp_path, network(**land(homes)), designation={**BARE, "units_per_county": [1, 2]})
    within = Fraction(int(draw.integers(5, 200)), 100)
    found = find_alternatives(plan, "designation", InProcess(), most=4, within=within)
    pairs = eligible_pairs(context_of(plan, "designation"))
    cost = {
        (pairs.supporters[s], pairs.recipients[r]): int(c)
        for s, r, c in zip(pairs.supporter, pairs.recipient, pairs.cost, strict=True)
    }
    each = [
        [c for n in (1, 2) for c in itertools.combinations([p for p in cost if p[1] == county], n)]
        for county in "ABC"
    ]
    every = {
        frozenset(p for c in picked for p in c): sum(cost[p] for c in picked for p in c)
        for picked in itertools.product(*each)
    }
    limit = cost_limit(found.objective, within)
    check_by_brute_force(found, chosen(plan.tables()), every, limit)
    assert found.to_dict()["plan"] == plan.id


@pytest.fixture(scope="module")
def pairing(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    values = {**LOOSE, "county_pairs": True, "county_partners_per_supporter": [0, 3]}
    return planned(tmp_path_factory.mktemp("pairing"), network(**tables()), pairing=values)


def test_pairing_is_completed_with_loads_and_county_pairs(pairing: Plan) -> None:
    """Three region sets are within half as much again; each alternative is a whole plan, checked by its rules."""
    found = find_alternatives(pairing, "pairing", InProcess(), most=9, within=Fraction(1, 2))
    _, pairs = eligible_regions(context_of(pairing, "pairing"))
    cost = {
        (pairs.supporters[s], pairs.recipients[r]): int(c)
        for s, r, c in zip(pairs.supporter, pairs.recipient, pairs.cost, strict=True)
    }
    first = found.objective // 10**9
    subsets = [c for n in range(5) for c in itertools.combinations(cost, n)]
    good = [
        c for c in subsets if {r for _, r in c} == {"W1", "W2"} and sum(cost[p] for p in c) <= first * 3 // 2
    ]
    assert len(found.found) == len(good) - 1 and found.complete
    for one in found.found:
        kinds = one.tables["pairs"]["kind"].to_list()
        assert "county_pair" in kinds and one.objective // 10**9 <= first * 3 // 2


def test_exit_counts_counties_whose_year_differs(tmp_path: Path) -> None:
    """Two counties are 3 points a year late if they wait; within 3 points one of them may wait, or each alone."""
    values = {**exit_land.PLAIN, **FREE, "village_line": True}
    plan = planned(tmp_path, exit_land.land({"a": 0.03, "b": 0.03, "c": 0.15}), exit=values)
    base = find_alternatives(plan, "exit", InProcess(), most=5, within=Fraction(0))
    assert base.found == [] and base.complete
    dear = planned(
        tmp_path / "late",
        exit_land.land({"a": 0.03, "b": 0.03}),
        exit={**values, "village_late_weight": 0, "late_weight": 0},
    )
    found = find_alternatives(dear, "exit", InProcess(), most=5, within=Fraction(0))
    assert [a.least for a in found.found][:3] == [2, 2, 2] and all(a.objective == 0 for a in found.found)
    assert all(len(a.gone) == len(a.new) == a.from_plan for a in found.found)


def test_a_stage_without_alternatives_is_told(pairing: Plan) -> None:
    with pytest.raises(UsageError, match="there are of: `pairing`"):
        find_alternatives(pairing, "funds", InProcess())


@pytest.mark.parametrize(
    "text, share",
    [("1%", Fraction(1, 100)), ("0.01", Fraction(1, 100)), (" 2.5% ", Fraction(1, 40)), ("0", 0)],
)
def test_a_share_is_read_exactly(text: str, share: Fraction) -> None:
    assert read_share(text) == share


@pytest.mark.parametrize("text", ["", "x", "-1%", "1%%", "nan", "inf"])
def test_what_is_no_share_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="must be such as 1%"):
        read_share(text)


def test_the_limit_is_exact_in_both_senses() -> None:
    assert cost_limit(1999, Fraction(1, 100)) == 2018
    assert cost_limit(-1999, Fraction(1, 100)) == -1980  # a score of 1999 may fall to 1980


def test_a_table_of_who_differs(pairing: Plan, capsys: pytest.CaptureFixture[str]) -> None:
    found = find_alternatives(pairing, "pairing", InProcess(), most=1, within=Fraction(1, 2))
    print_alternatives(pairing, found, "50%")
    told = capsys.readouterr().out
    assert "Number 1" in told and " → " in told
