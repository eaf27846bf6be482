"""What does not fit is refused whole."""

from __future__ import annotations

import polars as pl
import pytest

from graph.errors import InputError
from graph.store.changes import Changes, merged
from graph.store.protocol import Store
from tests.graph.store.small_networks import begin, keys, put, removed, rows, small

R3 = {"id": "r3", "kind": "designated", "supporter": "u1", "recipient": "fg"}


def refused(store: Store, changes: Changes, *told: str) -> None:
    """It is refused, in words that name all of ``told``; nothing is stored."""
    before = store.head("office")
    with pytest.raises(InputError) as error:
        store.write("office", changes, base=before.number, how="request", by="t")
    for text in error.value.text:
        for word in told:
            assert word in text
    assert store.head("office") == before
    for table, frame in small().items():
        assert store.read("office").frame(table).equals(frame)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (put("relations", R3 | {"recipient": "nowhere"}), ("relations", "recipient", "nowhere")),
        (put("relations", R3 | {"supporter": "nobody"}), ("relations", "supporter", "nobody")),
        (put("regions", {"code": "x", "name": "x", "parent": "no"}), ("regions", "parent", "no")),
        (
            put("units", {"id": "u9", "name": "good"}, {"id": "u8", "home_region": "bad"}),
            ("units", "home_region", "bad"),
        ),
        (put("postings", {"cadre": "c9", "village": "v1", "post": "p"}), ("postings", "cadre", "c9")),
        (put("region_tags", {"region": "gone", "tag": "t"}), ("region_tags", "region", "gone")),
    ],
)
def test_rows_that_name_what_is_not_there(store: Store, changes: Changes, told: tuple[str, ...]) -> None:
    begin(store)
    refused(store, changes, *told)


def test_what_rows_name_may_come_with_them(store: Store) -> None:
    begin(store)
    both = merged(
        [
            put("regions", {"code": "x", "name": "x", "parent": "y"}, {"code": "y", "name": "y"}),
            put("relations", R3 | {"recipient": "x"}),
        ]
    )
    assert store.write("office", both, base=1, how="request", by="t").number == 2


def test_a_table_that_was_not_given_is_not_asked(store: Store) -> None:
    begin(store, frames={"regions": small()["regions"]})
    there = put("relations", R3 | {"supporter": "unit that no table has"})
    assert store.write("office", there, base=1, how="request", by="t").number == 2
    assert store.read("office").frame("relations")["supporter"].to_list() == ["unit that no table has"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (removed("units", {"id": "u1"}), ("units", "u1")),
        (removed("regions", {"code": "nj"}), ("regions", "nj")),
        (removed("cadres", {"id": "c1"}), ("cadres", "c1")),
        (
            merged([removed("cadres", {"id": "c2"}, {"id": "c1"}), removed("relations", {"id": "r1"})]),
            ("c1",),
        ),
    ],
)
def test_what_is_still_named_stays(store: Store, changes: Changes, told: tuple[str, ...]) -> None:
    begin(store)
    refused(store, changes, *told)


def test_what_is_named_no_more_may_go(store: Store) -> None:
    begin(store)
    both = merged(
        [
            removed("units", {"id": "u1"}),
            Changes(
                {
                    "relations": rows("relations", R3 | {"id": "r2", "supporter": "u2"}),
                    "cadres": rows("cadres", {"id": "c1", "unit": "u2", "home_region": "zh"}),
                }
            ),
        ]
    )
    assert store.write("office", both, base=1, how="request", by="t").number == 2
    assert store.read("office").frame("units")["id"].to_list() == ["u2"]
    assert store.write("office", removed("cadres", {"id": "c2"}), base=2, how="request", by="t").number == 3


def test_an_id_is_a_region_s_or_a_unit_s(store: Store) -> None:
    """A supporter is looked for among both, so one id must not name two."""
    begin(store)
    refused(store, put("units", {"id": "zh", "name": "同名"}), "zh")
    refused(store, put("regions", {"code": "u2", "name": "同名"}), "u2")
    new = {
        "units": rows("units", {"id": "x", "name": "x"}),
        "regions": rows("regions", {"code": "x", "name": "x"}),
    }
    refused(store, Changes(new), "x")
    moved = Changes(
        {"regions": rows("regions", {"code": "u2", "name": "x"})}, {"units": keys("units", {"id": "u2"})}
    )
    refused(store, moved, "u2")


def test_an_id_that_went_may_be_another_table_s(store: Store) -> None:
    """What names it then leads to the one that stands."""
    begin(store)
    store.write("office", removed("units", {"id": "u2"}), base=1, how="request", by="t")
    both = merged([put("regions", {"code": "u2", "name": "u2"}), put("relations", R3 | {"supporter": "u2"})])
    store.write("office", both, base=2, how="request", by="t")
    refused_now = removed("regions", {"code": "u2"})
    with pytest.raises(InputError, match="regions u2"):
        store.write("office", refused_now, base=3, how="request", by="t")


def test_a_network_that_is_refused_is_not_there(store: Store) -> None:
    frames = small() | {"relations": rows("relations", R3 | {"recipient": "nowhere"})}
    with pytest.raises(InputError):
        begin(store, frames=frames)
    assert store.networks() == []
    begin(store)
    assert store.head("office").number == 1


def test_rows_that_no_table_can_have(store: Store) -> None:
    begin(store)
    unit = rows("units", {"id": "u7", "name": "n"})
    refused(store, Changes({"units": pl.concat([unit, unit])}), "units", "u7")
    refused(store, Changes({"units": unit}, {"units": unit.select("id")}), "units", "u7")
    refused(store, Changes({"units": unit.drop("name")}), "units", "name")
    refused(store, Changes({"units": unit.with_columns(id=pl.lit(None, pl.String))}), "units", "id")
    refused(store, Changes({"unit": unit}), "unit")
    refused(store, Changes({"units": unit.with_columns(capacity=pl.lit("many"))}), "units")
