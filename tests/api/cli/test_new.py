"""``jiedui new``: a scenario that a planner can edit at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from planner.policy import OFF
from planner.scenario import read_policies, read_scenario
from planner.stages import STAGES

Typed = Callable[..., tuple[int, str, str]]
Scenario = Callable[..., Path]

UNITS = "id,name,kind,capacity\nu1,甲,bank,3\nu2,乙,university,2\n"
BASE = """format = 1
title = "base"
[designation]
units_per_county = [1, 2]
same_kind_max = "off"
"""


@pytest.fixture
def base(scenario: Scenario) -> Path:
    """A small scenario to stand on, with two policy values of its own."""
    return scenario(BASE, "base", units=UNITS)


def test_next_steps_can_be_pasted(typed: Typed, tmp_path: Path) -> None:
    """A name with a space is one word of the lines that are told; a Chinese one needs no quotes."""
    _, out, _ = typed("new", "我的 场景", "--in", tmp_path)
    folder = tmp_path / "我的 场景"
    assert f"jiedui plan '{folder}'" in out
    assert f"jiedui new '我的 场景' --in {tmp_path} --table units" in out
    _, out, _ = typed("new", "场景", "--in", tmp_path, "--own")
    assert f"jiedui check {tmp_path}/场景\n" in out
    _, out, _ = typed("template", "--to", tmp_path / "a b.xlsx")
    assert f"jiedui check '{tmp_path}/a b.xlsx'\n" in out


def test_new_scenario_is_its_base(typed: Typed, base: Path, tmp_path: Path) -> None:
    """Unedited, every value and every table is the base's."""
    code, out, _ = typed("new", "mine", "--base", base, "--in", tmp_path)
    found, before = read_scenario(tmp_path / "mine"), read_scenario(base)
    assert code == 0
    assert "take the # off" in out
    assert {s: p.values for s, p in found.policies.items()} == {
        s: p.values for s, p in before.policies.items()
    }
    assert found.network.frame("units").equals(before.network.frame("units"))
    assert found.chain == ("mine", "base")


def test_every_value_can_be_uncommented(typed: Typed, base: Path, tmp_path: Path) -> None:
    """All of the commented lines are right as they stand: the values in force at the base, each settable."""
    typed("new", "mine", "--base", base, "--in", tmp_path)
    file = tmp_path / "mine" / "scenario.toml"
    text = file.read_text(encoding="utf-8")
    head, change = text.split("# [[change]]")
    file.write_text(re.sub(r"(?m)^# (?=[\w\[])", "", head), encoding="utf-8")
    policies, before = read_policies(tmp_path / "mine"), read_policies(base)
    for name, stage in STAGES.items():
        assert set(policies[name].origins) == {s.key for s in stage.settings}
        assert policies[name].values == before[name].values
    assert policies["designation"].values["units_per_county"] == [1, 2]
    assert policies["designation"].values["same_kind_max"] == OFF
    assert "scale = { capacity = 0.8 }" in change


def test_the_example_of_a_change_works(typed: Typed, base: Path, tmp_path: Path) -> None:
    """The commented ``[[change]]`` is one that holds when its # are taken off."""
    typed("new", "mine", "--base", base, "--in", tmp_path)
    file = tmp_path / "mine" / "scenario.toml"
    before, change = file.read_text(encoding="utf-8").split("# [[change]]")
    file.write_text(before + "[[change]]" + re.sub(r"(?m)^# ", "", change), encoding="utf-8")
    units = read_scenario(tmp_path / "mine").network.frame("units")
    assert units["capacity"].to_list() == [2, 2]  # 3 × 0.8 = 2.4 for the bank; the university keeps its 2


def test_table_to_edit_in_excel(typed: Typed, base: Path, tmp_path: Path) -> None:
    """The base's rows in a workbook with help and lists; an edited cell is what the scenario reads."""
    typed("new", "mine", "--base", base, "--in", tmp_path, "--table", "units")
    file = tmp_path / "mine" / "data" / "units.xlsx"
    book = openpyxl.load_workbook(file)
    sheet = book["units"]
    header = [cell.value for cell in sheet[1]]
    assert sheet.cell(1, header.index("capacity") + 1).comment is not None
    assert sheet.data_validations.count > 0
    sheet.cell(2, header.index("capacity") + 1).value = 9
    book.save(file)
    units = read_scenario(tmp_path / "mine").network.frame("units")
    assert units.select("id", "capacity").rows() == [("u1", 9), ("u2", 2)]


def test_every_shipped_table_survives_excel(typed: Typed, tmp_path: Path) -> None:
    """A table that was put into Excel and not edited is the base's to the last cell."""
    tables = (
        "units",
        "relations",
        "region_tags",
        "fund_budgets",
        "inspection_teams",
        "capacities",
        "assessments",
    )
    typed("new", "mine", "--in", tmp_path, *(w for t in tables for w in ("--table", t)))
    found = read_scenario(tmp_path / "mine", only=tables, domain=False).network
    before = read_scenario("china-2016", only=tables, domain=False).network
    for table in tables:
        assert found.frame(table).equals(before.frame(table)), table


def test_chinese_title_of_a_table(typed: Typed, base: Path, tmp_path: Path) -> None:
    """A table may be named by its title."""
    from graph.schema import TABLES

    code, out, _ = typed(
        "new", "mine", "--base", base, "--in", tmp_path, "--table", TABLES["units"].zh, "--json"
    )
    assert code == 0
    assert [Path(f).name for f in json.loads(out)["files"]] == ["scenario.toml", "units.xlsx"]


