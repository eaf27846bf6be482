"""Plans that are proposed: side by side, equal tables back, nothing stored of what names strangers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from graph.errors import InputError
from graph.schema import RESULTS
from graph.store.neo4j import proposals as in_neo4j
from graph.store.neo4j.store import Neo4jStore
from graph.store.proposal import NoSuchProposal
from graph.store.protocol import Store
from graph.store.version import NoSuchNetwork
from graph.store.workspace import proposals as in_workspace
from tests.graph.store.small_networks import begin, put
from tests.graph.store.small_plans import TABLES, full, many, told


def test_every_table_comes_back_as_it_was(store: Store) -> None:
    begin(store, frames=full())
    store.propose("office", told("p1"), TABLES)
    assert store.proposals("office") == [told("p1")]
    for table, frame in TABLES.items():
        assert store.proposed("office", "p1", table).equals(frame), table
    assert store.head("office").number == 1 and store.tables("office") == list(begin_tables())


def begin_tables() -> list[str]:
    """Tables of the network, in the schema's order."""
    from graph.schema import TABLES as declared

    return [t for t in declared if t in full()]


def test_side_by_side(store: Store) -> None:
    begin(store, frames=full())
    begin(store, "second", full())
    other = {"pairs": TABLES["pairs"][:1]}
    store.propose("office", told("p2"), TABLES)
    store.propose("office", told("p1", other), other)
    store.propose("second", told("p1"), {"exits": TABLES["exits"]})
    assert [p.plan for p in store.proposals("office")] == ["p1", "p2"]
    assert store.proposed("office", "p1", "pairs").equals(other["pairs"])
    assert store.proposed("office", "p2", "pairs").equals(TABLES["pairs"])
    empty = store.proposed("office", "p1", "postings")
    assert empty.equals(RESULTS["postings"].empty()) and empty.schema == TABLES["postings"].schema
    assert store.proposed("second", "p1", "pairs").is_empty()
    store.withdraw("office", "p1")
    assert [p.plan for p in store.proposals("office")] == ["p2"] and [
        p.plan for p in store.proposals("second")
    ] == ["p1"]
    assert store.proposed("office", "p2", "pairs").equals(TABLES["pairs"])
    assert store.proposed("second", "p1", "exits").equals(TABLES["exits"])


def test_what_is_there_stays(store: Store) -> None:
    begin(store, frames=full())
    store.propose("office", told("p1"), TABLES)
    store.propose("office", told("p1", {}, by="another"), {})
    assert store.proposals("office") == [told("p1")]
    assert store.proposed("office", "p1", "pairs").equals(TABLES["pairs"])


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("pairs", "supporter"),
        ("pairs", "recipient"),
        ("postings", "cadre"),
        ("postings", "village"),
        ("allocations", "source"),
        ("exits", "region"),
        ("inspections", "team"),
    ],
)
def test_strangers_are_refused_whole(store: Store, table: str, column: str) -> None:
    begin(store, frames=full())
    bad = TABLES | {table: TABLES[table].with_columns(pl.lit("ghost").alias(column))}
    with pytest.raises(InputError) as error:
        store.propose("office", told("p1"), bad)
    assert all(table in text for text in error.value.text)
    assert store.proposals("office") == []
    with pytest.raises(NoSuchProposal):
        store.proposed("office", "p1", "exits")
    store.propose("office", told("p1"), TABLES)  # nothing of the bad one is left
    for name, frame in TABLES.items():
        assert store.proposed("office", "p1", name).equals(frame), name


def test_who_left_since_is_told_at_adoption_only(store: Store) -> None:
    begin(store, frames=full())
    from tests.graph.store.small_networks import removed

    store.write("office", removed("cadres", {"id": "c2"}), base=1, how="request", by="t")
    store.propose("office", told("p1"), TABLES)
    assert store.proposed("office", "p1", "postings").equals(TABLES["postings"])


