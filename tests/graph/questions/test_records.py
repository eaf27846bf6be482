"""Terms, ledger, flows, paths, ego, structure, differences: cases small enough to check by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from graph.errors import UsageError
from graph.network import Network
from graph.questions.difference import difference
from graph.questions.ledger import flows, pledged_delivered
from graph.questions.moment import months_later
from graph.questions.paths import ego, paths
from graph.questions.structure import structure
from graph.questions.terms import terms_ending


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2016, 12, 31), 2, date(2017, 2, 28)),
        (date(2016, 12, 31), 12, date(2017, 12, 31)),
        (date(2016, 1, 15), 0, date(2016, 1, 15)),
    ],
)
def test_months_are_calendar_months(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


def posting(cadre: str, since: date | None, until: date | None = None, **more: object) -> dict[str, object]:
    return {"cadre": cadre, "village": "P1a", "post": "x", "since": since, "until": until, **more}


def test_terms_that_end_soon(toy: Network, make: Callable[..., Network]) -> None:
    ends = [date(2017, 1, 31), date(2017, 1, 31), date(2019, 1, 1), None]
    postings = [posting(str(i), date(2016, 1, 1), until) for i, until in enumerate(ends, 1)]
    grown = toy.with_frames(make(postings=postings).frames)
    soon = terms_ending(grown, 3)
    assert soon.relations["id"].to_list() == ["ew2"]
    assert soon.each["cadre"].to_list() == ["1", "2"]
    assert soon.postings.to_dicts() == [
        {
            "region": "P1", "name": "Northpoor", "why": "until", "first": date(2017, 1, 31),
            "last": date(2017, 1, 31), "postings": 2, "first_secretaries": 0, "villages": 1, "mark": "",
        }
    ]  # fmt: skip
    assert terms_ending(grown, 0).relations.is_empty()
    assert terms_ending(toy, 3, date(2017, 1, 1)).relations.is_empty()  # it is over by then


def test_minimum_terms_that_are_over_soon(toy: Network, make: Callable[..., Network]) -> None:
    postings = [
        posting("leader", date(2015, 2, 1), role="first_secretary", mark="synthetic"),
        posting("member", date(2015, 3, 31), village="P1b"),
        posting("served", date(2014, 12, 31)),  # on the day itself it is over, not due
        posting("later", date(2015, 4, 1)),
        posting("own", date(2015, 2, 1), date(2017, 1, 15)),  # ends before its minimum term
        posting("unknown", None),
        posting("leaving", date(2015, 2, 1), ended_because="promotion"),
    ]
    grown = toy.with_frames(make(postings=postings).frames)
    due = terms_ending(grown, 3, minimum_years=2)
    assert [(r["cadre"], r["why"], r["due"]) for r in due.each.to_dicts()] == [
        ("own", "until", date(2017, 1, 15)),
        ("leader", "minimum_term", date(2017, 2, 1)),
        ("member", "minimum_term", date(2017, 3, 31)),
    ]
    (_, row) = due.postings.to_dicts()
    assert (row["first"], row["last"]) == (date(2017, 2, 1), date(2017, 3, 31))
    assert (row["postings"], row["first_secretaries"], row["villages"], row["mark"]) == (2, 1, 2, "synthetic")
    assert "later" in terms_ending(grown, 4, minimum_years=2).each["cadre"].to_list()
    assert terms_ending(grown, 3).each["cadre"].to_list() == ["own"]  # no minimum term told: none counted


def test_postings_are_counted_by_county_also_below_townships(make: Callable[..., Network]) -> None:
    land = make(
        regions=[
            {"code": "c", "name": "County", "level": "county"},
            {"code": "t", "name": "Town", "level": "township", "parent": "c"},
            {"code": "v", "name": "Village", "level": "village", "parent": "t"},
        ],
        postings=[posting("1", date(2015, 1, 31), village="v")],
    )
    assert terms_ending(land, 1, minimum_years=2).postings["name"].to_list() == ["County"]


LEDGER = [
    {"relation": "ew2", "year": 2016, "item": "fiscal_funds", "pledged": 100, "delivered": 80},
    {"relation": "ew1", "year": 2016, "item": "fiscal_funds", "pledged": 100, "delivered": 10},
    {"relation": "ew1", "year": 2016, "item": "officials_sent", "pledged": 0, "delivered": 4},
    {"relation": "ew1", "year": 2015, "item": "fiscal_funds", "pledged": 5},
]


def test_largest_shortfall_first_and_nothing_pledged_has_no_ratio(
    toy: Network, make: Callable[..., Network]
) -> None:
    rows = pledged_delivered(toy.with_frames(make(ledger=LEDGER).frames), 2016).to_dicts()
    assert [(r["relation"], r["item"], r["ratio"]) for r in rows] == [
        ("ew1", "fiscal_funds", 0.1), ("ew2", "fiscal_funds", 0.8), ("ew1", "officials_sent", None)
    ]  # fmt: skip
    assert pledged_delivered(toy.with_frames(make(ledger=LEDGER).frames)).height == 4


def test_money_is_raised_to_a_level_and_counts_of_people_are_no_money(
    toy: Network, make: Callable[..., Network]
) -> None:
    money = make(
        ledger=LEDGER,
        fund_sources=[{"id": "c", "name": "centre"}, {"id": "r", "name": "aid", "owner_region": "R1"}],
        fund_flows=[
            {"source": "c", "region": "P1a", "year": 2016, "stage": "allotted", "amount": 7},
            {"source": "r", "region": "P1b", "year": 2016, "stage": "spent", "amount": 5},
        ],
    )
    rows = flows(toy.with_frames(money.frames), "big", 2016).to_dicts()
    told = [(r["origin"], r["item"], r["giver"], r["taker"], r["amount"]) for r in rows]
    assert told == [
        ("ledger", "fiscal_funds", "R", "P", 90),
        ("fund_flows", "allotted", "c", "P", 7),
        ("fund_flows", "spent", "R", "P", 5),
    ]
    assert rows[1]["giver_name"] == "centre"
    with pytest.raises(UsageError, match="known: big, middle, small"):
        flows(toy, "county")


def test_paths_use_relations_and_the_tree(toy: Network) -> None:
    (direct,) = paths(toy, "R1", "P1")
    assert [(s.source, s.target, s.kind, s.mark) for s in direct.steps] == [
        ("R1", "P1", "east_west", "recalled")
    ]
    later = paths(toy, "R1", "P1", at=date(2017, 1, 1))  # through the places above, or through the college
    assert [[s.kind for s in net.steps] for net in later] == [
        ["lies_in", "east_west", "lies_in"],
        ["lies_in", "designated", "lies_in"],
    ]
    assert paths(toy, "R", "Q") == []


def test_ego_counts_relations_and_walks_the_tree_freely(toy: Network) -> None:
    near = ego(toy, "P1a")  # Hamlet: its own college, Northpoor's Richtown, Poor's Rich
    assert [n.id for n in near.nodes] == ["P1a", "u1", "P1", "R1", "P", "R"]
    told = [(s.source, s.kind, s.target) for s in near.steps]
    assert told == [
        ("u1", "designated", "P1a"),
        ("P1a", "lies_in", "P1"),
        ("R1", "east_west", "P1"),
        ("P1", "lies_in", "P"),
        ("R", "east_west", "P"),
        ("R1", "lies_in", "R"),
    ]
    assert "P1b" not in [n.id for n in near.nodes]  # a neighbour below the same place is not near by that
    assert ego(toy, "P1a").steps[0].mark == "recalled"


def test_ego_reaches_what_the_places_below_have(toy: Network) -> None:
    below = ego(toy, "P")
    assert [n.id for n in below.nodes] == ["P", "R", "P1", "R1", "P1a", "u1", "P1b", "u2"]
    assert [n.id for n in ego(toy, "P", at=date(2017, 1, 1)).nodes] == [
        "P", "R", "P1", "P1a", "u1", "P1b", "u2"
    ]  # fmt: skip
    assert ego(toy, "Q").steps == ()


def test_ego_of_a_unit_is_its_own_relations_alone(toy: Network) -> None:
    assert [n.id for n in ego(toy, "u1").nodes] == ["u1", "P1a"]  # and not what its home town supports
    assert "R1" in [n.id for n in ego(toy, "u1", 2).nodes]


def test_ego_grows_with_depth_and_says_when_it_is_cut(toy: Network) -> None:
    assert {n.id for n in ego(toy, "u1").nodes} < {n.id for n in ego(toy, "u1", 2).nodes}
    cut = ego(toy, "R", 1, 1)
    assert (len(cut.nodes), cut.steps, cut.cut) == (1, (), True)
    assert [n.id for n in ego(toy, "P1a", 1, 2).nodes] == ["P1a", "u1"]  # the nearest are kept
    assert not ego(toy, "R", 3).cut


def test_pseudo_levels_are_no_step_of_the_way(make: Callable[..., Network]) -> None:
    land = make(
        regions=[
            {"code": "p", "name": "Province", "level": "big"},
            {"code": "x", "name": "districts", "level": "middle", "parent": "p", "pseudo": True},
            {"code": "c", "name": "County", "level": "small", "parent": "x"},
            {"code": "s", "name": "Sender", "level": "big"},
        ],
        relations=[{"id": "1", "kind": "east_west", "supporter": "s", "recipient": "p"}],
    )
    assert [(s.source, s.kind, s.target) for s in ego(land, "c").steps] == [
        ("c", "lies_in", "p"),
        ("s", "east_west", "p"),
    ]


def test_a_countys_net_names_its_prefectures_and_provinces_supporters(china: Network) -> None:
    net = ego(china, "福贡县")
    assert {"珠海市", "上海市", "斗门区", "中国交通建设集团"} <= {n.name for n in net.nodes}
    assert ("533323", "lies_in", "533300") in {(s.source, s.kind, s.target) for s in net.steps}


def test_structure_of_a_star(make: Callable[..., Network]) -> None:
    star = make(
        regions=[{"code": c, "name": c, "level": "big"} for c in "habcxy"],
        relations=[
            {"id": s + r, "kind": "east_west", "supporter": s, "recipient": r}
            for s, r in [("h", "a"), ("h", "b"), ("h", "c"), ("x", "y")]
        ],
    )
    found = structure(star)
    assert [p.id for p in found.articulation_points] == ["h"]
    assert found.size == (6, 4, 2)
    assert sorted(sorted(p.id for p in group) for group in found.communities) == [
        ["a", "b", "c", "h"],
        ["x", "y"],
    ]
    assert found.centrality["id"][0] == "h"
    assert structure(star).to_dict() == found.to_dict()
    assert structure(make(relations=[])).size == (0, 0, 0)


def test_difference_of_two_days(toy: Network) -> None:
    found = difference(toy, date(2016, 12, 31), date(2017, 1, 1))
    assert (found.begun["id"].to_list(), found.ended["id"].to_list(), found.kept) == ([], ["ew2"], 3)
    back = difference(toy, date(2017, 1, 1), date(2016, 12, 31))
    assert back.begun["id"].to_list() == ["ew2"]
