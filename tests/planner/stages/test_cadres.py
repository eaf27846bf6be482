"""Cadres: each rule bites and then does not; every outcome is verified on the way."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import InputError, ScenarioError
from planner.stage import Limits
from planner.stages.cadres import STAGE
from planner.stages.cadres.build import read_model
from planner.stages.cadres.places import Lying
from planner.stages.cadres.settings import key_columns
from planner.verify.cadres import check
from planner.verify.cadres.shortage import check_shortage
from tests.planner.cadre_land import PLAIN, REGIONS, cadre, decide, first, members, placed
from tests.planner.tiny import context, network, policy, resolved, solve

SINCE = {"since": date(2016, 1, 1)}
LONG_AGO = {"since": date(2010, 1, 1)}


def test_cost_by_hand() -> None:
    """c1 lives at v0, c2 at 30 km: each goes to the nearest; 1 point per 10 km."""
    outcome = decide([cadre("c1", "a1"), cadre("c2", "a2")], [first("v0"), first("v2")])
    assert placed(outcome) == {"c1": "v0/fs", "c2": "v2/fs"}
    assert outcome.objective == 0
    outcome = decide([cadre("c1", "a1")], [first("v2")])
    assert outcome.objective == 3000


def test_tiers() -> None:
    posts = [first("v0", tier=2), first("v2", tier=1)]
    assert placed(decide([cadre("c")], posts)) == {"c": "v2/fs"}
    assert placed(decide([cadre("c")], posts, tiers="off")) == {"c": "v0/fs"}


def test_tiers_name_their_tag() -> None:
    tags = {"region_tags": [{"region": "a2", "tag": "deep_poverty"}, {"region": "v0", "tag": "mine"}]}
    posts = [first("v0"), first("v2")]
    assert placed(decide([cadre("c")], posts, tags)) == {"c": "v2/fs"}
    assert placed(decide([cadre("c")], posts, tags, tiers="mine")) == {"c": "v0/fs"}


def test_the_first_tagged_post_of_a_tier_leaves_all_other_worths_as_they_are() -> None:
    """Two levels for each tier, whether or not there are posts of both; without a tag one level in all."""
    tags = [{"region": "a2", "tag": "deep_poverty"}]
    posts = [first("v0", tier=1), first("v1", tier=3)]

    def worths(posts: list[dict[str, Any]], **values: Any) -> list[int]:
        net = network(regions=REGIONS, region_tags=tags, cadres=[cadre("c")], village_posts=posts)
        worth = read_model(context(STAGE, net, **{**PLAIN, **values})).posts.worth
        return [int(w) for w in worth[0] // worth[1]]

    assert worths(posts) == [7, 3]
    assert worths([*posts, first("v2", tier=1), first("v2", tier=3) | {"post": "second"}]) == [7, 3, 9, 5]
    assert worths(posts, tiers="off") == [3, 3]


def test_posts_that_are_full_are_no_part_of_the_task() -> None:
    """Who is in place for the term leaves no seat: nobody is sent there, the village's other post is decided on."""
    people, posts = [cadre("c1"), cadre("c2")], [first("v0"), members("v0", 1, 1), first("v1")]
    net = network(regions=REGIONS, cadres=people, village_posts=posts, **held_at("v0", **SINCE))
    tasks, built = STAGE.tasks(context(STAGE, net, **{**PLAIN, "minimum_term_years": 2}), Limits())
    assert [p[1].tolist() for p in built.parts] == [[1, 2]] and len(tasks[0].arrays["must"]) == 2
    full = [first("v0")]
    outcome = decide(people, full, held_at("v0", **SINCE))
    assert placed(outcome) == {"c1": "v0/fs"} and outcome.status == "OPTIMAL"
    assert (outcome.certificates["worth_post"] < 0).all()


def test_must_posts_before_further_posts() -> None:
    """A must-post 30 km away comes before a further post next door."""
    posts = [first("v0", minimum=0), first("v2")]
    assert placed(decide([cadre("c")], posts)) == {"c": "v2/fs"}