def test_table_added_later(typed: Typed, base: Path, tmp_path: Path) -> None:
    """To a scenario that is there; its file keeps every word, and changes are not applied twice."""
    typed("new", "mine", "--base", base, "--in", tmp_path)
    file = tmp_path / "mine" / "scenario.toml"
    text = file.read_text(encoding="utf-8")
    text += '[[change]]\ntable = "units"\nwhere = { id = "u1" }\nscale = { capacity = 2 }\n'
    file.write_text(text, encoding="utf-8")
    assert typed("new", "mine", "--in", tmp_path, "--table", "units")[0] == 0
    assert file.read_text(encoding="utf-8") == text
    units = read_scenario(tmp_path / "mine").network.frame("units")
    assert units.filter(pl.col("id") == "u1")["capacity"].item() == 6
    code, _, err = typed("new", "mine", "--in", tmp_path, "--table", "units")
    assert code == 2
    assert "has the table units already" in err


def test_scenario_of_own_tables(typed: Typed, tmp_path: Path) -> None:
    """Without a base: a file and an empty workbook; filled in, it reads."""
    code, _, _ = typed("new", "mine", "--own", "--in", tmp_path)
    file = tmp_path / "mine" / "data" / "tables.xlsx"
    book = openpyxl.load_workbook(file)
    sheet = next(s for s in book.worksheets if s.title in ("units", "单位"))
    header = [str(cell.value) for cell in sheet[1]]
    for title, cell in {"id": "u1", "name": "甲", "kind": "bank"}.items():
        at = next(
            i
            for i, word in enumerate(header)
            if title_of("units", title) in (word, word.strip()) or word == title
        )
        sheet.cell(2, at + 1).value = cell
    book.save(file)
    found = read_scenario(tmp_path / "mine")
    assert code == 0
    assert found.network.frame("units")["id"].to_list() == ["u1"]


def title_of(table: str, column: str) -> str:
    """Chinese title of a column."""
    from graph.schema import TABLES

    return TABLES[table].by_name[column].zh


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a/b"], "no path"),
        ([".."], "no path"),
        (["mine", "--own", "--base", "china-2016"], "stands alone"),
        (["mine", "--own", "--table", "units"], "stands alone"),
        (["mine", "--table", "unitz"], "did you mean units?"),
        (["mine", "--base", "nowhere"], "no scenario nowhere"),
        (["mine", "--table", "units", "--base", "{base}", "--table", "cadres"], "has no table cadres"),
        (["filled"], "no scenario; give another name"),
        (["base"], "is a scenario already"),
    ],
)
def test_wrong_use_writes_nothing(
    typed: Typed, base: Path, tmp_path: Path, words: list[str], said: str
) -> None:
    """Each slip has its word, exit 2, and leaves no folder behind."""
    (tmp_path / "filled").mkdir()
    (tmp_path / "filled" / "letter.txt").write_text("mine", encoding="utf-8")
    code, _, err = typed("new", *(w.format(base=base) for w in words), "--in", tmp_path)
    assert code == 2
    assert said in err
    assert not (tmp_path / "mine").exists()
    assert (tmp_path / "base" / "scenario.toml").read_text(encoding="utf-8") == BASE


def test_standing_on_itself(typed: Typed, tmp_path: Path) -> None:
    """A folder that is there without a scenario cannot become its own base."""
    (tmp_path / "mine").mkdir()
    code, _, err = typed("new", "mine", "--base", tmp_path / "mine", "--in", tmp_path)
    assert code == 2
    assert "cannot stand on itself" in err


def test_shipped_base_is_written_by_name(typed: Typed, tmp_path: Path) -> None:
    """So that the folder can be handed on."""
    typed("new", "mine", "--in", tmp_path)
    assert 'base = "china-2016"' in (tmp_path / "mine" / "scenario.toml").read_text(encoding="utf-8")


def test_own_base_is_written_relative(typed: Typed, base: Path, tmp_path: Path) -> None:
    """So that both folders can be moved together."""
    typed("new", "mine", "--base", base, "--in", tmp_path / "deeper")
    assert 'base = "../../base"' in (tmp_path / "deeper" / "mine" / "scenario.toml").read_text(
        encoding="utf-8"
    )


def test_an_own_scenario_says_that_defaults_hold_and_how_to_name_ones_own(
    typed: Typed, tmp_path: Path
) -> None:
    typed("new", "mine", "--own", "--in", tmp_path)
    text = (tmp_path / "mine" / "scenario.toml").read_text(encoding="utf-8")
    assert "as in the base" not in text
    assert re.search(r'(?m)^# date = "(?!2016)', text)
    assert "# [enums]" in text and "# levels = [" in text
    typed("new", "above", "--in", tmp_path)
    assert "as in the base" in (tmp_path / "above" / "scenario.toml").read_text(encoding="utf-8")


def test_a_plan_of_too_few_tables_is_told_what_each_stage_lacks(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "regions.csv").write_text("code,name\nA,Alba\n", encoding="utf-8")
    code, _, err = typed("plan", tmp_path, "-o", tmp_path / "plans")
    assert code == 2 and "pairing lacks relations, region_tags; designation lacks units" in err
    assert "--stage" in err and not (tmp_path / "plans").exists()


def test_an_unknown_level_is_told_where_levels_are_named(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "regions.csv").write_text("code,name,level\nA,Alba,borough\n", encoding="utf-8")
    code, out, _ = typed("check", tmp_path)
    assert code == 2 and "a scenario names its own levels in [regions] levels" in out
