"""The shipped network goes in and comes back, on every store."""

from __future__ import annotations

import pytest

from graph.network import Network
from graph.store.about import About
from graph.store.load import load
from graph.store.protocol import Store
from graph.store.rows import table_checksum
from planner.scenario import read_scenario


@pytest.fixture(scope="session")
def china() -> Network:
    """The real scenario of 2016."""
    return read_scenario("china-2016", trust_shipped=True).network


def test_china_2016_reads_back_as_it_is(store: Store, china: Network) -> None:
    report = load(store, china, "china-2016", by="tests")
    assert report.equal
    assert report.version.number == 1
    read = store.read("china-2016")
    assert sorted(read.frames) == sorted(china.frames)
    for table, frame in china.frames.items():
        assert table_checksum(table, read.frame(table)) == table_checksum(table, frame), table
        assert read.frame(table).equals(frame.select(read.frame(table).columns)), table
    assert About.of(read) == About.of(china)
    assert load(store, china, "china-2016", by="tests").version == report.version
