"""What is stored reads back as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from graph.errors import UsageError
from graph.language import Text
from graph.network import RegionSettings
from graph.questions.rules import Rule
from graph.schema import TABLES
from graph.store.about import About
from graph.store.changes import Changes
from graph.store.protocol import Store
from graph.store.rows import table_checksum
from graph.store.version import NoSuchNetwork
from tests.graph.store.small_networks import ABOUT, begin, every_table, put, read_clear, rows, small


def test_every_table_and_kind_of_cell_reads_back(store: Store) -> None:
    frames = every_table()
    begin(store, frames=frames)
    assert list(store.read("office").frames) == list(TABLES)
    for table, frame in frames.items():
        read = read_clear(store, "office", table)
        assert_frame_equal(read, frame)
        assert table_checksum(table, read) == table_checksum(table, frame)


def test_odd_cells_are_all_there() -> None:
    """The test above would say little about cells that nothing in it has."""
    frames = every_table()
    kinds = {c.kind for t in TABLES.values() for c in t.columns}
    for kind in kinds:
        cells = [frames[t.name][c.name] for t in TABLES.values() for c in t.columns if c.kind == kind]
        assert any(s.null_count() for s in cells) or kind == "share", kind
        assert any(s.drop_nulls().n_unique() > 1 for s in cells), kind


def test_rows_come_in_the_order_in_which_they_were_given(store: Store) -> None:
    names = [{"code": c, "name": c} for c in ("z", "a", "m", "b")]
    begin(store, frames={"regions": rows("regions", *names)})
    store.write("office", put("regions", {"code": "c", "name": "c"}), base=1, how="request", by="t")
    store.write(
        "office",
        put("regions", {"code": "B", "name": "B"}, {"code": "m", "name": "new"}),
        base=2,
        how="request",
        by="t",
    )
    assert store.read("office").frame("regions")["code"].to_list() == ["z", "a", "m", "b", "c", "B"]
    assert store.read("office", version=2).frame("regions")["code"].to_list() == ["z", "a", "m", "b", "c"]


def test_tables_without_rows_are_given_too(store: Store) -> None:
    begin(store, frames={"regions": TABLES["regions"].empty()})
    assert store.tables("office") == ["regions"]
    assert_frame_equal(store.read("office").frames["regions"], TABLES["regions"].empty())
    version = store.write("office", Changes(), base=1, how="load", by="t", tables=["units"])
    assert version.number == 2
    assert store.tables("office") == ["regions", "units"]
    assert store.tables("office", 1) == ["regions"]
    assert not store.read("office", version=1).has("units")


def test_some_tables_are_read_alone(store: Store) -> None:
    begin(store)
    read = store.read("office", tables=["units", "needs"])
    assert list(read.frames) == ["units"]
    assert_frame_equal(read.frame("units"), small()["units"])


def test_settings_come_back_and_may_change(store: Store) -> None:
    from datetime import date

    first = About(
        RegionSettings("gb2260", ("省", "county")), {"unit_kind": ("theatre", "剧院")}, date(2016, 12, 31)
    )
    store.write("n", Changes(), base=0, how="load", by="t", about=first)
    store.write("n", Changes(), base=1, how="load", by="t", about=ABOUT)
    assert About.of(store.read("n", version=1)) == first
    assert About.of(store.read("n")) == ABOUT
    assert store.read("n").name == "n"


TITLES: dict[str, dict[str, dict[str, Any]]] = {
    "words": {"county": {"zh": "学区", "en": "district"}, "unit": {"zh": "院校", "en": "college", "many": "colleges"}},
    "currency": {"name": {"zh": "克朗", "en": "crown"}, "big": {"size": 1000, "zh": "千克朗", "en": "thousand crowns"}},
}  # fmt: skip


def test_titles_come_back_and_may_change(store: Store) -> None:
    titled = replace(ABOUT, titles=TITLES)
    turned = {s: {k: dict(reversed(t.items())) for k, t in n.items()} for s, n in TITLES.items()}
    store.write("n", Changes(), base=0, how="load", by="t", about=titled)
    again = store.write("n", Changes(), base=1, how="load", by="t", about=replace(ABOUT, titles=turned))
    assert again.number == 1  # the order in which they are told is no difference
    gone = store.write("n", Changes(), base=1, how="load", by="t", about=ABOUT)
    assert gone.number == 2
    assert store.read("n", version=1).titles == TITLES and store.read("n").titles == {}
    told = [t.en for t in ABOUT.differences(titled)]
    assert "own title of words.county from district 学区 to none" in told and len(told) == 4


RULES = (
    Rule(
        "paired",
        Text("每个学区", "every district"),
        ("east_west", "county_pair"),
        tag="poor",
        level="district",
    ),
    Rule("staffed", Text("有人", "staffed"), posts=True),
)


def test_rules_come_back_in_their_order_and_may_change(store: Store) -> None:
    ruled = replace(ABOUT, rules=RULES)
    store.write("n", Changes(), base=0, how="load", by="t", about=ruled)
    assert store.read("n").rules == RULES and store.read("n", tables=()).rules == RULES
    assert store.write("n", Changes(), base=1, how="load", by="t", about=ruled).number == 1
    turned = replace(ABOUT, rules=RULES[::-1])
    assert (
        store.write("n", Changes(), base=1, how="load", by="t", about=turned).number == 2
    )  # they are asked in it
    assert store.write("n", Changes(), base=2, how="load", by="t", about=ABOUT).number == 3
    assert [store.read("n", version=v).rules for v in (1, 2, 3)] == [RULES, RULES[::-1], ()]
    assert [t.en for t in turned.differences(ruled)] == [
        "order of own rules from paired staffed to staffed paired"
    ]
    (changed, gone) = [
        t.en for t in replace(ABOUT, rules=(replace(RULES[0], level="isle"),)).differences(ruled)
    ]
    assert "own rule paired from zh: 每个学区" in changed and "level: isle" in changed
    assert gone == "own rule staffed from zh: 有人; en: staffed; posts: True to none"


def test_a_network_without_titles_is_described_as_it_always_was() -> None:
    """Digests of histories that an older jiedui recorded stay what they are."""
    assert list(ABOUT.to_dict()) == ["codes", "levels", "enums", "on"]
    assert About.from_dict(ABOUT.to_dict()).titles == {} and About.from_dict(ABOUT.to_dict()).rules == ()


def test_a_new_network_needs_settings(store: Store) -> None:
    with pytest.raises(UsageError):
        store.write("n", put("regions", {"code": "a", "name": "a"}), base=0, how="load", by="t")
    assert store.networks() == []


@pytest.mark.parametrize("name", ["怒江 office", "a'b\"c\\d", "../up", "x/y", "n'}) DETACH DELETE n //"])
def test_any_name_will_do(store: Store, name: str) -> None:
    begin(store, name)
    assert store.networks() == [name]
    assert store.read(name).frame("units").height == 2


def test_an_unknown_network_is_told_with_those_that_there_are(store: Store) -> None:
    begin(store, "office")
    begin(store, "other")
    calls = (
        lambda: store.head("ofice"),
        lambda: store.versions("ofice"),
        lambda: store.read("ofice"),
        lambda: store.tables("ofice"),
        lambda: store.write("ofice", Changes(), base=1, how="load", by="t", about=ABOUT),
    )
    for call in calls:
        with pytest.raises(NoSuchNetwork) as told:
            call()
        for text in told.value.text:
            assert "ofice" in text
            assert "office" in text
            assert "other" in text


def test_an_unknown_version_is_told_with_those_that_there_are(store: Store) -> None:
    begin(store)
    for version in (0, 2, -1):
        with pytest.raises(NoSuchNetwork, match="1"):
            store.read("office", version=version)


def test_networks_side_by_side_do_not_touch_each_other(store: Store) -> None:
    begin(store, "a")
    begin(store, "b")
    store.write("a", put("units", {"id": "u1", "name": "changed"}), base=1, how="request", by="t")
    assert store.networks() == ["a", "b"]
    assert [store.head(n).number for n in ("a", "b")] == [2, 1]
    assert_frame_equal(store.read("b").frame("units"), small()["units"])
    assert store.read("a").frame("units")["name"].to_list() == ["changed", "某企业"]
    assert len(store.history("b", "units", "u1")) == 1


def test_an_empty_text_is_not_an_empty_cell(store: Store) -> None:
    cells: list[dict[str, Any]] = [
        {"code": "a", "name": "", "source": ""},
        {"code": "b", "name": "b", "source": None},
    ]
    begin(store, frames={"regions": rows("regions", *cells)})
    assert store.read("office").frame("regions")["source"].to_list() == ["", None]
    store.write("office", put("regions", {"code": "a", "name": ""}), base=1, how="request", by="t")
    assert store.read("office").frame("regions")["source"].to_list() == [None, None]
    assert isinstance(store.read("office").frame("regions"), pl.DataFrame)
