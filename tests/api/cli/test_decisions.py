"""``plans``, ``diff``, ``accept``, ``why-different``, as people type them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli import plans
from graph.errors import OutsideError
from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import read_scenario
from tests.api.cli.conftest import Typed
from tests.planner.small import FILE, TABLES, write_small


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where one works, without a store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    for name in ("JIEDUI_NETWORK", "NEO4J_URI"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def two(folder: Path) -> tuple[Plan, Plan]:
    """The small plan and one with another pin and another capacity."""
    units = TABLES["units"].replace("u2,第二行,bank,C,2", "u2,第二行,bank,C,4")
    first = make_plan(read_scenario(write_small(folder / "small")), folder / "plans")
    text = FILE + 'pins = ["u3>A"]\nkeep_share = "off"\n'
    second = make_plan(read_scenario(write_small(folder / "pinned", text, units=units)), folder / "plans")
    return first, second


def test_plans_with_figures_labels_and_adoption(typed: Typed, two: tuple[Plan, Plan], folder: Path) -> None:
    first, second = two
    code, out, _ = typed("plans", "--kpi", "designation.cost")
    assert code == 0 and first.id in out and second.id in out and "designation.cost" in out
    lone = f"workspace:{folder / 'office'}"
    assert typed("graph", "load", folder / "small", "--on", f"{lone}#small")[0] == 0
    code, out, _ = typed(
        "plans", "--label", first.id[:9], "送审稿", "--note", first.id, "说明", "--on", lone, "--by", "李"
    )
    assert code == 0 and "送审稿 · 说明" in out
    assert typed("graph", "propose", first.folder, "--on", lone, "--by", "李")[0] == 0
    assert typed("graph", "adopt", first.folder, "--on", lone, "--by", "王")[0] == 0
    told = json.loads(typed("plans", "--on", lone, "--json")[1])
    mine = next(p for p in told["plans"] if p["id"] == first.id)
    assert mine["label"] == {"label": "送审稿", "note": "说明", "by": "李"}
    assert [a["by"] for a in mine["adopted"]] == ["王"]
    assert typed("plans", "--scenario", "pinned")[1].count(first.id) == 0
    assert typed("plans", "--label", "zzz", "x", "--on", lone)[0] == 2
    assert typed("plans", "nowhere")[0] == 2
    assert typed("plans", "--on", "workspace:nowhere")[0] == 2


def test_diff_of_scenarios_and_plans(typed: Typed, two: tuple[Plan, Plan], folder: Path) -> None:
    code, out, _ = typed("diff", folder / "small", folder / "pinned")
    assert code == 0 and "designation.keep_share" in out and "2 → 4" in out and "changed 1" in out
    code, plans, _ = typed("diff", two[0].folder, two[1].folder)
    assert code == 0 and "2 → 4" in plans
    told = json.loads(typed("diff", folder / "small", folder / "pinned", "--json")[1])
    assert told["tables"]["units"][0]["capacity_before"] == 2
    assert "the same inputs" in typed("diff", folder / "small", folder / "small")[1]
    _, chinese, _ = typed("--lang", "zh", "diff", folder / "small", folder / "pinned")
    assert "设置" in chinese and "改变 1" in chinese


def test_accept_ends_with_0_or_1(typed: Typed, two: tuple[Plan, Plan]) -> None:
    first, second = (p.folder for p in two)
    code, out, _ = typed("accept", first, second, "--kpi", "designation.counties_covered")
    assert code == 0 and "✓ 1 condition passed" in out
    code, out, err = typed(
        "accept",
        first,
        second,
        "--kpi",
        "designation.kept >= base",
        "--kpi",
        "designation.counties_covered = 4",
    )
    assert code == 1 and "✗ failed" in out and "1 condition failed: designation.kept" in err
    code, out, _ = typed("accept", first, second, "--json")
    told = json.loads(out)
    assert code == 1 and told["accepted"] is False
    assert {v["condition"].split()[0] for v in told["verdicts"] if not v["passed"]} >= {"designation.kept"}
    assert typed("accept", first, second, "--kpi", "nonsense")[0] == 2


def test_figures_that_look_alike_are_told_with_more_digits(typed: Typed, two: tuple[Plan, Plan]) -> None:
    cost = next(k["plan"] for k in two[0].stages["designation"]["kpis"] if k["key"] == "cost")
    _, out, _ = typed(
        "accept", two[0].folder, two[0].folder, "--kpi", f"designation.cost <= {cost - 0.0001:.4f}"
    )
    line = next(line for line in out.splitlines() if "designation.cost" in line)
    assert line.split()[-1] != line.split()[-2]


def test_why_different_in_a_scenarios_own_words_is_told_when_its_steps_are_gone(
    typed: Typed, folder: Path
) -> None:
    """Plans made on the way are gone when the first word is told; names are asked of the two that stay."""
    own = '[titles.words]\nunit = { zh = "院校", en = "college" }\n'
    plans = [
        make_plan(read_scenario(write_small(folder / name, FILE + keep + own)), folder / "plans").folder
        for name, keep in (("one", ""), ("two", 'pins = ["u3>A"]\nkeep_share = "off"\n'))
    ]
    code, out, err = typed("-q", "why-different", *plans)
    assert code == 0, err
    assert "designation.pins" in out and "college" in out


def test_why_different_tells_each_step(typed: Typed, two: tuple[Plan, Plan]) -> None:
    first, second = (p.folder for p in two)
    code, out, err = typed("why-different", first, second, "--about", "u3>A", "--order", "units")
    assert code == 0 and "3 changes taken over in this order" in out
    at = [out.index(f"{n}. ") for n in (1, 2, 3)]
    assert at == sorted(at) and "1. table" in out and "step 2 of 3" in err
    assert "u3>A: nothing else was decided" in out and "new: " in out
    code, out, err = typed("why-different", first, second, "--json")
    told = json.loads(out)
    assert code == 0 and err == ""  # no progress beside JSON
    assert told["steps"][-1]["plan"] == two[1].id
    code, out, _ = typed("why-different", first, second, "--list")
    assert code == 0 and "designation.pins" in out
    assert typed("why-different", first, second, "--order", "cadres")[0] == 2
    assert "the same inputs" in typed("why-different", first, first)[1]


def test_a_store_that_does_not_answer_hides_no_plan(
    typed: Typed, two: tuple[Plan, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plans are listed all the same, and that labels are missing is said; asked for by name the store's error stands."""

    def away(on: str | None) -> None:
        raise OutsideError("连不上", "no answer")

    monkeypatch.setattr(plans, "stored", away)
    code, out, err = typed("plans")
    assert code == 0 and two[0].id in out and "labels and adoption were not read: no answer" in err
    assert typed("plans", "--on", "neo4j:#x")[0] == 5
