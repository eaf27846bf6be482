"""The server's disk is full in the middle of a load: one line is told, nothing half-done is seen, and the next run finishes.

The disk is a small one in memory, which only root may make; what is told then is tested for everybody with the stub
(``tests/graph/bolt/test_retries.py``).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.killing.grounds import MEMORY_MB, Neo4jGround
from benchmarks.killing.looking import Known, settled
from benchmarks.killing.material import make_material
from benchmarks.killing.work import step_named
from graph.errors import OutsideError
from graph.server.private import PrivateServer
from tests.neo4j_server import watched

LEFT_BYTES = 400_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 300 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", str(place)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may make a disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def server(small_disk: Path) -> Iterator[PrivateServer]:
    """A server on it."""
    with watched(small_disk / "server") as server:
        yield server
        server.down()


def test_full_disk(server: PrivateServer, small_disk: Path, tmp_path: Path) -> None:
    material = make_material(tmp_path / "m", 60)
    ground = Neo4jGround(tmp_path, server.up(memory_mb=MEMORY_MB), 50, server)
    store, known, later = ground.open(), Known(material), Known(material)
    step_named("load")(store, "office", material)
    known.done("load")
    filler = small_disk / "filler"
    with filler.open("wb") as out:
        out.write(b"\0" * (shutil.disk_usage(small_disk).free - LEFT_BYTES))
    with pytest.raises(OutsideError, match="could not write its log") as caught:
        for number in range(100):
            step_named("reload")(store, f"later{number}", material)
    assert "\n" not in caught.value.text.en
    filler.unlink()
    assert server.down()
    ground.up()
    assert settled(ground, store, "office", known) == []
    step_named("reload")(store, f"later{number}", material)
    later.done("reload")
    assert settled(ground, store, f"later{number}", later) == []
    store.close()