def test_must_fill_tier() -> None:
    outcome = decide([cadre("c")], [first("v0"), first("v1")], must_fill_tier=1)
    assert outcome.status == "INFEASIBLE"
    assert (
        "these 2 posts" in outcome.clashes[0].en
        and "only 1 eligible cadre, 1 too few" in outcome.clashes[0].en
    )
    assert decide([cadre("c")], [first("v0"), first("v1", tier=2)], must_fill_tier=1).status == "OPTIMAL"
    assert decide([cadre("c")], [first("v0"), first("v1")]).status == "OPTIMAL"


def test_what_has_to_be_filled_comes_before_a_first_secretary_for_people_who_wait() -> None:
    """One may lead: v0's people in their term have no first secretary, v2's post has to be filled."""
    people = [cadre("lead"), cadre("m", roles="member")]
    held = {"postings": [{"cadre": "m", "village": "v0", "post": "m", **SINCE}]}
    posts = [first("v0", tier=2), members("v0", 1, 1, tier=2), first("v2", tier=1)]
    assert placed(decide(people, posts, held, must_fill_tier=1)) == {"lead": "v2/fs"}
    assert placed(decide(people, posts, held)) == {"lead": "v0/fs", "m": "v0/m"}


def test_what_has_to_be_filled_comes_first_where_there_are_no_tiers() -> None:
    """Two members' seats of tier 2 in v0, one of tier 1 in v2 that is farther off; one person."""
    posts = [first("v0", tier=2), members("v2", 1, 1, tier=1)]
    for tiers in ("off", "deep_poverty"):
        found = decide([cadre("c")], posts, must_fill_tier=1, tiers=tiers, team_led=False, team_minimum="off")
        assert (found.status, placed(found)) == ("OPTIMAL", {"c": "v2/m"})


def test_a_shortage_counts_only_seats_that_people_in_their_term_leave() -> None:
    """v0 asks for three members, one is there; nobody else may come: two seats, not three."""
    people = [cadre("c1"), cadre("c2", roles="first_secretary")]
    held = {"postings": [{"cadre": "c1", "village": "v0", "post": "m", **SINCE}]}
    found = decide(people, [members("v0", 3, 3)], held, must_fill_tier=1, team_led=False, team_minimum="off")
    assert found.status == "INFEASIBLE"
    assert "these 2 posts that must be filled (tier 1: 2)" in found.clashes[0].en


def test_cut_names_only_the_posts_in_the_way() -> None:
    """b1's post can be filled; the two of prefecture A cannot."""
    people = [cadre("c"), cadre("d", "b1"), cadre("e", "b1")]
    outcome = decide(people, [first("v0"), first("v1"), first("v3")], must_fill_tier=1)
    told = outcome.clashes[0].en
    assert "these 2 posts" in told and "v3" not in told
    assert "(tier 1: 2)" in told and "1 too few" in told  # one of the two from b1 may not come
    assert "the nearest eligible people are in b1" in told and "2 people" in told
    alone = decide(people[:1], [first("v0"), first("v1")], must_fill_tier=1, posting_area="off")
    assert "nobody eligible is anywhere else" in alone.clashes[0].en


def test_team_minimum() -> None:
    people = [cadre("c1"), cadre("c2")]
    posts = [first("v0"), members("v0", 2, 2)]
    assert placed(decide(people, posts)) == {}
    assert len(placed(decide(people, posts, team_minimum="off"))) == 2
    assert len(placed(decide([*people, cadre("c3")], posts))) == 3


def test_first_secretary_alone_is_whole_where_no_members_are_wanted() -> None:
    assert placed(decide([cadre("c1")], [first("v0")])) == {"c1": "v0/fs"}


def test_people_of_a_closed_village_complete_another() -> None:
    """Four people for two teams of three: one team is whole, one person is left."""
    posts = [first("v0"), members("v0", 2, 2), first("v1"), members("v1", 2, 2)]
    outcome = decide([cadre(f"c{k}") for k in range(4)], posts)
    assert len(placed(outcome)) == 3
    assert len({p.split("/")[0] for p in placed(outcome).values()}) == 1


