"""Addresses of stores, and which network of a store is meant."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from graph.errors import UsageError
from graph.language import use_language
from graph.network import Network
from graph.store.opening import SERVED, SERVED_AT, WORKSPACE_FILE, StoreAddress, open_asked, store_address
from graph.store.version import NoSuchNetwork
from graph.store.workspace import open_workspace
from graph.store.workspace.database import FILE
from tests.graph.questions.asked import loaded
from tests.graph.questions.conftest import REGIONS, RELATIONS, UNITS, network


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("neo4j:", StoreAddress()),
        ("neo4j:#mine", StoreAddress(network="mine")),
        ("bolt://here:7687", StoreAddress("bolt://here:7687")),
        ("neo4j+s://here/people#b", StoreAddress("neo4j+s://here", "people", network="b")),
        ("workspace:office#mine", StoreAddress(folder=Path("office"), network="mine")),
        ("china-2016", None),
        ("folder/of/mine", None),
    ],
)
def test_addresses(words: str, address: StoreAddress | None) -> None:
    assert store_address(words) == address


def test_served_is_what_a_service_tells_its_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SERVED_AT, raising=False)
    assert store_address(SERVED) is None
    monkeypatch.setenv(SERVED_AT, "bolt://here:7687#mine")
    assert store_address(SERVED) == StoreAddress("bolt://here:7687", network="mine")
    monkeypatch.setenv(SERVED_AT, "workspace:/data/office#mine")
    assert store_address(SERVED, Path("/elsewhere")) == StoreAddress(
        folder=Path("/data/office"), network="mine"
    )


@pytest.mark.parametrize(
    "words", ["http://here", "neo4j://", "neo4j://here/a/b", "bolt://here?database=x", "neo4j:#a#b"]
)
def test_other_addresses_are_refused(words: str) -> None:
    with pytest.raises(UsageError, match=r"Neo4j|neo4j"):
        store_address(words)


def test_a_workspace_answers_and_knows_its_past(tmp_path: Path) -> None:
    use_language("en")
    assert WORKSPACE_FILE == FILE
    small: Network = network(regions=REGIONS, units=UNITS, relations=RELATIONS)
    store = open_workspace(tmp_path / "office", create=True)
    try:
        loaded(store, small, "one")
        address = store_address(str(tmp_path / "office"))
        assert address is not None
        with open_asked(address, ["regions", "relations"], date.today()) as questions:
            assert questions.ask("Poor").subject.id == "P"
        with pytest.raises(NoSuchNetwork), open_asked(address, ["regions"], date(2000, 1, 1)):
            pass
        loaded(store, small, "two")
        with (
            pytest.raises(UsageError, match=r"2 networks; write #name .*: one, two"),
            open_asked(address, ["regions"]),
        ):
            pass
    finally:
        store.close()
