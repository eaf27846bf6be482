"""Propose, adopt in whole or in parts, go back: on both stores, with the small scenario's plans."""

from __future__ import annotations

import polars as pl
import pytest

from graph.errors import UsageError
from graph.office.office import Office
from graph.office.request import WrongState
from graph.store.changes import merged
from graph.store.clash import StaleError
from graph.store.load import load
from graph.store.proposal import NoSuchProposal
from graph.store.protocol import Store
from planner.office.adopt import Part, adopt, part_of
from planner.office.propose import propose, withdraw
from planner.office.revert import revert
from planner.office.rows import touched
from planner.plan import Plan
from planner.scenario import Scenario
from tests.graph.store.small_networks import put, removed
from tests.planner.office.conftest import ON, pairs_of, running, seats, seats_of

BEFORE = {("u1", "A"), ("u2", "B")}


def tables(store: Store, version: int | None = None) -> dict[str, pl.DataFrame]:
    """All tables of the network."""
    return dict(store.read("office", version=version).frames)


def test_proposed_it_changes_nothing(office: Store, two_plan: Plan) -> None:
    request = propose(office, "office", two_plan, by="李", reason="年度计划")
    assert (request.id, request.plan, request.state, request.base) == (
        two_plan.id,
        two_plan.id,
        "submitted",
        1,
    )
    assert (request.author, request.reason) == ("李", "年度计划")
    assert office.head("office").number == 1 and running(office) == BEFORE
    (told,) = office.proposals("office")
    assert (told.plan, told.base, told.on, told.title) == (two_plan.id, 1, ON, "小县")
    assert told.stages == ("designation", "cadres") and told.rows == {"pairs": 4, "postings": 4}
    for table, frame in two_plan.tables().items():
        assert office.proposed("office", two_plan.id, table).equals(frame)
    assert propose(office, "office", two_plan, by="王").revision == request.revision


def test_tried_adopted_and_taken_back(office: Store, two_plan: Plan) -> None:
    propose(office, "office", two_plan, by="李")
    before = tables(office)
    tried = adopt(office, "office", two_plan.id, by="王", dry_run=True)
    assert tried.version is None and dict(tried.counts) == {"relations": (2, 0), "postings": (4, 0)}
    assert (
        office.head("office").number == 1
        and Office(office, "office").request(two_plan.id).state == "submitted"
    )

    done = adopt(office, "office", two_plan.id, by="王", note="好")
    assert done.version is not None and done.counts == tried.counts
    assert (done.version.number, done.version.how, done.version.by, done.version.why) == (
        2,
        "adopt",
        "王",
        two_plan.id,
    )
    assert dict(done.version.counts) == dict(tried.counts)
    assert running(office) == pairs_of(two_plan) and seats(office) == seats_of(two_plan)
    assert running(office, 1) == BEFORE and seats(office, 1) == set()
    request = Office(office, "office").request(two_plan.id)
    assert (request.state, request.note) == ("applied", "好")
    assert [(a["by"], a["stages"], a["regions"]) for a in request.applied] == [("王", [], [])]

    assert done.rows == {}
    counts, none = revert(office, "office", 2, by="李", dry_run=True)
    assert none is None and dict(counts) == {"relations": (0, 2), "postings": (0, 4)}
    _, back = revert(office, "office", 2, by="李", why="重来")
    assert back is not None and (back.number, back.how, back.why) == (3, "revert", "重来")
    for table, frame in before.items():
        assert tables(office)[table].equals(frame), table
    assert running(office, 2) == pairs_of(two_plan)  # history stays
    (again,) = [v for v in (revert(office, "office", 3, by="李")[1],) if v is not None]
    assert again.number == 4 and running(office) == pairs_of(two_plan)


def test_adopted_twice_changes_nothing_more(office: Store, two_plan: Plan) -> None:
    propose(office, "office", two_plan, by="李")
    adopt(office, "office", two_plan.id, by="王")
    again = adopt(office, "office", two_plan.id, by="赵")
    assert again.counts == {} and office.head("office").number == 2


