"""A stranger's own three tables, in either form, with codes of its own."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest

from graph.tables import write_tables
from tests.demo_plan import answer, jiedui

pytestmark = pytest.mark.journey

REGIONS = pl.DataFrame({"code": ["T-1", "T-2", "T-3"], "name": ["Alba", "Brno", "Cork"]})
UNITS = pl.DataFrame({"id": ["x", "y"], "capacity": [3, 2]})
SCORES = pl.DataFrame(
    {
        "stage": ["designation"] * 6,
        "supporter": ["x", "x", "x", "y", "y", "y"],
        "recipient": ["T-1", "T-2", "T-3"] * 2,
        "cost": [1.5, 2.0, 4.0, 2.0, 3.5, 1.0],
        "load": [2, 2, 1, 1, 1, 2],
    }
)
TOML = 'title = "Twinning"\nstages = ["designation"]\n[designation]\nobjective = "scores"\n'


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_three_tables_plan_verify_export(form: str, tmp_path: Path) -> None:
    home = tmp_path / "mine"
    home.mkdir()
    (home / "scenario.toml").write_text(TOML, encoding="utf-8")
    tables = {"regions": REGIONS, "units": UNITS, "pair_scores": SCORES}
    if form == "csv":
        (home / "data").mkdir()
        for name, frame in tables.items():
            frame.write_csv(home / "data" / f"{name}.csv")
    else:
        write_tables(tables, home / "data.xlsx", form="xlsx")
    plan = answer("plan", home, "-o", tmp_path / "plans", "-q")
    # by hand: T-3 with y (1.0) fills y, and x (room 3) cannot carry T-1 and T-2 (2 each). So T-3 goes to x (4.0),
    # which leaves x room for one of 2: T-1 y + T-2 x = 4.0 beats T-1 x + T-2 y = 5.0; 8.0 in all
    head = plan["stages"]["designation"]
    assert (head["status"], head["objective"] / head["scale"]) == ("OPTIMAL", 8.0)
    assert answer("verify", plan["folder"])["ok"]
    jiedui("export", plan["folder"], "--to", tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {"Alba", "Brno", "Cork"} <= cells


def test_capacity_of_four_where_five_are_needed_is_told(tmp_path: Path) -> None:
    home = tmp_path / "mine"
    (home / "data").mkdir(parents=True)
    (home / "scenario.toml").write_text(TOML, encoding="utf-8")
    REGIONS.write_csv(home / "data" / "regions.csv")
    UNITS.with_columns(capacity=pl.lit(1)).write_csv(home / "data" / "units.csv")
    SCORES.write_csv(home / "data" / "pair_scores.csv")
    said = jiedui("--lang", "en", "plan", home, "-o", tmp_path / "plans", "-q", code=3)
    assert "can carry 2 in all, but the 3 counties need at least 3" in said.stderr
    assert not any((tmp_path / "plans").glob("*"))
