"""Every pair: what is said to be lost at least is never more than a forced second solve finds, and the runner-up is what it should be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from graph.errors import UsageError
from planner.every_row import every_row
from planner.otherwise.choice import Asking
from planner.otherwise.pairs import pair_otherwise
from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import read_scenario
from planner.solve.pool import InProcess
from tests.planner.pairing_land import FREE, UNITS, tables
from tests.planner.pairing_land import SCORES as PAIRING_SCORES
from tests.planner.planned import planned
from tests.planner.small import FILE, write_small
from tests.planner.tiny import network


def made(folder: Path, scores: str, capacity: int, *settings: str) -> Plan:
    units = f"id,name,capacity\nu1,第一局,{capacity}\nu2,第二行,9\nu3,第三校,9\nu4,第四所,9\n"
    text = FILE.split("[designation]")[0] + '[designation]\nobjective = "scores"\nunits_per_county = [1, 1]\n'
    where = write_small(folder / "scenario", text, units=units, pair_scores=scores)
    return make_plan(
        read_scenario(where, settings=settings), folder / "plans", executor=InProcess(), reuse=False
    )


HEAD = "stage,supporter,recipient,cost,load\n"
SCORES = HEAD + "".join(
    f"designation,{u},{c},{cost},1\n"
    for u, c, cost in (
        ("u1", "A", 1),
        ("u2", "A", 4),
        ("u1", "B", 2),
        ("u2", "B", 9),
        ("u3", "B", 7.5),
        ("u4", "B", 30),
    )
)


def test_by_hand(tmp_path: Path) -> None:
    """u1 has room for one: u2 takes A (4), u1 takes B (2). Without u1 on B it is u1 on A (1) and u3 on B (7.5): 2.5 more."""
    told = every_row(made(tmp_path, SCORES, 1), "designation", executor=InProcess())
    rows = {r["recipient"]: r for r in told.rows.iter_rows(named=True)}
    assert (rows["A"]["supporter"], rows["A"]["next"], rows["A"]["next_cost"]) == ("u2", "u1", 1.0)
    assert (rows["B"]["supporter"], rows["B"]["next"], rows["B"]["next_cost"]) == ("u1", "u3", 7.5)
    for least in (rows["A"]["next_least"], rows["B"]["next_least"], rows["B"]["lose_least"]):
        assert 0 < least <= 2.5
    assert (
        "第三校" in rows["B"]["reason_zh"]
        and f"至少差 {rows['B']['next_least']} 分" in rows["B"]["reason_zh"]
    )
    assert "next best: 第三校, its own cost 7.5" in rows["B"]["reason_en"]
    idle = {r["code"]: r for r in told.left.iter_rows(named=True)}
    assert set(idle) == {"u3", "u4"} and idle["u3"]["next"] == "B"
    assert 22 < idle["u4"]["next_least"] <= 25.0  # u1 on A and u4 on B: 1 + 30 against 6


def test_a_rule_that_binds_is_named_with_its_value_and_goes_with_the_rule(tmp_path: Path) -> None:
    told = every_row(made(tmp_path / "on", SCORES, 1), "designation", executor=InProcess())
    (rules,) = told.rows.filter(supporter="u1")["rules_en"]
    assert "(designation.unit_capacity = true)" in rules
    off = made(tmp_path / "off", SCORES, 1, "designation.unit_capacity=off")
    told = every_row(off, "designation", executor=InProcess())
    assert not any("unit_capacity" in r for r in told.rows["rules_en"])


@pytest.mark.parametrize("seed", range(8))
def test_what_is_proved_is_never_more_than_a_second_solve_finds(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    lines = [
        f"designation,{u},{c},{rng.integers(1, 20)},1\n"
        for u in ("u1", "u2", "u3")
        for c in "ABCD"
        if rng.random() < 0.9
    ]
    sense = "max" if seed % 2 else "min"
    plan = made(tmp_path, HEAD + "".join(lines), 1, f"designation.sense={sense}")
    if plan.stages["designation"]["objective"] is None:
        return
    asking = Asking(plan, "designation", InProcess())
    told = every_row(plan, "designation", executor=InProcess())
    for row in told.rows.iter_rows(named=True):
        lost = pair_otherwise(asking, (row["supporter"], row["recipient"]), False)
        assert lost.change is None or (
            row["lose_least"] is not None and row["lose_least"] <= abs(lost.change)
        )
        if row["next"] is not None:
            swapped = pair_otherwise(asking, (row["next"], row["recipient"]), True)
            assert swapped.change is None or row["next_least"] <= abs(swapped.change)


def test_regions_and_their_counties(tmp_path: Path) -> None:
    values = {**FREE, "cover_recipients": True, "county_pairs": True, "partners_per_recipient": [1, 1]}
    plan = planned(tmp_path, network(**tables()), pairing=values)
    asking = Asking(plan, "pairing", InProcess())
    told = every_row(plan, "pairing", executor=InProcess())
    assert told.rows.drop(
        "next", "next_cost", "next_least", "lose_least", "rules_zh", "rules_en", "reason_zh", "reason_en"
    ).equals(plan.table("pairs"))
    for row in told.rows.filter(kind="east_west").iter_rows(named=True):
        lost = pair_otherwise(asking, (row["supporter"], row["recipient"]), False)
        assert lost.parts and row["lose_least"] <= lost.parts[0][1] + 1e-9


def test_a_stage_that_is_not_there(small_plan: Plan) -> None:
    with pytest.raises(UsageError, match=r"cadres.*designation"):
        every_row(small_plan, "cadres", executor=InProcess())


def test_regions_under_own_scores(tmp_path: Path) -> None:
    """a has room for one of x and y: a-x and b-y (3.5) are as good as a-y and b-x (5) are not."""
    net = network(units=UNITS, pair_scores=PAIRING_SCORES)
    plan = planned(
        tmp_path,
        net,
        pairing={"objective": "scores", "supporter_capacity": True, "partners_per_recipient": [1, 1]},
    )
    told = every_row(plan, "pairing", executor=InProcess())
    rows = {r["recipient"]: r for r in told.rows.iter_rows(named=True)}
    assert {(r, rows[r]["supporter"], rows[r]["next"]) for r in rows} == {("x", "a", "b"), ("y", "b", "a")}
    lost = pair_otherwise(Asking(plan, "pairing", InProcess()), ("a", "x"), False)
    assert lost.change is not None and rows["x"]["lose_least"] <= lost.change


def test_where_nobody_is_to_be_paired_what_is_shown_is_told_as_shown(tmp_path: Path) -> None:
    shown = [{"id": "1", "kind": "counterpart", "supporter": "E1", "recipient": "W1"}]
    land = tables(region_tags=[{"region": "E1", "tag": "supporter"}], relations=shown)
    plan = planned(tmp_path, network(**land), pairing={**FREE, "cover_recipients": True})
    told = every_row(plan, "pairing", executor=InProcess())
    assert told.rows["reason_en"].to_list() == ["counterpart support, shown as it stands"]
    assert told.rows["next"].to_list() == [None]
    (idle,) = told.left.iter_rows(named=True)
    assert (idle["code"], idle["reason_en"]) == ("E1", "there is no region on the other side")
