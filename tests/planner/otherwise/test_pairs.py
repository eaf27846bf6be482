"""What another choice costs in all: by hand, and against solving the scenario with the pair banned or pinned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest

from graph.errors import UsageError
from planner.otherwise import some_otherwise
from planner.otherwise.choice import Asking
from planner.otherwise.pair_moves import PairMove, PairOtherwise
from planner.otherwise.pairs import may_pair
from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import read_scenario
from planner.solve.pool import InProcess
from planner.subject import read_subject
from tests.planner.small import FILE, write_small

Make = Callable[..., Plan]
SCORES = """stage,supporter,recipient,cost,load
designation,u1,A,1,1
designation,u2,A,4,1
designation,u1,B,2,1
designation,u2,B,9,1
designation,u3,B,7.5,1
"""
OWN = '\nobjective = "scores"\nunits_per_county = [1, 1]\n'


def price(plan: Plan, text: str, stages: Sequence[str] = ("pairing", "designation")) -> list[PairOtherwise]:
    found = some_otherwise(plan, read_subject(plan, text), stages, executor=InProcess())
    return [p for p in found if isinstance(p, PairOtherwise)]


def moves(found: PairOtherwise) -> list[tuple[str, str, str]]:
    return [(m.supporter, m.recipient, m.how) for m in found.moves if isinstance(m, PairMove)]


@pytest.fixture
def made(tmp_path: Path) -> Make:
    """Plan the small scenario with settings, and tables, of a test's own."""

    def make(*settings: str, text: str = FILE, **tables: str) -> Plan:
        folder = tmp_path / f"small{len(list(tmp_path.iterdir()))}"
        return make_plan(
            read_scenario(write_small(folder, text, **tables), settings=settings), tmp_path / "plans"
        )

    return make


def own(made: Make, scores: str = SCORES, capacity: int = 1, sense: str = "min") -> Plan:
    units = f"id,name,capacity\nu1,第一局,{capacity}\nu2,第二行,9\nu3,第三校,9\n"
    text = FILE.split("[designation]")[0] + f'[designation]{OWN}unit_capacity = true\nsense = "{sense}"\n'
    return made(text=text, units=units, pair_scores=scores)


def test_own_scores_by_hand(made: Make) -> None:
    """u1 has room for one. Best: u2 takes A (4), u1 takes B (2), 6 in all. Without u2 on A: u1 on A (1), u3 on B (7.5)."""
    plan = own(made)
    assert plan.stages["designation"]["objective"] == 60
    (found,) = price(plan, "A")
    assert (found.supporter, found.recipient, found.forced) == ("u2", "A", False)
    assert (found.status, found.change, found.worse) == ("OPTIMAL", 2.5, True)
    assert set(moves(found)) == {
        ("u2", "A", "ended"), ("u1", "A", "new"), ("u1", "B", "ended"), ("u3", "B", "new")
    }  # fmt: skip
    assert [r for _, r, _ in moves(found)][:2] == ["A", "A"]
    (same,) = price(plan, "u1>A")  # forcing the runner-up comes to the same
    assert (same.forced, same.change) == (True, 2.5)


def test_scores_to_be_large_lose_by_another_choice(made: Make) -> None:
    plan = own(made, sense="max")  # u2 takes both: 13
    (first, second) = price(plan, "u2")
    assert [(p.recipient, p.change, p.worse) for p in (first, second)] == [
        ("B", -1.5, True),
        ("A", -3.0, True),
    ]


def test_a_choice_without_another_one_is_told(made: Make) -> None:
    (found,) = price(own(made, "stage,supporter,recipient,cost,load\ndesignation,u1,A,1,1\n"), "A")
    assert (found.status, found.change, len(found.moves)) == ("INFEASIBLE", None, 0)
    assert any("designation.units_per_county = [1, 1]" in t.en for t in found.forbidden)


def test_computed_costs_are_those_of_a_plan_with_the_pair_banned(made: Make) -> None:
    """Where nothing counts pairs in force, forbidding and banning are the same problem."""
    off = ("designation.keep_share=off",)
    plan = made(*off)
    for supporter, recipient in plan.table("pairs").select("supporter", "recipient").iter_rows():
        (found,) = price(plan, f"{supporter}>{recipient}")
        banned = made(*off, f'designation.bans=["{supporter}>{recipient}"]')
        change = banned.stages["designation"]["objective"] - plan.stages["designation"]["objective"]
        assert found.change == pytest.approx(change / 1000)
        assert found.change is not None and found.change >= 0


