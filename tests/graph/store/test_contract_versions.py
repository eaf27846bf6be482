"""Versions are never changed, and each row has a past."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from polars.testing import assert_frame_equal

from graph.store.about import About
from graph.store.changes import Changes, merged
from graph.store.protocol import Store
from graph.store.version import NoSuchNetwork, chained
from tests.graph.store.small_networks import ABOUT, begin, put, removed, rows, small

U1 = {"id": "u1", "name": "某大学", "home_region": "zh"}


def change(store: Store, changes: Changes, how: str = "request", why: str = "") -> int:
    """Write upon the head; the number of the new one."""
    return store.write("office", changes, base=store.head("office").number, how=how, by="李", why=why).number  # type: ignore[arg-type]


def test_a_version_says_who_when_why_and_how_much(store: Store) -> None:
    before = datetime.now(UTC)
    first = begin(store)
    made = Changes(
        {"units": rows("units", {"id": "u3", "name": "new"}, U1)},
        {"relations": rows("relations", {"id": "r1"}).select("id")},
    )
    number = change(store, made, "adopt", "方案 0123")
    versions = store.versions("office")
    assert [v.number for v in versions] == [1, 2] == [first.number, number]
    assert versions[1] == store.head("office")
    assert (versions[1].how, versions[1].by, versions[1].why) == ("adopt", "李", "方案 0123")
    assert versions[1].counts == {"units": (1, 0), "relations": (0, 1)}  # u1 is there as it is
    assert versions[0].counts == {t: (f.height, 0) for t, f in small().items()}
    assert versions[0].digest == chained("", Changes(small()), ABOUT, small())
    assert versions[1].digest == chained(versions[0].digest, made, ABOUT, small())
    assert before - timedelta(minutes=1) < versions[0].at <= versions[1].at
    assert versions[0].at.utcoffset() == timedelta(0)


def test_a_digest_is_of_the_whole_history(store: Store) -> None:
    """The same change upon another beginning, other settings or other tables is another version; of the same history the same."""
    other = small() | {"units": rows("units", U1, {"id": "u2", "name": "别的", "home_region": "zh"})}
    for name, frames in (("one", small()), ("two", other), ("same", small())):
        begin(store, name, frames)
        store.write(name, put("units", U1 | {"name": "x"}), base=1, how="request", by=name)
    digests = {name: [v.digest for v in store.versions(name)] for name in ("one", "two", "same")}
    assert digests["one"] == digests["same"]
    assert all(a != b for a, b in zip(digests["one"], digests["two"], strict=True))

    begun = digests["one"][1]
    later = About(ABOUT.settings, ABOUT.enums, date(2017, 1, 1))
    told = store.write("one", Changes(), base=2, how="load", by="t", about=later)
    given = store.write("same", Changes(), base=2, how="load", by="t", tables=["needs"])
    assert told.number == given.number == 3
    assert len({begun, told.digest, given.digest}) == 3
    assert told.digest == chained(begun, Changes(), later, small())  # whichever store it is
    assert given.digest == chained(begun, Changes(), ABOUT, [*small(), "needs"])


def test_old_versions_stay_as_they_were(store: Store) -> None:
    begin(store)
    change(store, put("units", U1 | {"name": "改名"}))
    change(store, removed("relations", {"id": "r2"}))
    change(store, put("relations", {"id": "r9", "kind": "designated", "supporter": "u2", "recipient": "fg"}))
    for table, frame in small().items():
        assert_frame_equal(store.read("office", version=1).frame(table), frame)
    named = [store.read("office", version=v).frame("units")["name"].to_list() for v in (1, 2, 3, 4)]
    assert named == [["某大学", "某企业"], *[["改名", "某企业"]] * 3]
    ids = [store.read("office", version=v).frame("relations")["id"].to_list() for v in (1, 2, 3, 4)]
    assert ids == [["r1", "r2"], ["r1", "r2"], ["r1"], ["r1", "r9"]]


@pytest.mark.parametrize(
    ("table", "row", "cell", "one", "two"),
    [
        ("units", {"id": "u2", "home_region": "zh"}, "name", "一", "二"),  # an entity
        (
            "relations",
            {"id": "r2", "kind": "designated", "supporter": "u1", "recipient": "fg"},
            "source",
            "一",
            "二",
        ),
        (
            "region_tags",
            {"region": "fg", "tag": "a|b\\"},
            "value",
            "一",
            None,
        ),  # a record; its key has an empty date
    ],
)
def test_history_of_a_row(
    store: Store, table: str, row: dict[str, str], cell: str, one: str, two: str | None
) -> None:
    begin(store)
    text = {"units": "u2", "relations": "r2", "region_tags": "fg|a\\|b\\\\|"}[table]
    begun = len(store.history("office", table, text))
    assert begun == (table != "region_tags")
    change(store, put(table, row | {cell: one}))
    change(store, put("units", U1 | {"name": "another row"}))
    change(store, put(table, row | {cell: two}))
    change(store, removed(table, row))
    change(store, put(table, row | {cell: one}))
    states = store.history("office", table, text)[begun:]
    assert [(s.row[cell], s.recorded_at, s.superseded_by) for s in states] == [
        (one, 2, 4),
        (two, 4, 5),
        (one, 6, None),
    ]
    assert states[0].row == rows(table, row | {cell: one}).row(0, named=True)


@pytest.mark.parametrize("row", ["", "u3", "u1|x", "u1|", "\\u1", "u'1"])
def test_a_row_that_never_was_has_no_history(store: Store, row: str) -> None:
    begin(store)
    assert store.history("office", "units", row) == []
    assert store.history("office", "needs", "fg|2016|industry") == []
    assert store.history("office", "needs", "fg|a year|industry") == []
    with pytest.raises(NoSuchNetwork):
        store.history("offise", "units", "u1")


def test_a_row_that_comes_again_takes_its_place(store: Store) -> None:
    begin(store)
    change(store, removed("relations", {"id": "r1"}))
    change(store, put("relations", {"id": "r3", "kind": "designated", "supporter": "u2", "recipient": "fg"}))
    change(store, put("relations", small()["relations"].row(0, named=True)))
    assert store.read("office").frame("relations")["id"].to_list() == ["r1", "r2", "r3"]
    assert_frame_equal(store.read("office").frame("relations")[:2], small()["relations"])


def test_an_entity_changed_in_place_keeps_what_it_is_tied_to(store: Store) -> None:
    begin(store)
    change(store, put("regions", {"code": "zh", "name": "珠海市", "level": "prefecture", "parent": "yn"}))
    read = store.read("office")
    for table in ("units", "relations", "cadres", "postings"):
        assert_frame_equal(read.frame(table), small()[table])
    assert read.parents["zh"] == "yn"
    assert store.read("office", version=1).parents["zh"] is None


def test_nothing_changes_by_what_is_there(store: Store) -> None:
    head = begin(store)
    same = merged([Changes({"units": rows("units", U1)}), removed("relations", {"id": "no such"})])
    assert store.write("office", same, base=1, how="request", by="t", why="again") == head
    assert store.write("office", Changes(), base=1, how="request", by="t", tables=["units"]) == head
    assert store.write("office", Changes(small()), base=0, how="load", by="t") == head  # loaded twice at once
    assert store.versions("office") == [head]


def test_the_version_of_a_day(store: Store) -> None:
    begin(store)
    change(store, put("units", U1 | {"name": "x"}))
    today = store.head("office").at.date()
    assert store.version_on("office", today) == 2
    assert store.version_on("office", date(2999, 1, 1)) == 2
    with pytest.raises(NoSuchNetwork, match="office"):
        store.version_on("office", store.versions("office")[0].at.date() - timedelta(days=1))
    with pytest.raises(NoSuchNetwork):
        store.version_on("none", today)
