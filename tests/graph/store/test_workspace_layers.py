"""Snapshots on one another: the same answers whether few or many are put together, by slices or row by row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from graph.store.changes import Changes
from graph.store.workspace import Workspace, layers, open_workspace, writing
from graph.store.workspace.layers import Layer, in_order, standing
from tests.graph.store.small_networks import begin, put, rows
from tests.graph.store.test_contract_random import a_change, compare


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    """An empty workspace."""
    workspace = open_workspace(tmp_path / "office", create=True)
    yield workspace
    workspace.close()


@pytest.fixture
def few_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole snapshots come often, and no table is put together by slices."""
    monkeypatch.setattr(writing, "MOST_LAYERS", 1)
    monkeypatch.setattr(layers, "FEW_RUNS", 0)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(a_change(), min_size=4, max_size=8))
def test_every_version_reads_as_it_did_with_few_layers(
    few_layers: None, office: Workspace, changes: list[Any]
) -> None:
    compare(office, changes)


def test_a_whole_snapshot_comes_after_many_changes(office: Workspace) -> None:
    begin(office)
    for n in range(writing.MOST_LAYERS + 2):
        office.write("office", put("units", {"id": "u1", "name": str(n)}), base=n + 1, how="request", by="t")
    wholes = sorted(
        p.relative_to(office.folder / "snapshots").as_posix() for p in office.folder.rglob("*.whole.parquet")
    )
    assert wholes == [f"1/{writing.MOST_LAYERS + 2}/units.whole.parquet"]
    assert office.read("office").frame("units")["name"].to_list() == [str(writing.MOST_LAYERS + 1), "某企业"]
    assert office.read("office", version=3).frame("units")["name"][0] == "1"
    assert len(office.history("office", "units", "u1")) == writing.MOST_LAYERS + 3


def test_a_whole_snapshot_comes_after_a_large_change(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "FEW_ROWS", 3)
    begin(office)
    more = [{"id": f"m{n}", "name": "m"} for n in range(4)]
    office.write("office", put("units", *more), base=1, how="load", by="t")
    assert [p.name for p in office.folder.rglob("*.whole.parquet")] == ["units.whole.parquet"]


def test_one_row_changed_writes_one_row(office: Workspace) -> None:
    """Of a large table too: the file of the change is small, and the table's own is not touched."""
    many = rows("regions", *({"code": f"r{n}", "name": f"n{n}"} for n in range(20_000)))
    begin(office, frames={"regions": many})
    (large,) = office.folder.rglob("regions.parquet")
    before = large.stat()
    office.write(
        "office",
        Changes({"regions": many[7:8].with_columns(name=pl.lit("x"))}),
        base=1,
        how="request",
        by="t",
    )
    added = [p for p in office.folder.rglob("*.parquet") if p != large]
    assert [p.stat().st_size < 10_000 for p in added] == [True]
    assert large.stat() == before
    assert office.read("office").frame("regions")["name"][6:9].to_list() == ["n6", "x", "n8"]


places = arrays.arrays(np.int64, st.integers(0, 8), elements=st.integers(0, 20), unique=True).map(np.sort)


@settings(max_examples=200)
@given(own=st.lists(places, min_size=1, max_size=4), most=st.sampled_from([0, 2, 1000]))
def test_layers_are_put_in_order(own: list[np.ndarray], most: int) -> None:
    """Against a dictionary that later layers overwrite."""
    made, touched = [], np.empty(0, np.int64)
    for n, place in reversed(list(enumerate(own))):
        frame = pl.DataFrame({"cell": [f"{n}:{p}" for p in place]}, schema={"cell": pl.String})
        made.append(Layer(frame, place, standing(place, touched)))
        touched = np.union1d(touched, place)
    expected: dict[int, str] = {}
    for n, place in enumerate(own):
        expected |= {int(p): f"{n}:{p}" for p in place}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layers, "FEW_RUNS", most)
        frame, there = in_order(made[::-1])
    assert there.tolist() == sorted(expected)
    assert frame["cell"].to_list() == [expected[p] for p in sorted(expected)]
