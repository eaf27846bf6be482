"""The ten whys: each command of docs/why.md prints what stands below it, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.why_page import PAGE, Asked, answered, inside, prepare, questions

pytestmark = pytest.mark.journey

TEXT = PAGE.read_text(encoding="utf-8")
ASKED = questions(TEXT)


@pytest.fixture(scope="module")
def plans(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The plans of the page, in the folder that its commands are typed in."""
    with inside(tmp_path_factory.mktemp("why")):
        prepare(TEXT, demo.parent)
        yield


def test_the_same_ten_are_asked_in_both_languages() -> None:
    commands = {lang: [a.command for a in ASKED if a.language == lang] for lang in ("zh", "en")}
    assert commands["zh"] == commands["en"]
    for lang in ("zh", "en"):
        assert [a.number for a in ASKED if a.language == lang] == list(range(1, 11))


def test_every_answer_has_a_word_on_how_to_read_it() -> None:
    """Before each question comes who asks; below each answer how to read it."""
    parts = [part for part in TEXT.split("\n### ")[1:] if part[0].isdigit()]
    assert len(parts) == 20
    for part in parts:
        before, _, rest = part.partition("```console\n")
        _, _, after = rest.partition("\n```\n")
        assert before.split("\n", 1)[1].strip() and len(after.partition("\n## ")[0].strip()) > 40, before


@pytest.mark.parametrize("asked", ASKED, ids=[f"{a.language}-{a.number}" for a in ASKED])
def test_the_command_prints_what_stands_on_the_page(plans: None, asked: Asked) -> None:
    assert answered(asked) == asked.answer
