"""The commands of the private server: a walk on a real one, and what each says without."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from api.cli.graph.steps import Steps
from graph.bolt import connect
from graph.bolt.address import private_address
from graph.language import Text
from graph.server import memory, private
from graph.server.private import PrivateServer
from graph.server.process import started_at
from graph.server.record import write_record
from graph.server.status import Status
from graph.server.telling import Step
from tests.neo4j_server import MEMORY_MB

Typed = Callable[..., tuple[int, str, str]]
Graph = Callable[..., dict[str, Any]]


def asked(home: Path, query: str) -> list[Any]:
    """The first column of an answer of the private server."""
    with connect(private_address(home)) as connection:
        records, _, _ = connection.driver.execute_query(query, database_=connection.database)
        return [r[0] for r in records]


@pytest.fixture
def graph(typed: Typed, own_server: PrivateServer) -> Graph:
    """Type a line that succeeds on a private server of the test's own; its JSON."""

    def type_line(*words: object) -> dict[str, Any]:
        code, out, err = typed("graph", *words, "--home", own_server.folders.home, "--json")
        assert code == 0, out + err
        found: dict[str, Any] = json.loads(out)
        return found

    return type_line


def test_from_nothing_to_a_backup_and_back(
    graph: Graph, typed: Typed, own_server: PrivateServer, tmp_path: Path
) -> None:
    """Up twice at once, killed, recovered beside a stranger on its port, saved, changed, stopped, restored, up, down."""
    home = own_server.folders.home
    first = begun_twice(graph, home)
    assert asked(home, "CREATE (n:Place {name: '怒江'}) RETURN n.name") == ["怒江"]
    assert graph("up")["pid"] == first["pid"] == graph("status")["pid"]
    assert typed("graph", "up", "--release", "2026", "--home", home)[0] == 2

    recovered(graph, first)
    assert asked(home, "MATCH (n:Place) RETURN n.name") == ["怒江"]

    backup = tmp_path / "monday.dump"
    saved = graph("backup", backup)
    assert saved["bytes"] == backup.stat().st_size > 0
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".backup*"))
    assert "is there already" in typed("graph", "backup", backup, "--home", home)[2]
    assert graph("status")["state"] == "running"
    asked(home, "MATCH (n) DETACH DELETE n CREATE (:Place {name: '临夏'})")

    assert [graph("down")["stopped"], graph("down")["stopped"]] == [True, False]
    refused_backups(typed, home, tmp_path)
    assert graph("restore", backup)["state"] == "stopped"
    own_server.admin("database", "check", "neo4j")
    assert graph("up", "--memory", MEMORY_MB)["state"] == "running"
    assert asked(home, "MATCH (n:Place) RETURN n.name") == ["怒江"]
    assert graph("down")["state"] == "stopped"
    assert not (home / "run" / "admin.args").exists()  # it held a password


def begun_twice(graph: Graph, home: Path) -> dict[str, Any]:
    """Two commands begin at once, and one server runs."""
    words = ["graph", "up", "--memory", str(MEMORY_MB), "--home", str(home), "--json"]
    line = [sys.executable, "-m", "jiedui", *words]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as at_once:
        first = graph("up", "--memory", MEMORY_MB)
        assert at_once.stdout is not None
        assert json.load(at_once.stdout)["pid"] == first["pid"]
    assert (first["state"], first["version"].split(".")[:2]) == ("running", ["5", "26"])
    password = Path(first["password_file"])
    assert stat.S_IMODE(password.stat().st_mode) == 0o600
    assert password.read_text().strip() not in json.dumps(first)
    return first


def recovered(graph: Graph, first: dict[str, Any]) -> None:
    """Killed, and up again while somebody else has its port."""
    os.kill(first["pid"], signal.SIGKILL)
    while started_at(first["pid"]) is not None:
        time.sleep(0.01)
    assert graph("status")["state"] == "crashed"
    port = int(first["uri"].rpartition(":")[2])
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):  # then a real stranger has been quicker
            stranger.bind(("127.0.0.1", port))
            stranger.listen()
        again = graph("up", "--memory", MEMORY_MB)
    assert again["state"] == "running" and again["uri"] != first["uri"]


