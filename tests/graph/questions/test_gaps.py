"""Coverage by rule and the three kinds of nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from graph.language import Text
from graph.network import Network
from graph.questions.coverage import build_tree, reach
from graph.questions.gaps import STATES, gaps
from graph.questions.rules import RULES, Rule, read_rules

RULE = Rule("mine", Text("", ""), ("east_west", "designated"), tag="t")


def test_thirty_of_thirty_autonomous_prefectures_and_by_which_way(china: Network) -> None:
    (answer,) = gaps(china, rules=[RULES[0]])
    assert (answer.places, answer.counts["covered"]) == (30, 30)
    assert answer.ways == {
        "counterpart/own": 13, "east_west/own": 10, "east_west/parent": 6, "counterpart/children": 1
    }  # fmt: skip
    rows = {r["name"]: r for r in answer.rows.to_dicts()}
    assert (rows["克孜勒苏柯尔克孜自治州"]["way"], rows["克孜勒苏柯尔克孜自治州"]["supporters"]) == (
        "children", "320000;360000",
    )  # fmt: skip
    assert (rows["大理白族自治州"]["via"], rows["大理白族自治州"]["supporters"]) == ("530000", "310000")
    assert rows["怒江傈僳族自治州"]["mark"] == "recalled"


def test_holes_of_the_unit_list_are_no_gaps(china: Network) -> None:
    answers = {a.rule: a for a in gaps(china)}
    assert answers["designated_key_counties"].counts == {
        "covered": 444, "uncovered": 0, "by_design": 0, "not_in_data": 148
    }  # fmt: skip
    poor = answers["poor_counties_supported"]
    assert (poor.places, poor.counts["covered"]) == (832, 740)
    assert sum(poor.counts.values()) == 832


def test_three_kinds_of_nothing(tagged) -> None:
    toy = tagged(["P1", "P1a", "P2", "Q", "Q1", "R", "R1"], [("Q", "by_design"), ("Q1", "yes"), ("R1", "no")])
    (answer,) = gaps(toy, rules=[RULE])
    states = dict(answer.rows.select("region", "state").iter_rows())
    assert states == {
        "P1": "covered", "P1a": "covered", "P2": "covered",
        "Q": "by_design", "Q1": "uncovered",  # the nearer statement holds
        "R": "not_in_data", "R1": "not_in_data",
    }  # fmt: skip


def test_covered_through_all_places_below_but_not_through_some(tagged) -> None:
    rule = Rule("mine", Text("", ""), ("designated",), tag="t")
    toy = tagged(["P1", "P"], [("P", "yes")])
    (answer,) = gaps(toy, rules=[rule])
    rows = {r["region"]: r for r in answer.rows.to_dicts()}
    assert (rows["P1"]["way"], rows["P1"]["supporters"]) == ("children", "u1;u2")
    assert rows["P"]["state"] == "uncovered"  # Southpoor has nobody


def test_a_relation_covers_up_to_its_last_day_only(tagged) -> None:
    rule = Rule("mine", Text("", ""), ("east_west",), tag="t")
    toy = tagged(["P1"], [])
    assert gaps(toy, rules=[rule], at=date(2016, 12, 31))[0].rows["way"][0] == "own"
    assert gaps(toy, rules=[rule], at=date(2017, 1, 1))[0].rows["way"][0] == "parent"
    assert gaps(toy, rules=[rule], at=date(2015, 12, 31))[0].rows["state"][0] == "not_in_data"


def test_people_outside_are_summed_by_state(tagged) -> None:
    rule = Rule(
        "mine", Text("", ""), ("designated",), level="small", without_tag="t", measure="poor_population"
    )
    facts = [
        {"region": c, "year": y, "measure": "poor_population", "value": v}
        for c, y, v in [("P1a", 2015, 9.0), ("P1a", 2016, 7.0), ("P1a", 2018, 1.0), ("P1b", 2016, 0.0)]
    ]
    toy = tagged([], [], region_facts=facts)
    (answer,) = gaps(toy, rules=[rule])
    assert answer.places == 1
    assert answer.amounts["covered"] == 7.0  # of 2016, not of a later year


def test_villages_are_staffed_by_postings_in_force(make) -> None:
    toy = make(
        regions=[{"code": c, "name": c, "level": "small"} for c in "abc"],
        village_posts=[{"village": c, "post": "p"} for c in "abc"],
        postings=[
            {"cadre": "1", "village": "a", "post": "p", "since": date(2016, 1, 1)},
            {
                "cadre": "2",
                "village": "b",
                "post": "p",
                "since": date(2016, 1, 1),
                "until": date(2016, 12, 31),
            },
        ],
        coverage=[{"rule": "must_staff_villages", "region": c, "complete": "yes"} for c in "abc"],
    )
    (answer,) = gaps(toy)  # the other rules have no places here
    assert dict(answer.rows.select("region", "state").iter_rows()) == {
        "a": "covered", "b": "uncovered", "c": "uncovered"
    }  # fmt: skip


def test_rules_of_ones_own_are_read_and_checked() -> None:
    (rule,) = read_rules([{"name": "x", "kinds": ["east_west"], "level": "big", "en": "X"}], "f")
    assert (rule.kinds, rule.level, rule.title.zh, rule.title.en) == (("east_west",), "big", "x", "X")
    for bad in ({"kinds": ["a"]}, {"name": "x"}, {"name": "x", "kinds": "a"}, {"name": "x", "kind": ["a"]}):
        with pytest.raises(InputError, match=r"f, \[\[rule\]\] 1"):
            read_rules([bad], "f")


def covered_by_hand(parents: dict[str, str | None], marked: set[str], code: str) -> bool:
    """Covered: itself, somebody above, or all below."""
    step: str | None = code
    while step is not None:
        if step in marked:
            return True
        step = parents[step]

    def whole(place: str) -> bool:
        kids = [c for c, p in parents.items() if p == place]
        return place in marked or (bool(kids) and all(whole(kid) for kid in kids))

    return whole(code)


@st.composite
def forests(draw: st.DrawFn) -> tuple[dict[str, str | None], set[str]]:
    """A random tree with random recipients."""
    size = draw(st.integers(1, 12))
    above = [draw(st.integers(-1, i - 1)) for i in range(size)]
    parents = {str(i): None if p < 0 else str(p) for i, p in enumerate(above)}
    return parents, draw(st.sets(st.sampled_from(sorted(parents))))


@settings(max_examples=60, deadline=None)
@given(forest=forests(), data=st.data())
def test_coverage_agrees_with_a_walk_by_hand_and_the_states_add_up(
    make: Callable[..., Network], forest: tuple[dict[str, str | None], set[str]], data: st.DataObject
) -> None:
    parents, marked = forest
    said = data.draw(
        st.dictionaries(st.sampled_from(sorted(parents)), st.sampled_from(["yes", "no", "by_design"]))
    )
    toy = make(
        regions=[{"code": c, "name": c, "level": "big", "parent": p} for c, p in parents.items()],
        relations=[{"id": c, "kind": "east_west", "supporter": "s", "recipient": c} for c in sorted(marked)],
        region_tags=[{"region": c, "tag": "t"} for c in parents],
        coverage=[{"rule": "mine", "region": r, "complete": c} for r, c in said.items()],
    )
    reached = set(reach(build_tree(toy), sorted(marked))["region"].to_list())
    assert reached == {c for c in parents if covered_by_hand(parents, marked, c)}
    (answer,) = gaps(toy, rules=[RULE])
    assert answer.counts["covered"] == len(reached)
    assert sum(answer.counts[s] for s in STATES) == answer.places == len(parents)
