from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from graph.errors import InputError
from planner.plan import Plan
from planner.verify import verify
from planner.verify.outcome import Broken

Edit = Callable[[dict[str, Any]], None]


def edited(plan: Plan, edit: Edit) -> list[Broken]:
    """What verify finds after an edit of plan.json."""
    file = plan.folder / "plan.json"
    head = json.loads(file.read_text(encoding="utf-8"))
    edit(head)
    file.write_text(json.dumps(head, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return verify(plan.folder).broken


def tables(plan: Plan) -> list[Path]:
    return sorted(
        p for part in ("tables", "baseline", "resolved") for p in (plan.folder / part).glob("*.parquet")
    )


def test_an_untouched_plan_is_what_it_says(small_plan: Plan) -> None:
    found = verify(small_plan)
    assert found.ok, [str(b.text) for b in found.broken]
    assert found.stages["designation"].objective == small_plan.stages["designation"]["objective"]
    assert found.as_dict()["ok"] is True


def changed_value(value: Any) -> Any:
    return not value if isinstance(value, bool) else value + 1


def test_one_changed_number_in_any_table_is_named(own_plan: Plan) -> None:
    for file in tables(own_plan):
        kept = file.read_bytes()
        frame = pl.read_parquet(file)
        for column in frame.columns:
            values = frame[column].to_list()
            at = next((i for i in reversed(range(len(values))) if isinstance(values[i], int | float)), None)
            if at is None:
                continue
            values[at] = changed_value(values[at])
            frame.with_columns(pl.Series(column, values, dtype=frame.schema[column])).write_parquet(file)
            found = verify(own_plan.folder)
            name = f"{file.parent.name}/{file.name}"
            assert ("seal", name, at + 1, column) in {
                (b.rule, b.table, b.row, b.column) for b in found.broken
            }
        file.write_bytes(kept)
    assert verify(own_plan.folder).ok


def test_one_changed_word_is_named(own_plan: Plan) -> None:
    file = own_plan.folder / "tables" / "pairs.parquet"
    frame = pl.read_parquet(file)
    names = ["u1" if s != "u1" else "u3" for s in frame["supporter"]]
    frame.with_columns(pl.Series("supporter", [names[0], *frame["supporter"][1:]])).write_parquet(file)
    broken = verify(own_plan.folder).broken
    assert ("tables/pairs.parquet", 1, "supporter") in {(b.table, b.row, b.column) for b in broken}
    assert {b.rule for b in broken} > {"seal"}  # a rule or a term shows it as well


def test_a_changed_place_of_a_rule_is_named(own_plan: Plan) -> None:
    file = own_plan.folder / "rules" / "at.parquet"
    frame = pl.read_parquet(file)
    frame.with_columns(pl.Series("at", ["nowhere", *frame["at"][1:]])).write_parquet(file)
    broken = verify(own_plan.folder).broken
    assert {(b.rule, b.table, b.row, b.column) for b in broken} == {("seal", "rules/at.parquet", 1, "at")}


def test_a_cut_off_row_is_named(own_plan: Plan) -> None:
    file = own_plan.folder / "tables" / "pairs.parquet"
    pl.read_parquet(file).head(3).write_parquet(file)
    rules = {b.rule for b in verify(own_plan.folder).broken}
    assert {"seal", "units_per_county", "objective"} <= rules


def test_every_deleted_file_is_named(own_plan: Plan) -> None:
    files = [p for p in own_plan.folder.rglob("*") if p.is_file() and p.name not in ("plan.json", "run.json")]
    for file in files:
        kept = file.read_bytes()
        file.unlink()
        name = str(file.relative_to(own_plan.folder))
        assert name in {b.table for b in verify(own_plan.folder).broken}, name
        file.write_bytes(kept)
    assert verify(own_plan.folder).ok


def test_an_added_file_is_named(own_plan: Plan) -> None:
    (own_plan.folder / "tables" / "exits.parquet").write_bytes(b"x")
    assert "tables/exits.parquet" in {b.table for b in verify(own_plan.folder).broken}


def test_run_json_may_change(own_plan: Plan) -> None:
    (own_plan.folder / "run.json").write_text("{}")
    assert verify(own_plan.folder).ok


@pytest.mark.parametrize("file", ["tables/pairs.parquet", "resolved/units.parquet", "seal.json"])
def test_a_damaged_file_is_named_and_no_crash(own_plan: Plan, file: str) -> None:
    (own_plan.folder / file).write_bytes(b"PAR1 rubbish")
    assert file in {b.table for b in verify(own_plan.folder).broken}


def test_altered_certificates_are_named_and_no_crash(tmp_path: Path) -> None:
    kept = next((Path(__file__).parents[2] / "frozen" / "plan-1").iterdir())
    folder = tmp_path / kept.name
    shutil.copytree(kept, folder)
    files = sorted(folder.glob("certificates/*/*.npy"))
    assert files
    for file in files:
        whole = file.read_bytes()
        values = np.load(file)
        np.save(file, np.zeros_like(values) if values.any() else np.ones_like(values), allow_pickle=False)
        name = str(file.relative_to(folder))
        assert name in {b.table for b in verify(folder).broken}, name
        file.write_bytes(whole)
    assert verify(folder).ok


EDITS: list[tuple[str, Edit]] = [
    (
        "objective",
        lambda h: h["stages"]["designation"].update(objective=h["stages"]["designation"]["objective"] + 1),
    ),
    ("bound", lambda h: h["stages"]["designation"].update(bound=h["stages"]["designation"]["bound"] + 1)),
    ("status", lambda h: h["stages"]["designation"].update(bound=h["stages"]["designation"]["bound"] - 1)),
    ("id", lambda h: h.update(id="0" * 16)),
    ("id", lambda h: h["inputs"]["policy"]["designation"].update(distance_weight=2.0)),
    ("id", lambda h: h["inputs"].update(seed=1)),
]


@pytest.mark.parametrize(("rule", "edit"), EDITS, ids=[f"{i}-{r}" for i, (r, _) in enumerate(EDITS)])
def test_an_edited_head_is_named(own_plan: Plan, rule: str, edit: Edit) -> None:
    broken = edited(own_plan, edit)
    assert ("seal", "plan.json") in {(b.rule, b.table) for b in broken}
    assert rule in {b.rule for b in broken}


@pytest.mark.parametrize("key", ["objective", "sense", "bound", "status"])
def test_a_head_that_lacks_something_is_no_crash(own_plan: Plan, key: str) -> None:
    def drop(head: dict[str, Any]) -> None:
        del head["stages"]["designation"][key]

    assert ("seal", "plan.json") in {(b.rule, b.table) for b in edited(own_plan, drop)}


def test_a_renamed_folder_is_named(own_plan: Plan) -> None:
    moved = own_plan.folder.rename(own_plan.folder.with_name("mine"))
    assert {b.rule for b in verify(moved).broken} == {"id"}


def test_no_plan_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        verify(tmp_path)
