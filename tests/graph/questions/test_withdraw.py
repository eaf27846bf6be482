"""What a withdrawal breaks, and who could take over."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import UsageError
from graph.network import Network
from graph.questions.distance import distances_km, points
from graph.questions.loads import concentration, supporter_loads
from graph.questions.withdraw import withdraw
from tests.graph.questions.conftest import RELATIONS


def test_a_place_with_a_supported_parent_is_not_left_bare(toy: Network) -> None:
    answer = withdraw(toy, "R1")
    (lost,) = answer.lost
    assert [p.id for p in lost.remaining] == ["R"]
    assert answer.uncovered == ()
    assert lost.mark == "recalled"


def test_a_designated_place_is_left_bare_and_the_other_unit_could_take_over(toy: Network) -> None:
    answer = withdraw(toy, "Farm College")
    assert [p.id for p in answer.uncovered] == ["P1a"]
    (candidate,) = answer.lost[0].candidates
    assert (candidate.supporter.id, candidate.load, candidate.capacity, candidate.full) == ("u2", 1, 2, False)
    assert candidate.distance_km == pytest.approx(
        222.6, abs=0.2
    )  # two degrees of latitude and a tenth of longitude
    assert candidate.cost == pytest.approx(candidate.distance_km / 1000 + 2 / 2, abs=1e-3)


def test_full_candidates_come_last(toy: Network, make: Callable[..., Network]) -> None:
    units = [
        {"id": "u2", "name": "Mine Company", "home_region": "P2"},
        {"id": "near", "name": "Near", "home_region": "P1", "capacity": 1},
        {"id": "far", "name": "Far", "home_region": "R", "capacity": 9},
    ]
    relations = [
        {"id": "1", "kind": "designated", "supporter": "u2", "recipient": "P1a"},
        {"id": "2", "kind": "designated", "supporter": "near", "recipient": "P1"},
        {"id": "3", "kind": "designated", "supporter": "far", "recipient": "Q"},
    ]
    grown = toy.with_frames(make(units=units, relations=relations).frames)
    offered = withdraw(grown, "u2").lost[0].candidates
    assert [(c.supporter.id, c.full) for c in offered] == [("far", False), ("near", True)]


def test_known_withdrawals_in_china(china: Network) -> None:
    nujiang = next(e for e in withdraw(china, "珠海").lost if e.recipient.id == "533300")
    assert [p.name for p in nujiang.remaining] == ["上海市"]  # its pair with Yunnan remains
    shanghai = withdraw(china, "上海")
    assert {"云南省", "遵义市"} <= {p.name for p in shanghai.uncovered}
    fallen = {p.name for p in shanghai.broken_rules["autonomous_prefectures"]}
    assert fallen == {
        "楚雄彝族自治州", "红河哈尼族彝族自治州", "文山壮族苗族自治州", "西双版纳傣族自治州",
        "大理白族自治州", "德宏傣族景颇族自治州", "迪庆藏族自治州", "果洛藏族自治州",
    }  # fmt: skip


def test_a_place_takes_the_places_below_it_along(toy: Network) -> None:
    answer = withdraw(toy, "R")
    told = [(e.relation, e.supporter.id, e.through) for e in answer.lost]
    assert told == [("ew1", "R", "own"), ("ew2", "R1", "child")]
    assert answer.below == 1
    assert {p.id for p in answer.uncovered} == {"P", "P1"}  # Richtown no longer stands in for Rich
    assert answer.to_dict()["below"] == 1
    assert withdraw(toy, "R1").below == 0  # and what is above stays


def test_a_retired_code_below_goes_along_too(toy: Network, make: Callable[..., Network]) -> None:
    old = [*RELATIONS, {"id": "ew3", "kind": "east_west", "supporter": "R1old", "recipient": "Q1"}]
    before = toy.with_frames(make(relations=old).frames)
    assert "ew3" not in {e.relation for e in withdraw(before, "R").lost}
    after = before.with_frames(make(region_successions=[{"old": "R1old", "new": "R1"}]).frames)
    assert "ew3" in {e.relation for e in withdraw(after, "R").lost}


def test_units_at_home_there_stay(toy: Network) -> None:
    answer = withdraw(toy, "R")
    assert "d1" not in {e.relation for e in answer.lost}
    assert [p.id for p in answer.units_stay] == ["u1"]  # Farm College lies in Richtown and goes on
    assert withdraw(toy, "Q").units_stay == ()


def test_a_unit_goes_alone(toy: Network) -> None:
    answer = withdraw(toy, "u1")
    assert ([e.through for e in answer.lost], answer.below, answer.units_stay) == (["own"], 0, ())


def test_a_city_takes_its_districts_county_pairs_along(china: Network) -> None:
    answer = withdraw(china, "珠海")
    pairs = {(e.supporter.name, e.recipient.name) for e in answer.lost if e.through == "child"}
    assert pairs == {("香洲区", "泸水市"), ("斗门区", "福贡县")}
    assert {p.name for p in answer.uncovered} == {"泸水市", "福贡县"}
    guangdong = withdraw(china, "广东省")  # the province takes Zhuhai and its districts along
    assert pairs < {(e.supporter.name, e.recipient.name) for e in guangdong.lost}


def test_a_supporter_without_relations_leaves_nobody_bare(toy: Network) -> None:
    answer = withdraw(toy, "Quiet")
    assert (answer.lost, answer.uncovered, answer.broken_rules) == ((), (), {})


def test_an_unknown_supporter_is_said_so(toy: Network) -> None:
    with pytest.raises(UsageError, match="nothing is called"):
        withdraw(toy, "xyzzy")


LINKS = st.lists(st.tuples(st.sampled_from("stu"), st.sampled_from("abc")), max_size=7, unique=True)


@settings(max_examples=25, deadline=None)
@given(LINKS)
def test_uncovered_are_those_with_no_other_supporter(
    make: Callable[..., Network], links: list[tuple[str, str]]
) -> None:
    toy = make(
        regions=[{"code": c, "name": f"place {c}", "level": "big"} for c in "stuabc"],
        relations=[{"id": s + r, "kind": "east_west", "supporter": s, "recipient": r} for s, r in links],
    )
    bare = {p.id for p in withdraw(toy, "s").uncovered}
    assert bare == {r for s, r in links if s == "s"} - {r for s, r in links if s != "s"}


def test_distance_of_a_quarter_of_the_equator_and_of_a_missing_point(toy: Network) -> None:
    quarter = distances_km(np.array([[0.0, 0.0]]), np.array([[90.0, 0.0]]))[0, 0]
    assert quarter == pytest.approx(math.pi / 2 * 6371.0088)
    assert np.isnan(points(toy, ["nowhere"])).all()
    assert points(toy, ["u1"]).tolist() == [[121.0, 30.0]]  # a unit stands at its home


def test_loads_now_and_under_a_plan(toy: Network, make: Callable[..., Network]) -> None:
    plan = pl.DataFrame({"supporter": ["u1", "u9"], "load": [3, 2]})
    rows = {r["supporter"]: r for r in supporter_loads(toy, plan_pairs=plan).to_dicts()}
    assert (rows["u1"]["recipients"], rows["u1"]["planned"], rows["u1"]["over"]) == (1, 3, 0)
    assert (rows["u9"]["recipients"], rows["u9"]["planned"], rows["u9"]["name"]) == (0, 2, "u9")
    assert concentration(supporter_loads(toy)) == pytest.approx(1 / 4)
    assert concentration(supporter_loads(make(relations=[]))) == 0


def test_words_that_mean_several_places_are_not_guessed(china: Network) -> None:
    with pytest.raises(UsageError, match=r"may mean several; give the code or the full name: .*南京"):
        withdraw(china, "nj")
    assert withdraw(china, "南京市").supporter.name == "南京市"
