"""What is not proposed, adopted or taken back, and why: on both stores."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from graph.errors import InputError, UsageError
from graph.office.locked import Locked
from graph.office.office import Office
from graph.office.register import Freeze
from graph.office.request import SameEyes, WrongState
from graph.store.changes import Changes, merged
from graph.store.clash import StaleError
from graph.store.protocol import Store
from planner.office.adopt import Part, adopt
from planner.office.propose import OtherGround, propose
from planner.office.revert import revert
from planner.plan import Plan, read_plan
from tests.graph.store.small_networks import put
from tests.planner.office.conftest import ON, pairs_of, renamed, running

BEFORE = {("u1", "A"), ("u2", "B")}


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
    tried = adopt(office, "office", two_plan.id, by="李", dry_run=True)  # which changes nothing
    assert tried.version is None and tried.counts
    with pytest.raises(SameEyes):
        adopt(office, "office", two_plan.id, by="李")
    assert office.head("office").number == 1 and desk.request(two_plan.id).state == "submitted"
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


@pytest.mark.parametrize("damage", ["edited", "deleted", "none"])
def test_a_plan_that_was_altered_is_not_proposed(
    office: Store, two_plan: Plan, tmp_path: Path, damage: str
) -> None:
    folder = tmp_path / two_plan.id
    shutil.copytree(two_plan.folder, folder)
    pairs = folder / "tables" / "pairs.parquet"
    if damage == "edited":
        pl.read_parquet(pairs).with_columns(supporter=pl.lit("u1")).write_parquet(pairs)
    if damage == "deleted":
        pairs.unlink()
    if damage == "none":
        assert propose(office, "office", read_plan(folder), by="李").id == two_plan.id
        return
    with pytest.raises(InputError) as told:
        propose(office, "office", read_plan(folder), by="李")
    assert all(
        "tables/pairs.parquet" in text and "jiedui plan" in text and "\n" not in text
        for text in told.value.text
    )
    assert office.proposals("office") == [] and Office(office, "office").requests() == []
