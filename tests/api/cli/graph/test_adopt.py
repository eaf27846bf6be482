"""``jiedui graph propose``, ``adopt``, ``revert``, ``withdraw``: a plan's way into a network."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.api.cli.conftest import Typed
from tests.api.cli.graph.conftest import Graph, Refused, Told


@pytest.fixture
def plan(typed: Typed, folder: Path, graph: Graph, tmp_path: Path) -> str:
    """The id of a plan that is proposed."""
    assert typed("plan", folder, "-o", tmp_path / "plans")[0] == 0
    (made,) = [p for p in (tmp_path / "plans").iterdir() if not p.name.startswith(".")]
    out = graph("propose", made, "--by", "李", "--why", "年度")
    assert f"plan {made.name} is proposed (from version 1)" in out
    assert f"jiedui graph adopt {made.name} --dry-run --on 'workspace:" in out
    return made.name


def test_tried_adopted_in_parts_and_taken_back(
    graph: Graph, told: Told, typed: Typed, address: str, plan: str
) -> None:
    out = graph("adopt", plan, "--dry-run", "--by", "王")
    assert "relations" in out and "a dry run: nothing was changed" in out
    assert told("adopt", plan, "--dry-run", "--by", "王")["counts"] == {
        "relations": [2, 0],
        "postings": [4, 0],
    }

    assert "designated:u2:C" in out and "designated:u3:D" in out and "more" not in out
    assert "--dry-run" in graph("request", "show", plan)
    short = graph("adopt", plan, "--dry-run", "--limit", "1", "--by", "王")
    assert "… and 1 more" in short and "… and 3 more" in short
    listed = told("adopt", plan, "--dry-run", "--limit", "1", "--by", "王")["rows"]
    assert {t: len(rows) for t, rows in listed.items()} == {"relations": 2, "postings": 4}

    only = told("adopt", plan, "--only", "丙县", "--by", "王", "--note", "先行")
    assert only["counts"] == {"relations": [1, 0], "postings": [1, 0]} and only["version"]["number"] == 2
    assert "第二行" in typed("ask", "丙县", "--on", address)[1]
    assert "adopted in part: C" in graph("request", "list")
    out = graph("adopt", plan, "--except", "cadres", "--except", "C", "--by", "王")
    assert f"✓ plan {plan} is adopted: version 3; to go back: jiedui graph revert 3 --on" in out
    out = graph("adopt", plan, "--only", "designation", "--by", "王")
    assert "nothing to change" in out and "version" not in out

    shown = graph("request", "show", plan)
    assert "年度" in shown and "先行" in shown and "): C" in shown and ", without cadres, C" in shown
    assert "plan adopted" in graph("versions") and "采纳方案" in graph("versions", lang="zh")
    assert [v["how"] for v in told("versions")["two"]] == ["load", "adopt", "adopt"]

    assert "adopted in part: C; all of it, without cadres, C" in graph("request", "show", plan)

    out = graph("revert", 3, "--dry-run", "--by", "王")
    assert "a dry run" in out and "designated:u3:D" in out and "removed" in out
    assert [
        (e["row"], e["proposed"]) for e in told("revert", 3, "--dry-run", "--by", "王")["rows"]["relations"]
    ] == [("designated:u3:D", None)]
    assert "✓ version 3 is taken back: version 4" in graph("revert", 3, "--by", "王", "--why", "重来")
    out = graph("revert", 3, "--by", "王")
    assert "nothing to change" in out and "taken back" not in out
    assert told("revert", 2, "--by", "王")["version"]["number"] == 5
    assert [s["superseded_by"] for s in told("history", "relations", "designated:u2:C")] == [5]
    assert "第二行" not in typed("ask", "丙县", "--on", address)[1]


def test_a_plan_is_named_by_its_folder_too(
    graph: Graph, told: Told, refused: Refused, plan: str, tmp_path: Path
) -> None:
    made = tmp_path / "plans" / plan
    assert f"plan {plan} is adopted: version 2" in graph("adopt", made, "--by", "王")
    assert "no plan" in refused(2, "adopt", tmp_path, "--by", "王")
    assert f"plan {plan} is withdrawn" in graph("withdraw", made, "--by", "王")
    assert told("versions")["two"][-1]["how"] == "adopt"


def test_withdrawn(graph: Graph, refused: Refused, told: Told, plan: str) -> None:
    assert f"plan {plan} is withdrawn" in graph("withdraw", plan, "--by", "王")
    assert told("request", "show", plan)["state"] == "rejected"
    assert plan in refused(2, "withdraw", plan, "--by", "王")
    assert "rejected" in refused(1, "adopt", plan, "--by", "王")


def test_what_is_refused(graph: Graph, refused: Refused, plan: str, tmp_path: Path) -> None:
    assert "nowhere" in refused(2, "adopt", "nowhere", "--by", "王")
    assert "nowhere" in refused(2, "adopt", plan, "--only", "nowhere", "--by", "王")
    assert "nothing of plan" in refused(2, "adopt", plan, "--only", "funds", "--by", "王")
    assert "is a plan" in refused(2, "request", "apply", plan, "--by", "王")
    assert "first version" in refused(2, "revert", 1, "--by", "王")
    assert "has no version 9" in refused(2, "revert", 9, "--by", "王")
    assert "no plan" in refused(2, "propose", tmp_path, "--by", "王")


def test_the_ground_has_changed(
    graph: Graph, refused: Refused, typed: Typed, address: str, plan: str
) -> None:
    graph("request", "new", "--set", "regions", "D", "name=新县", "--why", "改名", "--by", "李")
    for step in ("submit", "approve", "apply"):
        graph("request", step, "r1", "--by", "王")
    err = refused(1, "adopt", plan, "--dry-run", "--by", "王")
    assert (
        "worked out from version 1, now it is 2" in err
        and "regions D (named by recipient): changed in version 2" in err
    )
    code, out, _ = typed("graph", "adopt", plan, "--dry-run", "--by", "王", "--on", address, "--json")
    found = json.loads(out)["error"]
    assert (code, found["exit"], found["base"], found["head"]) == (1, 1, 1, 2)
    assert {"table": "regions", "row": "D", "version": 2, "refers": "recipient"} in found["clashes"]
    assert "regions D" in found["message"]["en"] and "地区 D" in found["message"]["zh"]


def test_computed_from_other_data(graph: Graph, refused: Refused, plan: str, tmp_path: Path) -> None:
    graph("request", "new", "--set", "units", "u1", "capacity=9", "--why", "x", "--by", "李")
    for step in ("submit", "approve", "apply"):
        graph("request", step, "r1", "--by", "王")
    err = refused(1, "propose", tmp_path / "plans", "--by", "李")
    assert "other data than version 2" in err and "units" in err


def test_frozen(graph: Graph, refused: Refused, told: Told, plan: str) -> None:
    out = graph("freeze", "乙县", "--why", "普查", "--since", "2016-01-01", "--by", "王")
    assert "乙县 B" in out and "普查" in out
    assert "乙县 is frozen" in refused(1, "adopt", plan, "--dry-run", "--by", "王")
    graph("adopt", plan, "--except", "乙县", "--by", "王")
    assert told("freeze") == [
        {"region": "B", "since": "2016-01-01", "until": None, "reason": "普查", "by": "王"}
    ]
    assert "no longer frozen" in graph("thaw", "B", "--by", "王")
    assert "nothing is frozen" in graph("freeze") and "没有冻结" in graph("freeze", lang="zh")
    assert "乙县 B is not frozen" in refused(2, "thaw", "B", "--by", "王")
    assert "ends before it begins" in refused(
        2, "freeze", "B", "--since", "2017-01-01", "--until", "2017-01-01", "--by", "王"
    )
    assert "nowhere" in refused(2, "freeze", "nowhere", "--by", "王")
    today = datetime.now().astimezone().date()
    assert "is past" in refused(2, "freeze", "B", "--until", today, "--by", "王")
    assert "nothing is frozen" in graph("freeze")
    graph("freeze", "B", "--until", today + timedelta(days=9), "--by", "王")
    assert "乙县 B is no longer frozen" in graph("thaw", "B", "--by", "王")
    assert graph("adopt", plan, "--by", "王")