def test_no_result_tables(store: Store) -> None:
    begin(store, frames=full())
    for bad in (
        {"nothing": TABLES["pairs"]},
        {"pairs": TABLES["pairs"].drop("load")},
        {"pairs": TABLES["pairs"].with_columns(pl.lit("much").alias("cost"))},
    ):
        with pytest.raises(InputError):
            store.propose("office", told("p1"), bad)
    assert store.proposals("office") == []


def test_no_network_and_no_plan(store: Store) -> None:
    with pytest.raises(NoSuchNetwork):
        store.propose("office", told("p1"), TABLES)
    assert store.proposals("office") == []
    begin(store, frames=full())
    with pytest.raises(NoSuchProposal):
        store.proposed("office", "p1", "pairs")
    with pytest.raises(NoSuchProposal):
        store.withdraw("office", "p1")
    store.propose("office", told("p1"), TABLES)
    store.withdraw("office", "p1")
    with pytest.raises(NoSuchProposal):
        store.withdraw("office", "p1")


def cut(store: Store, size: int) -> None:
    """From now on rows go in pieces of so many, where a store cuts them."""
    if isinstance(store, Neo4jStore):
        store.batch = size


def interrupted(monkeypatch: pytest.MonkeyPatch, store: Store, after: int) -> None:
    """The store ends with an error at its next write of a proposal but so many."""
    cut(store, 10)
    left = after

    def ending(own: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **more: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise KeyboardInterrupt
            return own(*args, **more)

        return wrapped

    for place, name in ((in_neo4j, "_step"), (in_workspace, "_written"), (in_workspace, "put_proposal")):
        monkeypatch.setattr(place, name, ending(getattr(place, name)))


@pytest.mark.parametrize("after", [0, 1, 3])
def test_interrupted_and_gone_on_with(store: Store, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    begin(store, frames=full())
    tables = many(45) | {"exits": TABLES["exits"]}
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupted(patch, store, after)
        store.propose("office", told("p1", tables), tables)
        raise KeyboardInterrupt  # a store that needs fewer steps
    store.propose("office", told("p1", tables), tables)
    assert store.proposals("office") == [told("p1", tables)]
    for table, frame in tables.items():
        assert store.proposed("office", "p1", table).equals(frame)


def test_interrupted_it_is_not_seen(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(store, frames=full())
    with monkeypatch.context() as patch:
        interrupted(patch, store, 0)
        with pytest.raises(KeyboardInterrupt):
            store.propose("office", told("p1", many(45)), many(45))
    assert store.proposals("office") == []
    with pytest.raises(NoSuchProposal):
        store.proposed("office", "p1", "postings")
    store.write("office", put("units", {"id": "u9", "name": "n"}), base=1, how="request", by="t")


def test_a_withdrawal_that_is_interrupted_is_no_proposal(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is half removed is not taken for half stored."""
    begin(store, frames=full())
    tables = many(45)
    monkeypatch.setattr(in_neo4j, "BATCH", 10)
    store.propose("office", told("p1", tables), tables)
    left = 3

    def failing(shape: Any) -> str:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return own(shape)

    own = in_neo4j.pattern
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(in_neo4j, "pattern", failing)
        patch.setattr(in_workspace.shutil, "rmtree", lambda *_, **__: None)
        store.withdraw("office", "p1")
        raise KeyboardInterrupt
    assert store.proposals("office") == []
    store.propose("office", told("p1", tables), tables)
    assert store.proposed("office", "p1", "postings").equals(tables["postings"])
    store.withdraw("office", "p1")
    store.propose("office", told("p1", tables), tables)
    assert store.proposed("office", "p1", "postings").equals(tables["postings"])


def test_batches_of_another_size(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupted proposal that was cut into other batches loses nothing, and has nothing twice."""
    begin(store, frames=full())
    with monkeypatch.context() as patch:
        interrupted(patch, store, 2)
        with pytest.raises(KeyboardInterrupt):
            store.propose("office", told("p1", many(45)), many(45))
            raise KeyboardInterrupt
    cut(store, 7)
    store.propose("office", told("p1", many(45)), many(45))
    assert store.proposed("office", "p1", "postings").equals(many(45)["postings"])
