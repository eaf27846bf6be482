"""A service that runs: a process of its own on a free port, with its worker beside it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Served:
    """Where it is, what it keeps, and its process."""

    url: str
    data: Path
    process: subprocess.Popen[str]


@contextmanager
def serving(
    data: Path, network: str, *words: str, settings: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """A service of a data folder; ends in good order.

    Parameters
    ----------
    data : Path
    network : str
        What questions are asked of.
    *words
        Further options of ``jiedui serve``.
    settings : mapping, optional
        Further settings, as the environment gives them: without ``JIEDUI_SERVE_``, in small letters.
    """
    given = {f"JIEDUI_SERVE_{name.upper()}": value for name, value in (settings or {}).items()}
    port = [] if "--port" in words else ["--port", "0"]
    command = [sys.executable, "-m", "jiedui", "serve", *port, "--data", str(data), "--on", network, *words]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("JIEDUI_")} | {
        k: v for k, v in os.environ.items() if k == "JIEDUI_KEYS"
    }
    data.parent.mkdir(parents=True, exist_ok=True)
    with (data.parent / f"{data.name}.log").open("a+") as log:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**kept, "JIEDUI_SERVE_LANGUAGE": "en", **given},
        )
        try:
            assert process.stdout is not None
            told = process.stdout.readline()
            found = re.search(r"https?://\S+", told)
            if found is None:
                log.seek(0)
                raise AssertionError(f"the service did not start: {told}{log.read()[-3000:]}")
            yield Served(found[0], data, process)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()


@pytest.fixture(scope="session")
def teachers_served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service of the smallest shipped scenario; what tests leave in it stays."""
    with serving(tmp_path_factory.mktemp("served") / "data", "teachers") as found:
        yield found