def refused_backups(typed: Typed, home: Path, tmp_path: Path) -> None:
    """A file that is not there, one that is no backup, and a damaged one: the database stays."""
    assert typed("graph", "restore", tmp_path / "nowhere.dump", "--home", home)[0] == 2
    (tmp_path / "no.dump").write_bytes(b"not a backup" * 100)
    code, _, err = typed("graph", "restore", tmp_path / "no.dump", "--home", home)
    assert code == 2 and "no.dump is no dump of Neo4j" in err and "left alone" in err
    (tmp_path / "no.dump").write_bytes(b"DZV1" + b"damaged" * 100)
    code, _, err = typed("graph", "restore", tmp_path / "no.dump", "--home", home)
    assert code == 5 and "neo4j-admin database load failed" in err


def test_cypher_by_hand(neo4j_server: Status, typed: Typed) -> None:
    home = neo4j_server.folders.home
    words = ["graph", "shell", "--home", home, "--format", "plain"]
    assert typed(*words, "RETURN 1 + 1 AS n")[:2] == (0, "n\n2\n")
    code, _, err = typed(*words, "RETURN x")
    assert code == 1 and "x" in err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_before_the_first_start(typed: Typed, tmp_path: Path, language: str) -> None:
    code, out, _ = typed("--lang", language, "graph", "status", "--home", tmp_path / "s")
    assert code == 0
    assert ("尚未建立" if language == "zh" else "not set up yet") in out
    assert typed("graph", "down", "--home", tmp_path / "s")[0] == 0
    assert typed("graph", "backup", tmp_path / "b", "--home", tmp_path / "s")[0] == 2
    assert not (tmp_path / "s").exists()


def test_a_mistyped_word_within_the_group(typed: Typed) -> None:
    code, _, err = typed("graph", "stat")
    assert code == 2 and "did you mean status?" in err
    assert typed("graph")[0] == 2


def test_too_little_memory_and_a_full_disk(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as little:
        little.setattr(memory, "available", lambda: 100 << 20)
        code, _, err = typed("graph", "up", "--home", tmp_path / "s")
    assert code == 5 and "not enough memory" in err and err.count("\n") == 1
    monkeypatch.setattr(private, "DISK_BYTES", 1 << 60)
    code, _, err = typed("graph", "up", "--home", tmp_path / "s")
    assert code == 5 and "the disk is too full" in err and err.count("\n") == 1


def test_a_folder_that_cannot_be(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, _, err = typed("graph", "up", "--home", tmp_path / "file" / "s")
    assert code == 5 and str(tmp_path / "file") in err


def test_another_number_in_the_record_is_left_alone(typed: Typed, tmp_path: Path) -> None:
    """A record of before a restart of the machine names a number that somebody else has now: here, our own."""
    from graph.server.process import Process
    from graph.server.record import Record

    server = PrivateServer(tmp_path / "s")
    server.folders.make()
    write_record(
        server.folders.record, Record("5.26", "5.26.30", 7690, Process(os.getpid(), "then 1"), "running")
    )
    assert server.status().state == "crashed"
    assert typed("graph", "down", "--home", tmp_path / "s")[0] == 0  # this process goes on
    assert server.status().state == "stopped"


def test_steps_are_plain_lines_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    text = Text("下载", "fetching")
    for quiet in (False, True):
        with Steps(quiet) as tell:
            for done in (0, 1_000_000, 2_000_000):
                tell(Step(text, done, 2_000_000))
            tell(Step(Text("启动", "starting")))
        err = capsys.readouterr().err
        assert ("2 / 2 MB" in err) is not quiet and ("1 / 2 MB" in err) is False
