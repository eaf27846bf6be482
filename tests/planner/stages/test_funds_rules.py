"""Every rule of `funds`, once where it bites and once where it does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graph.errors import LimitReached
from graph.network import Network
from planner.deciding import decide
from planner.solve.pool import InProcess
from planner.stage import Limits
from planner.stages.funds import STAGE
from planner.verify.funds import check
from tests.planner.money_land import PLAIN, fact, money, need, network, region, two_counties
from tests.planner.tiny import context, resolved, solve


def paid(net: Network, **values: Any) -> dict[tuple[Any, ...], int]:
    """(source, region, programme, year) → yuan, with every rule off but these."""
    outcome = solve(STAGE, context(STAGE, net, **{**PLAIN, **values}))
    assert outcome.status in ("OPTIMAL", "FEASIBLE"), outcome.clashes
    return {tuple(r[:4]): r[4] for r in outcome.tables["allocations"].iter_rows()}


def sums(found: dict[tuple[Any, ...], int], column: int) -> dict[Any, int]:
    """Yuan by source (0), region (1), programme (2) or year (3)."""
    made: dict[Any, int] = {}
    for key, amount in found.items():
        made[key[column]] = made.get(key[column], 0) + amount
    return made


def tag(place: str, name: str) -> dict[str, Any]:
    return {"region": place, "tag": name}


SOURCE = {"id": "g", "name": "拨款", "level": "central", "instrument": "grant"}


def test_budgets_bind_and_off_asks_what_it_would_take() -> None:
    assert sum(paid(two_counties()).values()) == 100
    assert sum(paid(two_counties(), budgets=False).values()) == 200
    assert sum(paid(two_counties(fund_budgets=[money("g", 500)])).values()) == 200


def test_carry_over_moves_money_up_to_its_share() -> None:
    tables = {"needs": [need("a", "industry", 50), need("a", "industry", 100, 2018)],
              "fund_budgets": [money("g", 100, 2017, 0.3), money("g", 10, 2018)]}  # fmt: skip
    assert sums(paid(two_counties(**tables)), 3) == {2017: 50, 2018: 40}
    assert sums(paid(two_counties(**tables), carry_over=False), 3) == {2017: 50, 2018: 10}
    whole = {**tables, "fund_budgets": [money("g", 100, 2017, 1.0), money("g", 10, 2018)]}
    assert sums(paid(two_counties(**whole), later_discount=0.1), 3) == {2017: 50, 2018: 60}


def test_money_is_carried_through_a_year_without_needs() -> None:
    tables = {"needs": [need("a", "industry", 90, 2018), need("b", "health", 1)],
              "fund_sources": [{**SOURCE, "programmes": "industry"}],
              "fund_budgets": [money("g", 100, 2017, 0.5), money("g", 20, 2018)]}  # fmt: skip
    assert sums(paid(two_counties(**tables)), 3) == {2018: 70}


def test_earmarks_hold_money_to_its_programmes() -> None:
    tables = {"fund_sources": [{**SOURCE, "programmes": "health"}]}
    assert paid(two_counties(**tables)) == {}
    assert sum(paid(two_counties(**tables), earmarks=False).values()) == 100


@pytest.mark.parametrize(
    ("direction", "programme"),
    [
        ("ethnic_minority", "tourism"),
        ("work_relief", "labour"),
        ("state_farm", "housing"),
        ("forest_farm", "ecology"),
    ],
)
def test_each_direction_pays_for_its_own_programmes_only(direction: str, programme: str) -> None:
    tables = {"needs": [need("a", programme, 40), need("a", "dibao", 60)],
              "fund_sources": [{**SOURCE, "direction": direction}]}  # fmt: skip
    assert sums(paid(two_counties(**tables)), 2) == {programme: 40}
    tables["fund_sources"] = [{**SOURCE, "direction": "development"}]
    assert sums(paid(two_counties(**tables)), 2) == {programme: 40, "dibao": 60}


def test_direction_tags_hold_money_to_places() -> None:
    tables = {
        "fund_sources": [{**SOURCE, "direction": "ethnic_minority"}],
        "region_tags": [tag("b", "language:yi")],
    }
    rule = ["ethnic_minority>language:*"]
    assert sums(paid(two_counties(**tables), direction_tags=rule), 1) == {"b": 100}
    assert sum(paid(two_counties(), direction_tags=rule).values()) == 100


@pytest.mark.parametrize(("instrument", "rule", "programme"), [
    ("bond", "bond_programmes", "relocation"),
    ("microcredit", "microcredit_programmes", "industry"),
    ("relending", "relending_programmes", "e_commerce"),
])  # fmt: skip
def test_an_instrument_pays_for_its_purpose_only(instrument: str, rule: str, programme: str) -> None:
    tables = {"needs": [need("a", programme, 30), need("a", "health", 30)],
              "fund_sources": [{**SOURCE, "instrument": instrument}]}  # fmt: skip
    assert sums(paid(two_counties(**tables)), 2) == {programme: 30}
    assert sums(paid(two_counties(**tables), **{rule: "off"}), 2) == {programme: 30, "health": 30}


CREDIT = {"fund_sources": [{**SOURCE, "instrument": "microcredit", "level": "social"}],
          "region_facts": [fact("a", "poor_population", 6), fact("b", "poor_population", 40)]}  # fmt: skip


def test_loans_stay_below_what_households_may_owe() -> None:
    values = {
        "microcredit_loan_max": 12,
        "household_size": 2,
    }  # a: 3 households, 36 yuan, 12 a year over 3 years
    assert sums(paid(two_counties(**CREDIT), **values), 1) == {"a": 12, "b": 80}
    assert sums(paid(two_counties(**CREDIT), **values, microcredit_years=1), 1)["a"] in range(20, 37)
    assert sum(paid(two_counties(**CREDIT)).values()) == 100


def test_outstanding_loans_are_held_over_their_term() -> None:
    tables = {**CREDIT, "needs": [need("a", "industry", 100, y) for y in (2017, 2018, 2019)],
              "fund_budgets": [money("g", 100, y) for y in (2017, 2018, 2019)]}  # fmt: skip
    values = {"microcredit_loan_max": 12, "household_size": 2, "microcredit_window": "outstanding"}
    by_year = sums(paid(two_counties(**tables), **values, microcredit_years=3), 3)
    assert sum(by_year.values()) == 36
    by_year = sums(paid(two_counties(**tables), **values, microcredit_years=2), 3)
    assert sum(by_year.values()) == 72 and all(
        by_year.get(y, 0) + by_year.get(y + 1, 0) <= 36 for y in (2017, 2018)
    )


def test_repayments_may_be_lent_again() -> None:
    tables = {**CREDIT, "needs": [need("a", "industry", 80, y) for y in (2017, 2018)],
              "fund_budgets": [money("g", 50, 2017), money("g", 10, 2018)]}  # fmt: skip
    assert sums(paid(two_counties(**tables), microcredit_years=1), 3) == {2017: 50, 2018: 10}
    again = paid(two_counties(**tables), microcredit_years=1, microcredit_returns=True)
    assert sums(again, 3) == {2017: 50, 2018: 60}


def test_subsidy_and_risk_fund_make_loans_the_second_choice() -> None:
    tables = {"fund_sources": [SOURCE, {**SOURCE, "id": "m", "instrument": "microcredit"}],
              "needs": [need("a", "industry", 100)], "fund_budgets": [money("g", 60), money("m", 100)]}  # fmt: skip
    found = sums(paid(two_counties(**tables), microcredit_subsidy=0.1), 0)
    assert found == {"g": 60, "m": 40}
    dear = {
        "microcredit_subsidy": 0.3,
        "microcredit_risk_fund": 0.5,
    }  # 1.4 points a yuan: more than a need is worth
    assert sums(paid(two_counties(**tables), **dear), 0) == {"g": 60}


def test_relending_is_a_share_of_what_firms_need() -> None:
    tables = {"fund_sources": [{**SOURCE, "instrument": "relending"}]}
    assert sums(paid(two_counties(**tables), relending_share=0.25), 1) == {"a": 25, "b": 25}
    assert sum(paid(two_counties(**tables), relending_share=1.0).values()) == 100


def test_lenders_of_different_purposes_share_one_ceiling() -> None:
    tables = {**CREDIT, "needs": [need("a", "industry", 50), need("a", "tourism", 50)],
              "fund_sources": [{**SOURCE, "id": "m", "instrument": "microcredit", "programmes": "industry"},
                               {**SOURCE, "id": "n", "instrument": "microcredit", "programmes": "tourism"}],
              "fund_budgets": [money("m", 50), money("n", 50)]}  # fmt: skip
    values = {"microcredit_loan_max": 12, "household_size": 2, "microcredit_years": 1}
    assert sum(paid(two_counties(**tables), **values).values()) == 36
    assert sum(paid(two_counties(**tables)).values()) == 100


def test_pooling_frees_poolable_money_in_pilot_counties() -> None:
    tables = {
        "fund_sources": [{**SOURCE, "programmes": "health", "poolable": True}],
        "region_tags": [tag("b", "pilot_pooling")],
    }
    assert sums(paid(two_counties(**tables)), 1) == {"b": 100}
    assert paid(two_counties(**tables), pooling=False) == {}
    tables["fund_sources"] = [{**SOURCE, "programmes": "health", "poolable": False}]
    assert paid(two_counties(**tables)) == {}


def test_county_floor_holds_for_tagged_counties() -> None:
    values = {"programme_weights": {"industry": 1.0, "health": 5.0}, "county_floor": 20}
    tables = {
        "needs": [need("a", "industry", 100), need("b", "health", 100)],
        "region_tags": [tag("a", "poor_county_832")],
    }
    assert sums(paid(two_counties(**tables), **values), 1) == {"a": 20, "b": 80}
    assert sums(paid(two_counties(**{**tables, "region_tags": []}), **values), 1) == {"b": 100}


def test_a_floor_is_never_above_what_can_be_paid_for() -> None:
    tables = {
        "needs": [need("a", "industry", 7), need("b", "industry", 100)],
        "region_tags": [tag("a", "poor_county_832")],
    }
    assert sums(paid(two_counties(**tables), county_floor=20), 1)["a"] == 7


def test_county_ceiling() -> None:
    tables = {"fund_budgets": [money("g", 500)]}
    assert sums(paid(two_counties(**tables), county_ceiling=70), 1) == {"a": 70, "b": 70}
    assert sums(paid(two_counties(**tables), county_ceiling=100), 1) == {"a": 100, "b": 100}


def test_bounds_per_poor_person() -> None:
    tables = {"region_facts": [fact("a", "poor_population", 4), fact("b", "poor_population", 50)]}
    found = sums(paid(two_counties(**tables), per_head=[1, 5]), 1)
    assert found["a"] <= 20 and found["b"] >= 50 and sum(found.values()) == 100
    assert sum(paid(two_counties(**tables), per_head=[0, 1000]).values()) == 100


def two_provinces(**tables: Any) -> Network:
    made: dict[str, Any] = {
        "regions": [
            region("P", level="province"),
            region("Q", level="province"),
            region("a", "P"),
            region("b", "Q"),
        ],
        "needs": [need("a", "industry", 100), need("b", "health", 100)],
        "fund_sources": [SOURCE],
        "fund_budgets": [money("g", 100)],
        "region_facts": [fact("a", "poor_population", 25), fact("b", "poor_population", 75)],
        "region_tags": [],
    }
    return network(**{**made, **tables})


BY_PEOPLE = {"factor_weights": {"poverty": 1.0}, "programme_weights": {"industry": 3.0}}


def test_province_shares_by_factors() -> None:
    assert sums(paid(two_provinces(), **BY_PEOPLE), 1) == {"a": 100}
    assert sums(paid(two_provinces(), **BY_PEOPLE, province_shares=0.2), 1) == {"a": 30, "b": 70}  # 25 × 1.2
    assert sums(paid(two_provinces(), **BY_PEOPLE, province_shares=0.0), 1) == {"a": 25, "b": 75}


def test_reward_for_the_provinces_commended_the_year_before() -> None:
    good = {"assessments": [{"region": "Q", "year": 2016, "category": "commended"}]}
    assert sums(paid(two_provinces(**good), **BY_PEOPLE, reward=0.1), 1) == {"a": 90, "b": 10}
    late = {"assessments": [{"region": "Q", "year": 2017, "category": "commended"}]}
    assert sums(paid(two_provinces(**late), **BY_PEOPLE, reward=0.1), 1) == {"a": 100}


def test_deep_poverty_share_of_the_budget_and_of_what_is_spent() -> None:
    deep = {"region_tags": [tag("b", "deep_poverty")]}
    assert sums(paid(two_provinces(**deep), **BY_PEOPLE, deep_poverty_share=0.4), 1) == {"a": 60, "b": 40}
    assert sums(paid(two_provinces(**deep), **BY_PEOPLE), 1) == {"a": 100}
    spent = paid(two_provinces(**deep), **BY_PEOPLE, deep_poverty_share=0.4, deep_poverty_of="spent")
    assert sums(spent, 1) == {"a": 60, "b": 40}


def test_outside_share_reaches_poor_people_outside_poor_counties() -> None:
    listed = {"region_tags": [tag("a", "poor_county_832")]}
    assert sums(paid(two_provinces(**listed), **BY_PEOPLE, outside_share=0.3), 1) == {"a": 70, "b": 30}
    assert sums(paid(two_provinces(**listed), **BY_PEOPLE), 1) == {"a": 100}


def test_a_county_deep_and_outside_the_list_counts_for_both() -> None:
    tables = {"region_tags": [tag("b", "deep_poverty"), tag("a", "poor_county_832")]}
    seen = context(
        STAGE,
        two_provinces(**tables),
        **{**PLAIN, **BY_PEOPLE, "deep_poverty_share": 0.2, "outside_share": 0.3},
    )
    outcome = solve(STAGE, seen)
    assert outcome.details["crossing"] == ["outside_share"]
    assert dict(outcome.tables["allocations"].select("region", "amount").iter_rows()) == {"a": 70, "b": 30}


def test_diminishing_return_spreads_money() -> None:
    steps = {"0.5": 1.0, "1.0": 0.5}
    assert sums(paid(two_counties(), return_steps=steps), 1) == {"a": 50, "b": 50}
    assert max(sums(paid(two_counties(), return_steps={"1.0": 1.0}), 1).values()) == 100


def test_need_weight_prefers_the_poorest() -> None:
    tables = {"region_facts": [fact("a", "poverty_incidence", 0.1), fact("b", "poverty_incidence", 0.3)]}
    assert sums(paid(two_counties(**tables), need_weight=1.0), 1) == {"b": 100}


def test_later_years_count_less() -> None:
    tables = {"needs": [need("a", "industry", 100), need("a", "industry", 100, 2018)],
              "fund_budgets": [money("g", 100, 2017, 1.0), money("g", 0, 2018)]}  # fmt: skip
    assert sums(paid(two_counties(**tables), later_discount=0.1), 3) == {2017: 100}


SLOTS = [
    need("a", "tourism", 60, quantity=6, unit="village", unit_cost=10),
    need("b", "tourism", 40, quantity=4, unit="village", unit_cost=10),
]


@pytest.mark.parametrize("by", ["county", "country"])
def test_slot_caps(by: str) -> None:
    found = paid(two_counties(needs=SLOTS), slot_caps={"tourism": 5}, slot_caps_by=by)
    assert sum(found.values()) == 50
    assert sum(paid(two_counties(needs=SLOTS), slot_caps={"tourism": 10}, slot_caps_by=by).values()) == 100
    if by == "county":
        assert sums(found, 1) == {"a": 30, "b": 20}


def test_slots_of_posts_count_each_year() -> None:
    needs = [need("a", "ecology", 40, y, quantity=4, unit="post", unit_cost=10) for y in (2017, 2018)]
    tables = {"needs": needs, "fund_budgets": [money("g", 100), money("g", 100, 2018)]}
    assert sums(paid(two_counties(**tables), slot_caps={"ecology": 3}), 3) == {2017: 30, 2018: 30}


def test_suitability() -> None:
    tables = {"needs": SLOTS, "region_tags": [tag("a", "suits:tourism")]}
    assert sums(paid(two_counties(**tables)), 1) == {"a": 60}
    assert sum(paid(two_counties(**tables), suitability=False).values()) == 100
    assert sum(paid(two_counties(needs=SLOTS)).values()) == 100


def test_smallest_project() -> None:
    tables = {"needs": [need("a", "industry", 90), need("b", "industry", 100)]}
    found = paid(
        two_counties(**tables),
        smallest_project=30,
        programme_weights={"industry": 1.0},
        return_steps={"0.9": 1.0, "1.0": 0.9},
    )
    assert all(amount >= 30 for amount in found.values())
    small = paid(
        two_counties(needs=[need("a", "industry", 20), need("b", "industry", 100)]), smallest_project=30
    )
    assert sums(small, 1) == {"b": 100}


def test_a_smallest_project_without_a_plan_does_not_blame_the_clock() -> None:
    """Both needs are below the smallest project, and the floors keep both open: the search ends early."""
    tables = {"needs": [need(c, "industry", 20) for c in "ab"],
              "region_tags": [tag(c, "poor_county_832") for c in "ab"]}  # fmt: skip
    seen = context(STAGE, two_counties(**tables), **{**PLAIN, "smallest_project": 30, "county_floor": 10})
    outcome = solve(STAGE, seen)
    assert outcome.status == "NO_SOLUTION_IN_TIME" and outcome.gave_up is not None
    assert "smallest_project = 30" in outcome.gave_up.en and "more time would not help" in outcome.gave_up.en
    with pytest.raises(LimitReached, match="smallest_project") as caught:
        decide(STAGE, seen, FreeHand(), InProcess(), lambda *told: None)  # type: ignore[arg-type]  # as much of a stage as is asked
    assert "--time-limit" not in caught.value.text.en + caught.value.text.zh


class FreeHand:
    """A scenario as far as `decide` looks at it: no limits."""

    limits = Limits()
    elastic = False


def test_stability_against_what_was_allotted_last() -> None:
    flows = {
        "fund_flows": [
            {"source": "g", "region": g, "year": 2016, "stage": "allotted", "amount": 50} for g in "PQ"
        ]
    }
    assert sums(paid(two_provinces(**flows), **BY_PEOPLE, stability=0.2), 1) == {"a": 60, "b": 40}
    assert sums(paid(two_provinces(**flows), **BY_PEOPLE), 1) == {"a": 100}
    county = {"fund_flows": [{"source": "g", "region": "b", "year": 2016, "stage": "allotted", "amount": 50}]}
    assert sums(paid(two_provinces(**county), **BY_PEOPLE, stability=0.2), 1) == {"a": 60, "b": 40}


def test_stability_of_the_plan_itself() -> None:
    tables = {"needs": [need(c, p, 100, y) for c, p in (("a", "industry"), ("b", "health")) for y in (2017, 2018)],
              "fund_budgets": [money("g", 100), money("g", 100, 2018)],
              "fund_sources": [SOURCE]}  # fmt: skip
    values = {**BY_PEOPLE, "stability": 0.5, "stability_against": "plan", "later_discount": 0.0}
    rows = paid(two_provinces(**tables), **values)
    assert sums(rows, 3) == {2017: 100, 2018: 100}
    by = {(k[1], k[3]): v for k, v in rows.items()}
    for county in "ab":
        assert 2 * by.get((county, 2018), 0) >= by.get((county, 2017), 0)
        assert 2 * by.get((county, 2018), 0) <= 3 * by.get((county, 2017), 0)


def test_east_west_money_goes_to_the_payers_partners() -> None:
    tables = {"regions": [region(c, level="province") for c in "PQE"] + [region("a", "P"), region("b", "Q")],
              "fund_sources": [{**SOURCE, "level": "east_west", "owner_region": "E"}],
              "relations": [{"id": "1", "kind": "east_west", "supporter": "E", "recipient": "Q"}]}  # fmt: skip
    assert sums(paid(two_provinces(**tables)), 1) == {"b": 100}


def test_designated_units_money_goes_where_a_unit_is_designated() -> None:
    tables: dict[str, Any] = {"needs": [need("a", "industry", 100), need("b", "industry", 100)],
                              "fund_sources": [{**SOURCE, "level": "unit"}], "fund_budgets": [money("g", 150)]}  # fmt: skip
    listed = [{"id": "1", "kind": "designated", "supporter": "u1", "recipient": "b"}]
    assert sums(paid(two_counties(**tables, relations=listed)), 1) == {"b": 100}
    assert sum(paid(two_counties(**tables, relations=listed), designated_money=False).values()) == 150
    assert sum(paid(two_counties(**tables)).values()) == 150  # a scenario without a list
    ended = [{**listed[0], "until": date(2015, 1, 1)}]
    assert sum(paid(two_counties(**tables, relations=ended)).values()) == 150


def test_money_short_of_a_whole_thing_is_told() -> None:
    net = two_counties(needs=[need("a", "industry", 100, quantity=5, unit="project", unit_cost=20)],
                       fund_budgets=[money("g", 50)])  # fmt: skip
    seen = context(STAGE, net, **PLAIN)
    figures = {k.key: k.value for k in STAGE.measure(seen, solve(STAGE, seen).tables)}
    assert figures["unfinished"] == 10


def test_years_to_plan() -> None:
    tables = {"needs": [need("a", "industry", 100, y) for y in (2017, 2018, 2019)],
              "fund_budgets": [money("g", 10, y) for y in (2016, 2017, 2018, 2019)]}  # fmt: skip
    assert sums(paid(two_counties(**tables)), 3) == {2017: 10, 2018: 10, 2019: 10}
    assert sums(paid(two_counties(**tables), years=[2018, 2018]), 3) == {2018: 10}


def test_a_province_keeps_no_more_than_it_can_use() -> None:
    """Of 100 last year at least 80 are to stay, but only 30 can be used there; the rest goes elsewhere."""
    flows = [{"source": "g", "region": "Q", "year": 2016, "stage": "allotted", "amount": 100}]
    net = two_provinces(needs=[need("a", "industry", 100), need("b", "health", 30)], fund_flows=flows)
    seen = context(STAGE, net, **{**PLAIN, **BY_PEOPLE, "stability": 0.2})
    outcome = solve(STAGE, seen)
    verdict = check(resolved(STAGE, seen), outcome.tables, outcome.certificates)
    assert not verdict.broken and verdict.bound == outcome.objective
    assert sums(paid(net, **BY_PEOPLE, stability=0.2), 1) == {"a": 70, "b": 30}
    assert sums(paid(net, **BY_PEOPLE), 1) == {"a": 100}


def test_a_province_whose_bound_is_nothing_gets_nothing() -> None:
    """Stability against a year whose budget was far larger leaves 0 yuan for the province, not its whole wish."""
    net = two_counties(
        fund_budgets=[money("g", 1000, year=2016), money("g", 7)],
        fund_flows=[{"source": "g", "region": "P", "year": 2016, "stage": "allotted", "amount": 30}],
    )
    assert paid(net, stability=0.9) == {}
    assert sum(paid(net, stability="off").values()) == 7


@pytest.mark.parametrize("key", ["bond_programmes", "microcredit_programmes", "relending_programmes"])
def test_an_empty_list_of_purposes_pays_for_nothing_and_verify_agrees(key: str) -> None:
    instrument = key.split("_", maxsplit=1)[0]
    net = two_counties(
        fund_sources=[{**SOURCE, "instrument": instrument}], region_facts=[fact("a", "poor_population", 40)]
    )
    programmes = {
        "bond_programmes": ["industry"],
        "microcredit_programmes": ["industry"],
        "relending_programmes": ["industry"],
    }
    for listed in (["industry"], []):
        values = {**PLAIN, **programmes, key: listed, "relending_share": 0.5}
        seen = context(STAGE, net, **values)
        outcome = solve(STAGE, seen)
        verdict = check(resolved(STAGE, seen), outcome.tables, outcome.certificates)
        assert not verdict.broken and verdict.bound == outcome.objective == verdict.objective
        assert bool(outcome.tables["allocations"].height) == bool(listed)


@pytest.mark.parametrize(
    ("key", "instrument"), [("microcredit_loan_max", "microcredit"), ("relending_share", "relending")]
)
def test_a_limit_of_nothing_is_told_as_binding(key: str, instrument: str) -> None:
    net = two_counties(fund_sources=[{**SOURCE, "instrument": instrument}], fund_budgets=[money("g", 50)],
                       region_facts=[fact("a", "poor_population", 40)])  # fmt: skip
    for value, state in ((0, "binding"), (50_000 if key == "microcredit_loan_max" else 1, "slack")):
        seen = context(STAGE, net, **{**PLAIN, key: value})
        outcome = solve(STAGE, seen)
        verdict = check(resolved(STAGE, seen), outcome.tables, outcome.certificates)
        assert {r.rule: r.state for r in verdict.rules}[key] == state, value
