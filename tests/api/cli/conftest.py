"""Type a line as a user does, in this process."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.cli.main import Everywhere, run
from graph.language import use_language

Typed = Callable[..., tuple[int, str, str]]
Scenario = Callable[..., Path]


@pytest.fixture
def typed(capfd: pytest.CaptureFixture[str]) -> Iterator[Typed]:
    """Type one line: exit status, standard output, standard error."""

    def type_line(*words: str | Path) -> tuple[int, str, str]:
        use_language("en")
        capfd.readouterr()
        code = run([str(w) for w in words])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    yield type_line
    Everywhere.quiet = Everywhere.verbose = Everywhere.as_json = False
    use_language(None)
    log = logging.getLogger("jiedui")
    for handler in list(log.handlers):
        log.removeHandler(handler)
        handler.close()


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    """Write a scenario's folder: its file, and tables as CSV text by name."""

    def write(text: str = "format = 1\n", name: str = "mine", **tables: str) -> Path:
        folder = tmp_path / name
        (folder / "data").mkdir(parents=True)
        (folder / "scenario.toml").write_text(text, encoding="utf-8")
        for table, rows in tables.items():
            (folder / "data" / f"{table}.csv").write_text(rows, encoding="utf-8")
        return folder

    return write
