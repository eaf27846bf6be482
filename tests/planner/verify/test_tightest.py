"""Where each rule is tightest, and at which places it leaves no room: cases to check by hand."""

from __future__ import annotations

from typing import Any

import polars as pl

from graph.language import Text
from planner.stage import Context
from planner.stages.designation import STAGE as DESIGNATION
from planner.stages.funds import STAGE as FUNDS
from planner.verify import cadres, designation, funds
from planner.verify.outcome import Resolved, RuleState, StageCheck
from planner.verify.pairs import degree_states, listed_pairs
from tests.planner import cadre_land, exit_land, inspection_land, pairing_land, tiny
from tests.planner.cadre_land import cadre, first, members
from tests.planner.money_land import PLAIN, money, need, region, two_counties


def by_rule(check: StageCheck) -> dict[str, RuleState]:
    return {r.rule: r for r in check.rules}


def posted(cadres_: Any, posts: Any, **values: Any) -> dict[str, RuleState]:
    outcome = cadre_land.decide(cadres_, posts, **values)
    net = tiny.network(regions=cadre_land.REGIONS, cadres=cadres_, village_posts=posts)
    seen = tiny.context(cadre_land.STAGE, net, **{**cadre_land.PLAIN, **values})
    found = cadres.check(tiny.resolved(cadre_land.STAGE, seen), outcome.tables, outcome.certificates)
    return by_rule(found)


def test_teams_of_the_least_size_and_villages_that_get_nobody() -> None:
    posts = [first("v0"), members("v0", 2, 2), first("v3"), members("v3", 2, 2)]
    people = [cadre(f"c{i}") for i in range(3)]  # enough for one team, and none of them reaches v3
    told = posted(people, posts)
    assert told["team_minimum"].tightest.en == "1 village has just 3"
    assert told["team_minimum"].at == ("v0",)
    assert (told["team_led"].state, told["team_led"].at) == ("binding", ("v3",))
    assert told["team_led"].tightest.zh == "1 个村因此没有派人"
    assert told["tiers"].at == ("v3",)
    assert told["posting_area"].tightest.en == "0 people who could go stay, 3 posts are open"


def test_people_who_may_lead_beside_the_posts() -> None:
    people = [cadre("a"), cadre("b", roles="member"), cadre("c")]
    told = posted(people, [first("v0")])
    assert told["role_allowed"].tightest.en == "2 people may be first secretary, for 1 post"
    assert told["tiers"].tightest.en == "every must-post is filled"
    assert told["posting_area"].tightest.en == "2 people who could go stay, 0 posts are open"


def test_a_unit_that_releases_all_it_may() -> None:
    people = [cadre("a"), cadre("b"), cadre("c")]
    posts = [first("v0"), first("v1")]
    tight = posted(people, posts, unit_release_share=0.5)["unit_release_share"]  # of three, rounded up: two
    assert (tight.state, tight.at, tight.tightest.en) == ("binding", ("a1",), "a1 releases 2 of 2")
    loose = posted(people, posts, unit_release_share=1.0)["unit_release_share"]
    assert (loose.state, loose.at, loose.tightest.en) == ("slack", (), "a1 releases 2 of 3")


def test_villages_whose_posts_must_be_filled() -> None:
    told = posted([cadre("a"), cadre("b")], [first("v0", tier=1), first("v1", tier=2)], must_fill_tier=1)
    assert (told["must_fill_tier"].at, told["must_fill_tier"].tightest.en) == (
        ("v0",), "1 person must be there"
    )  # fmt: skip


def test_own_counties_that_are_too_far_are_named_by_unit() -> None:
    other = [{"code": "P2", "name": "P2", "level": "province"}, {"code": "z", "name": "z", "level": "county", "parent": "P2"}]  # fmt: skip
    relations = [
        {"id": str(i), "kind": "designated", "supporter": "u", "recipient": c}
        for i, c in enumerate(("a2", "z"))
    ]

    def told(**values: Any) -> RuleState:
        net = tiny.network(
            regions=[*cadre_land.REGIONS, *other],
            units=[{"id": "u", "name": "unit"}],
            cadres=[cadre("c", unit="u")],
            village_posts=[first("v2")],
            relations=relations,
        )
        seen = tiny.context(cadre_land.STAGE, net, **{**cadre_land.PLAIN, **values})
        outcome = tiny.solve(cadre_land.STAGE, seen)
        return by_rule(cadres.check(tiny.resolved(cadre_land.STAGE, seen), outcome.tables, {}))[
            "own_county_area"
        ]

    near = told()
    assert (near.state, near.at) == ("binding", ("u",))
    assert near.tightest.en == "1 unit may go to some of its counties only"
    relations[1]["recipient"] = "a1"
    assert told().state == "slack"
    assert told(own_county_area="off").state == "off"


