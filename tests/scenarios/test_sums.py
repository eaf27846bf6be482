from __future__ import annotations

import polars as pl
import pytest

from scenarios.generate import totals

Frames = dict[str, pl.DataFrame]


def county_values(shipped: Frames, measure: str, year: int) -> pl.DataFrame:
    counties = shipped["regions"].filter(level="county").select(region="code", parent="parent")
    return shipped["region_facts"].filter(measure=measure, year=year).join(counties, on="region")


@pytest.mark.parametrize(("year", "national"), [(2015, totals.POOR_2015), (2016, totals.POOR_2016)])
def test_poor_people_of_counties_add_up_to_the_nation(shipped: Frames, year: int, national: int) -> None:
    assert county_values(shipped, "poor_population", year)["value"].sum() == national


def test_poor_people_of_counties_add_up_to_the_published_provinces(shipped: Frames) -> None:
    facts = shipped["region_facts"].filter(measure="poor_population", year=2016)
    published = facts.filter(pl.col("source").str.starts_with("provincial_poverty.csv")).select(
        "region", told="value"
    )
    sums = county_values(shipped, "poor_population", 2016).group_by(
        region=pl.col("region").str.head(2) + "0000"
    )
    both = published.join(sums.agg(pl.col("value").sum()), on="region")
    assert both.height == 25
    assert (both["told"] == both["value"]).all()


def test_the_register_balances_in_every_county_from_2014_to_2016(shipped: Frames) -> None:
    """Start + in − out = end: listed in 2014, the poor of 2015, the poor of 2016."""
    signed = shipped["register_changes"].with_columns(
        flow=pl.when(pl.col("kind").is_in(["exited", "corrected"]))
        .then(-pl.col("persons"))
        .otherwise("persons")
    )
    for year in (2015, 2016):
        ends = county_values(shipped, "poor_population", year).select(village="region", end="value")
        flows = signed.filter(pl.col("date").dt.year() <= year).group_by("village").agg(pl.col("flow").sum())
        both = ends.join(flows, on="village", how="left").with_columns(pl.col("flow").fill_null(0))
        assert (both["end"] == both["flow"]).all()


def test_pledges_of_children_add_up_to_the_parent(shipped: Frames) -> None:
    parents = shipped["regions"].select(region="code", parent="parent")
    pledges = shipped["pledges"].select("region", "year", "measure", "amount")
    below = pledges.join(parents, on="region").drop_nulls("parent")
    sums = below.group_by(region="parent", year="year", measure="measure").agg(pl.col("amount").sum())
    both = sums.join(pledges, on=["region", "year", "measure"], how="left", suffix="_own")
    assert (both["amount"] == both["amount_own"]).all()


def test_pledged_counties_follow_the_published_exits(shipped: Frames) -> None:
    provinces = shipped["pledges"].filter(
        pl.col("measure") == "counties", pl.col("region").str.ends_with("0000")
    )
    assert dict(provinces.group_by("year").agg(pl.col("amount").sum()).iter_rows()) == totals.EXITS


def test_household_groups_hold_the_poor_of_their_village(shipped: Frames) -> None:
    facts = shipped["region_facts"].filter(pl.col("region").str.len_chars() == 12)
    wide = facts.pivot("measure", index="region", values="value")
    homes = shipped["household_groups"].group_by(region="village").agg(pl.col("persons").sum())
    both = wide.join(homes, on="region")
    assert ((both["persons"] / both["rural_population"] - both["poverty_incidence"]).abs() < 1e-5).all()


def test_flows_stay_within_their_budget(shipped: Frames) -> None:
    allotted = (
        shipped["fund_flows"].filter(stage="allotted").group_by("source", "year").agg(pl.col("amount").sum())
    )
    both = allotted.join(shipped["fund_budgets"], on=["source", "year"], suffix="_budget")
    assert both.height == allotted.height
    assert (both["amount"] <= both["amount_budget"]).all()


def test_an_amount_is_its_quantity_times_its_unit_cost(shipped: Frames) -> None:
    needs = shipped["needs"]
    assert (needs["amount"] == needs["quantity"] * needs["unit_cost"]).all()


def test_nobody_serves_twice_and_no_post_holds_more_than_its_target(shipped: Frames) -> None:
    postings, posts = shipped["postings"], shipped["village_posts"]
    filled = postings.group_by("village", "post").len().join(posts, on=["village", "post"], how="left")
    assert postings["cadre"].is_unique().all()
    assert (filled["len"] <= filled["target"]).all()


def test_a_first_secretary_in_place_may_be_one(shipped: Frames) -> None:
    lead = (
        shipped["postings"]
        .filter(role="first_secretary")
        .join(shipped["cadres"], left_on="cadre", right_on="id")
    )
    assert lead["roles"].str.contains("first_secretary").all()


def test_registered_villages_have_a_team_and_weak_ones_a_first_secretary_alone(shipped: Frames) -> None:
    posts = (
        shipped["village_posts"]
        .group_by("village")
        .agg("role", pl.col("minimum").sum(), tier=pl.col("tier").first())
    )
    weak = posts.filter(tier=3)
    assert (weak["role"].list.len() == 1).all()
    team = posts.filter(pl.col("tier") < 3)
    assert (team["role"].list.len() == 3).all()
    assert (team["minimum"] >= 3).all()


def test_every_province_has_more_first_secretaries_than_it_must_have(shipped: Frames) -> None:
    must = shipped["village_posts"].filter(role="first_secretary")
    must = must.group_by(p=pl.col("village").str.head(2)).agg(pl.col("minimum").sum())
    can = shipped["cadres"].filter(pl.col("roles").str.contains("first_secretary"))
    can = can.group_by(p=pl.col("home_region").str.head(2)).len()
    both = must.join(can, on="p", how="left")
    assert (both["len"] >= both["minimum"]).all()


def test_some_severe_findings_are_open_but_none_where_a_county_has_exited(shipped: Frames) -> None:
    pending = shipped["findings"].filter(
        pl.col("severity") == "severe", ~pl.col("status").is_in(["closed", "rechecked"])
    )
    first = shipped["region_facts"].filter(measure="exit_year", value=2016)["region"].to_list()
    assert pending.height >= 3
    assert not set(pending["region"]) & set(first)
