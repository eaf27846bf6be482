"""``jiedui graph request``: from draft to applied, as people type it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.api.cli.conftest import Typed
from tests.api.cli.graph.conftest import Graph, Refused, Told

SET = ("--set", "units", "u2", "capacity=5")


def test_from_draft_to_applied(graph: Graph, told: Told) -> None:
    out = graph("request", "new", *SET, "--why", "核实", "--by", "李")
    assert "request r1: draft; 李: 核实 (from version 1)" in out
    assert "capacity" in out and out.rstrip().endswith("2        5")
    assert "r1" in graph("request", "list") and told("request", "list")[0]["state"] == "draft"
    assert "submitted" in graph("request", "submit", "r1", "--by", "李")
    assert "approved" in graph("request", "approve", "r1", "--by", "王", "--note", "好")
    assert told("request", "show", "r1")["note"] == "好"
    out = graph("request", "apply", "r1", "--by", "王")
    assert "request r1: applied" in out and "✓ version 2" in out
    assert "no requests" in graph("request", "list") and "没有请求" in graph("request", "list", lang="zh")
    assert "r1" in graph("request", "list", "--all") and "r1" in graph(
        "request", "list", "--state", "applied"
    )
    shown = graph("request", "show", "r1")
    assert all(word in shown for word in ("drafted", "submit", "approve", "apply", "李", "王", "好"))
    log = told("request", "show", "r1")["log"]
    assert [e["step"] for e in log] == ["draft", "submit", "approve", "apply"]
    states = told("history", "units", "u2")
    assert [(s["capacity"], s["recorded_at"], s["superseded_by"]) for s in states] == [
        (2, 1, 2),
        (5, 2, None),
    ]


def test_rows_of_files_and_rows_to_remove(graph: Graph, told: Told, refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    file = tmp_path / "new" / "units.csv"
    file.write_text("id,name,kind\nu9,第九局,central_organ\n", encoding="utf-8")
    request = told(
        "request", "new", "--rows", file, "--remove", "relations", "r2", "--why", "x", "--by", "李"
    )
    assert request["rows"] == ["relations r2", "units u9"]
    assert [(e["row"], e["current"] is None, e["proposed"] is None) for e in request["side_by_side"]] == [
        ("u9", True, False),
        ("r2", False, True),
    ]
    assert "removed" in graph("request", "show", "r1")
    file.write_text("id,name,kind\nu9,n,banque\nu8,n,bank\n", encoding="utf-8")
    err = refused(2, "request", "new", "--rows", file, "--why", "x", "--by", "李")
    assert "banque" in err and "row 2" in err
    file.write_text("id,nmae\nu9,n\n", encoding="utf-8")
    assert "nmae" in refused(2, "request", "new", "--rows", file, "--why", "x", "--by", "李")


def test_edited_returned_rejected_unapproved(graph: Graph, told: Told) -> None:
    graph("request", "new", *SET, "--why", "x", "--by", "李")
    assert "7" in graph(
        "request", "edit", "r1", "--set", "units", "u2", "capacity=7", "--why", "y", "--by", "李"
    )
    for step, state in (("submit", "submitted"), ("return", "returned"), ("submit", "submitted"), ("approve", "approved"), ("unapprove", "submitted"), ("reject", "rejected")):  # fmt: skip
        assert f"request r1: {state}" in graph("request", step, "r1", "--by", "王")
    assert told("request", "show", "r1")["reason"] == "y"
    assert told("request", "list", "--state", "rejected", "--state", "draft")[0]["id"] == "r1"


def test_others_with_the_same_rows_are_told(graph: Graph, told: Told, refused: Refused) -> None:
    graph("request", "new", *SET, "--why", "x", "--by", "李")
    out = graph("request", "new", "--set", "units", "u2", "capacity=6", "--why", "y", "--by", "赵")
    assert "! units u2 is in request r1, too (李, draft)" in out
    assert told("request", "show", "r2")["overlaps"][0]["request"] == "r1"
    for id in ("r1", "r2"):
        graph("request", "submit", id, "--by", "李")
    assert "! units u2" in graph("request", "approve", "r1", "--by", "王")
    err = refused(1, "request", "approve", "r2", "--by", "王")
    assert "held by the approved request r1" in err
    assert "! cannot be applied as things are" in graph("request", "show", "r2")
    assert told("request", "show", "r1")["hindrance"] is None
    assert "已批准的请求 r1 锁定" in told("request", "show", "r2")["hindrance"]["zh"]
    graph("request", "apply", "r1", "--by", "王")
    assert told("request", "show", "r1")["hindrance"] is None
    assert "units u2: changed in version 2" in graph("request", "show", "r2")
    assert "units u2: changed in version 2" in refused(1, "request", "approve", "r2", "--by", "王")


def test_four_eyes(graph: Graph, refused: Refused) -> None:
    assert "somebody else must approve" in graph("request", "eyes", "four", "--by", "王")
    graph("request", "new", *SET, "--why", "x", "--by", "李")
    graph("request", "submit", "r1", "--by", "李")
    assert "李's own" in refused(1, "request", "approve", "r1", "--by", "李")
    assert "authors may approve" in graph("request", "eyes", "two", "--by", "王")
    graph("request", "approve", "r1", "--by", "李")


@pytest.mark.parametrize(
    ("code", "words", "says"),
    [
        (2, ["new", "--why", "x"], "--set"),
        (2, ["new", "--set", "units", "u2", "capacity=2", "--why", "x"], "nothing to change"),
        (2, ["new", *SET, "--why", " "], "--why"),
        (2, ["new", "--set", "unit", "u2", "capacity=2", "--why", "x"], "no table unit"),
        (2, ["new", "--set", "units", "u7", "capacity=2", "--why", "x"], "u7"),
        (2, ["new", "--set", "units", "u2", "capacity=-2", "--why", "x"], "negative"),
        (2, ["new", "--set", "units", "u2", "home_region=nowhere", "--why", "x"], "nowhere"),
        (2, ["new", "--remove", "units", "u7", "--why", "x"], "u7"),
        (2, ["show", "r5"], "r5"),
        (2, ["submit", "r5"], "r5"),
        (2, ["apply", "r5"], "r5"),
    ],
)
def test_what_is_refused(refused: Refused, code: int, words: list[str], says: str) -> None:
    by = [] if words[0] == "show" else ["--by", "李"]
    assert says in refused(code, "request", *words, *by)


def test_a_step_out_of_turn(graph: Graph, refused: Refused) -> None:
    graph("request", "new", *SET, "--why", "x", "--by", "李")
    err = refused(1, "request", "apply", "r1", "--by", "李")
    assert "request r1 is draft" in err and "possible: edit, submit" in err


def test_what_fails_is_one_json_document(graph: Graph, typed: Typed, address: str) -> None:
    def failed(*words: str) -> dict[str, object]:
        code, out, err = typed("graph", "request", *words, "--by", "王", "--on", address, "--json")
        assert (code, err) == (1, "")
        found: dict[str, object] = json.loads(out)["error"]
        assert found["exit"] == 1
        return found

    for capacity in ("capacity=5", "capacity=6"):
        graph("request", "new", "--set", "units", "u2", capacity, "--why", "x", "--by", "李")
    for id in ("r1", "r2"):
        graph("request", "submit", id, "--by", "李")
    assert "request r1 is submitted" in str(failed("submit", "r1")["message"])
    graph("request", "approve", "r1", "--by", "王")
    assert "held by the approved request r1" in str(failed("approve", "r2")["message"])
    graph("request", "apply", "r1", "--by", "王")
    assert failed("approve", "r2").keys() >= {"base", "head", "clashes"}
