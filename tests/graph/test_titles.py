"""Titles of tags and fund sources."""

from __future__ import annotations

import re

import pytest

from graph.language import Text
from graph.network import Network
from graph.schema import TABLES
from graph.titles import TAGS, source_titles, tag_title
from tests.graph.questions.conftest import frame


@pytest.mark.parametrize("tag", TAGS)
def test_each_title_has_both_languages(tag: str) -> None:
    assert re.search("[\u4e00-\u9fff]", TAGS[tag].zh)
    assert re.fullmatch("[A-Za-z -]+", TAGS[tag].en)


@pytest.mark.parametrize(
    ("tag", "title"),
    [
        ("deep_poverty", Text("深度贫困", "deep poverty")),
        ("language:lisu", Text("语言：傈僳语", "language: Lisu")),
        ("suits:photovoltaic", Text("适合：光伏扶贫", "suits: photovoltaic")),
        ("language:klingon", Text("语言：klingon", "language: klingon")),
        ("border", Text("border", "border")),
        ("odd:thing", Text("odd:thing", "odd:thing")),
    ],
)
def test_tags_in_words(tag: str, title: Text) -> None:
    assert tag_title(tag) == title


def test_the_schema_names_the_same_tags() -> None:
    """Tags that the data dictionary lists by a plain name have a title."""
    note = next(c for c in TABLES["region_tags"].columns if c.name == "tag").note_en
    plain = [t for t in note.split(", ") if ":" not in t]
    assert len(plain) > 8
    assert set(plain) <= set(TAGS)


def test_fund_sources_are_told_by_level_instrument_and_direction() -> None:
    sources = frame(
        "fund_sources",
        [
            {"id": "a", "name": "少数民族发展资金", "level": "central", "direction": "ethnic_minority"},
            {"id": "b", "name": "搬迁债券", "level": "provincial", "instrument": "bond"},
            {"id": "c"},
        ],
    )
    assert source_titles(Network({"fund_sources": sources})) == {
        "少数民族发展资金": "central grant, ethnic-minority development",
        "搬迁债券": "provincial bond",
    }
