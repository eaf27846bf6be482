"""Memory that cannot be enough is told before the work begins."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from graph.errors import OutsideError
from planner import memory
from planner.run import make_plan
from planner.scenario import Scenario, read_scenario
from tests.planner.small import write_small

GB = 10**9


def test_more_rows_and_more_at_once_need_more(small: Scenario) -> None:
    network = small.network
    one, two = (memory.needed(network, ["cadres", "funds"], n) for n in (1, 2))
    assert memory.needed(network, [], 1) <= one <= two
    assert memory.needed(network.with_frames({t: f.clear() for t, f in network.frames.items()}), [], 1) < one


def test_a_plan_that_cannot_fit_is_refused_before_anything_is_written(
    small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "available", lambda: GB // 4)
    monkeypatch.setattr(memory, "held", lambda: 0)
    with pytest.raises(OutsideError) as caught:
        make_plan(small, tmp_path / "plans", workers=2)
    told = caught.value.text
    assert "not enough memory" in told.en and "0.2 GB are free" in told.en and "--stage to plan" in told.en
    assert "内存不足" in told.zh and not (tmp_path / "plans").exists()


def test_fewer_workers_are_offered_where_they_fit(small: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = memory.needed(small.network, small.stages, 1)
    monkeypatch.setattr(memory, "available", lambda: alone)
    monkeypatch.setattr(memory, "held", lambda: 0)
    memory.demand(small.network, small.stages, 1)  # fits
    with pytest.raises(OutsideError, match="--workers 1"):
        memory.demand(small.network, small.stages, 2)


def test_what_is_held_already_is_not_needed_again(small: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    size = memory.needed(small.network, small.stages, 1)
    monkeypatch.setattr(memory, "available", lambda: size // 2)
    monkeypatch.setattr(memory, "held", lambda: size - size // 2)
    memory.demand(small.network, small.stages, 1)
    monkeypatch.setattr(memory, "held", lambda: size // 4)
    with pytest.raises(OutsideError, match="more"):
        memory.demand(small.network, small.stages, 1)


def test_unknown_memory_stops_nobody(small: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: None)
    memory.demand(small.network, small.stages, 64)


def test_tables_that_memory_cannot_hold_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the rows of Parquet and the size of text; told before reading, for the tables that are wanted alone."""
    data = write_small(tmp_path / "s") / "data"
    units = pl.read_csv(data / "units.csv", infer_schema=False)
    (data / "units.csv").unlink()
    units.write_parquet(data / "units.parquet")
    text = sum(f.stat().st_size for f in data.glob("*.csv")) * memory.TEXT_TIMES
    size = text + units.height * memory.ROW_BYTES
    monkeypatch.setattr(memory, "SLIGHT", 0)
    monkeypatch.setattr(memory, "available", lambda: size)
    assert read_scenario(tmp_path / "s").network.frame("units").height == units.height
    monkeypatch.setattr(memory, "available", lambda: size - 1)
    with pytest.raises(OutsideError, match="not enough memory: reading the tables of") as caught:
        read_scenario(tmp_path / "s")
    assert "内存不足" in caught.value.text.zh
    assert read_scenario(tmp_path / "s", only=["units", "regions"]).network.has("units")
    monkeypatch.setattr(memory, "SLIGHT", 8 << 20)  # so little is read without asking
    assert read_scenario(tmp_path / "s").network.has("needs")


def test_tables_that_cannot_be_read_are_told_by_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "units.parquet").write_bytes(b"PAR1 not a table")
    monkeypatch.setattr(memory, "SLIGHT", 0)
    monkeypatch.setattr(memory, "available", lambda: 1)
    memory.demand_reading(tmp_path)
    memory.demand_reading(tmp_path / "book.xlsx")
