"""Requests by themselves: every step from every state; rows as JSON and back."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import get_args

import pytest

from graph.office.request import STATES, Request, State, Step, WrongState
from graph.office.written import from_json, to_json
from graph.schema import TABLES
from graph.store.changes import Changes, merged
from graph.store.papers import Paper
from tests.graph.store.small_networks import every_table, keys, put, removed

ALLOWED: dict[Step, dict[State, State]] = {
    "edit": {"draft": "draft", "returned": "draft"},
    "submit": {"draft": "submitted", "returned": "submitted"},
    "approve": {"submitted": "approved"},
    "unapprove": {"approved": "submitted"},
    "return": {"submitted": "returned"},
    "reject": {"draft": "rejected", "submitted": "rejected", "approved": "rejected"},
    "apply": {"approved": "applied"},
}
"""Design § 3, written out once more."""


def in_state(state: State, plan: str = "") -> Request:
    """A request."""
    return Request("r1", state, "李", "because", 1, put("units", {"id": "u1", "name": "n"}), plan=plan)


@pytest.mark.parametrize("state", list(STATES))
@pytest.mark.parametrize("step", get_args(Step))
def test_every_step_from_every_state(state: State, step: Step) -> None:
    request = in_state(state)
    if state in ALLOWED[step]:
        after = request.after(step, "a note")
        assert (after.state, after.step, after.note) == (ALLOWED[step][state], step, "a note")
        assert after.changes is request.changes and after.base == request.base
        return
    with pytest.raises(WrongState) as told:
        request.after(step)
    assert "r1" in told.value.text.zh and STATES[state].zh in told.value.text.zh


def test_what_is_possible_instead_is_named() -> None:
    with pytest.raises(WrongState) as told:
        in_state("submitted").after("apply")
    assert told.value.text.zh.endswith("可以：批准、退回、否决")
    assert told.value.text.en.endswith("possible: approve, return, reject")
    with pytest.raises(WrongState, match=r"无|nothing"):
        in_state("rejected").after("submit")


def test_a_plan_may_be_adopted_in_parts_and_nothing_else_twice() -> None:
    assert in_state("applied", plan="p").after("apply").state == "applied"
    with pytest.raises(WrongState):
        in_state("applied").after("apply")
    with pytest.raises(WrongState):
        in_state("submitted", plan="p").after("apply")


def test_a_paper_and_back() -> None:
    request = Request(
        "r7", "approved", "李", "因为", 3, put("units", {"id": "u1", "name": "n"}), {"units": [{"id": "u1", "name": "old"}]},
        note="n", step="approve", revision=2,
    )  # fmt: skip
    filing = request.filing()
    assert filing.after == 2
    content = json.loads(json.dumps(filing.content))
    back = Request.of(Paper("request", "r7", 3, datetime.now(timezone.utc), "t", content))  # noqa: UP017
    assert back.changes.put["units"].equals(request.changes.put["units"])
    assert back.rows() == {("units", "u1")} and back.revision == 3
    assert (back.state, back.author, back.reason, back.base, back.current) == (
        "approved",
        "李",
        "因为",
        3,
        request.current,
    )


@pytest.mark.parametrize("table", list(TABLES))
def test_every_kind_of_cell_as_json_and_back(table: str) -> None:
    """Days, empty cells, whole numbers past 2**53, odd texts."""
    frame = every_table()[table]
    gone = frame.select(TABLES[table].key)
    for changes in (Changes({table: frame}), Changes({}, {table: gone})):
        back = from_json(json.loads(json.dumps(to_json(changes))))
        assert back.tables == [table] and back.digest == changes.digest
        for part in ("put", "removed"):
            for name, rows in getattr(changes, part).items():
                assert getattr(back, part)[name].equals(rows)
                assert getattr(back, part)[name].schema == rows.schema
    assert to_json(Changes({table: frame.clear()}, {table: gone.clear()})) == {"put": {}, "removed": {}}


def test_side_by_side() -> None:
    changes = merged(
        [
            put("units", {"id": "u1", "name": "new"}, {"id": "u3", "name": "third"}),
            Changes({}, {"relations": keys("relations", {"id": "r1"})}),
        ]
    )
    current = {"units": [{"id": "u1", "name": "old"}], "relations": [{"id": "r1", "kind": "east_west"}]}
    told = Request("r1", "draft", "a", "b", 1, changes, current).side_by_side()
    assert [(e["table"], e["row"]) for e in told] == [("units", "u1"), ("units", "u3"), ("relations", "r1")]
    assert [e["current"] and e["current"]["id"] for e in told] == ["u1", None, "r1"]
    assert [e["proposed"] and e["proposed"]["name"] for e in told] == ["new", "third", None]


def test_rows_that_are_removed_and_put_in_one_table() -> None:
    changes = merged(
        [Changes({"units": put("units", {"id": "a"}).put["units"]}, removed("units", {"id": "b"}).removed)]
    )
    told = Request("r1", "draft", "a", "b", 1, changes, {"units": [{"id": "b"}]}).side_by_side()
    assert [(e["row"], e["current"] is None, e["proposed"] is None) for e in told] == [
        ("a", True, False),
        ("b", False, True),
    ]
