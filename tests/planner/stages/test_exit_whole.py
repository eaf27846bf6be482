"""Exit as a whole: against every possible plan of tiny cases, and what holds for any case."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.stages.exit import STAGE
from planner.stages.exit.model import find_parts, parts_about
from planner.stages.exit.tables import NEVER, exits_table
from tests.planner import tiny
from tests.planner.exit_land import fact, land, plan, recheck, see, years


def random_case(rng: np.random.Generator) -> tuple[Any, dict[str, Any]]:
    """Three counties and a village with random rules."""
    shares = rng.choice([0.01, 0.03, 0.05, 0.07, 0.1], 3)
    pledged = [
        {"region": "E", "year": 2017 + t, "measure": "counties", "amount": int(n)}
        for t, n in enumerate(rng.integers(0, 2, 4))
    ]
    pledged += [{"region": "E", "year": 2018, "measure": "villages", "amount": 1}]
    teams = [
        {"region": "E", "year": 2017 + t, "kind": "verification_team", "value": float(n)}
        for t, n in enumerate(rng.integers(0, 3, 4))
    ]
    found = (
        [{"id": "f", "region": "b", "severity": "severe", "status": "open", "year": 2016}]
        if rng.random() < 0.3
        else []
    )
    net = land(
        {"a": shares[0], "b": shares[1]},
        {"w": shares[2]},
        villages={"v1": ("b", 0.09)},
        deep=["w"] if rng.random() < 0.5 else [],
        pledges=pledged,
        capacities=teams,
        findings=found,
        region_facts=[fact("a", "approval", float(rng.choice([0.88, 0.903, 0.95])))],
    )
    values: dict[str, Any] = {
        "exits_per_team": float(rng.choice([1.0, 2.0])),
        "pace": str(rng.choice(["off", "given"])),
        "exits_per_year": {"2017": 1, "2019": 1},
        "pace_tolerance": float(rng.choice([0.0, 1.0])),
        "village_line": bool(rng.random() < 0.5),
        "village_first_share": [0.5, "off"][int(rng.integers(2))],
        "pledge_elastic": bool(rng.random() < 0.6),
        "late_weight": float(rng.choice([0.5, 3.0])),
        "deadline": [2019, "off"][int(rng.integers(2))],
        "horizon_years": 3,
    }
    return net, values


def best_of_all(net: Any, values: dict[str, Any]) -> int | None:
    """The least objective of all plans that the independent check finds nothing wrong with."""
    seen = see(net, **values)
    parts = find_parts(seen)
    options = (
        range(len(parts.places.years))
        if values["deadline"] != "off"
        else range(NEVER, len(parts.places.years))
    )
    n, v = len(parts.places.counties), len(parts.villages.codes)
    found = None
    for choice in itertools.product(options, repeat=n + v):
        table = exits_table(seen, parts, np.array(choice[:n]), np.array(choice[n:], dtype=np.int64))
        judged = recheck(seen, {"exits": table})
        if not judged.broken and judged.objective is not None:
            found = judged.objective if found is None else min(found, judged.objective)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_better(seed: int):
    net, values = random_case(np.random.default_rng(seed))
    outcome = tiny.solve(STAGE, see(net, **values))
    best = best_of_all(net, values)
    assert outcome.objective == best
    assert outcome.status == ("INFEASIBLE" if best is None else "OPTIMAL")
    if best is None:
        return
    assert plan(net, **values).bound == best


@pytest.mark.parametrize("seed", range(6))
def test_what_is_told_of_some_is_read_without_the_other_villages(seed: int):
    seen = see(random_case(np.random.default_rng(seed))[0])
    whole = find_parts(seen)
    for number, village in enumerate(whole.villages.codes):
        part = parts_about(seen, [village])
        assert part.villages.codes == [village] and part.villages.ready[0] == whole.villages.ready[number]
        cell = whole.villages.cell[number]
        assert {k: t[0].tolist() for k, t in part.village_terms.items()} == {
            k: t[cell].tolist() for k, t in whole.village_terms.items()
        }
    none = parts_about(seen, whole.places.listed)
    assert none.villages.codes == [] and {*none.blocked} == {*whole.blocked}
    assert (none.cost == whole.cost).all()
    assert all((none.blocked[rule] == mask).all() for rule, mask in whole.blocked.items())


SHARES = st.floats(0.0, 0.6).map(lambda x: round(x, 4))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(SHARES, min_size=1, max_size=8),
    st.lists(SHARES, max_size=4),
    st.floats(0.3, 3.0),
    st.integers(2017, 2022),
)
def test_any_plan_stands_the_check(east: list[float], west: list[float], speed: float, deadline: int):
    net = land({f"e{i}": s for i, s in enumerate(east)}, {f"w{i}": s for i, s in enumerate(west)})
    outcome = plan(net, speed=speed, deadline=deadline)  # `plan` checks it
    if outcome.status == "INFEASIBLE":
        assert STAGE.count(see(net, speed=speed, deadline=deadline))  # counting finds it without a solver
        return
    found = years(outcome)
    assert set(found) == set(net.tagged("poor_county_832"))
    assert all(2017 <= y <= deadline for y in found.values())


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.sampled_from([0.01, 0.03, 0.06]), min_size=2, max_size=6),
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
)
def test_more_teams_never_cost_more(shares: list[float], teams: list[int]):
    def objective(more: int) -> float:
        given = [
            {"region": "E", "year": 2017 + t, "kind": "verification_team", "value": n + more}
            for t, n in enumerate(teams)
        ]
        outcome = plan(land({f"c{i}": s for i, s in enumerate(shares)}, capacities=given), exits_per_team=1.0)
        return float("inf") if outcome.objective is None else outcome.objective

    assert objective(1) <= objective(0)


def test_the_order_of_rows_changes_nothing():
    net = land({"a": 0.03, "b": 0.03, "c": 0.07}, villages={"v1": ("a", 0.03), "v2": ("a", 0.03)})
    turned = net.with_frames({n: f.reverse() for n, f in net.frames.items()})
    assert plan(net).tables["exits"].equals(plan(turned).tables["exits"])