def test_team_led() -> None:
    people = [cadre(f"c{k}", roles="member") for k in range(3)]
    posts = [first("v0"), members("v0", 3, 3)]
    assert placed(decide(people, posts)) == {}
    assert len(placed(decide(people, posts, team_led=False))) == 3


def test_terms_end_where_no_first_secretary_can_be_had() -> None:
    people = [cadre(f"c{k}", roles="member") for k in range(3)]
    held = {"postings": [{"cadre": f"c{k}", "village": "v0", "post": "m", **SINCE} for k in range(3)]}
    posts = [first("v0"), members("v0", 3, 3)]
    outcome = decide(people, posts, held)
    assert placed(outcome) == {}
    assert outcome.details["ended_without_leader"] == ["c0", "c1", "c2"]
    assert len(placed(decide(people, posts, held, team_led=False))) == 3


def test_leader_goes_where_people_wait_for_one() -> None:
    """v0 is nearer, but in v1 two members are in their term."""
    people = [cadre("lead"), cadre("c1", roles="member"), cadre("c2", roles="member")]
    held = {"postings": [{"cadre": f"c{k}", "village": "v1", "post": "m", **SINCE} for k in (1, 2)]}
    outcome = decide(people, [first("v0"), first("v1", tier=9), members("v1", 2, 2)], held)
    assert placed(outcome) == {"lead": "v1/fs", "c1": "v1/m", "c2": "v1/m"}


def test_role_allowed() -> None:
    people = [cadre("c1", roles="member")]
    assert placed(decide(people, [first("v0")])) == {}
    assert placed(decide(people, [first("v0")], role_allowed=False)) == {"c1": "v0/fs"}


def test_posting_area() -> None:
    assert placed(decide([cadre("c1", "b1")], [first("v0")])) == {}
    for value in ("province", "off"):
        assert placed(decide([cadre("c1", "b1")], [first("v0")], posting_area=value)) == {"c1": "v0/fs"}


def test_area_is_the_sender_where_that_is_wider() -> None:
    assert placed(decide([cadre("c1", "b1", unit="P")], [first("v0")])) == {"c1": "v0/fs"}
    assert placed(decide([cadre("c1", "b1", unit="B")], [first("v0")])) == {}


DESIGNATED = {"units": [{"id": "u", "name": "u"}], "relations": [
    {"id": "r", "kind": "designated", "supporter": "u", "recipient": "a2"}]}  # fmt: skip


def test_own_counties_are_open() -> None:
    people = [cadre("c1", "b1", unit="u")]
    assert placed(decide(people, [first("v2")], DESIGNATED)) == {"c1": "v2/fs"}
    assert placed(decide(people, [first("v0")], DESIGNATED)) == {}


def test_own_county_area() -> None:
    """Own counties a2 and b1: from a home in a1 only a2 lies in the prefecture."""
    two = {**DESIGNATED, "relations": [*DESIGNATED["relations"],
                                       {"id": "s", "kind": "designated", "supporter": "u", "recipient": "b1"}]}  # fmt: skip
    people = [cadre("c1", "a1", unit="u")]
    assert placed(decide(people, [first("v3")], two, own_county_area="prefecture")) == {}
    assert placed(decide(people, [first("v3")], two, own_county_area="off")) == {"c1": "v3/fs"}


def test_own_county_weight() -> None:
    people = [cadre("c1", "a1", unit="u")]
    posts = [first("v0", minimum=0), first("v2", minimum=0)]
    assert placed(decide(people, posts, DESIGNATED)) == {"c1": "v0/fs"}
    assert placed(decide(people, posts, DESIGNATED, own_county_weight=5.0)) == {"c1": "v2/fs"}


def test_availability() -> None:
    late = [cadre("c1", available_from=date(2017, 7, 1))]
    short = [cadre("c1", available_until=date(2018, 7, 1))]
    for people in (late, short):
        assert placed(decide(people, [first("v0")])) == {}
        assert placed(decide(people, [first("v0")], availability=False)) == {"c1": "v0/fs"}
    assert placed(decide(short, [first("v0")], minimum_term_years=1)) == {"c1": "v0/fs"}