REGIONS = [{"code": c, "name": f"county {c}", "level": "county"} for c in "AB"]


def designated(pairs: list[tuple[str, str]], room: int | None = 2, **values: Any) -> dict[str, RuleState]:
    units = [
        {"id": "s", "name": "Strong", "kind": "bank", "strength": 0.9, "capacity": room},
        {"id": "w", "name": "Weak", "kind": "bank", "strength": 0.1, "capacity": room},
    ]
    tags = [{"region": c, "tag": t} for c in "AB" for t in ("key_county_592", "deep_poverty")]
    net = tiny.network(regions=REGIONS, region_tags=tags, units=units, relations=[])
    seen: Context = tiny.context(DESIGNATION, net, **values)
    rows = pl.DataFrame(
        [("designation", s, r, 0.0, 1, "{}", "designated") for s, r in pairs],
        schema=["stage", "supporter", "recipient", "cost", "load", "terms", "kind"],
        orient="row",
    )
    return by_rule(designation.check(tiny.resolved(DESIGNATION, seen), {"pairs": rows}, {}))


def test_deep_poverty_counties_with_one_strong_unit() -> None:
    told = designated([("s", "A"), ("s", "B"), ("w", "B")])
    strong = told["deep_poverty_strength"]
    assert (strong.state, strong.at) == ("binding", ("A", "B"))
    assert strong.tightest.en == "2 deep-poverty counties have one such unit only"
    kind = told["same_kind_max"]
    assert kind.tightest.en == "county B has 2 of the kind bank or financial institution"
    assert told["unit_capacity"].at == ("s",)
    assert (
        designated([("w", "A")], None)["unit_capacity"].tightest.en
        == "no unit that takes part has a capacity"
    )


def test_kinds_at_their_limit() -> None:
    told = designated([("s", "A"), ("s", "B"), ("w", "B")], same_kind_max=2)["same_kind_max"]
    assert (told.state, told.at) == ("binding", ("B",))


def test_none_is_no_limit_that_is_reached() -> None:
    """Nobody can have fewer than none, so that many are not at a limit."""
    seen = Resolved(tiny.network(regions=REGIONS), {"x": {"r": [0, 3], "least": [1, 3]}}, tiny.DAY)
    loose = degree_states(seen, "x", "r", {"A": 0, "B": 2}, [])
    assert (loose.state, loose.tightest.en, loose.at) == ("slack", "most: county B has 2", ())
    full = degree_states(seen, "x", "r", {"A": 0, "B": 3}, [])
    assert (full.state, full.tightest.en, full.at) == ("binding", "1 is at the maximum of 3", ("B",))
    assert degree_states(seen, "x", "least", {"A": 1, "B": 2}, []).at == ("A",)


def test_a_range_tells_which_side_is_reached_and_where() -> None:
    seen = Resolved(tiny.network(regions=REGIONS), {"x": {"r": [1, 3], "just": [2, 2]}}, tiny.DAY)
    both = degree_states(seen, "x", "r", {"A": 1, "B": 3, "C": 2}, [])
    assert both.tightest == Text(
        "1 个在下限 1，1 个在上限 3", "1 is at the minimum of 1, 1 is at the maximum of 3"
    )
    assert both.sides == {"A": "least", "B": "most"}
    low = degree_states(seen, "x", "r", {"A": 1, "B": 1, "C": 2}, [])
    assert (low.tightest.en, low.sides) == ("2 are at the minimum of 1", {"A": "least", "B": "least"})
    just = degree_states(seen, "x", "just", {"A": 2}, [])
    assert (just.tightest.en, just.sides) == ("1 has just 2", {"A": "both"})


