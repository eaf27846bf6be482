"""The plans of a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from graph.errors import InputError, UsageError
from planner.catalogue import catalogue, plan_named
from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import read_scenario
from tests.planner.small import write_small

OVERLAY = """format = 1
title = "改"
base = "../base"
[designation]
distance_weight = 2
[[change]]
table = "units"
where = { id = "u1" }
set = { capacity = 3 }
"""


@pytest.fixture
def three(tmp_path: Path) -> list[Plan]:
    """A base, the same with a value set, and an overlay of the base; a second apart."""
    base = write_small(tmp_path / "base")
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay" / "scenario.toml").write_text(OVERLAY, encoding="utf-8")
    scenarios = [
        read_scenario(base),
        read_scenario(base, settings=["designation.keep_share=0.5"]),
        read_scenario(tmp_path / "overlay"),
    ]
    plans = [make_plan(s, tmp_path / "plans") for s in scenarios]
    for second, plan in enumerate(plans):
        os.utime(plan.folder / "plan.json", (second, second))
    return plans


def test_the_newest_first_each_against_its_parent(three: list[Plan], tmp_path: Path) -> None:
    entries, unread = catalogue(tmp_path / "plans")
    base, second, overlay = three
    assert [e.plan.id for e in entries] == [overlay.id, second.id, base.id] and unread == []
    assert [e.parent.id if e.parent else None for e in entries] == [second.id, base.id, None]
    assert entries[1].settings[0][:2] == ("designation", "keep_share") and entries[1].tables == []
    assert entries[0].scenario == "overlay" and entries[0].tables == ["units"]
    assert "designation.distance_weight = 2" in entries[0].changed and "units" in entries[0].changed
    told = entries[0].to_dict()
    assert told["stages"]["designation"]["kpis"]["counties_covered"] == 4 and told["parent"] == second.id


def test_what_cannot_be_read_is_told_beside_the_others(three: list[Plan], tmp_path: Path) -> None:
    (three[0].folder / "plan.json").write_text("{", encoding="utf-8")
    entries, unread = catalogue(tmp_path / "plans")
    assert len(entries) == 2 and three[0].id in unread[0].en
    with pytest.raises(InputError, match=r"no folder|没有文件夹"):
        catalogue(tmp_path / "nowhere")


def test_a_plan_by_the_beginning_of_its_id(three: list[Plan], tmp_path: Path) -> None:
    folder = tmp_path / "plans"
    assert plan_named(folder, three[1].id[:10]).id == three[1].id
    assert plan_named("elsewhere", str(three[1].folder)).id == three[1].id
    with pytest.raises(UsageError, match="no plan zzz"):
        plan_named(folder, "zzz")
    with pytest.raises(UsageError, match="no plan"):
        plan_named(folder, "")
    (folder / f"{three[1].id}x").mkdir()
    (folder / f"{three[1].id}x" / "plan.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="several"):
        plan_named(folder, three[1].id[:10])


def test_a_plan_beside_a_published_one_is_told_against_it(three: list[Plan], tmp_path: Path) -> None:
    first = three[0]
    again = read_scenario(
        tmp_path / "base", published=first.folder, settings=["designation.distance_weight=3"]
    )
    plan = make_plan(again, tmp_path / "plans")
    entry = next(e for e in catalogue(tmp_path / "plans")[0] if e.plan.id == plan.id)
    assert entry.parent is not None and entry.parent.id == first.id
