"""A planner's quarter of an hour, as docs/guide.md tells it, typed line by line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from planner.plan import read_plan

Typed = Callable[..., tuple[int, str, str]]
Scenario = Callable[..., Path]

KINDS = ("soe", "bank", "university")
LAND = {
    "regions": "code,name,level,parent,lon,lat\np,某省,province,,100,26\n"
    + "".join(f"c{i},县{i},county,p,{98 + i},{25 + i % 3}\n" for i in range(6)),
    "region_tags": "region,tag\n" + "".join(f"c{i},key_county_592\n" for i in range(6)),
    "units": "id,name,kind,home_region,capacity,strength\n"
    + "".join(f"u{i},单位{i},{KINDS[i % 3]},c{i},{4 if i == 0 else 2},0.6\n" for i in range(6)),
    "relations": "id,kind,supporter,recipient,since,until\n"
    + "".join(f"r{i},designated,u{i % 2},c{i},2015-01-01,\n" for i in range(6)),
}
POLICY = {"keep_share": "0.6", "distance_weight": "2.0", "units_per_county": "[1, 2]"}


@pytest.mark.journey
def test_planners_quarter_of_an_hour(
    typed: Typed, scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New, three policy values, one table in Excel, check, plan, compare, explain, export, verify.

    Above a small scenario instead of china-2016, on which the solver would take most of the time.
    """
    scenario(name="land", **LAND)
    monkeypatch.chdir(tmp_path)

    def types(line: str) -> str:
        code, out, err = typed(*line.split())
        assert code == 0, out + err
        return out

    types("new mine --base land --table units")
    uncomment("designation", POLICY)
    unit, before = halve_capacity(Path("mine/data/units.xlsx"))
    types("check mine")
    types("-q plan mine --stage designation -o mine/plans")
    types("-q plan land --stage designation -o base")
    plan, old = read_plan("mine/plans"), read_plan("base")
    values = plan.head["inputs"]["policy"]["designation"]
    assert {k: values[k] for k in POLICY} == {k: json.loads(v) for k, v in POLICY.items()}
    used = plan.table("pairs")["supporter"].to_list().count(unit)
    assert used <= before // 2
    differences = types("compare base mine/plans")
    assert old.id in differences
    assert "distance_weight" in differences
    county = plan.table("pairs")["recipient"][0]
    assert f"县{county[1:]}" in types(f"explain mine/plans {county}")
    types("export mine/plans --to mine.xlsx")
    assert openpyxl.load_workbook("mine.xlsx", read_only=True).sheetnames
    assert plan.id in types("verify mine/plans")


def uncomment(stage: str, wanted: dict[str, str]) -> None:
    """Take the # off lines of one section and change their values, as a planner does in an editor."""
    file = Path("mine/scenario.toml")
    head, section, rest = re.split(rf"(?m)^(\[{stage}\].*\n)", file.read_text(encoding="utf-8"))
    for key, value in wanted.items():
        rest, changed = re.subn(rf"(?m)^# {key} = .*$", f"{key} = {value}", rest, count=1)
        assert changed == 1
    file.write_text(head + section + rest, encoding="utf-8")


def halve_capacity(file: Path) -> tuple[str, int]:
    """Halve the capacity of the unit that can carry most; its id and what it could carry."""
    book = openpyxl.load_workbook(file)
    sheet = book["units"]
    header = [cell.value for cell in sheet[1]]
    at = header.index("capacity") + 1
    row = max(range(2, sheet.max_row + 1), key=lambda r: sheet.cell(r, at).value or 0)
    before = int(sheet.cell(row, at).value)
    sheet.cell(row, at).value = before // 2
    book.save(file)
    return str(sheet.cell(row, header.index("id") + 1).value), before
