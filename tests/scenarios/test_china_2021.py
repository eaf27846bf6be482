"""china-2021: each fact that its page tells, and a plan of it that verifies."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from graph.dates import holding
from graph.network import Network
from graph.questions.ask import ask
from graph.questions.gaps import gaps
from planner.scenario import Scenario, read_policies, read_scenario
from scenarios.build.china_2021 import HOME, SOURCES, build
from scenarios.build.tables import read_source, read_table
from tests.demo_plan import answer

DAY = date(2021, 12, 31)
PER_PROVINCE = {
    "15": 10,
    "45": 20,
    "50": 4,
    "51": 25,
    "52": 20,
    "53": 27,
    "61": 11,
    "62": 23,
    "63": 15,
    "64": 5,
}
PAIRS = {
    ("北京市", "内蒙古自治区"), ("天津市", "甘肃省"), ("上海市", "云南省"), ("江苏省", "陕西省"), ("江苏省", "青海省"),
    ("浙江省", "四川省"), ("福建省", "宁夏回族自治区"), ("山东省", "重庆市"), ("山东省", "甘肃省"),
    ("广东省", "广西壮族自治区"), ("广东省", "贵州省"),
}  # fmt: skip
NEW = {("江苏省", "青海省"), ("山东省", "甘肃省"), ("广东省", "贵州省")}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario("china-2021", domain=False)


@pytest.fixture(scope="module")
def network(scenario: Scenario) -> Network:
    return scenario.network


def east_west(network: Network) -> pl.DataFrame:
    return network.frame("relations").filter(kind="east_west")


def named(network: Network, pairs: pl.DataFrame) -> set[tuple[str, str]]:
    return {
        (network.label(s), network.label(r)) for s, r in pairs.select("supporter", "recipient").iter_rows()
    }


def test_the_160_are_counties_of_ten_western_provinces_and_marked(network: Network) -> None:
    tags = network.frame("region_tags").filter(tag="key_county_160")
    assert dict(tags["region"].str.slice(0, 2).value_counts().iter_rows()) == PER_PROVINCE
    assert tags["region"].n_unique() == 160 == sum(PER_PROVINCE.values())
    assert {network.level_of[r] for r in tags["region"]} == {"county"}
    assert dict(tags["mark"].value_counts().iter_rows()) == {"recalled": 70, None: 90}
    assert tags.filter(pl.col("mark").is_null())["source"].str.contains("tt.hnmdtv.com").all()


def test_all_but_one_of_them_were_among_the_832(network: Network) -> None:
    new = set(network.tagged("key_county_160", DAY)) - set(network.tagged("poor_county_832", DAY))
    assert {network.label(c) for c in new} == {"红寺堡区"}


def test_the_readjusted_pairs_are_in_force_and_no_other(network: Network) -> None:
    now = east_west(network).filter(holding(DAY))
    assert named(network, now) == PAIRS and set(now["mark"]) == {"recalled"}
    assert set(now["until"]) == {date(2026, 1, 1)}
    begun = now.filter(pl.col("since") == date(2021, 4, 8))
    assert named(network, begun) == NEW
    assert set(now.join(begun, on="id", how="anti")["since"]) == {date(2016, 12, 7)}


def test_the_pairs_of_2016_ended_and_are_still_known(network: Network) -> None:
    before = east_west(network).filter(holding(date(2017, 6, 1)))
    assert before.height == 32
    gone = before.filter(~pl.col("id").is_in(east_west(network).filter(holding(DAY))["id"].to_list()))
    assert gone.height == 24 and set(gone["until"]) == {date(2021, 1, 1)}
    assert network.frame("relations").filter(kind="county_pair").filter(holding(DAY)).is_empty()


@pytest.mark.parametrize(
    ("day", "states"),
    [(date(2017, 6, 1), {"珠海市": "in_force"}), (DAY, {"珠海市": "ended", "上海市": "in_force"})],
)
def test_nujiang_is_told_who_supports_it_then_and_now(
    network: Network, day: date, states: dict[str, str]
) -> None:
    ties = ask(network, "怒江", at=day).supported_by
    pairs = {tie.supporter.name: tie.state for tie in ties if tie.kind == "east_west"}
    assert states.items() <= pairs.items()


def test_only_tags_of_supporters_that_support_no_longer_ended(network: Network) -> None:
    tags = network.frame("region_tags")
    assert {network.label(c) for c in network.tagged("supporter", DAY)} == {s for s, _ in PAIRS}
    kept = read_table("region_tags")
    same = tags.head(kept.height).with_columns(until=kept["until"])
    assert_frame_equal(same, kept)


def test_weights_are_those_of_the_source_and_sum_to_one() -> None:
    listed = read_source("factor_weights", SOURCES)
    weights = {k: float(v) for k, v in listed.select("setting", "weight").iter_rows()}
    assert sorted(weights.values()) == [0.1, 0.3, 0.3, 0.3] and set(listed["source"]) == {"recalled"}
    held = read_policies("china-2021")["funds"]["factor_weights"]
    assert {k: v for k, v in held.items() if v} == weights
    assert sum(held.values()) == pytest.approx(1.0)


def test_budgets_have_the_recalled_totals_and_say_what_they_are(network: Network) -> None:
    money = network.frame("fund_budgets").join(
        network.frame("fund_sources").select("id", "level", "direction"), left_on="source", right_on="id"
    )
    assert set(money["year"]) == {2022} and set(money["mark"]) == {"synthetic"}
    assert money.filter(pl.col("direction").is_not_null())["amount"].sum() == 165_000_000_000
    assert money.filter(level="east_west")["amount"].sum() == 22_870_000_000
    assert set(network.frame("needs")["mark"]) == {"synthetic"}


def test_history_shows_the_exits_and_no_stage_plans_any(scenario: Scenario) -> None:
    exits = scenario.network.frame("region_facts").filter(measure="exit_year")
    assert exits["region"].n_unique() == 832 and exits["value"].max() == 2020
    assert scenario.stages == ("pairing", "designation", "funds")
    assert scenario.network.frame("postings").filter(holding(DAY)).is_empty()


def test_gaps_that_its_page_tells(network: Network) -> None:
    found = {g.rule: dict(g.rows["state"].value_counts().iter_rows()) for g in gaps(network, at=DAY)}
    assert found["key_counties_160_supported"] == {"covered": 160}
    assert found["autonomous_prefectures"] == {"covered": 27, "by_design": 3}
    assert found["poor_counties_supported"] == {"covered": 722, "by_design": 110}


def test_a_rebuild_gives_the_committed_tables(tmp_path: Path) -> None:
    assert {p.name for p in build(tmp_path)} == {p.name for p in (HOME / "data").iterdir()}
    for path in sorted(tmp_path.iterdir()):
        assert_frame_equal(read_table(path.stem, tmp_path), read_table(path.stem, HOME / "data"))


def test_it_plans_whole_and_verifies(tmp_path: Path) -> None:
    plan = answer("plan", "china-2021", "-o", tmp_path, "-q")
    assert {s: h["status"] for s, h in plan["stages"].items()} == dict.fromkeys(
        ("pairing", "designation", "funds"), "OPTIMAL"
    )
    assert answer("verify", plan["folder"])["ok"]
