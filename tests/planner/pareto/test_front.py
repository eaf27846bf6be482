"""The front is exactly what trying every plan gives, each point with its proof."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest

from planner.pareto.aims import Aim
from planner.pareto.checked import wrong_points
from planner.pareto.front import Front, dominated, find_front
from planner.pareto.model import AimModel, model_of
from planner.robust.held import KEY, value_of
from planner.solve.mip import violated
from planner.solve.pool import InProcess
from planner.solve.task import Answer, Task
from planner.stage import Limits
from planner.stages.designation import STAGE as DESIGNATION
from planner.stages.pairing import STAGE as PAIRING
from tests.planner.pairing_land import FREE, tables
from tests.planner.pareto.tried import best_of
from tests.planner.tiny import context, network


def front_of(model: AimModel, most: int = 1000) -> Front:
    return find_front(model, InProcess().run, Limits(), most)


def all_plans(model: AimModel) -> list[np.ndarray]:
    """Every choice of pairs that keeps every row, tried one by one; models of pairs alone."""
    arrays, found, size = model.ground.model.arrays(), [], model.ground.decided
    assert model.ground.model.n_columns == size <= 12
    for bits in itertools.product((0.0, 1.0), repeat=size):
        x = np.array(bits)
        if not violated(arrays, x).size:
            found.append(x.astype(np.int64))
    return found


def designation(seed: int, aims: Sequence[str], **values: Any) -> AimModel:
    """Three units, three counties, all of them drawn."""
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
    units = [
        {"id": f"u{i}", "name": f"u{i}", "kind": "bank", "home_region": h, "capacity": int(draw.integers(1, 4)),
         "strength": float(draw.integers(0, 11)) / 10}
        for i, h in enumerate("XYZ")
    ]  # fmt: skip
    facts = [
        {"region": c, "year": 2016, "measure": "poverty_incidence", "value": float(draw.integers(1, 30))}
        for c in "ABC"
    ]
    held = [{"id": "1", "kind": "designated", "supporter": "u0", "recipient": str(draw.choice(list("ABC")))}]
    net = network(
        regions=regions, units=units, region_facts=facts, relations=held,
        region_tags=[{"region": c, "tag": "key_county_592"} for c in "ABC"],
    )  # fmt: skip
    rules = {
        "units_per_county": [1, 2],
        "deep_poverty_strength": "off",
        "same_kind_max": "off",
        "keep_share": "off",
    }
    seen = context(DESIGNATION, net, **{**rules, **values})
    return model_of(seen, tuple(Aim("designation", key) for key in aims))


TWO, THREE = ("distance", "need"), ("distance", "need", "change")


@pytest.mark.parametrize("aims", [TWO, THREE, ("need", "pairs"), ("change", "cost")])
@pytest.mark.parametrize("seed", range(6))
def test_all_points_and_no_others(seed: int, aims: tuple[str, ...]) -> None:
    model = designation(seed, aims)
    plans = all_plans(model)
    front = front_of(model)
    if not plans:
        assert front.status == "infeasible"
        return
    assert front.status == "complete"
    assert {p.values for p in front.points} == best_of({model.values(c) for c in plans})
    assert [p.values for p in front.points] == sorted(p.values for p in front.points)
    assert dominated([p.values for p in front.points]) == []
    for point in front.points:
        assert model.values(point.x) == point.values
        assert len(point.proof) == 2
        assert all(s.proved for s in point.proof)
        assert sum(point.values[j] for j in point.proof[1].least) == point.proof[1].objective


def test_some_fronts_have_several_points() -> None:
    sizes = [len(front_of(designation(seed, THREE)).points) for seed in range(6)]
    assert max(sizes) > 4


def test_ends_are_named() -> None:
    front = front_of(designation(0, TWO))
    first, last = front.points[0], front.points[-1]
    assert 0 in first.end_of and 1 in last.end_of
    assert all(not p.end_of for p in front.points[1:-1])


def test_a_front_is_cut_where_fewer_points_are_wanted() -> None:
    model = next(m for s in range(20) if len(front_of(m := designation(s, TWO)).points) > 4)
    whole, cut = front_of(model), front_of(model, 3)
    assert cut.status == "cut"
    assert len(cut.points) == 3
    assert {p.values for p in cut.points} < {p.values for p in whole.points}
    assert {whole.points[0], whole.points[-1]} < {*cut.points}


def test_pairing_with_its_rows_of_loads() -> None:
    """Two supporters, two recipients: every plan is tried by hand, loads are free."""
    seen = context(
        PAIRING, network(**tables()), **{**FREE, "cover_recipients": True, "partners_per_recipient": [1, 1]}
    )
    model = model_of(seen, (Aim("pairing", "distance"), Aim("pairing", "change")))
    recipient = np.array([0, 1, 0, 1])  # E1>W1, E1>W2, E2>W1, E2>W2
    choices = itertools.product(*(np.flatnonzero(recipient == r) for r in range(2)))
    wanted = best_of({model.values(np.isin(np.arange(4), c).astype(np.int64)) for c in choices})
    front = front_of(model)
    assert {p.values for p in front.points} == wanted
    assert len(wanted) > 1


def test_a_solve_at_its_limit_leaves_the_front_open() -> None:
    """A solver that gives up after the ends: what was found stays, and nobody says that it is all."""
    model = next(m for s in range(20) if len(front_of(m := designation(s, TWO)).points) > 4)
    asked = 0

    def run(tasks: Sequence[Task]) -> list[Answer]:
        nonlocal asked
        asked += 1
        if asked > 4:
            return [Answer("NO_SOLUTION_IN_TIME", {}, {"bound": None})]
        return InProcess().run(tasks)

    front = find_front(model, run, Limits(), 100)
    assert front.status == "limit"
    assert len(front.points) == 2
    asked = 4
    assert find_front(model, run, Limits(), 100).status == "no_answer"


LOADS: dict[str, Any] = {
    "county_pairs": "off", "change_weight": 3.0, "partners_per_recipient": [1, 2], "partners_per_supporter": [0, 2],
}  # fmt: skip


@pytest.mark.parametrize("tolerance", [0.0, 0.3, 1.25])
def test_pairing_whose_loads_must_be_divided(tolerance: float) -> None:
    """Every set of the four pairs is priced, its loads divided, and read by the checks: the best of those that hold are the front."""
    seen = context(PAIRING, network(**tables()), **LOADS, fair_load_tolerance=tolerance)
    aims = (Aim("pairing", "distance"), Aim("pairing", "change"), Aim("pairing", "pairs"))
    model = model_of(seen, aims)
    ends = [("E1", "W1"), ("E1", "W2"), ("E2", "W1"), ("E2", "W2")]
    holding = set()
    for size in range(5):
        for some in itertools.combinations(range(4), size):
            pairs = pl.DataFrame([ends[i] for i in some], schema=dict.fromkeys(KEY, pl.String), orient="row")
            if value_of(seen, "pairing", pairs, {}, InProcess().run).cost is not None:
                holding.add(model.values(np.isin(np.arange(4), some).astype(np.int64)))
    front = front_of(model)
    assert front.status == "complete"
    assert {p.values for p in front.points} == best_of(holding)
    made = [model.ground.table(p.x, InProcess().run, Limits()) for p in front.points]
    assert wrong_points(seen, aims, front, [t for t in made if t is not None]) == []
