"""The demo, planned once for all who ask about it: all stages of china-2016, with two workers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def jiedui(*words: str | Path, code: int = 0, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does; its exit status must be ``code``."""
    command = [sys.executable, "-m", "jiedui", *map(str, words)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd, stdin=subprocess.DEVNULL
    )
    assert done.returncode == code, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    return done


def answer(*words: str | Path) -> Any:
    """The JSON that a command prints."""
    return json.loads(jiedui(*words, "--json").stdout)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the plan of china-2016, planned with two workers."""
    out = tmp_path_factory.mktemp("two")
    jiedui("plan", "china-2016", "-o", out, "--workers", "2", "-q")
    return next(out.glob("[!.]*"))
