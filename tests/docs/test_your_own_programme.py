"""docs/your-own-programme.md: its files, written as they stand there, and its commands give what the page shows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli.main import run
from graph.language import use_language

PAGE = Path(__file__).resolve().parents[2] / "docs" / "your-own-programme.md"
BLOCK = re.compile(r"(?ms)^```(\w+)(?: (\S+))?\n(.*?)^```$")
ANY_LINES = "…"
ID = re.compile(r"\b[0-9a-f]{16}\b")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The empty folder in which the hour begins; the page speaks English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JIEDUI_NETWORK", raising=False)
    yield tmp_path
    use_language(None)


def lines_of(text: str) -> list[str]:
    """Lines without blanks at their ends and without empty ones; ids of plans change with every new policy value."""
    return [ID.sub("ID", line.rstrip()) for line in text.splitlines() if line.strip()]


def shown_by(told: list[str], wanted: list[str]) -> bool:
    """Whether ``told`` is ``wanted``, in which a line ``…`` stands for any lines."""
    if not wanted:
        return not told
    if wanted[0] == ANY_LINES:
        return any(shown_by(told[k:], wanted[1:]) for k in range(len(told) + 1))
    return bool(told) and told[0] == wanted[0] and shown_by(told[1:], wanted[1:])


def answers(session: str) -> Iterator[tuple[str, str]]:
    """Command and what the page shows below it."""
    for part in re.split(r"(?m)^\$ ", session)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def test_an_empty_page_would_not_pass() -> None:
    assert not shown_by(["a", "b"], ["a"])
    assert not shown_by(["a"], ["a", ANY_LINES, "b"])
    assert shown_by(["a", "x", "b"], ["a", ANY_LINES, "b"])


def test_the_hour_goes_as_the_page_says(empty: Path, capfd: pytest.CaptureFixture[str]) -> None:
    found = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    commands = 0
    for kind, file, body in found:
        if kind == "console":
            for command, shown in answers(body):
                words = shlex.split(command)
                assert words[0] == "jiedui"
                use_language("en")
                capfd.readouterr()
                run(words[1:])
                out, err = capfd.readouterr()
                told = lines_of(out + err)
                assert shown_by(told, lines_of(shown)), f"$ {command}\n" + "\n".join(told)
                commands += 1
        elif file:
            (empty / file).parent.mkdir(parents=True, exist_ok=True)
            (empty / file).write_text(body, encoding="utf-8")
    assert commands >= 15
    assert {p.name for p in (empty / "twins" / "data").glob("*.csv")} >= {
        "regions.csv",
        "cadres.csv",
        "needs.csv",
    }


def test_both_languages_tell_the_same_steps() -> None:
    heads = re.findall(r"(?m)^## (\d+)\. (.+) · (.+)$", PAGE.read_text(encoding="utf-8"))
    assert [int(n) for n, _, _ in heads] == list(range(1, len(heads) + 1)) and len(heads) >= 6
    assert all(
        re.search("[\u4e00-\u9fff]", zh) and not re.search("[\u4e00-\u9fff]", en) for _, zh, en in heads
    )