def test_listed_pairs_tell_how_many() -> None:
    seen = Resolved(tiny.network(), {"x": {"pins": ["u > A"], "bans": []}}, tiny.DAY)
    told = listed_pairs(seen, "x", "pins", {("u", "A")}, wanted=True, broken=[])
    assert (told.state, told.tightest.en, told.at) == ("binding", "1 pair listed", ("u>A",))
    none = listed_pairs(seen, "x", "bans", set(), wanted=False, broken=[])
    assert (none.state, none.tightest.en) == ("slack", "none are listed")


def test_pairing_names_who_stands_on_one_pair() -> None:
    seen = tiny.context(pairing_land.STAGE, tiny.network(**pairing_land.tables()), cover_ethnic="off")
    outcome = tiny.solve(pairing_land.STAGE, seen)
    told = by_rule(pairing_land.check(tiny.resolved(pairing_land.STAGE, seen), outcome.tables, {}))
    alone = outcome.tables["pairs"].filter(pl.col("kind") == "east_west")["recipient"].value_counts()
    once = sorted(alone.filter(pl.col("count") == 1)["recipient"].to_list())
    assert list(told["cover_recipients"].at) == once
    assert told["cover_recipients"].tightest.en.startswith(f"{len(once)} ")


def test_villages_that_exit_as_soon_as_they_can() -> None:
    net = exit_land.land({"a": 0.04}, villages={"v": ("a", 0.04), "w": ("a", 0.01)})
    seen = exit_land.see(net)
    told = by_rule(exit_land.recheck(seen, exit_land.plan(net).tables))
    line = told["village_line"]
    assert (line.state, line.at) == ("binding", ("v",))
    assert line.tightest.en == "1 village exits as soon as it is below the line"
    assert told["line"].at == ("a",)  # 4 % halves to 2 % in 2017, which is not below it
    assert told["line_west"].tightest.en == "no county is under it"
    assert told["exits_per_team"].tightest.en == "nowhere full"


def test_inspection_names_teams_and_regions_that_a_rule_shuts_out() -> None:
    seen = tiny.context(inspection_land.STAGE, tiny.network(**inspection_land.BASE), **inspection_land.FEW)
    outcome = tiny.solve(inspection_land.STAGE, seen)
    told = by_rule(inspection_land.check(tiny.resolved(inspection_land.STAGE, seen), outcome.tables, {}))
    assert set(told["no_own"].at) == {"tA>A", "tB>B", "tC>C"}
    assert (
        told["strata_tags"].tightest.en.startswith("other ")
        or "poor county" in told["strata_tags"].tightest.en
    )
    assert "、" not in told["strata_tags"].tightest.en


def money_told(net: Any, **values: Any) -> dict[str, RuleState]:
    seen = tiny.context(FUNDS, net, **{**PLAIN, **values})
    outcome = tiny.solve(FUNDS, seen)
    return by_rule(funds.check(tiny.resolved(FUNDS, seen), outcome.tables, outcome.certificates))


def test_money_names_sources_that_are_spent_and_counties_at_a_bound() -> None:
    told = money_told(two_counties(), county_ceiling=60)
    assert (told["budgets"].state, told["budgets"].at) == ("binding", ("g",))
    assert told["county_ceiling"].state in ("binding", "slack")
    assert told["carry_over"].tightest.en == "holds nothing back"
    assert told["suitability"].tightest.zh == "无处受限"
    full = money_told(two_counties(fund_budgets=[money("g", 120)]), county_ceiling=60)["county_ceiling"]
    assert (full.state, full.at) == ("binding", ("a", "b"))


def test_a_province_is_named_with_the_source_that_is_at_its_share() -> None:
    net = two_counties(
        regions=[
            region("P", level="province"),
            region("Q", level="province"),
            region("a", "P"),
            region("b", "Q"),
        ],
        needs=[need("a", "industry", 100), need("b", "industry", 100)],
        region_facts=[
            {"region": c, "year": 2016, "measure": "poor_population", "value": v}
            for c, v in (("a", 30.0), ("b", 10.0))
        ],
    )
    told = money_told(net, province_shares=0.0)["province_shares"]
    assert told.state == "binding"
    assert set(told.at) == {"g>P", "g>Q"}


def test_a_limit_of_nothing_is_in_force_and_a_weight_of_nothing_is_off() -> None:
    told = money_told(two_counties(), stability=0.0, need_weight=0)
    assert told["stability"].state == "slack"  # nothing was allotted before
    assert told["need_weight"].state == "off"
