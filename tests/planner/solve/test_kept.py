"""Kept answers: a key for everything that decides, nothing else; a file that is whole or not taken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.solve import kept
from planner.solve.kept import lasting, packed, task_key, unpacked
from planner.solve.stamp import CODE, PACKAGES, stamp
from planner.solve.task import Answer, Task

TASK = Task("mip", {"a": np.arange(6), "b": np.zeros((2, 3))}, {"work": 1.0, "threads": 1}, "label")


def other(**arrays: Any) -> Task:
    return replace(TASK, arrays={**TASK.arrays, **arrays})


@pytest.mark.parametrize(
    "task",
    [
        replace(TASK, engine="choose"),
        replace(TASK, options={"work": 2.0, "threads": 1}),
        replace(TASK, options={"work": 1.0, "threads": 1, "time_limit": None}),
        replace(TASK, arrays={"a": TASK.arrays["a"], "c": TASK.arrays["b"]}),
        replace(TASK, arrays={"a": TASK.arrays["a"]}),
        other(c=np.zeros(0)),
        other(a=np.arange(6).astype(np.int32)),
        other(a=np.arange(6).view(np.uint64)),
        other(a=np.arange(6).reshape(2, 3)),
        other(a=np.array([0, 1, 2, 3, 4, 6])),
        other(b=np.asfortranarray(np.zeros((2, 3)))),
        other(b=-np.zeros((2, 3))),
    ],
)
def test_what_decides_an_answer_is_in_its_key(task: Task) -> None:
    assert task_key(task) != task_key(TASK)


@pytest.mark.parametrize("name", [*PACKAGES, CODE])
def test_what_computes_is_in_the_key(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = task_key(TASK)
    assert stamp()[name]
    monkeypatch.setattr(kept, "stamp", lambda: {**stamp(), name: "another"})
    assert task_key(TASK) != before


def test_what_decides_nothing_is_not_in_the_key() -> None:
    same = Task("mip", dict(reversed(TASK.arrays.items())), {"threads": 1, "work": 1.0}, "another label")
    assert task_key(same) == task_key(TASK)
    assert task_key(other(a=np.repeat(np.arange(6), 2)[::2])) == task_key(
        TASK
    )  # the bytes count, not how they lie
    assert len(task_key(TASK)) == 40


def test_python_objects_have_no_key() -> None:
    with pytest.raises(TypeError, match="array a holds"):
        task_key(other(a=np.array([None])))


@pytest.mark.parametrize(
    ("limit", "facts", "lasts"),
    [
        (None, {}, True),
        (None, {"cut_short": False}, True),
        (None, {"cut_short": True}, False),
        (5.0, {"cut_short": False}, True),
        (5.0, {"cut_short": True}, False),
        (5.0, {}, False),  # nobody says that the clock decided nothing
    ],
)
def test_answers_that_a_clock_decided_do_not_last(
    limit: float | None, facts: dict[str, Any], lasts: bool
) -> None:
    assert lasting(replace(TASK, options={"time_limit": limit}), Answer("FEASIBLE", {}, facts)) is lasts


def full() -> Answer:
    arrays = {
        "whole": np.array([2**62, -(2**62)]),
        "half": np.array([[0.1, np.nan], [-0.0, np.inf]]),
        "turned": np.asfortranarray(np.arange(6).reshape(2, 3)),
        "true": np.array([True, False]),
        "small": np.arange(3, dtype=np.int8),
        "none": np.zeros((0, 4)),
        "single": np.array(7),
    }
    facts = {"objective": 2**70, "bound": None, "ratio": 0.1, "cut_short": False, "engine": "列"}
    return Answer("FEASIBLE", arrays, facts, 12.5)


def test_an_answer_comes_back_as_it_was() -> None:
    before, after = full(), unpacked(packed(full()))
    assert after is not None
    assert (after.status, after.facts, after.seconds) == (before.status, before.facts, 0.0)
    assert list(after.arrays) == list(before.arrays)
    for name, array in before.arrays.items():
        got = after.arrays[name]
        assert (got.dtype, got.shape, got.flags.f_contiguous) == (
            array.dtype,
            array.shape,
            array.flags.f_contiguous,
        )
        assert got.tobytes() == array.tobytes()
        assert got.flags.writeable
    assert unpacked(packed(Answer("INFEASIBLE", {}, {}))) == Answer("INFEASIBLE", {}, {})


@given(st.integers(0, len(packed(full())) - 1), st.integers(1, 255))
def test_a_file_cut_off_or_altered_anywhere_is_not_taken(at: int, by: int) -> None:
    whole = packed(full())
    assert unpacked(whole[:at]) is None
    altered = bytearray(whole)
    altered[at] ^= by
    assert unpacked(bytes(altered)) is None
    assert unpacked(whole + b"x") is None
