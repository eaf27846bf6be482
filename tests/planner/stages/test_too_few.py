"""People that counting finds too few for posts that must be filled: there is then no plan, and where people are enough nothing is told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from planner.clash.edits import Put
from planner.clash.trial import Trials
from planner.solve.pool import InProcess
from planner.stage import Context, Limits
from planner.stages.cadres import STAGE
from planner.stages.cadres.too_few import too_few
from tests.planner import cadre_land, tiny


def random_land(seed: int) -> Context:
    """Up to six people and posts, some in their term, with rules on skill, language, role, area, home and release at random."""
    rng = np.random.default_rng(seed)
    homes, villages = ["a1", "a2", "b1", "A", "P"], ["v0", "v1", "v2", "v3"]
    people: list[dict[str, Any]] = [
        cadre_land.cadre(f"c{i}", str(rng.choice(homes)), unit=str(rng.choice(["a1", "b1", "P"])),
                         skill=str(rng.choice(["health", "general"])), languages=str(rng.choice(["", "yi"])),
                         roles=str(rng.choice(["first_secretary", "member", "first_secretary;member"])))
        for i in range(int(rng.integers(1, 7)))
    ]  # fmt: skip
    posts = [
        row for v in villages if rng.random() < 0.7
        for row in (cadre_land.first(v, tier=int(rng.integers(1, 3)), skill=str(rng.choice(["health", "general"]))),
                    cadre_land.members(v, int(rng.integers(0, 3)), 3, tier=2))
    ] or [cadre_land.first("v0", tier=1)]  # fmt: skip
    held = (
        [{"cadre": "c0", "village": posts[0]["village"], "post": "fs", "since": None}]
        if rng.random() < 0.4
        else []
    )
    values: dict[str, Any] = {
        "must_fill_tier": int(rng.integers(1, 3)), "skill": str(rng.choice(["prefer", "require"])),
        "language": str(rng.choice(["prefer", "require"])), "role_allowed": bool(rng.random() < 0.7) or "off",
        "posting_area": str(rng.choice(["off", "prefecture", "province"])), "team_led": "off", "team_minimum": "off",
        "avoid_home_county": True if rng.random() < 0.3 else "off", "unit_release_share": float(rng.choice([0.5, 1.0])),
    }  # fmt: skip
    net = tiny.network(regions=cadre_land.REGIONS, cadres=people, village_posts=posts, postings=held,
                       region_tags=[{"region": "a1", "tag": "language:yi"}])  # fmt: skip
    return tiny.context(STAGE, net, **{**cadre_land.PLAIN, **values})


def test_what_is_told_has_no_plan_and_most_of_what_has_none_is_told() -> None:
    told = infeasible = 0
    for seed in range(120):
        context = random_land(seed)
        status = tiny.solve(STAGE, context).status
        found = too_few(context)
        assert not found or status == "INFEASIBLE", (seed, [t.en for t in found])
        told, infeasible = told + bool(found), infeasible + (status == "INFEASIBLE")
    assert 0.7 * infeasible < told <= infeasible < 120


@pytest.mark.parametrize("taking_part", [True, False])
def test_people_of_a_unit_that_may_still_get_counties_may_go_anywhere(taking_part: bool) -> None:
    unit = {"id": "u1", "name": "u1", "kind": "bank" if taking_part else "military", "home_region": "A"}
    net = tiny.network(
        regions=cadre_land.REGIONS, units=[unit], cadres=[cadre_land.cadre("c0", "a1", unit="u1")],
        village_posts=[cadre_land.first("v3", tier=1)],
    )  # fmt: skip
    context = tiny.context(STAGE, net, **{**cadre_land.PLAIN, "must_fill_tier": 1, "role_allowed": "off"})
    wanted = "1 seat in b1 that must be filled: nobody may take one (rules: must_fill_tier, posting_area)"
    assert (wanted in [t.en for t in too_few(context, units_open=True)]) != taking_part
    assert wanted in [t.en for t in too_few(context)]


def test_nothing_is_counted_where_no_post_must_be_filled() -> None:
    net = tiny.network(regions=cadre_land.REGIONS, cadres=[], village_posts=[cadre_land.first("v0", tier=1)])
    assert too_few(tiny.context(STAGE, net, **cadre_land.PLAIN)) == []
    told = too_few(tiny.context(STAGE, net, **{**cadre_land.PLAIN, "must_fill_tier": 1}))
    assert told
    assert "nobody may take one" in told[0].en
    assert "没有干部可任" in told[0].zh


def blamed(people: list[dict[str, Any]], *villages: str, **values: Any) -> list[str]:
    """What is told of one post in each of these villages that must be filled."""
    net = tiny.network(
        regions=cadre_land.REGIONS,
        cadres=people,
        village_posts=[cadre_land.first(v, tier=1) for v in villages],
    )
    fixed = {**cadre_land.PLAIN, "must_fill_tier": 1, "posting_area": "off", **values}
    return [t.en for t in too_few(tiny.context(STAGE, net, **fixed))]


def test_the_rule_that_keeps_people_away_is_blamed_and_no_other_in_one_line() -> None:
    far = [cadre_land.cadre("c0", "b1")]  # 100 km from v0
    wanted = "1 seat in a1 that must be filled: nobody may take one (rules: must_fill_tier, distance_max_km)"
    assert blamed(far, "v0", distance_max_km=45.0) == [wanted]
    assert blamed(far, "v0", distance_max_km=105.0) == []


def test_rules_are_blamed_together_where_each_keeps_somebody_away() -> None:
    people = [cadre_land.cadre("c0", "b1"), cadre_land.cadre("c1", "a1", roles="member")]  # far; not a leader
    (told,) = blamed(people, "v0", distance_max_km=45.0)
    assert told.endswith("(rules: must_fill_tier, role_allowed, distance_max_km)")
    assert blamed(people, "v0", distance_max_km="off") == []
    assert blamed(people, "v0", distance_max_km=45.0, role_allowed="off") == []


def test_no_rule_is_blamed_where_people_are_too_few_anyway() -> None:
    (told,) = blamed([cadre_land.cadre("c0", "a1")], "v0", "v1", distance_max_km=45.0)
    assert told.endswith("only 1 cadre may take one, 1 too few (rules: must_fill_tier)")


def test_the_rules_blamed_suffice_and_each_is_needed() -> None:
    """Every other rule being off there is no plan; with one of those blamed off too, what is told is no longer told."""
    off = {"skill": "prefer", "language": "prefer"}
    keys = ("skill", "language", "role_allowed", "posting_area", "avoid_home_county", "unit_release_share")
    seen = 0
    for seed in range(60):
        context = random_land(seed)
        for text in too_few(context):
            rules = text.rules  # type: ignore[attr-defined]  # every one is a clash
            out = [Put(k, off.get(k, "off")) for k in keys if k not in rules]
            assert Trials(STAGE, context, InProcess(), Limits()).holds(out) is False, (seed, text.en)
            seen += len(rules) > 1
    assert seen > 10