def test_parts_add_up_to_the_whole(office: Store, two: Scenario, two_plan: Plan) -> None:
    load(office, two.network, "whole", by="tests")
    for name in ("office", "whole"):
        propose(office, name, two_plan, by="李")
    adopt(office, "whole", two_plan.id, by="王")
    parts = [
        Part(stages=("designation",), without=("C",)),
        Part(stages=("cadres",), regions=("A", "B")),
        Part(stages=("cadres",)),
        Part(regions=("C",)),
    ]
    seen = []
    for part in parts:
        adopt(office, "office", two_plan.id, by="王", part=part)
        seen.append((len(running(office)), len(seats(office))))
    assert seen == [(3, 0), (3, 2), (3, 4), (4, 4)]
    for table, frame in office.read("whole").frames.items():
        key = frame.columns
        assert office.read("office").frame(table).sort(key).equals(frame.sort(key)), table
    applied = Office(office, "office").request(two_plan.id).applied
    assert [(a["stages"], a["regions"], a["without"]) for a in applied] == [
        (list(p.stages), list(p.regions), list(p.without)) for p in parts
    ]


def test_which_part_is_meant(office: Store, two_plan: Plan) -> None:
    network = office.read("office")
    assert part_of(network, ["cadres", "甲县"], ["B", "designation"]) == Part(
        ("cadres",), ("A",), ("B", "designation")
    )
    for words in ("nowhere", "第一局"):
        with pytest.raises(UsageError):
            part_of(network, [words], [])
    propose(office, "office", two_plan, by="李")
    with pytest.raises(UsageError):
        adopt(office, "office", two_plan.id, by="王", part=Part(stages=("funds",)))


def test_withdrawn(office: Store, two_plan: Plan) -> None:
    propose(office, "office", two_plan, by="李")
    withdraw(office, "office", two_plan.id, by="王")
    assert office.proposals("office") == []
    assert Office(office, "office").request(two_plan.id).state == "rejected"
    for call in (
        lambda: withdraw(office, "office", two_plan.id, by="王"),
        lambda: withdraw(office, "office", "never", by="王"),
    ):
        with pytest.raises(NoSuchProposal):
            call()
    with pytest.raises(NoSuchProposal):
        adopt(office, "office", "never", by="王")
    propose(office, "office", two_plan, by="李")  # and once more
    adopt(office, "office", two_plan.id, by="王", part=Part(stages=("designation",)))
    withdraw(office, "office", two_plan.id, by="王")
    assert running(office) == pairs_of(two_plan)  # what was adopted stays
    assert Office(office, "office").request(two_plan.id).state == "applied"


def test_the_rows_that_would_change(office: Store, two_plan: Plan) -> None:
    """New ones, changed ones beside what stands, and those that go; never those that are so already."""
    propose(office, "office", two_plan, by="李")
    tried = adopt(office, "office", two_plan.id, by="王", dry_run=True)
    assert {t: r.height for t, r in tried.rows.items()} == {"relations": 2, "postings": 4}
    told = tried.to_dict()["rows"]
    assert {e["row"]: e["current"] for e in told["relations"]} == {
        "designated:u2:C": None,
        "designated:u3:D": None,
    }
    assert {(e["proposed"]["cadre"], e["proposed"]["village"]) for e in told["postings"]} == seats_of(
        two_plan
    )
    assert len(list(tried.rows["postings"].entries(3))) == 3

    adopt(office, "office", two_plan.id, by="王", part=Part(regions=("C",)))
    left = adopt(office, "office", two_plan.id, by="王", dry_run=True).to_dict()["rows"]
    assert [e["row"] for e in left["relations"]] == ["designated:u3:D"]

    changes = merged(
        [
            put("units", {"id": "u1", "name": "新名"}, {"id": "u9", "name": "n"}),
            removed("needs", {"region": "A", "year": 1, "programme": "none"}),
            removed("relations", {"id": "designated:u2:C"}),
        ]
    )
    rows = touched(office, "office", changes)
    assert list(rows) == ["units", "relations"]
    u1, u9 = rows["units"].entries()
    assert (u1["row"], u1["current"]["name"], u1["proposed"]["name"]) == ("u1", "第一局", "新名")
    assert (u9["row"], u9["current"], u9["proposed"]["name"]) == ("u9", None, "n")
    (gone,) = rows["relations"].entries()
    assert (gone["current"]["supporter"], gone["proposed"]) == ("u2", None)


def words(store: Store, plan: str) -> tuple[str, str, bool]:
    """A plan's request: its state in both languages, and whether it is still on the desk."""
    request = Office(store, "office").request(plan)
    return *request.told, request.pending


