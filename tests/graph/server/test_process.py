"""A process is ours by number and start; no other one is ever touched."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graph.server import process
from graph.server.process import Process, find, gone, launch, send, started_at

SLEEP = [sys.executable, "-c", "import sys, time; print('here', flush=True); time.sleep(600)"]


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[Process]:
    """A process that sleeps."""
    found = launch(SLEEP, tmp_path / "log", tmp_path, os.environ)
    yield found
    send(found, signal.SIGKILL)
    assert gone(found, 20)


def test_it_lives_on_its_own_and_can_be_ended(sleeper: Process, tmp_path: Path) -> None:
    assert sleeper.alive
    assert os.getsid(sleeper.pid) != os.getsid(0)
    send(sleeper, signal.SIGTERM)
    assert gone(sleeper, 20)
    assert started_at(sleeper.pid) != sleeper.started


def test_a_number_used_again_is_not_ours(sleeper: Process) -> None:
    """The record names this number with another start: it is neither taken for ours nor ended."""
    other = replace(sleeper, started="another boot 1")
    assert not other.alive
    send(other, signal.SIGKILL)
    assert not gone(sleeper, 0.3)
    assert gone(other, 0)


def test_without_handles_it_is_the_same(sleeper: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    send(replace(sleeper, started="another boot 1"), signal.SIGKILL)
    assert not gone(sleeper, 0.3)
    send(sleeper, signal.SIGKILL)
    assert gone(sleeper, 20)


def test_who_has_ended_is_not_signalled(sleeper: Process) -> None:
    send(sleeper, signal.SIGKILL)
    assert gone(sleeper, 20)
    send(sleeper, signal.SIGKILL)


def test_found_by_its_first_word(tmp_path: Path) -> None:
    mark = f"{tmp_path}/mark.py"
    Path(mark).write_text("import time; time.sleep(600)")
    assert find(mark) is None
    started = launch([sys.executable, mark], tmp_path / "log", tmp_path, os.environ)
    try:
        assert not gone(started, 0.2)
        assert find(mark) == started
    finally:
        send(started, signal.SIGKILL)
    assert gone(started, 20)


def test_output_goes_to_the_end_of_the_log(tmp_path: Path) -> None:
    log = tmp_path / "with space.log"
    log.write_text("before\n")
    started = launch(
        [sys.executable, "-c", "print('after', flush=True); import time; time.sleep(1)"],
        log,
        tmp_path,
        os.environ,
    )
    assert gone(started, 20)
    assert log.read_text() == "before\nafter\n"


def test_one_that_ends_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "started_at", lambda _: None)
    ended = launch(["/bin/true"], tmp_path / "log", tmp_path, os.environ)
    monkeypatch.undo()
    assert not ended.alive