def held_at(village: str, **more: Any) -> dict[str, list[dict[str, Any]]]:
    return {"postings": [{"cadre": "c1", "village": village, "post": "fs", **more}]}


def test_minimum_term() -> None:
    """c1 in place at v2 since 2016 stays; the must-post v0 goes empty."""
    people, posts = [cadre("c1")], [first("v0"), first("v2", minimum=0)]
    assert placed(decide(people, posts, held_at("v2", **SINCE))) == {"c1": "v2/fs"}
    assert placed(decide(people, posts, held_at("v2", **SINCE), minimum_term_years="off")) == {"c1": "v0/fs"}
    assert placed(decide(people, posts, held_at("v2", **LONG_AGO))) == {"c1": "v0/fs"}


def test_a_term_ends_early_only_with_a_reason() -> None:
    people, posts = [cadre("c1")], [first("v0"), first("v2", minimum=0)]
    assert placed(decide(people, posts, held_at("v2", **SINCE, ended_because="term_over"))) == {"c1": "v0/fs"}
    assert placed(decide(people, posts, held_at("v2", **SINCE, ended_because="illness"))) == {}


def test_keep_weight() -> None:
    """Who is in place at v1 (10 km) stays, although v0 is next door; without the weight c1 moves."""
    people, posts = [cadre("c1")], [first("v0", minimum=0), first("v1", minimum=0)]
    assert placed(decide(people, posts, held_at("v1", **LONG_AGO), keep_weight=6.0)) == {"c1": "v1/fs"}
    assert placed(decide(people, posts, held_at("v1", **LONG_AGO))) == {"c1": "v0/fs"}


def test_unit_release_share() -> None:
    people = [cadre(f"c{k}") for k in range(4)]
    posts = [first(f"v{k}") for k in range(3)]
    assert len(placed(decide(people, posts, unit_release_share=0.5))) == 2
    assert len(placed(decide(people, posts, unit_release_share=0.3))) == 2  # rounded up
    assert len(placed(decide(people, posts))) == 3


def test_release_cap_ties_components() -> None:
    """One unit, homes in two prefectures, one of two may go: the must-post of tier 1 wins."""
    people = [cadre("c1", "a1", unit="u"), cadre("c2", "b1", unit="u")]
    posts = [first("v0", tier=2), first("v3", tier=1)]
    assert placed(decide(people, posts, unit_release_share=0.5)) == {"c2": "v3/fs"}


def test_avoid_home_county() -> None:
    people, posts = [cadre("c1", "a1")], [first("v0", minimum=0), first("v2", minimum=0)]
    assert placed(decide(people, posts)) == {"c1": "v0/fs"}
    assert placed(decide(people, posts, avoid_home_county=True)) == {"c1": "v2/fs"}


def test_distance_max_km() -> None:
    assert placed(decide([cadre("c1")], [first("v2")], distance_max_km=20)) == {}
    assert placed(decide([cadre("c1")], [first("v2")], distance_max_km=40)) == {"c1": "v2/fs"}


def test_skill() -> None:
    people = [cadre("near", "a1", skill="law"), cadre("far", "a2", skill="health")]
    posts = [first("v0", skill="health")]
    assert placed(decide(people, posts)) == {"near": "v0/fs"}
    assert placed(decide(people, posts, skill_weight=4.0)) == {"far": "v0/fs"}
    assert placed(decide(people, posts, skill_weight=4.0, skill="off")) == {"near": "v0/fs"}
    assert placed(decide(people[:1], posts, skill="require")) == {}


def test_language() -> None:
    people = [cadre("near", "a1"), cadre("far", "a2", languages="yi;miao")]
    tags = {"region_tags": [{"region": "a1", "tag": "language:yi"}]}
    assert placed(decide(people, [first("v0")], tags)) == {"near": "v0/fs"}
    assert placed(decide(people, [first("v0")], tags, language_weight=6.0)) == {"far": "v0/fs"}
    assert placed(decide(people, [first("v0")], tags, language_weight=6.0, language="off")) == {
        "near": "v0/fs"
    }
    assert placed(decide(people[:1], [first("v0")], tags, language="require")) == {}


