"""Parents that go in a circle, as somebody may make them by hand: every question ends."""

from __future__ import annotations

from datetime import date

import pytest

from graph.network import Network
from graph.questions.of_network import OfNetwork
from tests.graph.questions.asked import answer_to, every_question

CIRCLES = {
    "itself": {"P": "P"},
    "two": {"P": "P1"},
    "far": {"R": "P1a", "P": "R1"},
}


@pytest.mark.parametrize("parents", CIRCLES.values(), ids=CIRCLES)
@pytest.mark.parametrize("words", ["Poor", "Rich", "u1"])
def test_every_question_ends(make, toy: Network, parents: dict[str, str], words: str) -> None:
    regions = [
        row | {"parent": parents.get(row["code"], row["parent"])} for row in toy.frame("regions").to_dicts()
    ]
    turned = toy.with_frames({"regions": make(regions=regions).frame("regions")})
    for ask in every_question(words, "Poor", date(2016, 12, 31)).values():
        assert answer_to(lambda ask=ask: ask(OfNetwork(turned))) is not ...


def test_what_is_below_is_told_once(make) -> None:
    made = make(
        regions=[{"code": "A", "parent": "B"}, {"code": "B", "parent": "A"}, {"code": "C", "parent": "B"}]
    )
    assert sorted(made.descendants("A")) == ["A", "B", "C"]
    assert made.ancestors("A") == ["B", "A"]
