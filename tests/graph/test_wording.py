"""A scenario's own words laid over texts: what they replace, and what they leave."""

from __future__ import annotations

import random
from collections.abc import Iterator

import polars as pl
import pytest

from graph.language import Text, speaking, use_language
from graph.phrases import VALUES, WORDS
from graph.schema import ENUMS
from graph.titles import counties_with, must_pair_words, role_title, tag_title
from graph.wording import Titles, Wording, following, heard, own_big_money, said_columns, worded

TITLES: Titles = {
    "words": {
        "cadre": {"zh": "教师", "en": "officer"},
        "county": {"zh": "学区", "en": "district"},
        "poor_county": {"zh": "偏远学区", "en": "remote district"},
        "village": {"zh": "学校", "en": "school"},
        "unit": {"zh": "院校", "en": "academy", "many": "academies"},
    },
    "role": {"head": {"zh": "校长", "en": "head teacher"}, "first_secretary": {"zh": "组长", "en": "leader"}},
    "programme": {"education": {"zh": "上学", "en": "schooling"}},
    "tag": {"remote": {"zh": "偏远学区", "en": "remote district"}},
    "currency": {"name": {"zh": "克朗", "en": "crown", "symbol": "kr"}, "big": {"size": 1_000, "zh": "千克朗", "en": "thousand crowns"}},
}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    yield
    use_language(None)


def said(text: str, *names: str, titles: Titles = TITLES) -> str:
    """The text in English, in the words of ``titles``."""
    with worded(Wording(titles, lambda: names)), speaking("en"):
        return str(Text("", text))


def zh(text: str, *names: str, titles: Titles = TITLES) -> str:
    """The same in Chinese."""
    with worded(Wording(titles, lambda: names)), speaking("zh"):
        return str(Text(text, ""))


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("a cadre of a county", "an officer of a district"),
        ("Cadres of counties", "Officers of districts"),
        ("A cadre", "An officer"),
        ("poor counties and county-years", "remote districts and district-years"),
        ("no unit, 2 units", "no academy, 2 academies"),
        ("12 yuan, the next yuan, a yuan, 1 yuan, 11 yuan", "12 crowns, the next crown, a crown, 1 crown, 11 crowns"),
        ("need (yuan)", "need (kr)"),
        ("yuan", "kr"),
        ("unit", "unit"),  # of measurement
        ("the first secretary", "the first secretary"),
    ],
)  # fmt: skip
def test_english(text: str, own: str) -> None:
    titles = {k: v for k, v in TITLES.items() if k != "role"}
    assert said(text, titles=titles) == own


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("每县一名干部", "每学区一名教师"),
        ("贫困县的单位", "偏远学区的院校"),
        ("12 元，需求（元），元/年", "12 克朗，需求（kr），元/年"),
        ("元", "kr"),
        ("单位", "单位"),
        ("单元格，公元 2031 年，缺省，农村", "单元格，公元 2031 年，缺省，农村"),
    ],
)
def test_chinese(text: str, own: str) -> None:
    assert zh(text) == own.replace("元/年", "克朗/年")


@pytest.mark.parametrize(
    "text",
    [
        "[cadres] tiers",
        "cadres.skill",
        "cadres: 15 rules hold",
        "data/cadres.csv",
        "team_one_unit",
        "x=county",
        "jiedui repair here --stage cadres",
        "the stage cadres is not run here; these are: `designation`, `cadres`",
        "no stage cadre; did you mean cadres?",
        "no stage x; there are: pairing, cadres, funds",
        'led_by = ["check>county", "unit>x"]',
    ],
)
def test_names_of_files_and_keys_are_no_words(text: str) -> None:
    assert said(text) == text


def test_names_in_the_data_stay() -> None:
    assert said("a cadre goes to County Hall", "County Hall") == "an officer goes to County Hall"
    assert said("a cadre goes to County Hall") == "an officer goes to District Hall"
    assert zh("干部学院派干部", "干部学院") == "干部学院派教师"


def test_a_word_may_be_any_text_of_a_pattern() -> None:
    titles = {
        "words": {"cadre": {"zh": r"\1(x", "en": r"\g<0>[y"}},
        "currency": {"name": {"zh": "b", "en": "b", "symbol": "\\1"}},
    }
    assert said("a cadre pays (yuan)", titles=titles) == r"a \g<0>[y pays (\1)"
    assert zh("干部", titles=titles) == r"\1(x"