def test_profile_weight() -> None:
    """In v1 the poor are ill: the health unit's cadre goes there though v0 is nearer."""
    tables = {"units": [{"id": "u", "name": "u", "profile": "health"}], "household_groups": [
        {"village": "v0", "year": 2016, "cause": "schooling", "households": 10},
        {"village": "v1", "year": 2016, "cause": "illness", "households": 10}]}  # fmt: skip
    people, posts = [cadre("c1", "a1", unit="u")], [first("v0", minimum=0), first("v1", minimum=0)]
    assert placed(decide(people, posts, tables)) == {"c1": "v0/fs"}
    assert placed(decide(people, posts, tables, profile_weight=2.0)) == {"c1": "v1/fs"}


def test_class_key_is_what_active_rules_read() -> None:
    assert key_columns(policy(STAGE, **PLAIN, skill="off", language="off", availability=False)) == [
        "home_region",
        "roles",
        "unit",
    ]
    every = key_columns(policy(STAGE))
    assert every == [
        "available_from",
        "available_until",
        "home_region",
        "languages",
        "roles",
        "skill",
        "unit",
    ]


def test_two_members_of_a_class_may_change_places() -> None:
    """Swapping the ids of two alike cadres changes neither the arrays nor who goes, but for their ids."""
    people = [
        cadre("x", skill="law", seniority_years=3),
        cadre("y", skill="law", seniority_years=3),
        cadre("z", "a2"),
    ]
    posts = [first("v0"), first("v1"), first("v2")]
    swapped = [{**people[0], "id": "y"}, {**people[1], "id": "x"}, people[2]]
    found = []
    for rows in (people, swapped):
        net = network(regions=REGIONS, cadres=rows, village_posts=posts)
        task = STAGE.tasks(context(STAGE, net, skill_weight=4.0), Limits())[0][0]
        found.append(
            ({k: v.tolist() for k, v in task.arrays.items()}, placed(decide(rows, posts, skill_weight=4.0)))
        )
    assert found[0] == found[1]
    assert found[0][0]["supply"] in ([2, 1], [1, 2])


def test_seniority_decides_inside_a_class() -> None:
    people = [cadre("a"), cadre("b", seniority_years=9), cadre("c")]
    assert placed(decide(people, [first("v0")])) == {"b": "v0/fs"}


def test_draw_has_no_alphabet() -> None:
    people = [cadre(f"c{k}") for k in range(8)]
    net = network(regions=REGIONS, cadres=people, village_posts=[first("v0")])
    chosen = {next(iter(placed(solve(STAGE, context(STAGE, net, seed=seed))))) for seed in range(12)}
    assert len(chosen) > 3


def test_baseline_fills_in_the_order_of_the_list() -> None:
    """v1 comes first in the list and takes the only leader, although v0 is of the first tier."""
    posts = [first("v1", tier=2), first("v0", tier=1)]
    net = network(regions=REGIONS, cadres=[cadre("c1")], village_posts=posts)
    seen = context(STAGE, net)
    assert STAGE.baseline(seen)["postings"]["village"].to_list() == ["v1"]
    assert {k.key: k.value for k in STAGE.measure(seen, STAGE.baseline(seen))}["must_open_tier_1"] == 1


def test_unknown_level_is_named() -> None:
    net = network(regions=REGIONS, cadres=[cadre("c1")], village_posts=[first("v0")])
    with pytest.raises(ScenarioError, match="posting_area"):
        STAGE.count(context(STAGE, net, posting_area="kanton"))


