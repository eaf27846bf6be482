from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from scenarios.build.tables import DATA, read_table

Frames = dict[str, pl.DataFrame]
Broken = Callable[[Frames], list[str]]


def test_every_table_keeps_the_schema_its_keys_and_its_foreign_keys(shipped: Frames, broken: Broken) -> None:
    assert broken(shipped) == []


def test_the_rules_notice_a_broken_row(shipped: Frames, broken: Broken) -> None:
    regions = shipped["regions"].with_columns(parent=pl.lit("999999"))
    assert broken({"regions": regions}) == ["regions.parent: foreign key"]


def test_a_rebuild_from_the_source_copies_gives_the_committed_data(shipped: Frames, rebuilt: Path) -> None:
    assert {p.name for p in rebuilt.iterdir()} == {p.name for p in DATA.iterdir()}
    for path in sorted(rebuilt.iterdir()):
        if path.suffix == ".csv":
            assert path.read_bytes() == (DATA / path.name).read_bytes(), path.name
        else:  # another version of the Parquet writer may pack the same table otherwise
            assert read_table(path.stem, rebuilt).equals(shipped[path.stem]), path.name


def test_the_data_folder_stays_small() -> None:
    assert sum(p.stat().st_size for p in DATA.iterdir()) < 8_000_000


@pytest.mark.parametrize(("year", "count"), [(2016, 28), (2017, 125), (2018, 283), (2019, 344), (2020, 52)])
def test_exits_by_year_of_the_result(shipped: Frames, year: int, count: int) -> None:
    assert shipped["region_facts"].filter(measure="exit_year", value=year).height == count


def test_jinggangshan_and_lankao_are_among_the_first(shipped: Frames) -> None:
    first = shipped["region_facts"].filter(measure="exit_year", value=2016)["region"].to_list()
    assert {"360881", "410225"} <= set(first)


def test_the_first_28_meet_the_lines_by_which_they_exit(shipped: Frames) -> None:
    facts = shipped["region_facts"]
    first = facts.filter(measure="exit_year", value=2016)["region"].to_list()
    at = facts.filter(pl.col("region").is_in(first), pl.col("year") == 2016).pivot(
        "measure", index="region", values="value"
    )
    west = shipped["region_tags"].filter(tag="macro_region", value="西部")["region"].to_list()
    line = at.select(
        pl.when((pl.col("region").str.head(2) + "0000").is_in(west)).then(0.03).otherwise(0.02).alias("line")
    )
    assert (at["poverty_incidence"] < line["line"]).all()
    assert (at["wrongly_exited"] < 0.02).all()
    assert (at["missed"] < 0.02).all()
    assert (at["approval"] >= 0.9).all()


@pytest.mark.parametrize(
    ("tag", "count"),
    [
        ("poor_county_832", 832),
        ("key_county_592", 592),
        ("contiguous_area", 680),
        ("ethnic_prefecture", 30),
        ("sanqu_sanzhou", 199),
        ("macro_region", 31),
        ("suits:e_commerce", 428),
    ],
)
def test_lists_are_whole(shipped: Frames, tag: str, count: int) -> None:
    assert shipped["region_tags"].filter(tag=tag).height == count


@pytest.mark.parametrize(
    ("kind", "count"),
    [("east_west", 32), ("county_pair", 103), ("counterpart", 64), ("designated", 451), ("supervision", 8)],
)
def test_published_relations_are_whole(shipped: Frames, kind: str, count: int) -> None:
    assert shipped["relations"].filter(kind=kind).height == count


@pytest.mark.parametrize(
    ("supporter", "recipient", "mark"),
    [
        ("440400", "533300", "recalled"),
        ("440600", "513400", None),
        ("350200", "622900", None),
        ("350100", "621100", "recalled"),
        ("440100", "520500", None),
        ("210200", "520200", None),
        ("330100", "422800", None),
        ("330200", "222400", None),
        ("370100", "433100", "recalled"),
    ],
)
def test_known_pairs_with_their_marks_and_terms(
    shipped: Frames, supporter: str, recipient: str, mark: str | None
) -> None:
    row = shipped["relations"].row(by_predicate=pl.col("id") == f"ew:{supporter}:{recipient}", named=True)
    assert (row["since"], row["until"], row["mark"]) == (date(2016, 12, 7), date(2021, 1, 1), mark)


def test_supervision_lasts_five_years(shipped: Frames) -> None:
    held = shipped["relations"].filter(kind="supervision")
    assert held.select((pl.col("until").dt.year() - pl.col("since").dt.year() == 5).all()).item()


