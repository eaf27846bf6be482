from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from graph.errors import InputError, OutsideError
from planner.plan import Plan, read_plan
from planner.plan_writer import PlanWriter

HEAD = {"format": 1, "inputs": {}, "stages": {}}


def test_a_plan_appears_whole(tmp_path: Path) -> None:
    writer = PlanWriter(tmp_path)
    writer.tables("tables", {"pairs": pl.DataFrame({"a": [1]})})
    writer.certificates("s", {"prices": np.arange(3)})
    writer.json("plan.json", {**HEAD, "id": "x"})
    writer.seal()
    assert not (tmp_path / "x").exists()
    final = writer.publish("x")
    assert [p.name for p in tmp_path.iterdir()] == ["x"]
    plan = read_plan(final)
    assert plan.table("pairs").to_dict(as_series=False) == {"a": [1]}
    assert plan.certificates("s")["prices"].tolist() == [0, 1, 2]
    assert plan.run == {}


def test_publishing_again_replaces(tmp_path: Path) -> None:
    for n in (1, 2):
        writer = PlanWriter(tmp_path)
        writer.json("plan.json", {**HEAD, "id": "x", "n": n})
        writer.publish("x")
    assert read_plan(tmp_path / "x").head["n"] == 2
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


def test_discard_leaves_nothing(tmp_path: Path) -> None:
    writer = PlanWriter(tmp_path)
    writer.json("plan.json", {"format": 1})
    writer.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_killed_writer_leaves_no_plan(tmp_path: Path) -> None:
    code = (
        "import sys, os, signal; from pathlib import Path; from planner.plan_writer import PlanWriter\n"
        "w = PlanWriter(Path(sys.argv[1])); w.json('plan.json', {'format': 1, 'id': 'x'})\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    path = os.pathsep.join(p for p in sys.path if p)
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], env={**os.environ, "PYTHONPATH": path}, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert all(p.name.startswith(".writing-") for p in tmp_path.iterdir())
    with pytest.raises(InputError, match=r"no plan's folder|不是方案文件夹"):
        read_plan(tmp_path)


def test_the_next_writer_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    left = tmp_path / ".writing-left"
    left.mkdir()
    (left / "plan.json").write_text("{}")
    working = PlanWriter(tmp_path)
    assert not left.exists()
    other = PlanWriter(tmp_path)
    assert working.folder.exists()
    working.discard()
    other.json("plan.json", {"format": 1, "id": "x"})
    assert [p.name for p in tmp_path.iterdir()] == [other.folder.name]
    other.publish("x")
    PlanWriter(tmp_path).discard()
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


def test_a_plan_that_was_about_to_be_replaced_comes_back(tmp_path: Path) -> None:
    for place, n in ((".old-a/x", 1), (".old-b/y", 2), ("y", 3)):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "plan.json").write_text(json.dumps({**HEAD, "id": place[-1], "n": n}))
    PlanWriter(tmp_path).discard()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x", "y"]
    assert [read_plan(tmp_path / x).head["n"] for x in ("x", "y")] == [1, 3]


def test_a_writer_that_fails_to_replace_leaves_the_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in (1, 2):
        writer = PlanWriter(tmp_path)
        writer.json("plan.json", {**HEAD, "id": "x", "n": n})
        if n == 1:
            writer.publish("x")
    rename = os.rename

    def interrupted(old: Path, new: Path) -> None:
        if old == writer.folder:
            raise KeyboardInterrupt
        rename(old, new)

    monkeypatch.setattr(os, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        writer.publish("x")
    writer.discard()
    monkeypatch.undo()
    assert read_plan(tmp_path / "x").head["n"] == 1
    PlanWriter(tmp_path).discard()
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutsideError, match=r"cannot write|无法写入"):
        PlanWriter(tmp_path / "file" / "plans")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 1}', '{"id": "x"}', "null",
                                  '{"format": 1, "id": "x"}', '{"format": 1, "id": "x", "inputs": {}, "stages": []}',
                                  '{"format": 1, "id": "x", "inputs": {}, "stages": {"funds": 3}}',
                                  '{"format": 1, "id": 7, "inputs": {}, "stages": {}}'])  # fmt: skip
def test_a_damaged_head_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(InputError, match=r"damaged|损坏"):
        read_plan(tmp_path)


def test_a_newer_format_is_refused(own_plan: Plan) -> None:
    head = dict(own_plan.head) | {"format": 2}
    (own_plan.folder / "plan.json").write_text(json.dumps(head))
    with pytest.raises(InputError, match=r"upgrade jiedui|请升级 jiedui"):
        read_plan(own_plan.folder)


def test_the_only_plan_of_a_folder_is_found(own_plan: Plan) -> None:
    assert read_plan(own_plan.folder.parent).id == own_plan.id
    (own_plan.folder.parent / "second").mkdir()
    (own_plan.folder.parent / "second" / "plan.json").write_text("{}")
    with pytest.raises(InputError, match="second"):
        read_plan(own_plan.folder.parent)


def test_missing_and_damaged_tables_are_told(own_plan: Plan) -> None:
    with pytest.raises(InputError, match="postings"):
        own_plan.table("postings")
    (own_plan.folder / "tables" / "pairs.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match=r"damaged|损坏"):
        own_plan.table("pairs")


def test_the_network_is_what_the_stages_saw(small_plan: Plan) -> None:
    assert small_plan.network.label("u1") == "第一局"
    assert small_plan.network.frame("regions")["source"].null_count() == 5  # no stage reads it