def test_more_posts_than_people_in_all_are_told_as_a_cut() -> None:
    net = network(regions=REGIONS, cadres=[cadre("c1")], village_posts=[first("v0"), first("v1")])
    seen = context(STAGE, net, must_fill_tier=1)
    assert STAGE.count(seen) == []
    outcome = solve(STAGE, seen)
    assert outcome.shortage is not None and (outcome.shortage.asked, outcome.shortage.people) == (2, 1)
    assert check_shortage(resolved(STAGE, seen), {}, outcome.shortage) == []


def shortage_words(people: list[dict[str, Any]], posts: list[dict[str, Any]], **values: Any) -> str:
    outcome = decide(people, posts, must_fill_tier=1, team_led=False, **values)
    assert outcome.status == "INFEASIBLE"
    return str(outcome.clashes[0].en)


def test_a_shortage_names_the_rules_that_hold_people_back_and_no_others() -> None:
    """One post too many each time; what one rule alone keeps away is counted."""
    two = [first("v0"), first("v1")]
    told = shortage_words([cadre(f"c{k}", unit="u") for k in range(5)], two, unit_release_share=0.2)
    assert (
        "(rules: must_fill_tier, unit_release_share)" in told and "but for unit_release_share 4 more" in told
    )
    assert "nobody eligible" not in told
    asked = [{**p, "skill": "finance"} for p in two]
    told = shortage_words([cadre("a", skill="finance"), cadre("b", skill="law")], asked, skill="require")
    assert "(rules: must_fill_tier, skill)" in told and "but for skill 1 more" in told
    told = shortage_words([cadre("a"), cadre("b", roles="member")], two)
    assert "(rules: must_fill_tier, role_allowed)" in told and "but for role_allowed 1 more" in told
    told = shortage_words([cadre("a"), cadre("b", "b1")], two)
    assert "(rules: must_fill_tier, posting_area)" in told and "but for posting_area 1 more" in told
    told = shortage_words([cadre("a"), cadre("b", "b1")], two, posting_area="off", distance_max_km=1)
    assert "distance_max_km" in told and "posting_area" not in told
    told = shortage_words(
        [cadre("a"), cadre("b", "b1", roles="member")], two
    )  # two rules at once: both are named
    assert "posting_area, role_allowed)" in told and "more could come" not in told
    told = shortage_words(
        [cadre("a", available_until=date(2017, 3, 1))], two
    )  # nobody can be newly posted at all
    assert "(rules: must_fill_tier)" in told and "more could come" not in told
    told = shortage_words([cadre("a")], two)
    assert "(rules: must_fill_tier)" in told and "nobody eligible is anywhere else" in told


def scores(*rows: tuple[str, str, float]) -> dict[str, list[dict[str, Any]]]:
    return {
        "pair_scores": [{"stage": "cadres", "supporter": c, "recipient": p, "cost": x} for c, p, x in rows]
    }


def scored(
    cadres: list[str], posts: list[dict[str, Any]], *rows: tuple[str, str, float], **values: Any
) -> Any:
    net = network(cadres=[{"id": c} for c in cadres], village_posts=posts, **scores(*rows))
    seen = context(STAGE, net, objective="scores", **values)
    outcome = solve(STAGE, seen)
    if outcome.status == "OPTIMAL":
        found = check(resolved(STAGE, seen), outcome.tables, outcome.certificates)
        assert (list(found.broken), found.objective, found.bound) == ([], outcome.objective, outcome.bound)
    return outcome


def test_own_scores_without_regions() -> None:
    rows = (("c1", "v/fs", 1.5), ("c2", "v/fs", -0.25), ("c1", "w/fs", 2.0), ("c2", "w/fs", 0.5))
    outcome = scored(["c1", "c2"], [first("v"), first("w")], *rows)
    assert placed(outcome) == {"c1": "w/fs", "c2": "v/fs"}
    assert (outcome.objective, outcome.scale, outcome.bound) == (175, 100, 175)
    outcome = scored(["c1", "c2"], [first("v"), first("w")], *rows, sense="max")
    assert placed(outcome) == {"c1": "v/fs", "c2": "w/fs"}
    assert (outcome.objective, outcome.bound) == (200, 200)


