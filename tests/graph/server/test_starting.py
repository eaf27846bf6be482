"""Starts that fail: the logs are read, a port that somebody else took first is given up, the rest is told in one line."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from graph.errors import OutsideError
from graph.server import answering, java, starting
from graph.server.folders import Folders
from graph.server.memory import Memory
from graph.server.private import PrivateServer
from graph.server.process import Process, launch, send
from graph.server.record import Record, read_record, write_record
from graph.server.starting import TRIES, start
from graph.server.telling import silent
from graph.server.troubles import lengths, listens, port_taken, said_since, why_failed


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A server's folders."""
    found = Folders(tmp_path / "home")
    found.make()
    return found


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("java.io.IOException: No space left on device", "the disk is full"),
        ("java.lang.OutOfMemoryError: Java heap space", "not enough memory"),
        ("Lock file has been locked by another process: x/store_lock", "another process"),
        ("Exception: java.lang.NoClassDefFoundError: org/neo4j/X", "a part of Neo4j is broken"),
        ("Unrecognized setting. No declared setting with name: nope", "own.conf"),
        ("2026-01-01 ERROR Something new", "Something new"),
        ("nothing of note", "?"),
    ],
)
@pytest.mark.parametrize("name", ["server.log", "neo4j.log"])
def test_logs_are_told_in_one_line(folders: Folders, name: str, line: str, word: str) -> None:
    log = folders.logs / name
    log.write_text("ERROR of an earlier start\n")
    before = lengths(folders)
    with log.open("a") as out:
        out.write(f"INFO all is well\n{line}\n")
    said = said_since(before)
    assert "earlier" not in said and not port_taken(said)
    told = why_failed(said, folders).text
    assert word in told.en and str(folders.logs) in told.zh and "\n" not in told.zh
    log.write_text("begun anew\n")
    assert "begun anew" in said_since({log: 10_000})


def failing(monkeypatch: pytest.MonkeyPatch, said: str) -> list[int]:
    """In the place of Java a shell that writes to Neo4j's log and ends; the ports that are tried."""
    tried: list[int] = []

    def free_port(_: int | None, taken: Sequence[int]) -> int:
        tried.append(20000 + len(taken))
        return tried[-1]

    monkeypatch.setattr(starting, "free_port", free_port)
    monkeypatch.setattr(starting, "first_password", lambda *_: None)
    monkeypatch.setattr(java, "server_class", lambda _: "Main")
    monkeypatch.setattr(java, "command", lambda *_: ["/bin/sh", "-c", f"echo '{said}' >>logs/neo4j.log"])
    return tried


def begin(folders: Folders) -> None:
    """Start a server there; its record says afterwards that none runs."""
    folders.password.write_text("p")
    try:
        start(folders, Record("5.26", "5.26.30"), [], Memory(384, 64), (), silent)
    finally:
        record = read_record(folders.record)
        assert record is not None and record.process is None and record.phase == "stopped"


def test_a_port_that_others_take_first_is_given_up(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = failing(monkeypatch, "Caused by: PortBindException: Address already in use")
    with pytest.raises(OutsideError, match="taken first by others"):
        begin(folders)
    assert tried == [20000 + i for i in range(TRIES)]


def test_any_other_failure_is_not_tried_again(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = failing(monkeypatch, "java.io.IOException: No space left on device")
    with pytest.raises(OutsideError, match="Neo4j did not start: the disk is full"):
        begin(folders)
    assert len(tried) == 1


def test_interrupted_while_waiting(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C leaves no server half started."""
    failing(monkeypatch, "")
    launched: list[Process] = []

    def interrupt(_: Folders, record: Record) -> bool:
        assert record.process is not None and record.process.alive
        launched.append(record.process)
        raise KeyboardInterrupt

    monkeypatch.setattr(java, "command", lambda *_: [sys.executable, "-c", "import time; time.sleep(600)"])
    monkeypatch.setattr(starting, "first_answer", interrupt)
    with pytest.raises(KeyboardInterrupt):
        begin(folders)
    assert not launched[0].alive


def test_a_disk_that_fills_while_waiting(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neo4j itself would wait for ever; it is ended."""
    failing(monkeypatch, "")
    monkeypatch.setattr(
        java, "command", lambda *_: [sys.executable, "-c", "import time; time.sleep(600)", "full"]
    )
    monkeypatch.setattr(answering, "LEAST_BYTES", 1 << 60)
    with pytest.raises(OutsideError, match=r"did not start: the disk of .* is full"):
        begin(folders)


def test_a_process_that_no_record_knows_is_found_and_ended(folders: Folders, tmp_path: Path) -> None:
    """The command was killed between the start of the server and its record, or the record is lost."""
    script = tmp_path / f"@{folders.run}" / "server.args"
    script.parent.mkdir(parents=True)
    script.write_text("import time; time.sleep(600)")
    started = launch([sys.executable, f"@{folders.run}/server.args"], folders.log, tmp_path, os.environ)
    try:
        write_record(folders.record, Record("5.26", "5.26.30", 7690, None, "starting"))
        assert PrivateServer(folders.home).down()
        assert not started.alive
        assert not PrivateServer(folders.home).down()
    finally:
        send(started, signal.SIGKILL)


def test_who_answers_on_the_port_is_not_taken_for_ours(folders: Folders) -> None:
    """The password goes to a process only after it has said in its own log that the port is its."""
    folders.neo4j_log.write_text("Bolt enabled on localhost:7690.\n")
    record = Record("5.26", "5.26.30", 7690, logged=folders.neo4j_log.stat().st_size)
    assert not listens(folders, record)
    with folders.neo4j_log.open("a") as log:
        log.write("Bolt enabled on localhost:76901.\n")
    assert not listens(folders, record)
    with folders.neo4j_log.open("a") as log:
        log.write("Bolt enabled on localhost:7690.\n")
    assert listens(folders, record)


def test_a_wrong_password_file_leaves_a_running_server_alone(own_server: PrivateServer) -> None:
    """Colleagues are at work on it: whoever cannot get in is told so, and that is all."""
    before = own_server.up(memory_mb=1200)
    file = own_server.folders.password
    right = file.read_text(encoding="utf-8")
    file.write_text("wrongwrong", encoding="utf-8")
    with pytest.raises(OutsideError, match="does not take the password"):
        own_server.up()
    assert own_server.status() == before and before.state == "running"
    file.write_text(right, encoding="utf-8")
    assert own_server.up().pid == before.pid
