"""Titles of tags and fund sources."""

from __future__ import annotations

import re

import pytest

from graph.language import Text, a_or_an
from graph.network import Network
from graph.schema import TABLES
from graph.titles import (
    TAGS,
    Counties,
    counties_with,
    must_pair_words,
    role_title,
    source_titles,
    tag_title,
)
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


def test_counties_of_a_known_tag_have_their_word_and_others_are_called_by_the_tag() -> None:
    assert counties_with("deep_poverty").many == "deep-poverty counties"
    assert counties_with("poor_county_832").without_zh == "非贫困县"
    own = Counties("带标签“far”的县", "county tagged far", "counties tagged far", "不带标签“far”的县")
    assert counties_with("far") == own
    assert counties_with("old_revolutionary").many == "counties tagged old revolutionary area"


def test_roles_and_regions_that_must_be_paired_are_told_by_what_the_scenario_names() -> None:
    assert role_title("first_secretary") == Text("第一书记", "first secretary")
    assert role_title("mentor") == Text("mentor", "mentor")
    assert must_pair_words("ethnic_prefecture").en == "autonomous prefectures"
    assert must_pair_words("island").en == "regions that must be paired"


@pytest.mark.parametrize(
    ("word", "told"), [("officer", "an officer"), ("first secretary", "a first secretary"), ("", "a ")]
)
def test_articles(word: str, told: str) -> None:
    assert a_or_an(word) == told
