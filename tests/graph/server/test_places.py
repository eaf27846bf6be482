"""Ports, memory, records, locks and settings of a private server."""

from __future__ import annotations

import json
import multiprocessing
import socket
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from graph.errors import OutsideError
from graph.server import memory, ports
from graph.server.folders import Folders, default_home
from graph.server.java import command
from graph.server.locking import is_locked, locked
from graph.server.memory import LEAST_MB, MB, Memory, decide, divided
from graph.server.process import Process
from graph.server.record import Record, read_record, write_record
from graph.server.settings import is_encrypted, write_settings

RECORD = Record("5.26", "5.26.30", 7690, Process(7, "boot 1"), "running", 512, 256)


def test_a_port_is_kept_where_it_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert not ports.is_free(port) and ports.answers(port)
        assert free_elsewhere(port) != port
    assert ports.free_port(port) == port and not ports.answers(port)
    assert ports.free_port(port, [port]) != port


def free_elsewhere(port: int) -> int:
    """The port given for one that is taken; it lies in the range and is free."""
    found = ports.free_port(port)
    assert ports.FIRST <= found <= ports.LAST and ports.is_free(found)
    return found


def test_no_port_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "is_free", lambda _: False)
    with pytest.raises(OutsideError, match=r"7687–7787 of 127.0.0.1 are taken"):
        ports.free_port(17000)


@pytest.mark.parametrize(("free_mb", "heap_mb"), [(LEAST_MB, 384), (4000, 510), (64_000, 4096)])
def test_memory_is_a_share_of_what_is_free(
    monkeypatch: pytest.MonkeyPatch, free_mb: int, heap_mb: int
) -> None:
    monkeypatch.setattr(memory, "available", lambda: free_mb * MB)
    found = decide()
    assert found.heap_mb == heap_mb
    assert found.total_mb <= free_mb


def test_too_little_memory_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: (LEAST_MB - 1) * MB)
    with pytest.raises(OutsideError, match=f"needs {LEAST_MB} MB, {LEAST_MB - 1} MB are free"):
        decide()
    monkeypatch.setattr(memory, "available", lambda: 3000 * MB)
    with pytest.raises(OutsideError, match="needs 3001 MB"):
        decide(3001)
    assert decide(3000) == divided(3000)
    monkeypatch.setattr(memory, "available", lambda: None)
    assert decide().total_mb <= 2 * LEAST_MB


def test_a_record_is_private_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "server.json"
    for record in (RECORD, replace(RECORD, process=None, phase="stopped")):
        write_record(file, record)
        assert read_record(file) == record
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [f.name for f in tmp_path.iterdir()] == ["server.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"process": 3}', '{"process": null, "new": 1}', "null"]
)
def test_a_record_that_makes_no_sense_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "server.json").write_text(text)
    assert read_record(tmp_path / "server.json") is None
    assert read_record(tmp_path / "nowhere") is None


def hold(file: Path, told: multiprocessing.synchronize.Event, end: multiprocessing.synchronize.Event) -> None:
    """Hold the lock until told to end."""
    with locked(file):
        told.set()
        end.wait(60)


def test_one_process_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    context = multiprocessing.get_context("spawn")
    told, end = context.Event(), context.Event()
    other = context.Process(target=hold, args=(file, told, end))
    other.start()
    assert told.wait(60)
    assert is_locked(file)
    with pytest.raises(OutsideError, match="another jiedui is still at work"), locked(file, patience=0.2):
        pass
    other.kill()  # a lock goes with its process
    other.join()
    with locked(file, patience=5):
        pass
    assert not is_locked(file) and not is_locked(tmp_path / "nowhere")


def test_settings_stay_on_loopback_and_own_lines_win(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "home")
    folders.make()
    write_settings(folders, "5.26", 7700, Memory(500, 100))
    text = (folders.configuration / "neo4j.conf").read_text()
    assert "server.bolt.listen_address=127.0.0.1:7700\n" in text and "server.http.enabled=false\n" in text
    assert "pagecache.size=100m" in text and not is_encrypted(folders)
    own = "# mine\n server.memory.pagecache.size = 64m\nserver.bolt.tls_level=required\n"
    (folders.configuration / "own.conf").write_text(own)
    write_settings(folders, "2026", 7700, Memory(500, 100))
    text = (folders.configuration / "neo4j.conf").read_text()
    assert "pagecache.size=64m" in text and "100m" not in text and is_encrypted(folders)


def test_secrets_are_not_on_the_command_line(tmp_path: Path) -> None:
    folders = Folders(tmp_path / 'a "b" \\c')
    folders.make()
    assert stat.S_IMODE(folders.home.stat().st_mode) == 0o700
    words = command(folders, [tmp_path / "x.jar"], 384, ["Main", "hunter2"], "admin")
    assert len(words) == 2 and "hunter2" not in " ".join(words)
    file = folders.run / "admin.args"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = file.read_text().splitlines()
    assert lines[-2:] == ['"Main"', '"hunter2"'] and '"-Xmx384m"' in lines
    inside = str(folders.run).replace("\\", "\\\\").replace('"', '\\"')
    assert f'"-Djava.io.tmpdir={inside}"' in lines


def test_the_folder_is_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEDUI_SERVER_HOME", str(tmp_path))
    assert default_home() == tmp_path
    monkeypatch.delenv("JIEDUI_SERVER_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert default_home() == tmp_path / "data" / "jiedui" / "server"


def test_json_has_what_the_command_promises(tmp_path: Path) -> None:
    from graph.server.private import PrivateServer

    found = PrivateServer(tmp_path / "none").status().as_dict()
    assert {"uri", "user", "password_file", "version", "folders", "state"} <= set(found)
    assert found["state"] == "absent" and json.dumps(found)
    assert not (tmp_path / "none").exists()
