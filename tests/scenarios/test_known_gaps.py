"""Figures that docs/china-2016.md tells readers to expect, so that nobody mends a known hole."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from graph.network import Network, RegionSettings
from graph.questions.gaps import gaps
from graph.tables.read import read_network
from scenarios.build.tables import DATA

STATES = {
    "autonomous_prefectures": {"covered": 30},
    "designated_key_counties": {"covered": 444, "not_in_data": 148},
    "poor_counties_supported": {"covered": 740, "by_design": 55, "not_in_data": 37},
}


@pytest.fixture(scope="module")
def network() -> Network:
    return read_network(DATA, settings=RegionSettings(codes="gb2260")).network


@pytest.fixture(scope="module")
def states(network: Network) -> dict[str, pl.DataFrame]:
    return {gap.rule: gap.rows for gap in gaps(network, at=date(2016, 12, 31))}


def test_the_reader_takes_the_shipped_scenario_without_an_error() -> None:
    found = read_network(DATA, settings=RegionSettings(codes="gb2260")).findings
    assert {f.code for f in found if f.severity == "error"} == set()


@pytest.mark.parametrize("rule", STATES)
def test_gaps_and_known_holes(states: dict[str, pl.DataFrame], rule: str) -> None:
    assert dict(states[rule]["state"].value_counts().iter_rows()) == STATES[rule]


def test_the_92_counties_without_partner_or_unit(states: dict[str, pl.DataFrame]) -> None:
    assert states["poor_counties_supported"].filter(pl.col("state") != "covered").height == 92


def test_six_autonomous_prefectures_are_reached_through_yunnans_pair(states: dict[str, pl.DataFrame]) -> None:
    rows = states["autonomous_prefectures"].filter(way="parent")
    assert sorted(rows["region"]) == ["532300", "532500", "532600", "532800", "532900", "533100"]


def test_kizilsu_is_reached_through_its_counties(states: dict[str, pl.DataFrame]) -> None:
    row = states["autonomous_prefectures"].row(by_predicate=pl.col("region") == "653000", named=True)
    assert row["way"] not in ("own", "parent")


def test_no_gap_is_told_where_help_inside_the_province_is_not_in_our_data(
    states: dict[str, pl.DataFrame],
) -> None:
    eastern = states["poor_outside"].filter(
        pl.col("region").str.head(2).is_in(["33", "32", "44", "37", "35", "21"])
    )
    assert "uncovered" not in eastern["state"].to_list()
