"""Pairing by own scores: an assignment is recognised, prices prove it, and verify checks them."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planner.run import make_plan
from planner.scenario import read_scenario
from planner.stage import Context, Outcome
from planner.stages.pairing import STAGE
from planner.verify import verify
from planner.verify.outcome import StageCheck
from planner.verify.pairing import check
from tests.planner.tiny import context, network, resolved, solve

Listed = dict[tuple[int, int], tuple[int, int]]
"""(supporter, recipient) → cost in tenths, load."""


def draw_scores(seed: int, m: int, n: int, one_load: bool) -> Listed:
    draw = np.random.default_rng(seed)
    return {
        (i, j): (int(draw.integers(-50, 300)), 2 if one_load else int(draw.integers(1, 5)))
        for i in range(m) for j in range(n) if i == j % m or draw.random() < 0.8
    }  # fmt: skip


def land(listed: Listed, room: list[int], **values: Any) -> Context:
    scores = [{"stage": "pairing", "supporter": f"s{i}", "recipient": f"r{j}", "cost": cost / 10, "load": load}
              for (i, j), (cost, load) in listed.items()]  # fmt: skip
    units = [{"id": f"s{i}", "name": f"s{i}", "capacity": most} for i, most in enumerate(room)]
    return context(STAGE, network(units=units, pair_scores=scores), objective="scores", **values)


def checked(seen: Context, outcome: Outcome, prices: np.ndarray | None = None) -> StageCheck:
    found = dict(outcome.certificates) if prices is None else {"prices": prices}
    return check(resolved(STAGE, seen), outcome.tables, found)


def best(
    listed: Listed,
    room: list[int],
    n: int,
    *,
    degree: tuple[int, int] = (0, 99),
    asked: list[int] | None = None,
    sense: str = "min",
) -> int | None:
    """The best sum of tenths over every way to give each recipient one supporter; the ``asked`` ones have a least degree."""
    sign, found = -1 if sense == "max" else 1, []
    for chosen in itertools.product(range(len(room)), repeat=n):
        pairs = list(zip(chosen, range(n), strict=True))
        loads, number = np.zeros(len(room)), np.bincount(chosen, minlength=len(room))
        if not all(pair in listed for pair in pairs):
            continue
        np.add.at(loads, list(chosen), [listed[pair][1] for pair in pairs])
        if (loads <= room).all() and (number[asked] >= degree[0]).all() and (number <= degree[1]).all():
            found.append(sign * sum(listed[pair][0] for pair in pairs))
    return sign * min(found) if found else None


@given(
    st.integers(0, 10_000), st.integers(1, 3), st.integers(1, 5), st.booleans(), st.sampled_from(["min", "max"])
)  # fmt: skip
def test_as_good_as_every_choice_and_no_prices_prove_more(
    seed: int, m: int, n: int, one_load: bool, sense: str
) -> None:
    draw, listed = np.random.default_rng(seed + 1), draw_scores(seed, m, n, one_load)
    room = [int(v) for v in draw.integers(1, 12, m)]
    banned = [p for p in listed if draw.random() < 0.15]
    listed_bans = [f"s{i}>r{j}" for i, j in banned]
    seen = land(listed, room, sense=sense, bans=listed_bans or "off")
    wanted = best({p: v for p, v in listed.items() if p not in banned}, room, n, sense=sense)
    if wanted is None or STAGE.count(seen):
        return
    outcome = solve(STAGE, seen)
    sign = -1 if sense == "max" else 1
    assert outcome.objective is not None and outcome.objective * 10 // outcome.scale == wanted
    assert outcome.status == "OPTIMAL"
    if "prices" not in outcome.certificates:
        return
    found = checked(seen, outcome)
    assert not found.broken and found.objective == outcome.objective
    if one_load or outcome.details["bound_by"] == "prices":
        assert found.bound == outcome.bound
    altered = outcome.certificates["prices"] + draw.integers(-4_000, 4_000, n)
    other = checked(seen, outcome, altered).bound
    assert other is not None and sign * other <= sign * outcome.objective


@given(
    st.integers(0, 10_000), st.integers(2, 4), st.integers(2, 4), st.booleans(),
    st.sampled_from([[0, 1], [1, 1], [0, 2], [1, 2]]), st.booleans(), st.booleans(),
)  # fmt: skip
@example(3586, 3, 2, False, [1, 1], False, False)  # a supporter whom no score names
def test_degrees_covering_and_pins_beside_it(
    seed: int, m: int, n: int, one_load: bool, degree: list[int], cover: bool, pin: bool
) -> None:
    draw, listed = np.random.default_rng(seed + 1), draw_scores(seed, m, n, one_load)
    room = [int(v) for v in draw.integers(2, 9, m)]
    i, j = sorted(listed)[int(draw.integers(0, len(listed)))]
    pins = [f"s{i}>r{j}"] if pin else "off"
    seen = land(listed, room, partners_per_supporter=degree, cover_recipients=cover, pins=pins)
    able = {p: v for p, v in listed.items() if not pin or p[1] != j or p[0] == i}
    asked = sorted({s for s, _ in listed})  # who is not listed has no part
    wanted = best(able, room, n, degree=(degree[0], degree[1]), asked=asked)
    if STAGE.count(seen):
        assert wanted is None
        return
    outcome = solve(STAGE, seen)
    if wanted is None:
        assert outcome.status == "INFEASIBLE"
        return
    assert outcome.status == "OPTIMAL" and outcome.objective is not None
    assert outcome.objective * 10 // outcome.scale == wanted
    found = checked(seen, outcome)
    assert not found.broken and found.objective == outcome.objective
    if "prices" in outcome.certificates and outcome.details["bound_by"] == "prices":
        assert found.bound == outcome.bound
    if (not degree[0] or degree[0] * len(asked) == n) and (one_load or degree[1] == 1):
        assert "prices" in outcome.certificates


def test_unit_loads_are_a_flow_that_prices_prove() -> None:
    seen = land(draw_scores(3, 4, 4, one_load=True), [2] * 4)
    outcome = solve(STAGE, seen)
    assert outcome.details["bound_by"] == "prices" and "assignment" in outcome.engine.en
    assert checked(seen, outcome).bound == outcome.objective == outcome.bound


@pytest.mark.parametrize(
    "values",
    [
        {"partners_per_recipient": [1, 2]},
        {"partners_per_recipient": "off", "partners_per_supporter": [1, 1]},
        {"partners_per_recipient": [0, 1], "partners_per_supporter": [1, 1]},  # one the other way round
        {"partners_per_supporter": [0, 2]},  # beside loads that differ
        {"changes_max": 4},
    ],
)
def test_what_is_no_assignment_stays_an_integer_programme(values: dict[str, Any]) -> None:
    seen = land(draw_scores(5, 4, 4, one_load=False), [9] * 4, **values)
    outcome = solve(STAGE, seen)
    assert outcome.status == "OPTIMAL" and "prices" not in outcome.certificates
    assert checked(seen, outcome, np.zeros(5, dtype=np.int64)).bound is None


def test_every_pair_by_own_scores_is_a_change() -> None:
    listed = draw_scores(5, 4, 4, one_load=True)
    outcome = solve(STAGE, land(listed, [9] * 4, changes_max=4))
    for most, state in ((5, "slack"), (4, "binding"), (3, "broken"), ("off", "off")):
        found = checked(land(listed, [9] * 4, changes_max=most), outcome)
        assert {r.rule: r.state for r in found.rules}["changes_max"] == state
        assert [b.rule for b in found.broken] == ["changes_max"] * (state == "broken")
    assert solve(STAGE, land(listed, [9] * 4, changes_max=3)).status == "INFEASIBLE"


def test_altered_prices_of_a_plan_are_refused(tmp_path: Path) -> None:
    rows = "".join(f"pairing,s{i},r{j},{3 + (7 * i + 5 * j) % 11}\n" for i in range(4) for j in range(4))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "pair_scores.csv").write_text("stage,supporter,recipient,cost\n" + rows)
    text = (
        'format = 1\nstages = ["pairing"]\n[pairing]\nobjective = "scores"\npartners_per_supporter = [0, 1]\n'
    )
    (tmp_path / "scenario.toml").write_text(text)
    plan = make_plan(read_scenario(tmp_path), tmp_path / "plans")
    assert verify(plan).ok
    prices = plan.certificates("pairing")["prices"]
    altered = replace(plan, head=plan.head)
    object.__setattr__(altered, "certificates", lambda stage: {"prices": prices - 3_000 * np.eye(1, 4)[0]})
    assert "certificate" in {b.rule for b in verify(altered).broken}
