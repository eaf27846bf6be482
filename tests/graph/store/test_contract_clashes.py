"""Changes that were worked out from an older version."""

from __future__ import annotations

import pytest

from graph.store.changes import Changes, merged
from graph.store.clash import Clash, StaleError
from graph.store.protocol import Store
from tests.graph.store.small_networks import begin, put, removed, small

U1 = {"id": "u1", "name": "某大学", "home_region": "zh"}
R2 = {"id": "r2", "kind": "designated", "supporter": "u1", "recipient": "fg"}
R3 = {"id": "r3", "kind": "designated", "supporter": "u1", "recipient": "fg"}


def write(store: Store, changes: Changes, base: int) -> int:
    """Write; the number of the head after it."""
    return store.write("office", changes, base=base, how="request", by="t").number


def refused(store: Store, changes: Changes, base: int) -> list[Clash]:
    """The clashes that it is refused for; nothing is stored."""
    head = store.head("office")
    with pytest.raises(StaleError) as told:
        write(store, changes, base)
    assert store.head("office") == head
    assert (told.value.base, told.value.head) == (base, head.number)
    return told.value.clashes


def test_a_row_that_another_changed(store: Store) -> None:
    begin(store)
    write(store, put("units", U1 | {"name": "first"}), 1)
    assert refused(store, put("units", U1 | {"name": "second"}), 1) == [Clash("units", "u1", 2)]
    assert refused(store, merged([removed("units", {"id": "u1"})]), 1)[0] == Clash("units", "u1", 2)
    assert store.read("office").frame("units")["name"][0] == "first"
    assert write(store, put("units", U1 | {"name": "second"}), 2) == 3


def test_a_row_that_another_removed(store: Store) -> None:
    begin(store)
    write(store, removed("relations", {"id": "r2"}), 1)
    assert refused(store, put("relations", R2 | {"source": "x"}), 1) == [Clash("relations", "r2", 2)]


def test_a_row_that_another_added(store: Store) -> None:
    begin(store)
    write(store, put("relations", R3), 1)
    assert refused(store, put("relations", R3 | {"source": "x"}), 1) == [Clash("relations", "r3", 2)]
    assert write(store, put("relations", R3), 1) == 2  # both wished for the same


def test_an_entity_that_a_row_names(store: Store) -> None:
    begin(store)
    write(store, put("units", U1 | {"capacity": 1}), 1)
    assert refused(store, put("relations", R3), 1) == [Clash("units", "u1", 2, "supporter")]
    assert write(store, put("relations", R3), 2) == 3


def test_only_the_last_change_is_told(store: Store) -> None:
    begin(store)
    for name in ("a", "b", "c"):
        write(store, put("units", U1 | {"name": name}), store.head("office").number)
    assert refused(store, put("units", U1 | {"name": "d"}), 2) == [Clash("units", "u1", 4)]


def test_what_is_elsewhere_does_not_hinder(store: Store) -> None:
    begin(store)
    write(store, put("units", {"id": "u2", "name": "其他", "home_region": "zh"}), 1)
    write(store, removed("postings", small()["postings"].row(0, named=True)), 1)
    assert write(store, put("relations", R3), 1) == 4
    read = store.read("office")
    assert read.frame("units")["name"].to_list() == ["某大学", "其他"]
    assert read.frame("relations")["id"].to_list() == ["r1", "r2", "r3"]
    assert read.frame("postings").height == 0


def test_all_clashes_are_told_at_once(store: Store) -> None:
    begin(store)
    write(store, merged([put("units", U1 | {"name": "x"}), put("relations", R2 | {"source": "x"})]), 1)
    mine = merged([put("units", U1 | {"name": "y"}), put("relations", R2 | {"source": "y"}, R3)])
    found = refused(store, mine, 1)
    assert [c for c in found if not c.refers] == [Clash("units", "u1", 2), Clash("relations", "r2", 2)]


def test_the_message_names_rows_and_versions(store: Store) -> None:
    begin(store)
    write(store, put("units", U1 | {"name": "x"}), 1)
    with pytest.raises(StaleError) as told:
        write(store, put("relations", R3), 1)
    for text in told.value.text:
        assert "office" in text
        assert "u1" in text
        assert "supporter" in text
        assert "2" in text


def test_two_first_loads_at_once(store: Store) -> None:
    begin(store)
    other = small() | {"units": small()["units"].with_columns(name=small()["units"]["id"])}
    with pytest.raises(StaleError):
        begin(store, frames=other)
    assert len(store.versions("office")) == 1
