"""This process as the place where tasks run: what comes out is what a child process would give."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from planner.solve import engines
from planner.solve.executor import LocalProcesses
from planner.solve.pool import InProcess, Pool, SolverDefect, SolverMemory, SolverStopped, Timed
from planner.solve.task import Answer, Task
from tests.planner.solve.models import random_model


def told(answers: list[Answer]) -> list[Any]:
    """All but the seconds."""
    return [
        (a.status, dict(a.facts), [(k, v.dtype, v.tolist()) for k, v in a.arrays.items()]) for a in answers
    ]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """An engine that a test writes."""
    module = ModuleType("an_engine")
    monkeypatch.setitem(sys.modules, "an_engine", module)
    monkeypatch.setitem(engines.ENGINES, "own", "an_engine")
    return module


def test_it_answers_as_a_child_does() -> None:
    tasks = [Task("mip", random_model(s).arrays(), {"work": 0.1}, f"task {s}") for s in range(7)]
    here: Pool = InProcess()
    with here, LocalProcesses(1) as there:
        assert told(here.run(tasks)) == told(there.run(tasks))
        assert here.run([]) == []
    assert (here.workers, here.where) == (1, "this process")


def test_facts_are_as_from_another_process(engine: Any) -> None:
    engine.solve = lambda arrays, options, report: Answer(
        "OPTIMAL", {}, {"pair": (1, 2), "at": options["at"]}
    )
    (answer,) = InProcess().run([Task("own", {}, {"at": (3, 4)})])
    assert answer.facts == {"pair": [1, 2], "at": [3, 4]}


def test_an_engine_may_not_write_into_its_arrays(engine: Any) -> None:
    def solve(arrays: Any, options: Any, report: Any) -> Answer:
        arrays["a"][0] = 1
        return Answer("OPTIMAL", {}, {})

    engine.solve = solve
    mine = np.zeros(1)
    with pytest.raises(SolverDefect, match="read-only"):
        InProcess().run([Task("own", {"a": mine})])
    mine[0] = 2  # the caller still may


def test_failures_have_their_names(engine: Any) -> None:
    def solve(arrays: Any, options: Any, report: Any) -> Answer:
        raise MemoryError

    engine.solve = solve
    with pytest.raises(SolverMemory, match="large"):
        InProcess().run([Task("own", {}, {}, "large")])
    with pytest.raises(SolverDefect, match=r"(?s)Traceback.*KeyError: 'no such engine'"):
        InProcess().run([Task("no such engine", {})])


def test_progress_and_stopping(engine: Any) -> None:
    def solve(arrays: Any, options: Any, report: Any) -> Answer:
        report({"round": 1})
        return Answer("OPTIMAL", {}, {})

    engine.solve = solve
    words: list[Any] = []
    pool = InProcess()

    def stop(label: str, facts: Any) -> None:
        words.append((label, facts))
        pool.stop()

    with pytest.raises(SolverStopped):
        pool.run([Task("own", {}, {}, "one"), Task("own", {}, {}, "two")], stop)
    assert words == [("one", {"round": 1})]


def test_seconds_add_up() -> None:
    timed = Timed(InProcess())
    answers = timed.run([Task("mip", random_model(s).arrays(), {"work": 0.1}) for s in range(2)])
    assert timed.seconds == sum(a.seconds for a in answers) > 0
