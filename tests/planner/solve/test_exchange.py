"""Arrays between parent and child: what was written is read, without pickles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from planner.solve.exchange import read_answer, read_task, write_answer, write_task
from planner.solve.task import Answer, Task

ARRAYS = {
    "cost": np.array([2**60, -1]),
    "room": np.array([0.5, np.inf]),
    "open": np.array([[True, False]]),
    "none": np.zeros(0, dtype=np.int32),
}


def same(found: object, wanted: dict[str, np.ndarray]) -> None:
    assert isinstance(found, dict) and list(found) == list(wanted)
    for key, array in wanted.items():
        assert found[key].dtype == array.dtype and found[key].shape == array.shape
        assert found[key].tolist() == array.tolist()


def test_task_round_trip(tmp_path: Path) -> None:
    write_task(tmp_path, Task("mip", ARRAYS, {"time_limit": None, "work": 0.5}, "指定"))
    found = read_task(tmp_path)
    assert (found.engine, found.options, found.label) == ("mip", {"time_limit": None, "work": 0.5}, "指定")
    same(found.arrays, ARRAYS)


def test_answer_outlives_its_folder(tmp_path: Path) -> None:
    write_answer(tmp_path, Answer("OPTIMAL", ARRAYS, {"objective": 2**62, "bound": None}, 1.25))
    found = read_answer(tmp_path)
    for file in tmp_path.iterdir():
        file.unlink()
    assert (found.status, found.facts, found.seconds) == (
        "OPTIMAL",
        {"objective": 2**62, "bound": None},
        1.25,
    )
    same(found.arrays, ARRAYS)


def test_objects_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"[Oo]bject"):
        write_task(tmp_path, Task("mip", {"odd": np.array([object()])}))
