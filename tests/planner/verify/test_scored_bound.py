"""The bound that prices prove: what the engine's prices give, and that altered ones or altered plans are caught."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.run import make_plan
from planner.scenario import read_scenario
from planner.stage import Context, Outcome
from planner.stages.designation import STAGE
from planner.verify import verify
from planner.verify.designation import check
from planner.verify.outcome import StageCheck
from tests.planner.tiny import context, network, resolved, solve


def land(seed: int, units: int, counties: int, one_load: bool, **values: Any) -> Context:
    draw = np.random.default_rng(seed)
    scores = [
        {"stage": "designation", "supporter": f"u{i}", "recipient": f"c{j}",
         "cost": float(draw.integers(-50, 300)) / 10, "load": 2 if one_load else int(draw.integers(1, 9))}
        for i in range(units) for j in range(counties) if i == j % units or draw.random() < 0.8
    ]  # fmt: skip
    room = [{"id": f"u{i}", "name": f"u{i}", "capacity": int(draw.integers(4, 12)) + 3 * counties // units}
            for i in range(units)]  # fmt: skip
    return context(STAGE, network(units=room, pair_scores=scores), objective="scores", **values)


def checked(seen: Context, outcome: Outcome, prices: np.ndarray | None = None) -> StageCheck:
    found = dict(outcome.certificates) if prices is None else {"prices": prices}
    return check(resolved(STAGE, seen), outcome.tables, found)


@given(
    st.integers(0, 10_000),
    st.integers(1, 4),
    st.integers(1, 9),
    st.booleans(),
    st.sampled_from(["min", "max"]),
)
def test_prices_prove_what_the_engine_says_and_no_prices_prove_more(
    seed: int, units: int, counties: int, one_load: bool, sense: str
) -> None:
    seen = land(seed, units, counties, one_load, sense=sense)
    outcome = solve(STAGE, seen)
    if outcome.objective is None or "prices" not in outcome.certificates:
        return
    sign = -1 if sense == "max" else 1
    found = checked(seen, outcome)
    assert not found.broken and found.objective == outcome.objective
    assert found.bound is not None and sign * found.bound <= sign * outcome.objective
    if one_load or outcome.details["bound_by"] == "prices":
        assert found.bound == outcome.bound
    altered = outcome.certificates["prices"] + np.random.default_rng(seed).integers(-4_000, 4_000, counties)
    other = checked(seen, outcome, altered).bound
    assert other is not None and sign * other <= sign * outcome.objective


def test_numbers_of_counties_bound_as_loads_do() -> None:
    seen = land(5, 3, 7, one_load=False, counties_per_unit=[0, 3], unit_capacity=False)
    outcome = solve(STAGE, seen)
    found = checked(seen, outcome)
    assert outcome.status == "OPTIMAL" and found.bound == outcome.objective


def test_rules_under_which_prices_prove_nothing() -> None:
    seen = land(5, 3, 7, one_load=True, units_per_county=[0, 1])
    outcome = solve(STAGE, seen)
    assert "prices" not in outcome.certificates
    assert checked(seen, outcome, np.zeros(7, dtype=np.int64)).bound is None


def test_prices_for_another_number_of_counties_prove_nothing() -> None:
    seen = land(5, 3, 7, one_load=True)
    assert checked(seen, solve(STAGE, seen), np.zeros(6, dtype=np.int64)).bound is None


@pytest.mark.parametrize("told", ["prices", "search"])
def test_a_bound_beyond_the_prices_must_be_told_as_the_searchs(tmp_path: Path, told: str) -> None:
    scores = "stage,supporter,recipient,cost,load\n" + "".join(
        f"designation,u{i},c{j},{3 + (7 * i + 5 * j) % 11},{1 + (3 * i + 2 * j) % 5}\n"
        for i in range(3)
        for j in range(8)
    )
    folder = tmp_path / "s"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "units.csv").write_text("id,name,capacity\nu0,a,9\nu1,b,9\nu2,c,9\n")
    (folder / "data" / "pair_scores.csv").write_text(scores)
    text = 'format = 1\nstages = ["designation"]\n[designation]\nobjective = "scores"\n'
    (folder / "scenario.toml").write_text(text)
    plan = make_plan(read_scenario(folder), tmp_path / "p")
    head = plan.stages["designation"]
    assert verify(plan).ok and "prices" in plan.certificates("designation")
    raised = {
        **head,
        "bound": head["objective"],
        "status": "OPTIMAL",
        "details": {**head["details"], "bound_by": told},
    }
    weak = replace(plan, head={**plan.head, "stages": {"designation": raised}})
    low = {"prices": plan.certificates("designation")["prices"] - 2_000}
    object.__setattr__(weak, "certificates", lambda stage: low)
    rules = {b.rule for b in verify(weak).broken}
    assert ("certificate" in rules) == (told == "prices")


def test_what_a_ban_forbids_is_in_no_set() -> None:
    seen = land(5, 3, 7, one_load=True, bans=["u0>c0", "u1>c1", "u2>c2"])
    outcome = solve(STAGE, seen)
    found = checked(seen, outcome)
    assert outcome.details["bound_by"] == "prices" and found.bound == outcome.bound == outcome.objective
