"""Parts come whole or not at all, from a Maven repository on loopback."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from graph.errors import OutsideError, UsageError
from graph.server import extra, parts
from graph.server.parts import RELEASES, SHELL, ensure, read_lock, version_of
from graph.server.telling import Step

JARS = {"org.neo4j:neo4j:9.9.1": b"PK one" * 5000, "org.other:thing:2.0:linux": b"PK two" * 100}


class Mirror(ThreadingHTTPServer):
    """A repository of files; ``asked`` lists the jars that were asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))

    def file(self, coordinate: str) -> Path:
        group, artifact, version, *rest = coordinate.split(":")
        name = "-".join([artifact, version, *rest])
        return self.folder / group.replace(".", "/") / artifact / version / f"{name}.jar"


class Quiet(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.endswith(".jar") and isinstance(self.server, Mirror):
            self.server.asked.append(self.path)
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    """A mirror with two jars and a lock that wants them; jgo's settings name the mirror."""
    locks = tmp_path / "locks"
    locks.mkdir()
    lines = [f"{name} {hashlib.sha256(data).hexdigest()} {len(data)}" for name, data in JARS.items()]
    (locks / "9.9.lock").write_text("\n".join(["# a release", *lines, ""]))
    monkeypatch.setattr(parts, "LOCKS", locks)
    with Mirror(tmp_path / "mirror") as server:
        for name, data in JARS.items():
            server.file(name).parent.mkdir(parents=True)
            server.file(name).write_bytes(data)
        (tmp_path / "jgo.conf").write_text(
            f"[repositories]\ncentral = http://127.0.0.1:{server.server_port}\n"
        )
        monkeypatch.setenv("JGO_CONFIG_FILE", str(tmp_path / "jgo.conf"))
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def have(folder: Path) -> list[str]:
    """Names of the files in the folder of parts, hidden ones too, but for its lock."""
    return sorted(f.name for f in folder.rglob("*") if f.is_file() and f.name != ".lock")


WHOLE = ["neo4j-9.9.1.jar", "thing-2.0-linux.jar"]


def test_fetched_once_and_told(mirror: Mirror, tmp_path: Path) -> None:
    told: list[Step] = []
    jars = ensure("9.9", tmp_path / "parts", told.append)
    assert [j.read_bytes() for j in jars] == list(JARS.values())
    assert have(tmp_path / "parts") == WHOLE
    assert "GPLv3" in told[0].text.en and told[0].done == 0
    assert told[-1].done == told[-1].total == sum(map(len, JARS.values()))
    assert len(mirror.asked) == 2
    mirror.asked.clear()
    assert ensure("9.9", tmp_path / "parts", told.append) == jars
    assert mirror.asked == []


@pytest.mark.parametrize("harm", ["gone", "empty", "changed"])
def test_a_missing_or_broken_jar_is_fetched_again(mirror: Mirror, tmp_path: Path, harm: str) -> None:
    first, second = ensure("9.9", tmp_path / "parts")
    first.unlink()
    if harm != "gone":
        data = JARS["org.neo4j:neo4j:9.9.1"]
        first.write_bytes(b"" if harm == "empty" else data[:-1] + b"!")
    mirror.asked.clear()
    assert ensure("9.9", tmp_path / "parts") == [first, second]
    assert first.read_bytes() == JARS["org.neo4j:neo4j:9.9.1"]
    assert len(mirror.asked) == 1


def test_other_bytes_than_the_lock_are_not_taken(mirror: Mirror, tmp_path: Path) -> None:
    mirror.file("org.neo4j:neo4j:9.9.1").write_bytes(b"something else")
    with pytest.raises(OutsideError, match=r"org.neo4j:neo4j:9.9.1 came with other bytes"):
        ensure("9.9", tmp_path / "parts")
    assert "neo4j-9.9.1.jar" not in have(tmp_path / "parts")
    assert not list((tmp_path / "parts").glob(".fetching-*"))


def test_what_the_mirror_does_not_have(mirror: Mirror, tmp_path: Path) -> None:
    mirror.file("org.other:thing:2.0:linux").unlink()
    with pytest.raises(OutsideError, match=r"do not have org.other:thing:2.0:linux") as caught:
        ensure("9.9", tmp_path / "parts")
    assert "\n" not in str(caught.value)


def test_no_network_is_one_line_and_none_is_needed_later(mirror: Mirror, tmp_path: Path) -> None:
    jars = ensure("9.9", tmp_path / "parts")
    mirror.server_close()
    (tmp_path / "jgo.conf").write_text("[repositories]\ncentral = http://127.0.0.1:1\n")
    assert ensure("9.9", tmp_path / "parts") == jars
    jars[0].unlink()
    with pytest.raises(OutsideError, match="no Maven repository can be reached") as caught:
        ensure("9.9", tmp_path / "parts")
    assert "\n" not in str(caught.value) and "org.neo4j:neo4j:9.9.1" in str(caught.value)
    assert have(tmp_path / "parts") == WHOLE[1:]


def test_a_full_disk_is_told_before_and_when_it_fills_meanwhile(
    mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))  # type: ignore[attr-defined]
        with pytest.raises(OutsideError, match="the disk is too full: 0 MB are free"):
            ensure("9.9", tmp_path / "parts")
    assert mirror.asked == []

    def replace(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(parts.os, "replace", replace)
    with pytest.raises(OutsideError, match="No space left"):
        ensure("9.9", tmp_path / "parts")
    assert have(tmp_path / "parts") == []


def test_what_a_killed_fetch_left_is_removed(mirror: Mirror, tmp_path: Path) -> None:
    left = tmp_path / "parts" / ".fetching-dead" / "half.jar"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    ensure("9.9", tmp_path / "parts")
    assert have(tmp_path / "parts") == WHOLE


def test_without_the_extra_one_line_says_what_to_install(
    mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=re.escape("pip install 'jiedui[neo4j]'")):
        ensure("9.9", tmp_path / "parts")


@pytest.mark.parametrize("release", [*RELEASES, SHELL])
def test_locks_are_whole_and_name_no_host(release: str) -> None:
    found = read_lock(release)
    assert len({p.path for p in found}) == len(found) > 50
    assert all(re.fullmatch("[0-9a-f]{64}", p.sha256) and p.size > 0 for p in found)
    assert "://" not in (parts.LOCKS / f"{release}.lock").read_text()
    if release in RELEASES:
        assert version_of(found).startswith(f"{release}.")
        assert {"neo4j", "neo4j-server", "neo4j-import-tool", "neo4j-consistency-check"} <= {
            p.artifact for p in found
        }


def test_unknown_release() -> None:
    with pytest.raises(UsageError, match="there are 5.26, 2026"):
        read_lock("4.4")