def test_without_a_pair_in_force_and_with_a_ban_on_it_are_told_apart(made: Make) -> None:
    """Both pairs in force must stay; a ban takes its pair out of the count, doing without it does not."""
    keep = "designation.keep_share=1"
    plan = made(keep)
    without, banned = price(plan, "u1>A")
    assert (without.status, without.change) == ("INFEASIBLE", None)
    assert [t.en for t in without.forbidden][:2] == [
        "share of the pairs in force that stays (designation.keep_share = 1): 2 / 2",
        "this one alone forbids it: without it, it is possible",
    ]
    again = made(keep, 'designation.bans=["u1>A"]').stages["designation"]
    assert banned.what.en.startswith("with a ban on 第一局 → 甲县 (designation.bans")
    assert banned.change == pytest.approx(
        (again["objective"] - plan.stages["designation"]["objective"]) / 1000
    )
    assert ("u1", "A", "ended") in moves(banned)


def test_a_ban_is_told_only_where_it_comes_to_something_else(made: Make) -> None:
    """Of two in force half must stay, with a ban half of one: one either way. With the rule off a ban is doing without."""
    for share in ("0.5", "off"):
        assert len(price(made(f"designation.keep_share={share}"), "u1>A")) == 1
    pinned = made("designation.keep_share=1", 'designation.pins=["u1>A"]')
    assert len(price(pinned, "u1>A")) == 1  # nobody can ban what is pinned


def test_among_equals_the_nearest_plan_is_told(made: Make) -> None:
    """Three units at one price: whoever takes A instead, the pairs of B, C and D stay where they are."""
    scores = "stage,supporter,recipient,cost,load\n" + "".join(
        f"designation,{u},{c},1,1\n" for u in ("u1", "u2", "u3") for c in "ABCD"
    )
    plan = own(made, scores, capacity=9)
    before = dict(plan.table("pairs").select("recipient", "supporter").iter_rows())
    (found,) = price(plan, "A")
    assert (found.change, found.worse, found.tie) == (0.0, False, True)
    assert len(found.moves) == 2
    assert {r for _, r, _ in moves(found)} == {"A"}
    assert moves(found)[0] == (before["A"], "A", "ended")


def test_what_cannot_be_priced_is_told(small_plan: Plan, made: Make) -> None:
    with pytest.raises(UsageError, match=r"could be chosen otherwise|可另选"):
        price(small_plan, "P")
    with pytest.raises(UsageError, match=r"could be chosen otherwise|可另选"):
        price(small_plan, "A", stages=["funds"])
    plan = own(made)
    asking = Asking(plan, "designation", InProcess())
    assert may_pair(asking, ("u1", "A")) and not may_pair(asking, ("u3", "A"))
    with pytest.raises(UsageError, match=r"could be chosen otherwise|可另选"):
        price(plan, "u3>A")


def test_nothing_of_the_plan_is_changed(small_plan: Plan) -> None:
    before = {p: p.read_bytes() for p in sorted(small_plan.folder.rglob("*")) if p.is_file()}
    price(small_plan, "A")
    assert {p: p.read_bytes() for p in sorted(small_plan.folder.rglob("*")) if p.is_file()} == before


PAIRED = {
    "regions": "code,name,level,parent,lon,lat\nE1,东一,province,,120,30\nE2,东二,province,,118,30\n"
    "E1a,甲,county,E1,120,30.1\nE1b,乙,county,E1,120,30.2\nE2a,丙,county,E2,118,30.1\n"
    "W1,西一,province,,110,30\nW2,西二,province,,105,30\nW1a,丁,county,W1,110,30.1\nW2a,己,county,W2,105,30.1\n",
    "region_tags": "region,tag\nE1,supporter\nE2,supporter\nW1,east_west_recipient\nW2,east_west_recipient\n"
    "W1a,poor_county_832\nW2a,poor_county_832\n",
    "relations": "id,kind,supporter,recipient\n1,east_west,E1,W1\n2,east_west,E2,W2\n",
    "units": "id,name\nu1,第一局\n",
    "needs": "region,year,programme,amount\nW1a,2016,industry,100\n",
}  # fmt: skip
PAIRING = FILE.split("[designation]")[0].replace('"designation"', '"pairing"')


def test_region_and_county_pairs_are_priced_in_their_ranks(made: Make) -> None:
    text = PAIRING + '[pairing]\ncover_ethnic = "off"\nfair_load_tolerance = "off"\n'
    plan = made(text=text, **PAIRED)
    chosen = plan.table("pairs").select("supporter", "recipient", "kind")
    (region,) = chosen.filter((pl.col("kind") == "east_west") & (pl.col("recipient") == "W1")).rows()
    (found,) = price(plan, f"{region[0]}>W1")
    banned = made(f'pairing.bans=["{region[0]}>W1"]', text=text, **PAIRED)
    parts = [dict(zip(("plan", "ban"), (p.stages["pairing"]["composition"]["parts"][i]["objective"] for p in (plan, banned)), strict=True))
             for i in (0, 1)]  # fmt: skip
    assert [c for _, c in found.parts] == pytest.approx([p["ban"] - p["plan"] for p in parts])
    assert found.change == pytest.approx(sum(c for _, c in found.parts)) and found.worse
    (county,) = price(plan, "E1a" if "E1a" in chosen["supporter"].to_list() else "E1b")[:1]
    assert county.parts[0][1] == 0.0  # the region pairs stay