def test_what_is_left_of_a_plan_stays_on_the_desk(office: Store, two_plan: Plan) -> None:
    propose(office, "office", two_plan, by="李")
    adopt(office, "office", two_plan.id, by="王", part=Part(stages=("cadres",), regions=("A",)))
    request = Office(office, "office").request(two_plan.id)
    assert (request.state, list(request.open)) == ("applied", ["designation", "cadres"])
    adopt(office, "office", two_plan.id, by="王", part=Part(stages=("cadres",)))
    assert list(Office(office, "office").request(two_plan.id).open) == ["designation"]
    assert words(office, two_plan.id) == (
        "已采纳一部分：cadres、A；cadres",
        "adopted in part: cadres, A; cadres",
        True,
    )
    adopt(office, "office", two_plan.id, by="王")
    assert words(office, two_plan.id) == ("已执行", "applied", False)
    log = Office(office, "office").log(two_plan.id)
    for part in (Part(), Part(stages=("cadres",))):
        assert adopt(office, "office", two_plan.id, by="赵", part=part).version == office.head("office")
    assert Office(office, "office").log(two_plan.id) == log  # nothing to change adds no entry
    assert len(Office(office, "office").request(two_plan.id).applied) == 3


def test_what_is_left_of_a_withdrawn_plan(office: Store, two_plan: Plan) -> None:
    propose(office, "office", two_plan, by="李")
    adopt(office, "office", two_plan.id, by="王", part=Part(stages=("cadres",)))
    withdraw(office, "office", two_plan.id, by="王")
    assert words(office, two_plan.id)[1:] == ("adopted in part: cadres; the rest was withdrawn", False)
    with pytest.raises(WrongState) as told:
        adopt(office, "office", two_plan.id, by="王")
    assert "已撤下" in told.value.text.zh and "was withdrawn" in told.value.text.en
    assert all("jiedui graph propose" in text for text in told.value.text)
    propose(office, "office", two_plan, by="李")
    assert words(office, two_plan.id)[1:] == ("adopted in part: cadres", True)


def test_what_is_left_is_superseded(office: Store, two_plan: Plan, other_plan: Plan) -> None:
    for plan in (two_plan, other_plan):
        propose(office, "office", plan, by="李")
    adopt(office, "office", two_plan.id, by="王", part=Part(stages=("cadres",)))
    only = Part(stages=("designation",), without=("A",))
    adopt(office, "office", other_plan.id, by="王", part=only)
    assert words(office, two_plan.id)[2]  # the other one has not decided it to the end
    adopt(office, "office", other_plan.id, by="王", part=Part(stages=("designation",)))
    assert words(office, two_plan.id)[1:] == (
        "adopted in part: cadres; another plan was adopted in place of the rest",
        False,
    )


def test_an_adoption_that_was_taken_back_is_told(office: Store, two_plan: Plan) -> None:
    propose(office, "office", two_plan, by="李")
    adopt(office, "office", two_plan.id, by="王")
    revert(office, "office", 2, by="赵", dry_run=True)
    assert words(office, two_plan.id)[1] == "applied"
    revert(office, "office", 2, by="赵", why="重来")
    assert words(office, two_plan.id) == ("采纳后已撤回", "adopted and reverted", False)
    (part,) = Office(office, "office").request(two_plan.id).applied
    assert (part["version"], part["reverted"]) == (2, {"version": 3, "by": "赵"})
    last = Office(office, "office").log(two_plan.id)[-1]
    assert (last["step"], last["by"], last["note"]) == ("revert", "赵", "重来")
    revert(office, "office", 3, by="赵")  # and that, too
    assert words(office, two_plan.id)[1] == "applied"
    revert(office, "office", 4, by="赵")
    assert words(office, two_plan.id)[1] == "adopted and reverted"


def test_two_plans_side_by_side(office: Store, two_plan: Plan, other_plan: Plan) -> None:
    assert pairs_of(two_plan) != pairs_of(other_plan)
    for plan in (two_plan, other_plan):
        propose(office, "office", plan, by="李")
    assert {p.plan for p in office.proposals("office")} == {two_plan.id, other_plan.id}
    adopt(office, "office", other_plan.id, by="王")
    assert running(office) == pairs_of(other_plan)
    with pytest.raises(StaleError) as told:  # they change different rows, but of the same counties and seats
        adopt(office, "office", two_plan.id, by="王")
    assert {c.table for c in told.value.clashes} == {"relations", "postings"}
    assert {c.version for c in told.value.clashes} == {2}
    assert running(office) == pairs_of(other_plan) and seats(office) == seats_of(other_plan)
