"""Every posting: bounds by the certificate against forced second solves; seats and people that are left, each with what holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner.every_row import every_row
from planner.explain import explain
from planner.run import make_plan
from planner.scenario import read_scenario
from planner.solve.pool import InProcess
from tests.planner.cadre_land import REGIONS, cadre, first, members
from tests.planner.otherwise.test_postings import LAX, ask, made
from tests.planner.planned import planned
from tests.planner.tiny import network


def test_by_hand(tmp_path: Path) -> None:
    """c1 lives in v0, c2 30 km and c3 100 km from it: whoever else takes v0 costs 3 and 10 points; v1 is 10 km from a1."""
    plan = made(tmp_path, [cadre("c1", "a1"), cadre("c2", "a2"), cadre("c3", "b1")], [first("v0")])
    told = every_row(plan, "cadres", executor=InProcess())
    (row,) = told.rows.iter_rows(named=True)
    assert (row["cadre"], row["next"], row["lose_open"]) == ("c1", None, 0)
    assert row["lose_least"] == ask(plan, "c1")[0].change == 3.0
    left = {r["code"]: r for r in told.left.iter_rows(named=True)}
    assert set(left) == {"c2", "c3"}
    assert all(r["reason_en"].startswith("every post within reach is better filled") for r in left.values())
    assert (left["c2"]["next_least"], left["c3"]["next_least"]) == (3.0, 10.0)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_proved_is_never_more_than_a_second_solve_finds(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    homes = rng.choice(["a1", "a2", "b1"], size=5)
    cadres = [cadre(f"c{k}", str(h), unit=f"u{k % 2}") for k, h in enumerate(homes)]
    rules = {"team_led": True, "team_minimum": 2} if seed % 2 else {}
    plan = made(tmp_path, cadres, [first("v0"), members("v0", 1, 2), first("v2"), first("v3")], **rules)
    step = plan.stages["cadres"]["details"]["step"]
    told = every_row(plan, "cadres", executor=InProcess())
    assert told.rows.select(plan.table("postings").columns).equals(plan.table("postings"))
    for row in told.rows.iter_rows(named=True):
        terms = sum(row[c] or 0 for c in row if c.startswith("term_"))
        assert terms == pytest.approx(row["cost"])
        (lost,) = ask(plan, row["cadre"])
        assert lost.change is not None
        assert row["lose_open"] * step + row["lose_least"] * 1000 <= round(lost.change * 1000)
        if row["next"] is not None and row["next"] != row["village"]:
            (there,) = ask(plan, f"{row['cadre']}>{row['next']}")
            assert there.change is not None
            assert row["next_open"] * step + row["next_least"] * 1000 <= round(there.change * 1000)


def test_who_is_left_and_why_until_the_rule_is_off(tmp_path: Path) -> None:
    cadres = [cadre("c2", "b1"), cadre("c3", available_from=date(2018, 1, 1)), cadre("c4", roles="member")]
    plan = made(tmp_path / "on", cadres, [first("v0")], posting_area="prefecture")
    told = every_row(plan, "cadres", executor=InProcess())
    left = {r["code"]: r["reason_en"] for r in told.left.iter_rows(named=True)}
    assert left["c3"] == "not available (cadres.availability)"
    assert left["c4"] == "no post within reach has a seat left: who may hold which role (cadres.role_allowed)"
    (open_seat,) = [r for r in told.left.iter_rows(named=True) if "seat" in r["kind_en"]]
    assert open_seat["missing"] == 1 and open_seat["next"] is None
    assert all(rule in open_seat["reason_en"] for rule in ("cadres.role_allowed", "cadres.posting_area"))
    lax = made(tmp_path / "off", cadres, [first("v0")], posting_area="prefecture",
               role_allowed="off", availability="off")  # fmt: skip
    told = every_row(lax, "cadres", executor=InProcess())
    assert not any("availability" in r or "role_allowed" in r for r in told.left["reason_en"])


def test_who_is_in_the_term_is_told_so(tmp_path: Path) -> None:
    held = [{"cadre": "c1", "village": "v0", "post": "fs", "since": date(2016, 6, 1)}]
    net = network(
        regions=REGIONS, cadres=[cadre("c1", "b1"), cadre("c2")], village_posts=[first("v0")], postings=held
    )
    plan = planned(tmp_path, net, cadres={**LAX, "minimum_term_years": 2})
    told = every_row(plan, "cadres", executor=InProcess())
    (row,) = told.rows.iter_rows(named=True)
    assert row["cadre"] == "c1" and "in the minimum term, so stays" in row["reason_en"]
    assert row["next"] is None and row["lose_least"] is None


def test_own_scores_tell_the_next_best_listed(tmp_path: Path) -> None:
    scores = [{"stage": "cadres", "supporter": c, "recipient": r, "cost": v, "load": 1}
              for c, r, v in (("c1", "v0/fs", 1.0), ("c1", "v1/fs", 3.0), ("c2", "v0/fs", 2.0))]  # fmt: skip
    net = network(
        regions=REGIONS,
        cadres=[cadre("c1"), cadre("c2")],
        village_posts=[first("v0"), first("v1")],
        pair_scores=scores,
    )
    plan = planned(tmp_path, net, cadres={"objective": "scores"})
    told = every_row(plan, "cadres", executor=InProcess())
    rows = {r["cadre"]: r for r in told.rows.iter_rows(named=True)}
    assert (rows["c1"]["village"], rows["c1"]["next"], rows["c1"]["next_cost"]) == ("v1", "v0/fs", 1.0)
    assert rows["c2"]["next"] is None and "there is no other choice" in rows["c2"]["reason_en"]


def test_a_seat_that_a_freeze_closes_is_empty_for_it(tmp_path: Path) -> None:
    """Nobody was a member at v0 when it was published; now c2 might come, but v0 stays as it was."""
    people = [cadre("c1", "a1"), cadre("c2", "a1")]
    before = made(tmp_path / "before", people[:1], [first("v0"), members("v0", 0, 1)])
    made(tmp_path / "now", people, [first("v0"), members("v0", 0, 1)])
    frozen = read_scenario(
        tmp_path / "now", settings=['cadres.published_frozen=["v0"]'], published=before.folder
    )
    plan = make_plan(frozen, tmp_path / "plans", executor=InProcess(), reuse=False)
    left = {r["code"]: r for r in every_row(plan, "cadres", executor=InProcess()).left.iter_rows(named=True)}
    assert (left["v0"]["about"], left["v0"]["missing"], left["v0"]["next"]) == ("v0/m", 1, None)
    assert "published_frozen" in left["v0"]["reason_en"] and set(left) == {"v0", "c2"}


@pytest.mark.parametrize("rules", [{}, {"posting_area": "prefecture"}, {"team_minimum": 2, "team_led": True}])
def test_one_answer_gives_the_reasons_of_every_row(tmp_path: Path, rules: dict[str, Any]) -> None:
    cadres = [
        cadre("c1"),
        cadre("c2", "b1"),
        cadre("c3", available_from=date(2018, 1, 1)),
        cadre("c4", roles="member"),
    ]
    plan = made(tmp_path, cadres, [first("v0"), first("v3"), members("v3", 1, 2)], **rules)
    left = every_row(plan, "cadres", executor=InProcess()).left
    assert left.height
    for code, zh, en in left.select("code", "reason_zh", "reason_en").iter_rows():
        (found,) = explain(plan, code, ["cadres"])
        assert en in found.why.en and zh in found.why.zh