def test_laid_over_twice_is_laid_over_once() -> None:
    """Own words that hold words of jiedui (officer of a county) too."""
    titles = {**TITLES, "words": {**TITLES["words"], "cadre": {"zh": "县干部", "en": "county officer"}}}
    rng = random.Random(5)
    words = [w for f in WORDS.values() for pair in f.en for w in pair] + [
        "of",
        "a",
        "the",
        "12",
        "yuan",
        "County Hall",
    ]
    chinese = [w for f in WORDS.values() for w in f.zh] + ["的", "元", "（元）"]
    for _ in range(200):
        text = " ".join(rng.choices(words, k=6))
        assert said(said(text, "County Hall", titles=titles), "County Hall", titles=titles) == said(
            text, "County Hall", titles=titles
        )
        told = "，".join(rng.choices(chinese, k=5))
        assert zh(zh(told, titles=titles), titles=titles) == zh(told, titles=titles)


def test_every_word_that_may_be_named_is_replaced() -> None:
    for key, forms in WORDS.items():
        titles = {"words": {key: {"zh": "某某", "en": "zz", "many": "zzz"}}}
        assert all(zh(f"x{w}", titles=titles) == "x某某" for w in forms.zh)
        for one, many in forms.en:
            assert said(f"x {one}", titles=titles) in ("x zz", "x zzz") and said(
                f"x {many}", titles=titles
            ) in ("x zz", "x zzz")
    for section, named in VALUES.items():
        for key, forms in named.items():
            own = {"zh": "某某", "en": "zz"}
            assert all(zh(f"x{w}", titles={section: {key: own}}) == "x某某" for w in forms.zh)


def test_titles_of_values_are_the_scenarios_and_what_is_declared_stays() -> None:
    declared = list(ENUMS["role"])
    with worded(Wording(TITLES)):
        assert ENUMS["role"]["first_secretary"] == Text("组长", "leader")
        assert ENUMS["role"].get("head") == role_title("head") == Text("校长", "head teacher")
        assert "head" not in ENUMS["role"] and list(ENUMS["role"]) == declared
        assert ENUMS["role"].every()["head"].en == "head teacher"
        assert (
            tag_title("remote").en == "remote district"
            and tag_title("suits:education").en == "suits: schooling"
        )
        assert (
            counties_with("remote").many == "remote districts" and must_pair_words("remote").zh == "偏远学区"
        )
        assert ENUMS["role"]["member"].en == "team member"
    assert ENUMS["role"]["first_secretary"].en == "first secretary" and ENUMS["role"].get("head") is None
    assert tag_title("remote").en == "remote"


def test_json_has_them_in_both_languages() -> None:
    with worded(Wording(TITLES)):
        assert Text("干部", "cadre").as_dict() == {"zh": "教师", "en": "officer"}
    assert Text("干部", "cadre").as_dict() == {"zh": "干部", "en": "cadre"}


def test_columns_for_people_alone() -> None:
    frame = pl.DataFrame(
        {"what_zh": ["干部", None], "what_en": ["a cadre", None], "id": ["cadre", "county"], "n_en": [1, 2]}
    )
    with worded(Wording(TITLES)):
        told = said_columns(frame)
    assert told.rows() == [("教师", "an officer", "cadre", 1), (None, None, "county", 2)]
    assert said_columns(frame).equals(frame)


def test_large_sums() -> None:
    assert (own_big_money("zh"), own_big_money("en")) == (None, None)
    with worded(Wording(TITLES)):
        assert (own_big_money("zh"), own_big_money("en")) == ((1_000, "千克朗"), (1_000, "thousand crowns"))


def test_words_follow_what_is_read_as_long_as_it_has_one_vocabulary() -> None:
    use_language("en")
    text = Text("", "a cadre of County Hall")
    heard(Wording(TITLES))
    assert str(text) == "a cadre of County Hall"  # nobody follows
    with following():
        assert str(text) == "a cadre of County Hall"
        heard(Wording(TITLES))
        assert str(text) == "an officer of District Hall"
        heard(Wording(TITLES, lambda: ["County Hall"]))
        assert str(text) == "an officer of County Hall"
        heard(Wording({}))
        assert str(text) == "a cadre of County Hall"
    with following():
        heard(Wording(TITLES))
        with worded(None):
            assert str(text) == "a cadre of County Hall"
        assert str(text) == "an officer of District Hall"
    assert str(text) == "a cadre of County Hall"
