"""Which binding rules bind at the subject of an explanation."""

from __future__ import annotations

from typing import Any

import pytest

from graph.language import Text
from planner.explain import binding_rules, explain
from planner.here import with_rules
from planner.plan import Plan
from planner.reason import Explanation, Option
from tests.planner.tiny import network

LAND = network(
    regions=[
        {"code": "P", "name": "省", "level": "province"},
        {"code": "c", "name": "甲县", "level": "county", "parent": "P"},
        {"code": "v", "name": "一村", "level": "village", "parent": "c"},
        {"code": "d", "name": "乙县", "level": "county", "parent": "P"},
        {"code": "Q", "name": "外省", "level": "province"},
    ],
    units=[{"id": "u", "name": "一局"}],
    fund_sources=[{"id": "s", "name": "专项资金"}],
)


def rule(key: str, at: list[str] | None) -> dict[str, Any]:
    return {"rule": key, "at": at, "tightest": {"zh": "全国最紧", "en": "tightest of all"}}


def here(explanation: Explanation, rules: list[dict[str, Any]], *keys: str) -> dict[str, str]:
    told = with_rules(LAND, explanation, keys, rules)
    assert len(told.rules) + told.elsewhere == len(rules)
    return {r["rule"]: r["here"]["en"] for r in told.rules}


PLAIN = Explanation("exit", Text("甲县", "甲县"), [Option(Text("此", "this"), 3.0, {"late": 3.0}, True)])


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (["c"], "no room left: 甲县"),  # itself
        (["P"], "no room left: 省"),  # above it
        (["v"], "no room left: 一村"),  # below it
        (["d"], None),  # a neighbour
        (["Q", "d"], None),
        ([], None),  # the whole country alike
        (["v", "c", "P"], "no room left: 一村, 甲县, 省"),
    ],
)
def test_a_limit_binds_at_the_place_above_or_below_it(at: list[str], told: str | None) -> None:
    assert here(PLAIN, [rule("r", at)], "c").get("r") == told


@pytest.mark.parametrize(
    ("value", "sides", "told"),
    [
        ([1, 4], {"c": "least"}, "at its minimum of 1: 甲县; no room left: 一村"),
        ([1, 4], {"c": "most", "v": "most"}, "at its maximum of 4: 甲县, 一村"),
        ([1, 4], {"c": "most", "v": "least"}, "at its minimum of 1: 一村; at its maximum of 4: 甲县"),
        ([2, 2], {"c": "both", "v": "both"}, "exactly 2: 甲县, 一村"),
        (0.3, {"c": "least", "v": "most"}, "at its minimum: 甲县; at its maximum: 一村"),
        (True, {}, "no room left: 甲县, 一村"),
    ],
)
def test_the_side_that_binds_is_told_with_its_number(value: Any, sides: dict[str, str], told: str) -> None:
    asked = {**rule("r", ["c", "v"]), "value": value, "sides": sides}
    assert here(PLAIN, [asked], "c") == {"r": told}


def test_places_of_a_rule_stand_for_what_they_are() -> None:
    """Where tiers leave posts open there is no lack of room; a least that is met is one, of plans that tell no sides too."""
    for stage, key, told in (
        ("cadres", "tiers", "posts are open: 一村"),
        ("designation", "deep_poverty_strength", "at its minimum: 一村"),
        ("exit", "pledge_counties", "not met, or just met: 一村"),
        ("exit", "pace", "no room left: 一村"),
    ):
        assert here(Explanation(stage, Text("", "")), [rule(key, ["v"])], "v") == {key: told}
    asked = {**rule("pledge_counties", ["c"]), "sides": {"c": "least"}, "value": True}
    assert here(PLAIN, [asked], "c") == {"pledge_counties": "at its minimum: 甲县"}


def test_a_chosen_partner_counts_and_one_that_was_not_chosen_does_not() -> None:
    options = [
        Option(Text("u", "u"), 1.0, {}, True, about=("u", "c")),
        Option(Text("w", "w"), 2.0, {}, False, about=("w", "c")),
    ]
    told = here(Explanation("designation", Text("", ""), options), [rule("a", ["u"]), rule("b", ["w"])], "c")
    assert told == {"a": "no room left: 一局"}


def test_two_together_bind_only_where_both_are_near() -> None:
    paid = Explanation("funds", Text("", ""), [Option(Text("", ""), 1.0, {}, True, about=("s",))])
    assert here(paid, [rule("r", ["s>P"])], "c") == {"r": "no room left: 专项资金 → 省"}
    assert here(paid, [rule("r", ["s>Q"])], "c") == {}
    assert here(PLAIN, [rule("r", ["s>P"])], "c") == {}  # another source pays here


def test_a_weight_binds_where_its_term_is_in_an_option() -> None:
    rules = [rule("late_weight", []), rule("risk_weight", [])]
    assert here(PLAIN, rules, "c") == {"late_weight": "3.000 of what was chosen"}
    other = Explanation("exit", Text("", ""), [*PLAIN.options, Option(Text("", ""), 9.0, {"risk": 9.0})])
    assert here(other, rules, "c")["risk_weight"] == "0.000 of what was chosen"


def test_names_of_terms_of_people() -> None:
    options = [Option(Text("", ""), 2.0, {"new": 2.0}, True)]
    told = here(
        Explanation("cadres", Text("", ""), options), [rule("keep_weight", []), rule("skill", [])], "c"
    )
    assert told == {"keep_weight": "2.000 of what was chosen"}


def test_a_rule_in_the_way_of_an_option_names_it() -> None:
    options = [Option(Text("去年", "last year"), 1.0, {}, rules=("line",)), *PLAIN.options]
    told = here(Explanation("exit", Text("", ""), options), [rule("line", []), rule("pace", [])], "c")
    assert told == {"line": "in the way of: last year"}


def test_a_rule_that_alone_decides_is_told() -> None:
    decided = Explanation("cadres", Text("", ""), by=("availability",))
    assert here(decided, [rule("availability", []), rule("team_led", [])], "k") == {
        "availability": "decides it"
    }


def test_a_plan_that_does_not_tell_where_keeps_its_rules() -> None:
    assert here(PLAIN, [rule("r", None)], "c") == {"r": "tightest of all"}


def test_a_plan_that_tells_where_in_its_head_is_read_alike(small_plan: Plan) -> None:
    """For a while the places stood in plan.json; now there is only their number, and a table holds them."""
    heads = small_plan.stages["designation"]["rules"]
    places = {r["rule"]: small_plan.tight("designation", r) for r in heads}
    assert any(places.values())
    assert {r["rule"]: r["at_count"] for r in heads} == {k: len(at or ()) for k, at in places.items()}
    rules = [{k: v for k, v in r.items() if k != "at_count"} | {"at": places[r["rule"]]} for r in heads]
    stages = {"designation": {**small_plan.stages["designation"], "rules": rules}}
    older = Plan(small_plan.folder, {**small_plan.head, "stages": stages})
    assert binding_rules(older, "designation") == binding_rules(small_plan, "designation")


def test_two_counties_of_one_plan_are_told_different_rules(small_plan: Plan) -> None:
    whole = {r["rule"] for r in binding_rules(small_plan, "designation")}
    told = {c: {r["rule"]: r["here"]["en"] for r in explain(small_plan, c)[0].rules} for c in "ABC"}
    assert all(set(rules) <= whole for rules in told.values())
    assert len({str(sorted(rules.items())) for rules in told.values()}) == 3
    for county, rules in told.items():
        for text in rules.values():
            others = {"A": "甲县", "B": "乙县", "C": "丙县"}
            assert not any(name in text for code, name in others.items() if code != county)
