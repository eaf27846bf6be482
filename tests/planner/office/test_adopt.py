"""Propose, adopt in whole or in parts, go back: on both stores, with the small scenario's plans."""

from __future__ import annotations

import polars as pl
import pytest

from graph.errors import UsageError
from graph.office.office import Office
from graph.office.register import Freeze, Locked
from graph.office.request import SameEyes, WrongState
from graph.store.changes import Changes, merged
from graph.store.load import load
from graph.store.protocol import NoSuchProposal, StaleError, Store
from planner.office.adopt import Part, adopt, part_of
from planner.office.propose import OtherGround, propose, withdraw
from planner.office.revert import revert
from planner.plan import Plan
from planner.scenario import Scenario
from tests.graph.store.small_networks import put
from tests.planner.office.conftest import ON, pairs_of, renamed, running, seats, seats_of

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


def test_refused_where_the_ground_has_changed(office: Store, two_plan: Plan) -> None:
    propose(office, "office", two_plan, by="李")
    taker = put(
        "regions", {"code": "C", "name": "丙县", "level": "county", "parent": "P", "lon": 105.0, "lat": 33.0}
    )
    office.write("office", taker, base=1, how="request", by="t")
    for dry in (True, False):
        with pytest.raises(StaleError) as told:
            adopt(office, "office", two_plan.id, by="王", dry_run=dry)
        assert [(c.table, c.row, c.version, c.refers) for c in told.value.clashes] == [
            ("regions", "C", 2, "recipient")
        ]
        assert all("C" in text for text in told.value.text)
    assert running(office) == BEFORE
    adopt(office, "office", two_plan.id, by="王", part=Part(without=("C",)))  # the rest stands on firm ground
    assert running(office) == {p for p in pairs_of(two_plan) if p[1] != "C"}


def test_not_hindered_by_what_lies_elsewhere(office: Store, two_plan: Plan) -> None:
    propose(office, "office", two_plan, by="李")
    office.write(
        "office",
        put("needs", {"region": "A", "year": 2017, "programme": "industry", "amount": 1}),
        base=1,
        how="request",
        by="t",
    )
    assert adopt(office, "office", two_plan.id, by="王").version is not None
    assert running(office) == pairs_of(two_plan) and office.read("office").frame("needs").height == 3


def test_held_rows_and_frozen_places(office: Store, two_plan: Plan) -> None:
    propose(office, "office", two_plan, by="李")
    desk = Office(office, "office")
    seat = put("postings", {"cadre": "c3", "village": "vA", "post": "fs", "since": ON})
    id = desk.draft(seat, by="赵", reason="x").id
    desk.step(id, "submit", by="赵")
    desk.approve(id, by="王")
    for dry in (True, False):
        with pytest.raises(Locked, match=id):
            adopt(office, "office", two_plan.id, by="王", dry_run=dry)
    desk.step(id, "reject", by="王")
    desk.freeze(Freeze("B", None, None, "普查", "王"), by="王")
    with pytest.raises(Locked, match="乙县"):
        adopt(office, "office", two_plan.id, by="王", dry_run=True)
    adopt(office, "office", two_plan.id, by="王", part=Part(without=("B",)))
    desk.freeze(Freeze("A", None, None, "普查", "王"), by="王")
    with pytest.raises(Locked, match="甲县"):
        revert(office, "office", 2, by="王")


def test_four_eyes_hold_for_plans(office: Store, two_plan: Plan) -> None:
    propose(office, "office", two_plan, by="李")
    desk = Office(office, "office")
    desk.want_four_eyes(True, by="王")
    with pytest.raises(SameEyes):
        adopt(office, "office", two_plan.id, by="李", dry_run=True)
    desk.approve(two_plan.id, by="王")
    assert adopt(office, "office", two_plan.id, by="李").version is not None  # somebody else has agreed


@pytest.mark.parametrize("step", ["return", "reject"])
def test_a_plan_that_was_returned_or_rejected(office: Store, two_plan: Plan, step: str) -> None:
    propose(office, "office", two_plan, by="李")
    Office(office, "office").step(two_plan.id, step, by="王")  # type: ignore[arg-type]
    for dry in (True, False):
        with pytest.raises(WrongState):
            adopt(office, "office", two_plan.id, by="王", dry_run=dry)
    propose(office, "office", two_plan, by="李")
    assert adopt(office, "office", two_plan.id, by="王").version is not None