def test_own_scores_fill_further_seats_only_where_they_gain() -> None:
    posts = [members("v", 1, 3)]
    rows = [(f"c{k}", "v/m", x) for k, x in enumerate((-2.0, 1.0, -1.0, 3.0))]
    assert set(placed(scored(["c0", "c1", "c2", "c3"], posts, *rows))) == {"c0", "c2"}
    assert set(placed(scored(["c0", "c1", "c2", "c3"], posts, *rows, sense="max"))) == {"c1", "c3"}


def test_own_scores_that_cannot_meet_a_minimum() -> None:
    outcome = scored(["c1", "c2"], [first("v"), first("w")], ("c1", "v/fs", 1.0), ("c1", "w/fs", 1.0))
    assert outcome.status == "INFEASIBLE" and outcome.shortage is not None
    assert (outcome.shortage.asked, outcome.shortage.people) == (2, 1)
    told = outcome.clashes[0].en
    assert "these 2 posts" in told and "pair_scores lists only 1 cadre:" in told
    assert "village_posts.minimum" in told and "must_fill_tier" not in told and "role_allowed" not in told


def test_own_scores_with_an_unknown_name() -> None:
    with pytest.raises(InputError, match="x"):
        scored(["c1"], [first("v")], ("x", "v/fs", 1.0))
    net = network(cadres=[{"id": "c1"}], village_posts=[first("v")])
    with pytest.raises(InputError, match="pair_scores"):
        solve(STAGE, context(STAGE, net, objective="scores"))


def test_own_scores_posts_that_nobody_lists_ask_for_nobody() -> None:
    outcome = scored(["c1"], [first("v"), first("w")], ("c1", "v/fs", 1.0))
    assert placed(outcome) == {"c1": "v/fs"}
    net = network(
        cadres=[{"id": "c1"}], village_posts=[first("v"), first("w")], **scores(("c1", "v/fs", 1.0))
    )
    assert STAGE.count(context(STAGE, net, objective="scores")) == []
    both = scores(("c1", "v/fs", 1.0), ("c1", "w/fs", 1.0))
    net = network(cadres=[{"id": "c1"}], village_posts=[first("v"), first("w")], **both)
    assert solve(STAGE, context(STAGE, net, objective="scores")).shortage.asked == 2  # type: ignore[union-attr]  # it is infeasible, so there is one


def test_hard_posts_without_a_leader_are_told() -> None:
    people = [cadre(f"c{k}", roles="member") for k in range(3)]
    posts = [first("v0", minimum=0), members("v0", 3, 3)]
    held = {"postings": [{"cadre": f"c{k}", "village": "v0", "post": "m", **SINCE} for k in range(3)]}
    for tables in ({}, held):
        outcome = decide(people, posts, tables, must_fill_tier=1)
        assert outcome.status == "INFEASIBLE" and "no led and whole team" in outcome.clashes[0].en
    assert decide(people, posts, must_fill_tier=1, team_led=False).status == "OPTIMAL"


def ended_land() -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """Three members in their term in v0, whom nobody can lead, and a led village v2 whose secretary is in the term."""
    people = [
        *(cadre(f"c{k}", roles="member") for k in range(3)),
        cadre("lead", "a2", roles="first_secretary"),
    ]
    held = [{"cadre": f"c{k}", "village": "v0", "post": "m", **SINCE} for k in range(3)]
    held.append({"cadre": "lead", "village": "v2", "post": "fs", **SINCE})
    return people, [first("v0"), members("v0", 3, 3), first("v2")], {"postings": held}


def test_terms_that_end_early_are_told() -> None:
    people, posts, held = ended_land()
    outcome = decide(people, posts, held)
    assert placed(outcome) == {"lead": "v2/fs"}
    told = [w for w in outcome.warnings if "minimum term" in w.en]
    assert len(told) == 1 and "c0, c1, c2 (villages: v0)" in told[0].en and told[0].en.startswith("3 people")
    assert told[0].zh.startswith("3 人未满最短任期，因所在村没有第一书记而提前结束：c0, c1, c2（村：v0）")
    led = decide(people, posts, held, team_led=False)
    assert not [w for w in led.warnings if "minimum term" in w.en]


