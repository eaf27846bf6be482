"""Words to places: names, parts, codes, pinyin, initials, former names, mergers, typing errors."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph.network import Network
from graph.search import find, is_sure, key_of, plain

NAMES = [
    {"id": "P1", "name": "bei qiong", "kind": "pinyin"},
    {"id": "P1", "name": "Oldpoor", "kind": "former"},
    {"id": "Q1", "name": "bei jing qu", "kind": "pinyin"},
]


@pytest.mark.parametrize(
    "words", ["怒江", "nujiang", "Nu Jiang", "njlsz", "533300", "怒江州", "怒江傈僳族自治州"]
)
def test_nujiang_answers_to_every_name(china: Network, words: str) -> None:
    hits = find(china, words)
    assert hits[0].id == "533300"
    assert is_sure(hits)


def test_two_initials_are_ambiguous_and_nujiang_is_among_the_hits(china: Network) -> None:
    hits = find(china, "nj")
    assert "533300" in [h.id for h in hits]
    assert len(hits) > 1
    assert not is_sure(hits)


@pytest.mark.parametrize("words", ["重庆", "chongqing"])
def test_polyphone_is_stored_as_people_say_it(china: Network, words: str) -> None:
    assert find(china, words)[0].id == "500000"


def test_unit_by_a_part_of_its_name(china: Network) -> None:
    assert "中国农业大学" in [h.name for h in find(china, "农业大学")]
    assert "中国农业大学" in [h.name for h in find(china, "农业")]  # two characters are enough


def test_wider_level_comes_first_among_equal_names(china: Network) -> None:
    hits = find(china, "临夏")
    assert [h.name for h in hits] == ["临夏回族自治州", "临夏市", "临夏县"]
    assert is_sure(hits)


def test_later_code_answers_for_the_older(china: Network) -> None:
    assert find(china, "140215")[0].id == "140227"


def test_typing_error_is_answered_with_a_similar_name(china: Network) -> None:
    hits = find(china, "怒江洲")
    assert (hits[0].id, hits[0].how) == ("533300", "similar")
    assert not is_sure(hits)


def test_former_name_and_level_filter(make, toy: Network) -> None:
    named = toy.with_frames({"names": make(names=NAMES).frame("names")})
    assert find(named, "oldpoor")[0].how == "former"
    assert [h.id for h in find(named, "bj")] == ["Q1"]
    assert [h.id for h in find(named, "bq")] == ["P1"]
    assert find(named, "poor", on="big")[0].id == "P"
    assert find(named, "poor", limit=1) == find(named, "poor")[:1]


def test_exact_before_beginning_before_part(toy: Network) -> None:
    assert [h.id for h in find(toy, "poor")] == ["P", "P1", "P2"]
    assert [h.quality for h in find(toy, "rich")] == [0, 1]


def test_a_whole_code_means_what_bears_it_and_nothing_else(make) -> None:
    """Where a code is another place's name, too, the code is how one can ask."""
    regions = [
        {"code": "A", "name": "B", "level": "big"},
        {"code": "B", "name": "A", "level": "big"},
        {"code": "A1", "name": "A", "level": "big"},
    ]
    made = make(regions=regions)
    assert [(h.id, h.how, h.quality) for h in find(made, "a")] == [("A", "code", 0)]
    assert is_sure(find(made, "B"))
    assert [h.id for h in find(made, "A1")] == ["A1"]
    assert [h.id for h in find(made, "A", on="unit")] == []
    twice = make(regions=[*regions, {"code": "a-", "name": "x", "level": "small"}])
    assert [h.id for h in find(twice, "A")] == ["A", "a-"]  # compared alike: both, the wider first
    assert is_sure(find(twice, "A"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ministerio de Educación", ["Ministerio de Educación", "educacion", "EDUCACIÓN"]),
        ("Azángaro", ["Azángaro", "azangaro", "gáro"]),
        ("ÑÑ", ["ÑÑ", "nn", "ñ"]),
        ("Straße 1", ["straße", "strasse"]),
        ("Ｎｕ　Ｊｉａｎｇ", ["nujiang"]),
    ],
)
def test_a_name_is_found_as_it_is_written_and_without_its_marks(make, name: str, words: list[str]) -> None:
    made = make(regions=[{"code": "X1", "name": name, "level": "big"}])
    for asked in words:
        assert [(h.id, h.how) for h in find(made, asked)] == [("X1", "name")], asked


SCRIPTS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x24F)
    | st.characters(min_codepoint=0x4E00, max_codepoint=0x4E40)
    | st.sampled_from("üǖǘǚǜu:'’·-_ ёйΩ１Ａ"),
    max_size=12,
)


@example("ǖu:ß")
@given(SCRIPTS)
def test_columns_are_compared_as_words_are(text: str) -> None:
    assert pl.DataFrame({"t": [text]}).select(key_of("t")).item() == plain(text)


def test_blank_words_find_nothing(toy: Network) -> None:
    assert find(toy, "  ") == []


@example("Ù:")
@given(st.text(max_size=12))
def test_comparing_form_is_stable_and_any_text_is_answered(text: str) -> None:
    assert plain(plain(text)) == plain(text)
