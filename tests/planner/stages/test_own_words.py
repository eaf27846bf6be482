"""Programmes of other countries: their own roles, tags and levels count, and are what is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from graph.errors import ScenarioError
from planner.stages.cadres import STAGE as CADRES
from planner.stages.pairing import STAGE as PAIRING
from planner.verify.cadres import check
from planner.verify.outcome import Resolved
from tests.planner.cadre_land import PLAIN, REGIONS, cadre, decide, first, members, placed, verdict
from tests.planner.pairing_land import REGIONS as TWO_SIDES
from tests.planner.tiny import context, network, solve

POSTS = [
    {"village": "v0", "post": "head", "role": "head_teacher", "minimum": 1, "target": 1},
    {"village": "v0", "post": "class", "role": "teacher", "minimum": 1, "target": 1},
]
TEACHERS = [cadre("t1", roles="teacher"), cadre("t2", roles="teacher")]
OWN: dict[str, Any] = {"leader_role": "head_teacher", "member_role": "teacher", "team_minimum": 2}


def test_a_role_of_ones_own_leads_the_team() -> None:
    """Two teachers and no head: nobody goes; with somebody who may be head both posts are filled."""
    assert placed(decide(TEACHERS, POSTS, **OWN)) == {}
    heads = [*TEACHERS, cadre("h", roles="head_teacher;teacher")]
    found = placed(decide(heads, POSTS, **OWN))
    assert found["h"] == "v0/head" and len(found) == 2


def test_where_the_role_is_not_named_it_leads_nobody() -> None:
    """With the roles of the default there is no team here, so a teacher may come alone."""
    assert list(placed(decide(TEACHERS, POSTS)).values()) == ["v0/class"]


def test_what_is_told_is_the_scenarios_word() -> None:
    outcome = decide(TEACHERS, POSTS, **OWN)
    titles = {k.key: k.title.en for k in CADRES.measure(seen_with(OWN), outcome.tables)}
    assert titles["villages_led"] == "villages with a head_teacher"
    chinese = {k.key: k.title.zh for k in CADRES.measure(seen_with({}), outcome.tables)}
    assert chinese["villages_led"] == "有第一书记的村"
    handmade = decide(TEACHERS, POSTS, team_led="off", team_minimum="off").tables["postings"]
    broken = verdict(TEACHERS, POSTS, handmade, **OWN).broken
    assert ["v0 has no head_teacher" in b.text.en for b in broken if b.rule == "team_led"] == [True]


def seen_with(values: dict[str, Any]) -> Any:
    net = network(regions=REGIONS, cadres=TEACHERS, village_posts=POSTS)
    return context(CADRES, net, **{**PLAIN, **values})


def test_a_plan_from_before_roles_could_be_named_is_checked_with_first_secretaries() -> None:
    people, posts = [cadre("a"), cadre("b"), cadre("c")], [first("v0"), members("v0", 2, 2)]
    net = network(regions=REGIONS, cadres=people, village_posts=posts)
    seen = context(CADRES, net, **PLAIN)
    tables = solve(CADRES, seen).tables
    values = {k: v for k, v in seen.policy.values.items() if k not in ("leader_role", "member_role")}
    old = Resolved(net, {"cadres": values}, seen.on, seen.seed)
    assert [b.text.en for b in check(old, tables, {}).broken] == []
    postings = tables["postings"].filter(tables["postings"]["role"] == "member")
    found = check(old, {"postings": postings}, {})
    assert ["v0 has no first secretary" in b.text.en for b in found.broken if b.rule == "team_led"] == [True]


def test_all_levels_that_are_not_there_are_named_at_once() -> None:
    net = network(regions=REGIONS, cadres=TEACHERS, village_posts=POSTS)
    own = replace(net, settings=replace(net.settings, levels=("state", "school")))
    with pytest.raises(ScenarioError) as caught:
        CADRES.count(context(CADRES, own))
    for named in ('posting_area = "prefecture"', 'own_county_area = "province"', "state, school", '"off"'):
        assert named in caught.value.text.en
    assert CADRES.count(context(CADRES, own, posting_area="state", own_county_area="off")) == []


def warned(tag: str) -> str:
    tags = [{"region": "E1", "tag": "supporter"}, {"region": "W1", "tag": tag}]
    outcome = solve(PAIRING, context(PAIRING, network(regions=TWO_SIDES, region_tags=tags)))
    return " ".join(w.en for w in outcome.warnings)


def test_where_nobody_receives_the_nearest_tag_is_told() -> None:
    assert "tagged east_west_recipient (recipients_tag), did you mean east_west_recipent?" in warned(
        "east_west_recipent"
    )
    assert "did you mean" not in warned("harbour")
    assert warned("east_west_recipient") == ""


def keys(tags: list[dict[str, str]], relations: list[dict[str, str]]) -> set[str]:
    sides = [{"region": "E1", "tag": "supporter"}, {"region": "W1", "tag": "east_west_recipient"}]
    net = network(regions=TWO_SIDES, region_tags=[*sides, *tags], relations=relations)
    seen = context(PAIRING, net, cover_ethnic="off")
    return {k.key for k in PAIRING.measure(seen, solve(PAIRING, seen).tables)}


def test_figures_of_what_a_scenario_lacks_are_not_told() -> None:
    bare = keys([], [])
    assert not bare & {"ethnic_covered", "counterpart_shown"}
    tagged = keys([{"region": "W2", "tag": "ethnic_prefecture"}], [])
    assert tagged - bare == {"ethnic_covered"}
    held = {"id": "c", "kind": "counterpart", "supporter": "E2", "recipient": "W2"}
    assert keys([], [held]) - bare == {"counterpart_shown"}
