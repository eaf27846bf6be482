"""Which known word is meant by one that is none, and what is said of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from graph.language import Text
from graph.network import Network
from graph.tables.suggest import did_you_mean, nearest_word, nearest_words, no_such_table, unknown
from graph.titles import titled_values

STAGES = ("pairing", "designation", "cadres", "funds")
WORDS = st.text("abcd", min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("word", "near"),
    [("pairng", "pairing"), ("FUNDS", "funds"), ("cadre", "cadres"), ("xyz", None), ("", None)],
)
def test_the_word_that_is_meant(word: str, near: str | None) -> None:
    assert nearest_word(word, STAGES) == near


@given(WORDS, st.lists(WORDS, unique=True, max_size=6), st.integers(1, 4))
def test_the_most_like_come_first_each_once_and_none_that_is_unlike(
    word: str, known: list[str], most: int
) -> None:
    found = nearest_words(word, known, most)
    likeness = {k: fuzz.ratio(word, k) for k in known}
    enough = sorted((v for v in likeness.values() if v >= 60), reverse=True)
    assert [likeness[f] for f in found] == enough[:most]
    assert len(set(found)) == len(found)


def test_titles_are_words_for_what_they_name() -> None:
    titled = {"industry": Text("产业", "trade"), "school": Text("教材", "textbooks")}
    assert nearest_word("textboks", titled) == "school"
    assert nearest_word("产业项", titled) == "industry"
    assert nearest_words("school", {"school": Text("学校", "school")}) == ["school"]
    assert nearest_word("textboks", list(titled)) is None


def test_what_is_said() -> None:
    stage = Text("没有阶段", "no stage")
    assert unknown(stage, "pairng", STAGES) == (
        "没有阶段 pairng；是不是 pairing？",
        "no stage pairng; did you mean pairing?",
    )
    assert unknown(stage, "xyz", ("a1", "b2")) == (
        "没有阶段 xyz；可用：a1、b2",
        "no stage xyz; there are: a1, b2",
    )
    assert unknown(stage, "xyz", ()) == ("没有阶段 xyz；一个也没有", "no stage xyz; there is none")
    assert did_you_mean("xyz", STAGES) == ("", "")
    assert did_you_mean("ab", ("abc", "abd", "zz"), 3) == ("；是不是 abc、abd？", "; did you mean abc, abd?")


def test_a_table_may_be_meant_by_its_title() -> None:
    assert no_such_table("unit").en == "no table unit; did you mean units?"
    assert no_such_table("资金预算").en.endswith("did you mean fund_budgets?")


def test_values_of_a_network_are_titled_in_its_words() -> None:
    """Its own programmes stand beside jiedui's; a title of its own goes before jiedui's."""
    titles = {
        "programme": {
            "books": {"zh": "课本", "en": "textbooks"},
            "industry": {"zh": "工坊", "en": "workshops"},
        }
    }
    own = titled_values(Network({}, enums={"programme": ("books", "paint")}, titles=titles), "programme")
    assert (own["books"].en, own["industry"].en, own["paint"].en) == ("textbooks", "workshops", "paint")
    assert nearest_word("workshop", own) == "industry"
    assert nearest_word("workshop", titled_values(Network({}), "programme")) is None