def test_the_warning_names_ten_ids_and_how_many_more() -> None:
    people = [cadre(f"c{k:02}", roles="member") for k in range(12)]
    held = {"postings": [{"cadre": f"c{k:02}", "village": "v0", "post": "m", **SINCE} for k in range(12)]}
    (told,) = decide(people, [first("v0"), members("v0", 12, 12)], held).warnings[-1:]
    assert "c09 …(+2)" in told.en and "c10" not in told.en


def test_kpis_count_who_stays_in_the_term_and_whose_term_is_cut_short() -> None:
    people, posts, held = ended_land()
    seen = context(STAGE, network(regions=REGIONS, cadres=people, village_posts=posts, **held), **PLAIN)
    plan, baseline = solve(STAGE, seen).tables, STAGE.baseline(seen)
    found = {name: {k.key: k for k in STAGE.measure(seen, t)} for name, t in (("p", plan), ("b", baseline))}
    assert (found["p"]["in_term"].value, found["p"]["ended_early"].value, found["p"]["stay"].value) == (
        1,
        3,
        1,
    )
    assert (found["b"]["in_term"].value, found["b"]["ended_early"].value) == (4, 0)
    assert (found["p"]["ended_early"].better, found["p"]["ended_early"].unit) == ("less", "persons")
    nobody = {"postings": plan["postings"].clear()}
    assert {k.key: k.value for k in STAGE.measure(seen, nobody)}["ended_early"] == 4


def test_explain_says_that_a_term_is_cut_short() -> None:
    people, posts, held = ended_land()
    seen = context(STAGE, network(regions=REGIONS, cadres=people, village_posts=posts, **held), **PLAIN)
    tables = solve(STAGE, seen).tables
    (told,) = STAGE.explain(seen, tables, ("c1",))
    assert (
        told.said.en
        == "c1 is posted nowhere: the minimum term is cut short, as the village has no first secretary"
    )
    (village,) = STAGE.explain(seen, tables, ("v0",))
    ended = [o.what.en for o in village.options if "cut short" in o.note.en and not o.chosen]
    assert ended == ["c0 (m)", "c1 (m)", "c2 (m)"]
    (led,) = STAGE.explain(seen, tables, ("v2",))
    assert not [o for o in led.options if "cut short" in o.note.en]


@pytest.mark.parametrize("sense, better", [("max", "more"), ("min", "less")])
def test_own_scores_are_called_scores_and_the_sense_says_what_is_better(sense: str, better: str) -> None:
    net = network(cadres=[{"id": "c1"}], village_posts=[first("v")], **scores(("c1", "v/fs", 2.5)))
    seen = context(STAGE, net, objective="scores", sense=sense)
    found = {k.key: k for k in STAGE.measure(seen, solve(STAGE, seen).tables)}
    assert (found["cost"].title.en, found["cost"].value, found["cost"].better) == ("total score", 2.5, better)
    assert (found["cost_per_posting"].title.zh, found["cost_per_posting"].better) == ("每人评分", better)
    assert "ended_early" not in found


def test_own_costs_are_called_costs() -> None:
    seen = context(
        STAGE, network(regions=REGIONS, cadres=[cadre("c1")], village_posts=[first("v2")]), **PLAIN
    )
    found = {k.key: k for k in STAGE.measure(seen, solve(STAGE, seen).tables)}
    assert (found["cost"].title.en, found["cost"].unit, found["cost"].better) == (
        "total cost",
        "points",
        "less",
    )


@given(st.integers(0, 10_000))
def test_villages_within_places_are_those_whose_path_meets_them(seed: int) -> None:
    random = np.random.default_rng(seed)
    paths = random.integers(-1, 12, (int(random.integers(1, 5)), int(random.integers(0, 9))))
    rows = random.integers(0, 14, int(random.integers(0, 5)))
    assert (Lying(paths).within(rows) == np.isin(paths, rows).any(axis=0)).all()
