"""Cards: who supports whom, through whom, since when, with which marks."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.dates import holds
from graph.errors import UsageError
from graph.network import Network
from graph.questions.ask import ask
from graph.questions.ties import state_of

KNOWN = [
    ("怒江", "nujiang", "533300", "珠海市", "recalled"),
    ("凉山", "liangshan", "513400", "佛山市", ""),
    ("临夏", "linxia", "622900", "厦门市", ""),
    ("定西", "dingxi", "621100", "福州市", "recalled"),
    ("毕节", "bijie", "520500", "广州市", ""),
    ("六盘水", "liupanshui", "520200", "大连市", ""),
    ("恩施", "enshi", "422800", "杭州市", ""),
    ("延边", "yanbian", "222400", "宁波市", ""),
    ("湘西", "xiangxi", "433100", "济南市", "recalled"),
]


@pytest.mark.parametrize(("name", "pinyin", "code", "supporter", "mark"), KNOWN)
def test_known_pairs_by_name_pinyin_and_code(
    *, china: Network, name: str, pinyin: str, code: str, supporter: str, mark: str
) -> None:
    for words in (name, pinyin, code):
        card = ask(china, words)
        assert card.subject.id == code
        own = [t for t in card.supported_by if t.through == "own" and t.kind == "east_west"]
        assert [(t.supporter.name, t.mark, t.state) for t in own] == [(supporter, mark, "in_force")]
        assert own[0].since == date(2016, 12, 7)
        assert own[0].source


def test_city_pair_wins_over_the_province_pair_it_lies_in(china: Network) -> None:
    ties = {t.id: t for t in ask(china, "怒江").supported_by}
    assert ties["ew:310000:530000"].through == "parent"
    assert ties["ew:310000:530000"].yields_to == "ew:440400:533300"
    assert not any(t.yields_to for t in ties.values() if t.id != "ew:310000:530000")


def test_supporter_sees_whom_it_supports(china: Network) -> None:
    own = [t for t in ask(china, "zhuhai").supports if t.through == "own"]
    assert "怒江傈僳族自治州" in [t.recipient.name for t in own]


def test_own_parent_and_child_relations(toy: Network) -> None:
    card = ask(toy, "P1")
    assert [(t.id, t.through, t.state) for t in card.supported_by] == [
        ("ew2", "own", "in_force"),
        ("ew1", "parent", "in_force"),
        ("d1", "child", "in_force"),
        ("d2", "child", "in_force"),
    ]
    assert [(t.id, t.through) for t in ask(toy, "Rich").supports] == [("ew1", "own"), ("ew2", "child")]
    assert [t.id for t in ask(toy, "Farm College").supports] == ["d1"]


def test_after_its_end_a_relation_is_shown_as_ended_and_overrules_nothing(toy: Network) -> None:
    card = ask(toy, "P1", at=date(2017, 1, 1))
    states = {t.id: (t.state, t.yields_to) for t in card.supported_by}
    assert states["ew2"] == ("ended", "")
    assert states["ew1"] == ("in_force", "")
    before = {t.id: t.state for t in ask(toy, "P1", at=date(2016, 5, 31)).supported_by}
    assert before["ew2"] == "to_come"


def test_merged_places_answer_for_each_other(make) -> None:
    merged = make(
        regions=[{"code": c, "name": c, "level": "big"} for c in ("old", "new", "helper")],
        relations=[{"id": "r", "kind": "east_west", "supporter": "helper", "recipient": "old"}],
        region_successions=[{"old": "old", "new": "new", "since": date(2015, 1, 1)}],
    )
    assert [t.id for t in ask(merged, "new").supported_by] == ["r"]
    assert ask(merged, "new").changes == (("old", "new", date(2015, 1, 1)),)


def test_unknown_name_offers_similar_ones(toy: Network) -> None:
    with pytest.raises(UsageError, match="did you mean: P1 Northpoor"):
        ask(toy, "Northpour")


def test_card_becomes_plain_values(toy: Network) -> None:
    told = ask(toy, "P1").to_dict()
    assert told["supported_by"][0]["since"] == "2016-06-01"
    assert json.loads(json.dumps(told))["subject"]["above"] == ["Poor"]


DATES = st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1))


@given(DATES, DATES, st.dates(date(1999, 1, 1), date(2031, 1, 1)))
def test_terms_are_half_open(since: date | None, until: date | None, on: date) -> None:
    assert (state_of(since, until, on) == "in_force") == holds(since, until, on)
    if until is not None:
        assert state_of(since, until, until) != "in_force"
        if since is None or since < until:
            assert state_of(since, until, until - timedelta(days=1)) == "in_force"
