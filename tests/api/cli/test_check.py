"""``jiedui check``: every bad row at once, in each form, and the exit codes."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from graph.schema import TABLES
from graph.tables.write import write_tables
from tests.planner.small import FILE, write_small

Typed = Callable[..., tuple[int, str, str]]
Scenario = Callable[..., Path]

REGIONS = "code,name,level,parent\np,省,province,\nc,县,county,p\n"
UNITS = "id,name,kind,home_region\nu1,甲,bank,p\n"
OVERLAP = (
    "id,kind,supporter,recipient,since,until\n"
    "r1,designated,u1,c,2016-01-01,2020-01-01\nr2,designated,u1,c,2018-01-01,2021-01-01\n"
)
TEN_KINDS = {
    "regions": "code,name,level,parent,lon\np,省,province,,\nc,县,county,zz,\nc,重复,county,p,\nd,丁,castle,p,\ne,戊,county,p,999\n",
    "units": "id,name,kind,home_region,capacity,strength\nu1,甲,bank,p,-3,\nu2,乙,bank,p,many,\nu3,丙,bank,p,,1.5\n",
    "relations": "id,kind,supporter,recipient,since,until\nr1,designated,u1,nowhere,2016-01-01,\n"
    "r2,designated,u1,c,2016-13-40,\nr3,designated,u1,c,2018-01-01,2017-01-01\n",
}


def test_ten_kinds_of_broken_rows_are_ten_findings(typed: Typed, scenario: Scenario) -> None:
    """All of them at once, each at its row, and exit 2."""
    code, out, _ = typed("check", scenario(**TEN_KINDS), "--json")
    errors = [e for task in json.loads(out)["tasks"] for e in task["errors"]]
    places = {(e["table"], e["rowNumber"], e["fieldName"]) for e in errors}
    assert code == 2
    assert len({e["type"] for e in errors}) >= 8
    assert places >= {
        ("regions", 3, "parent"), ("regions", 5, "level"), ("regions", 6, "lon"),
        ("units", 2, "capacity"), ("units", 3, "capacity"), ("units", 4, "strength"),
        ("relations", 2, "recipient"), ("relations", 3, "since"),
    }  # fmt: skip
    assert len(places) == 10


def test_text_report_names_row_and_remedy(typed: Typed, scenario: Scenario) -> None:
    """As a person reads it, with the count last."""
    code, out, _ = typed("check", scenario(**TEN_KINDS))
    assert code == 2
    assert "regions, row 3, parent" in out
    last = out.strip().splitlines()[-1]
    assert last.startswith("✗")
    assert last.endswith("nothing was imported")


def test_report_in_chinese(typed: Typed, scenario: Scenario) -> None:
    """The same in Chinese."""
    _, out, _ = typed("check", scenario(**TEN_KINDS), "--lang", "zh")
    assert "regions，第 3 行，parent" in out
    assert "未导入任何内容" in out


def test_good_scenario_says_what_was_read(typed: Typed, scenario: Scenario) -> None:
    """Exit 0, with the notice of the code scheme taken and the size."""
    code, out, _ = typed("check", scenario(regions=REGIONS, units=UNITS))
    assert code == 0
    assert "2 tables, 3 rows; 0 errors" in out
    assert "free" in out


def test_findings_of_the_domain_refuse_only_with_strict(typed: Typed, scenario: Scenario) -> None:
    """Overlapping terms are told, and are exit 1 only where that was asked for."""
    folder = scenario(regions=REGIONS, units=UNITS, relations=OVERLAP)
    code, out, _ = typed("check", folder)
    assert code == 0
    assert "[warning] relations" in out
    assert typed("check", folder, "--strict")[0] == 1


def test_strict_heeds_no_notice(typed: Typed, scenario: Scenario) -> None:
    """That a key could not be checked is no fault."""
    folder = scenario(relations=OVERLAP.replace("2018-01-01,2021", "2020-01-01,2021"))
    code, out, _ = typed("check", folder, "--strict")
    assert "[notice]" in out
    assert code == 0


def test_csv_report_holds_every_finding(typed: Typed, scenario: Scenario, tmp_path: Path) -> None:
    """For Excel: with byte order mark, one line per finding, both languages."""
    file = tmp_path / "out" / "report.csv"
    typed("check", scenario(**TEN_KINDS), "--csv", file)
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert len([r for r in rows if r["severity"] == "error"]) == 10
    assert all(r["what_zh"] and r["what_en"] for r in rows)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A workbook with one wrong cell: the parent of row 3."""
    file = tmp_path / "tables.xlsx"
    frame = pl.DataFrame(
        {"code": ["p", "c"], "name": ["省", "县"], "level": ["province", "county"], "parent": [None, "zz"]}
    )
    dtypes = TABLES["regions"].empty().schema
    whole = frame.with_columns(
        pl.lit(None, dtype=t).alias(c) for c, t in dtypes.items() if c not in frame.columns
    )
    write_tables({"regions": whole.select(dtypes.names())}, file, form="xlsx")
    return file


def test_marked_copy_of_a_workbook(typed: Typed, workbook: Path, tmp_path: Path) -> None:
    """The wrong cell is coloured and commented, the original stays as it was."""
    before = workbook.read_bytes()
    target = tmp_path / "marked.xlsx"
    code, out, _ = typed("check", workbook, "--marked", target)
    sheet = openpyxl.load_workbook(target).worksheets[0]
    column = [c.value for c in sheet[1]].index(TABLES["regions"].by_name["parent"].name) + 1
    assert code == 2
    assert str(target) in out
    comment = sheet.cell(3, column).comment
    assert comment is not None and "zz" in comment.text
    assert sheet.cell(2, column).comment is None
    assert workbook.read_bytes() == before