def test_counterpart_support_begins_on_an_unknown_day(shipped: Frames) -> None:
    assert shipped["relations"].filter(kind="counterpart")["since"].null_count() == 64


def test_seven_regions_without_a_point_take_their_parents(shipped: Frames) -> None:
    regions = shipped["regions"]
    borrowed = regions.filter(pl.col("source").str.contains("parent's"))
    above = regions.select(parent="code", up_lon="lon", up_lat="lat")
    same = borrowed.join(above, on="parent").select(
        pl.col("lon") == pl.col("up_lon"), pl.col("lat") == pl.col("up_lat")
    )
    assert borrowed.height == 7
    assert set(borrowed["mark"]) == {"assumed"}
    assert same.to_numpy().all()


def test_pseudo_prefectures_stay_as_codes(shipped: Frames) -> None:
    assert shipped["regions"].filter("pseudo")["code"].to_list() == [
        "110100",
        "120100",
        "310100",
        "419000",
        "429000",
        "469000",
        "500100",
        "500200",
        "659000",
    ]


def test_every_fact_names_its_source(shipped: Frames) -> None:
    for name, frame in shipped.items():
        column = "fact_source" if "fact_source" in frame.columns else "source"
        assert frame[column].null_count() == 0, name


def test_whatever_the_generator_made_is_marked(shipped: Frames) -> None:
    for name, frame in shipped.items():
        column = "fact_source" if "fact_source" in frame.columns else "source"
        made = frame.filter(pl.col(column) == "scenarios.generate")
        assert set(made["mark"]) <= {"synthetic", "assumed", "recalled"}, name


def test_a_military_supporter_is_one_unit_per_province(shipped: Frames) -> None:
    military = shipped["units"].filter(kind="military")
    assert military["home_region"].n_unique() == military.height


def test_six_provinces_are_outside_east_west_by_design(shipped: Frames) -> None:
    outside = (
        shipped["coverage"].filter(rule="poor_counties_supported", complete="by_design")["region"].to_list()
    )
    assert sorted(outside) == ["140000", "230000", "340000", "360000", "410000", "460000"]


OLD_LISTS = [  # the code of an older list, what it is now: county → city, county → district, district merged, prefecture
    ("533321", "533301"), ("120225", "120119"), ("110103", "110101"), ("520222", "520281"), ("542301", "540202"),
    ("522201", "520602"), ("542421", None), ("610721", "610703"), ("500232", "500156"), ("451025", "451081"),
    ("522400", "520500"), ("132301", None), ("350321", None),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), OLD_LISTS)
def test_codes_of_older_lists_have_their_successor(shipped: Frames, old: str, new: str | None) -> None:
    found = shipped["region_successions"].filter(old=old, share=1.0)
    retired = found.filter(pl.col("since").is_null())["new"].to_list()
    assert retired == ([new] if new else [])  # one that is here, one too old, one that was split: not told


def test_retired_codes_lead_to_regions_and_are_none_themselves(shipped: Frames) -> None:
    regions = set(shipped["regions"]["code"])
    retired = shipped["region_successions"].filter(pl.col("since").is_null())
    assert retired.height == 572
    assert retired["old"].is_unique().all()
    assert regions.isdisjoint(retired["old"])
    assert regions.issuperset(retired["new"])
    assert set(retired["mark"].unique()) == {None, "recalled"}
    assert retired["source"].str.contains(r"; listed in 20\d{4}, not in 20\d{4}$").all()


def test_a_retired_code_stays_at_its_level_in_its_province(shipped: Frames) -> None:
    levels = dict(shipped["regions"].select("code", "level").iter_rows())
    pairs = shipped["region_successions"].filter(pl.col("since").is_null()).select("old", "new").rows()
    assert all(old[:2] == new[:2] for old, new in pairs)
    danzhou = {("460003", "460400"), ("469003", "460400")}  # a county-level city that became a prefecture's
    for old, new in set(pairs) - danzhou:
        assert (levels[new] == "prefecture") == old.endswith("00"), (old, new)


def test_every_poor_county_that_changed_its_code_is_found_by_the_old_one(shipped: Frames) -> None:
    """Those that the list of 2014 has under another name and that had another code then."""
    renamed = {"130705", "130708", "130709", "130881", "230883", "360703", "360704", "420304", "451081", "500156",
               "513201", "513301", "520403", "520603", "533301", "533401", "540103", "540502", "610703", "610803",
               "630202", "630203", "632701"}  # fmt: skip
    assert renamed <= set(shipped["region_successions"]["new"])
