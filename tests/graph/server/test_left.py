"""What a killed command leaves: the next one ends it before it touches anything."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from graph.server import java
from graph.server.folders import Folders
from graph.server.private import PrivateServer
from graph.server.process import launch, send


def test_an_administration_that_outlived_its_command_is_ended(tmp_path: Path) -> None:
    """It would write into a database that the next start has put back."""
    server = PrivateServer(tmp_path / "home")
    folders = Folders(tmp_path / "home")
    folders.make()
    words = java.args_file(folders, "admin")
    words.write_text("a password")
    (folders.run / "import-x").mkdir()
    (folders.run / "import-x" / "regions.csv").write_text("1")
    script = tmp_path / f"@{words}"  # Python runs the file of this name; Java would read its words there
    script.parent.mkdir(parents=True)
    script.write_text("import time; time.sleep(600)")
    left = launch([sys.executable, f"@{words}"], folders.log, tmp_path, os.environ)
    try:
        assert left.alive
        with server.turn():
            assert not left.alive
            assert not words.exists() and list(folders.run.iterdir()) == []
    finally:
        send(left, signal.SIGKILL)


def test_within_a_turn_nothing_is_swept(tmp_path: Path) -> None:
    server = PrivateServer(tmp_path / "home")
    with server.turn():
        (server.folders.run / "import-x").mkdir()
        with server.turn():
            assert (server.folders.run / "import-x").is_dir()
