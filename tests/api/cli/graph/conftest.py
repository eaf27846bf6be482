"""Commands of a shared network, typed on a workspace that holds the small scenario of two stages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.api.cli.conftest import Typed
from tests.planner.small import MORE, TWO, write_small

Graph = Callable[..., str]
Refused = Callable[..., str]
Told = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The scenario's folder, called ``two``."""
    return write_small(tmp_path / "two", TWO, **MORE)


@pytest.fixture
def address(typed: Typed, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A workspace with the network ``two``."""
    monkeypatch.setenv("JIEDUI_KEYS", str(tmp_path / "names.keys"))
    there = f"workspace:{tmp_path / 'shared office'}#two"
    code, out, err = typed("graph", "load", folder, "--on", there, "--by", "李", "--why", "first")
    assert code == 0, out + err
    return there


@pytest.fixture
def graph(typed: Typed, address: str) -> Graph:
    """Type a line after ``jiedui graph`` that succeeds; what it prints."""

    def type_line(*words: object, lang: str = "en") -> str:
        code, out, err = typed("--lang", lang, "graph", *map(str, words), "--on", address)
        assert code == 0, out + err
        return out

    return type_line


@pytest.fixture
def told(graph: Graph) -> Told:
    """The same with ``--json``."""
    return lambda *words: json.loads(graph(*words, "--json"))


@pytest.fixture
def refused(typed: Typed, address: str) -> Refused:
    """Type a line that is refused with one exit code, in both languages; the English words."""

    def type_line(exit_code: int, *words: object) -> str:
        texts = []
        for lang in ("zh", "en"):
            code, out, err = typed("--lang", lang, "graph", *map(str, words), "--on", address)
            assert (code, out) == (exit_code, ""), out + err
            texts.append(err)
        assert texts[0] != texts[1]
        return texts[1]

    return type_line
