"""The pages: links lead somewhere, the glossary has every table, no page names a place that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph.schema import ENUMS, RESULTS, TABLES

HOME = Path(__file__).resolve().parents[2]
PAGES = sorted([*HOME.glob("*.md"), *(HOME / "docs").rglob("*.md")])
GLOSSARY = HOME / "docs" / "glossary.md"
ELSEWHERE = ("cadre_names",)  # a table that no page but the data dictionary needs a word for
EXAMPLE = "training"  # the stage that the guide writes


def glossary_codes() -> set[str]:
    """Everything that the glossary writes as code."""
    return set(re.findall(r"`([^`]+)`", GLOSSARY.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(HOME)))
def test_links_lead_somewhere(page: Path) -> None:
    """Files that a page links to are there."""
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, _ = target.partition("#")
        assert not name or (page.parent / name).exists(), f"{page.name} links to {target}"


def test_glossary_has_every_table() -> None:
    """A reader finds the word for each table, input or result."""
    wanted = {*TABLES, *RESULTS} - set(ELSEWHERE)
    assert not wanted - glossary_codes()


@pytest.mark.parametrize("name", ["stage", "level", "mark"])
def test_glossary_says_the_titles_of_the_schema(name: str) -> None:
    """One word per thing: the glossary's word is the schema's, in both languages."""
    text = GLOSSARY.read_text(encoding="utf-8")
    for title in ENUMS[name].values():
        assert title.zh in text
        assert title.en in text


def test_glossary_says_each_word_once() -> None:
    """No Chinese word stands for two things."""
    rows = re.findall(r"(?m)^\| ([^|]+) \| ", GLOSSARY.read_text(encoding="utf-8"))
    words = [w for w in rows if w != "中文"]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/adding-a-stage.md"])
def test_files_that_a_guide_names_exist(page: str) -> None:
    """A guide that names a file which was moved is worse than none."""
    text = (HOME / page).read_text(encoding="utf-8")
    rooms = "graph|planner|api|jiedui|scenarios|tests|docs|requirements"
    named = set(re.findall(rf"`((?:{rooms})/[A-Za-z0-9_./-]+)`", text))
    assert named
    for path in (p for p in named if EXAMPLE not in p):
        assert (HOME / path).exists() or (HOME / f"{path}.py").exists(), path


def test_contributing_is_one_page() -> None:
    """It is read on one screen, or not at all."""
    assert len((HOME / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()) <= 70
