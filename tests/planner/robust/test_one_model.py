"""The robust plan is the best of all plans by its criterion, found by trying every one of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest

from planner.robust.held import KEY, value_of
from planner.robust.one_model import CRITERIA, Joint, figure, joint_model, robust_task, tail_size
from planner.robust.plans import Asked, compatible, robust_pairs
from planner.solve.mip import violated
from planner.solve.pool import InProcess
from planner.solve.task import Answer
from planner.stage import Context, Limits
from planner.stages.designation import STAGE as DESIGNATION
from planner.stages.pairing import STAGE as PAIRING
from tests.planner.pairing_land import FACTS, FREE, tables
from tests.planner.tiny import context, network

RULES: dict[str, Any] = {
    "units_per_county": [1, 2], "deep_poverty_strength": "off", "same_kind_max": "off", "keep_share": "off", "need_weight": 20.0,
}  # fmt: skip


def designation_futures(seed: int, n: int = 3) -> list[Context]:
    """Three units and three counties whose strengths, capacities and needs are drawn anew in every future."""
    draw = np.random.default_rng(seed)
    regions = [
        {
            "code": c,
            "name": c,
            "lon": 100 + float(draw.integers(0, 8)),
            "lat": 30 + float(draw.integers(0, 5)),
        }
        for c in ("A", "B", "C", "X", "Y", "Z")
    ]
    found = []
    for _ in range(n):
        units = [
            {"id": f"u{i}", "name": f"u{i}", "kind": "bank", "home_region": h, "capacity": int(draw.integers(1, 4)),
             "strength": float(draw.integers(0, 11)) / 10}
            for i, h in enumerate("XYZ")
        ]  # fmt: skip
        facts = [
            {"region": c, "year": 2016, "measure": "poverty_incidence", "value": float(draw.integers(1, 30))}
            for c in "ABC"
        ]
        net = network(
            regions=regions, units=units, region_facts=facts,
            region_tags=[{"region": c, "tag": "key_county_592"} for c in "ABC"],
        )  # fmt: skip
        found.append(context(DESIGNATION, net, **RULES))
    return found


def solved(
    contexts: Sequence[Context], criterion: str, best: Sequence[int], tail: int
) -> tuple[Joint, Answer]:
    joint = joint_model(contexts, contexts_stage(contexts))
    return joint, InProcess().run([robust_task(joint, criterion, Limits(), best, tail)])[0]


def contexts_stage(contexts: Sequence[Context]) -> str:
    return "designation" if "units_per_county" in contexts[0].policy.values else "pairing"


def holding_all(contexts: Sequence[Context]) -> list[dict[int, int]]:
    """Costs by future of every plan that keeps every row of every future; models of pairs alone."""
    joint = joint_model(contexts, "designation")
    arrays, n = joint.model.arrays(), len(joint.pairs)
    assert joint.model.n_columns == n <= 12
    found = []
    for bits in itertools.product((0.0, 1.0), repeat=n):
        x = np.array(bits)
        if not violated(arrays, x).size:
            found.append({j: int(c) for j, c in enumerate(joint.cost @ x.astype(np.int64))})
    return found


@pytest.mark.parametrize("criterion", CRITERIA)
@pytest.mark.parametrize("seed", range(5))
def test_best_of_all_plans_by_each_criterion(seed: int, criterion: str) -> None:
    contexts = designation_futures(seed)
    plans, best = holding_all(contexts), [100 * j for j in range(3)]
    joint, answer = solved(contexts, criterion, best, 2)
    if not plans:
        assert answer.status == "INFEASIBLE"
        return
    wanted = min(figure(criterion, p, dict(enumerate(best)), 2) for p in plans)
    assert (answer.status, answer.facts["objective"], answer.facts["bound"]) == ("OPTIMAL", wanted, wanted)
    decision = joint.chosen(answer)
    values = {j: value_of(c, "designation", decision, {}, InProcess().run) for j, c in enumerate(contexts)}
    costs = {j: v.cost for j, v in values.items() if v.cost is not None}
    assert len(costs) == 3
    assert figure(criterion, costs, dict(enumerate(best)), 2) == wanted


def test_criteria_are_not_all_the_same() -> None:
    """In some land the worst case asks for another plan than the mean does."""
    different = 0
    for seed in range(12):
        contexts = designation_futures(seed)
        if holding_all(contexts):
            worst, mean = (solved(contexts, c, [0, 0, 0], 1) for c in ("worst", "mean"))
            different += not worst[0].chosen(worst[1]).equals(mean[0].chosen(mean[1]))
    assert different


def test_a_tail_of_one_is_the_worst_case_and_of_all_the_mean() -> None:
    contexts = next(c for s in range(20) if holding_all(c := designation_futures(s)))
    told = [
        solved(contexts, criterion, [0, 0, 0], tail)[1].facts["objective"]
        for criterion, tail in (("tail", 1), ("worst", 0), ("tail", 3), ("mean", 0))
    ]
    assert told[0] == told[1]
    assert told[2] == told[3]


def test_size_of_a_tail() -> None:
    assert [tail_size(s, 8) for s in (0.01, 0.125, 0.13, 0.25, 1.0)] == [1, 1, 2, 2, 8]
    assert tail_size(0.3, 10) == 3


def test_a_pair_that_is_not_eligible_in_one_future_is_chosen_in_none() -> None:
    one, other = designation_futures(3, 2)
    banned = context(DESIGNATION, other.network, **{**RULES, "bans": ["u0>A"]})
    assert ("u0", "A") in joint_model([one, one], "designation").pairs
    assert ("u0", "A") not in joint_model([one, banned], "designation").pairs


def pairing_future(poor: float, **values: Any) -> Context:
    """W1 has so many poor people; E1 has three quarters of the strength."""
    facts = [
        {**f, "value": poor} if (f["region"], f["measure"]) == ("W1", "poor_population") else f for f in FACTS
    ]
    return context(PAIRING, network(**tables(region_facts=facts)), **{**FREE, **values})


def test_pairing_keeps_the_loads_of_every_future() -> None:
    """Without tolerance E1 must carry exactly three quarters: 300 of 400 alone in one future, not in the other."""
    rules = {
        "cover_recipients": True,
        "partners_per_recipient": [1, 2],
        "fair_load_tolerance": 0.0,
        "change_weight": 0.0,
        "tie_weight": 0.0,
    }
    even, odd = pairing_future(300.0, **rules), pairing_future(500.0, **rules)
    for futures, at_least in (([even], 2), ([even, odd], 3)):
        joint, answer = solved(futures, "worst", [0, 0], 1)
        decision = joint.chosen(answer)
        assert answer.status == "OPTIMAL"
        assert decision.height == at_least
        for future in futures:
            assert value_of(future, "pairing", decision, {}, InProcess().run).cost is not None
    alone = solved([even], "worst", [0], 1)
    assert value_of(odd, "pairing", alone[0].chosen(alone[1]), {}, InProcess().run).cost is None


def test_futures_that_cannot_hold_together_are_found() -> None:
    """u0 alone is pinned for A in one future and banned from it in another; the third is with either."""
    base = designation_futures(1, 1)[0]
    free, pinned, banned = (
        context(DESIGNATION, base.network, **{**RULES, **more})
        for more in ({}, {"pins": ["u0>A"]}, {"bans": ["u0>A"]})
    )
    made = dict(enumerate((free, pinned, banned)))
    asked = Asked(
        "designation", made, dict.fromkeys(made, 0), 0.5, Limits(), InProcess().run,
        lambda n, decision: value_of(made[n], "designation", decision, {}, InProcess().run),
    )  # fmt: skip
    assert compatible(asked) == ((0, 1), (2,))
    (found,) = robust_pairs(asked, ["worst"])
    assert (found.status, found.futures, found.left_out) == ("OPTIMAL", (0, 1), (2,))
    assert found.values[2].cost is None


@pytest.mark.parametrize("criterion", CRITERIA)
def test_pairing_best_of_all_sets_of_pairs_that_hold_in_every_future(criterion: str) -> None:
    """Need weighs differently in each future, and so does what W1's poor people ask of E1 and E2."""
    rules = {"cover_recipients": True, "fair_load_tolerance": 0.2, "change_weight": 1.0, "tie_weight": 0.0}
    futures = [
        pairing_future(poor, **rules, need_weight=weight)
        for poor, weight in ((300.0, 4.0), (350.0, 9.0), (260.0, 1.0))
    ]
    best, ends, found = [900, 400, 100], list(itertools.product(("E1", "E2"), ("W1", "W2"))), []
    for size in range(5):
        for some in itertools.combinations(ends, size):
            pairs = pl.DataFrame(list(some), schema=dict.fromkeys(KEY, pl.String), orient="row")
            costs = [value_of(f, "pairing", pairs, {}, InProcess().run).cost for f in futures]
            told = {j: c for j, c in enumerate(costs) if c is not None}
            found += [figure(criterion, told, dict(enumerate(best)), 2)] if len(told) == 3 else []
    _, answer = solved(futures, criterion, best, 2)
    assert len(found) > 1
    assert (answer.status, answer.facts["objective"]) == ("OPTIMAL", min(found))