def test_marked_copy_needs_a_workbook(typed: Typed, scenario: Scenario, tmp_path: Path) -> None:
    """CSV has no cells to colour."""
    code, _, err = typed("check", scenario(regions=REGIONS), "--marked", tmp_path / "m.xlsx")
    assert code == 2
    assert "Excel" in err


def test_single_file(typed: Typed, tmp_path: Path) -> None:
    """One table alone can be checked; what it refers to is an identifier only, and that is said."""
    file = tmp_path / "units.csv"
    file.write_text(UNITS, encoding="utf-8")
    code, out, _ = typed("check", file)
    assert code == 0
    assert "[notice] regions: regions not given" in out
    assert "1 table, 1 row;" in out


def test_skip_bad_rows_says_which(typed: Typed, scenario: Scenario) -> None:
    """The good rows stay, the others are named."""
    rows = REGIONS + "d,丁,castle,p\n"
    code, out, _ = typed("check", scenario(regions=rows), "--skip-bad-rows")
    assert code == 0
    assert "row 4" in out
    assert "row skipped" in out
    assert "1 table, 2 rows" in out


def test_shipped_scenario_is_right(typed: Typed) -> None:
    """china-2016 has no bad row."""
    code, out, _ = typed("check", "china-2016", "--json")
    assert code == 0
    assert json.loads(out)["valid"]


def test_remarks_on_a_base_are_one_line_after_the_own(typed: Typed, scenario: Scenario) -> None:
    """They do not drown what is remarkable in the overlay; the CSV and the JSON have every one."""
    base = scenario(
        regions=REGIONS, units=UNITS, relations=OVERLAP + "r3,designated,u1,c,2017-01-01,2022-01-01\n"
    )
    top = base.parent / "top"
    top.mkdir()
    (top / "scenario.toml").write_text(f'base = "../{base.name}"\n', encoding="utf-8")
    (top / "units.csv").write_text(UNITS.replace("\n", ",odd\n", 1).replace("p\n", "p,x\n"), encoding="utf-8")
    _, out, _ = typed("check", base)
    assert len([line for line in out.splitlines() if "[warning] relations" in line]) > 1
    code, out, _ = typed("check", top)
    lines = out.splitlines()
    told = [i for i, line in enumerate(lines) if line.startswith("[base]")]
    own = [i for i, line in enumerate(lines) if "units, odd: no such column" in line]
    assert code == 0
    assert len(told) == 1 and own and own[0] < told[0], out
    assert f"remarks on tables that come unchanged from {base.name} (" in lines[told[0]]
    assert "(regions 1, relations 2)" in lines[told[0]]
    assert not [line for line in lines if "relations, row" in line]
    assert lines[-1].endswith("remarks on the base's tables")
    assert "1 warning, 0 notices" in lines[-1]
    assert "--csv FILE" in out
    _, out, _ = typed("check", top, "--json")
    every = [e for task in json.loads(out)["tasks"] for e in task["warnings"]]
    assert sum(e["table"] == "relations" and e["severity"] == "warning" for e in every) > 1
    assert {e["file"] for e in every if e["table"] == "units"} == {"units.csv"}


def test_an_error_in_a_base_and_a_table_that_is_changed_are_told_in_full(
    typed: Typed, scenario: Scenario
) -> None:
    """What an overlay breaks or changes in a base is its own matter."""
    rows = OVERLAP + "r3,designated,u1,c,2017-01-01,2022-01-01\n"
    base = scenario(regions=REGIONS, units=UNITS, relations=rows)
    top = base.parent / "top"
    top.mkdir()
    change = '[[change]]\ntable = "relations"\nwhere = { id = "r1" }\nset = { since = 2016-02-01 }\n'
    (top / "scenario.toml").write_text(f'base = "../{base.name}"\n{change}', encoding="utf-8")
    _, out, _ = typed("check", top)
    assert "of the base" not in out
    (top / "scenario.toml").write_text(f'base = "../{base.name}"\n', encoding="utf-8")
    (top / "units.csv").write_text(UNITS.replace("u1", "u9"), encoding="utf-8")
    code, out, _ = typed("check", top)
    assert code == 2
    assert out.count("no unit u1") + out.count("no region or unit u1") == 3, out


def test_rules_that_cannot_hold_are_counted_before_any_solver(typed: Typed, tmp_path: Path) -> None:
    tight = write_small(tmp_path / "tight", FILE.replace("[1, 2]", "[2, 2]"))
    code, out, _ = typed("check", tight)
    assert code == 0 and "[designation]: " in out and "6" in out and "8" in out and "jiedui repair" in out
    code, out, _ = typed("check", tight, "--json", "--strict")
    assert code == 1 and "cannot-hold" in out
    code, out, _ = typed("check", write_small(tmp_path / "wide"), "--json", "--strict")
    assert "cannot-hold" not in out


def test_a_pin_that_names_nobody_is_an_error(typed: Typed, tmp_path: Path) -> None:
    code, out, _ = typed("check", write_small(tmp_path / "land", FILE + 'pins = ["u9>A"]\n'))
    assert code == 2 and "u9>A" in out
