"""A rehearsal says what a write would do, and does nothing."""

from __future__ import annotations

import pytest

from graph.errors import InputError
from graph.store.changes import Changes, merged
from graph.store.clash import StaleError
from graph.store.protocol import Store
from graph.store.version import NoSuchNetwork
from tests.graph.store.small_networks import begin, put, removed, rows, small

MIXED = merged(
    [
        Changes(
            {
                "units": rows(
                    "units", {"id": "u1", "name": "new"}, {"id": "u2", "name": "某企业", "home_region": "zh"}
                )
            },
            {"units": rows("units", {"id": "nobody"}).select("id")},
        ),
        removed("relations", {"id": "r1"}, {"id": "never"}),
        put("regions", {"code": "x", "name": "x"}),
    ]
)


def test_says_what_a_write_then_does(store: Store) -> None:
    begin(store)
    told = store.rehearse("office", MIXED, base=1)
    assert told == {"regions": (1, 0), "units": (1, 0), "relations": (0, 1)}
    assert store.head("office").number == 1
    for table, frame in small().items():
        assert store.read("office").frame(table).equals(frame)
    assert dict(store.write("office", MIXED, base=1, how="request", by="t").counts) == told
    assert store.rehearse("office", MIXED, base=1) == {}


def test_nothing_of_nothing(store: Store) -> None:
    begin(store)
    assert store.rehearse("office", Changes(), base=1) == {}
    assert store.rehearse("office", Changes(small()), base=1) == {}


def test_refuses_as_a_write_would(store: Store) -> None:
    begin(store)
    store.write("office", put("units", {"id": "u1", "name": "two"}), base=1, how="request", by="t")
    with pytest.raises(StaleError) as stale:
        store.rehearse("office", put("units", {"id": "u1", "name": "x"}), base=1)
    assert [c.row for c in stale.value.clashes] == ["u1"]
    with pytest.raises(StaleError) as named:
        store.rehearse("office", put("cadres", {"id": "c3", "unit": "u1", "home_region": "zh"}), base=1)
    assert [(c.table, c.row, c.refers) for c in named.value.clashes] == [("units", "u1", "unit")]
    with pytest.raises(InputError, match="nowhere"):
        store.rehearse("office", put("regions", {"code": "y", "name": "y", "parent": "nowhere"}), base=2)
    with pytest.raises(InputError):
        store.rehearse("office", Changes({"units": rows("units", {"id": "a"}, {"id": "a"})}), base=2)
    assert store.rehearse("office", put("units", {"id": "u1", "name": "x"}), base=2) == {"units": (1, 0)}


def test_what_is_still_named_is_not_removed(store: Store) -> None:
    """As in a write; rows that go with it, or name another by then, are no hindrance."""
    begin(store)
    for gone, by in ((removed("units", {"id": "u1"}), "u1"), (removed("regions", {"code": "v1"}), "v1")):
        with pytest.raises(InputError, match=by) as told:
            store.rehearse("office", gone, base=1)
        with pytest.raises(InputError) as wrote:
            store.write("office", gone, base=1, how="request", by="t")
        assert told.value.text == wrote.value.text
    assert store.rehearse("office", removed("units", {"id": "u2"}), base=1) == {"units": (0, 1)}
    relation = {"id": "r2", "kind": "designated", "supporter": "u2", "recipient": "fg"}
    together = merged(
        [
            removed("units", {"id": "u1"}),
            put("relations", relation),
            put("cadres", {"id": "c1", "unit": "u2", "home_region": "zh"}),
        ]
    )
    told_counts = store.rehearse("office", together, base=1)
    assert told_counts == {"units": (0, 1), "relations": (1, 0), "cadres": (1, 0)}
    assert dict(store.write("office", together, base=1, how="request", by="t").counts) == told_counts


def test_a_table_that_comes_with_it_is_asked(store: Store) -> None:
    """As in a write: with the first rows of a table, names are looked up in it."""
    begin(store, frames={"regions": small()["regions"]})
    both = merged(
        [
            put("cadres", {"id": "c1", "home_region": "zh"}),
            put("postings", {"cadre": "ghost", "village": "v1", "post": "p"}),
        ]
    )
    with pytest.raises(InputError, match="ghost"):
        store.rehearse("office", both, base=1)
    with pytest.raises(InputError, match="ghost"):
        store.write("office", both, base=1, how="request", by="t")


@pytest.mark.parametrize("base", [0, 1])
def test_no_network(store: Store, base: int) -> None:
    with pytest.raises(NoSuchNetwork):
        store.rehearse("office", put("units", {"id": "u1"}), base=base)
    assert store.networks() == []


def test_no_version(store: Store) -> None:
    begin(store)
    with pytest.raises(NoSuchNetwork):
        store.rehearse("office", put("units", {"id": "u1"}), base=2)