def test_revert_is_refused_where_rows_changed_since(office: Store, two_plan: Plan) -> None:
    propose(office, "office", two_plan, by="李")
    adopt(office, "office", two_plan.id, by="王")
    row = office.read("office").frame("relations").filter(pl.col("id") == "designated:u3:D")
    office.write(
        "office",
        Changes({"relations": row.with_columns(mark=pl.lit("assumed"))}),
        base=2,
        how="request",
        by="t",
    )
    for dry in (True, False):
        with pytest.raises(StaleError) as told:
            revert(office, "office", 2, by="王", dry_run=dry)
        assert [(c.table, c.row) for c in told.value.clashes] == [("relations", "designated:u3:D")]
    assert office.head("office").number == 3
    with pytest.raises(UsageError):
        revert(office, "office", 1, by="王")
    with pytest.raises(UsageError):
        revert(office, "office", 9, by="王")


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


def test_what_somebody_did_by_hand_meanwhile_is_seen(office: Store, two_plan: Plan) -> None:
    """A supporter whom the plan did not know; the very supporter that it would give, under another name."""
    propose(office, "office", two_plan, by="李")
    hand = put(
        "relations", {"id": "hand", "kind": "designated", "supporter": "u1", "recipient": "C", "since": ON}
    )
    office.write("office", hand, base=1, how="request", by="t")
    with pytest.raises(StaleError) as told:
        adopt(office, "office", two_plan.id, by="王", dry_run=True)
    assert [(c.table, c.row, c.version) for c in told.value.clashes] == [("relations", "hand", 2)]
    same = put(
        "relations", {"id": "hand", "kind": "designated", "supporter": "u2", "recipient": "C", "since": ON}
    )
    office.write("office", same, base=2, how="request", by="t")
    with pytest.raises(StaleError) as told:
        adopt(office, "office", two_plan.id, by="王")
    assert [(c.table, c.row, c.version) for c in told.value.clashes] == [("relations", "designated:u2:C", 3)]
    assert running(office) == {*BEFORE, ("u2", "C")}


def test_other_data_are_refused(office: Store, two_plan: Plan) -> None:
    """A plan of files belongs to the head only where it holds the same; of a stored network to that very one."""
    changed = put(
        "units", {"id": "u1", "name": "第一局", "kind": "central_organ", "home_region": "A", "capacity": 9}
    )
    office.write("office", merged([changed]), base=1, how="request", by="t")
    with pytest.raises(OtherGround) as told:
        propose(office, "office", two_plan, by="李")
    assert all("units" in text and "regions" not in text for text in told.value.text)
    assert office.proposals("office") == [] and Office(office, "office").requests() == []
    for origin in (
        {"name": "office", "version": 1, "digest": "another store's"},
        {"name": "elsewhere", "version": 2},
    ):
        head = {**two_plan.head, "inputs": {**two_plan.head["inputs"], "network": origin}}
        with pytest.raises(OtherGround):
            propose(office, "office", Plan(two_plan.folder, head), by="李")
    digest = office.versions("office")[0].digest
    head = {
        **two_plan.head,
        "inputs": {**two_plan.head["inputs"], "network": {"name": "office", "version": 1, "digest": digest}},
    }
    assert propose(office, "office", Plan(two_plan.folder, head), by="李").base == 1


def test_strangers_are_refused(office: Store, two_plan: Plan) -> None:
    from graph.errors import InputError
    from tests.graph.store.small_networks import rows

    small = {
        "regions": rows("regions", {"code": "A", "name": "A"}),
        "units": rows("units", {"id": "u9", "name": "n"}),
    }
    from tests.graph.store.small_networks import begin

    begin(office, "tiny", small)
    origin = {"name": "tiny", "version": 1, "digest": office.head("tiny").digest}
    plan = renamed(two_plan, "strange")
    plan = Plan(plan.folder, {**plan.head, "inputs": {**plan.head["inputs"], "network": origin}})
    with pytest.raises(InputError):
        propose(office, "tiny", plan, by="李")
    assert office.proposals("tiny") == [] and Office(office, "tiny").requests() == []
