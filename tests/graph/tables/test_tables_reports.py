"""Findings as JSON, CSV, lines and marked workbooks; the template."""

from __future__ import annotations

import csv
import json

import polars as pl
import pytest
from openpyxl import load_workbook

from graph.errors import OutsideError, TableErrors, UsageError
from graph.schema import ENUMS, TABLES
from graph.tables import (
    find_tables,
    mark_workbook,
    read_network,
    report_csv,
    report_json,
    report_lines,
    write_tables,
    write_template,
)  # fmt: skip

UNITS = "id,kind,weather\nu1,banc,fine\nu1,bank,=1\n"


@pytest.fixture
def findings(folder):
    with pytest.raises(TableErrors) as refused:
        read_network(folder(units=UNITS))
    return refused.value.findings


def test_json_has_the_shape_of_a_frictionless_report(findings):
    report = json.loads(json.dumps(report_json(findings), ensure_ascii=False))
    assert report["valid"] is False
    assert report["stats"] == {"tasks": 1, "errors": 2, "warnings": 1}
    task = report["tasks"][0]
    assert (task["name"], task["place"], task["valid"]) == ("units", "units.csv", False)
    assert [(e["type"], e["rowNumber"], e["fieldName"], e["cell"]) for e in task["errors"]] == [
        ("enum", 2, "kind", "banc"), ("duplicate-key", 3, "id", "u1")]  # fmt: skip
    assert set(task["errors"][0]["message"]) == {"zh", "en"}


def test_warnings_alone_are_valid(findings):
    assert report_json([f for f in findings if f.severity != "error"])["valid"] is True


def test_csv_has_every_finding_in_both_languages(findings, tmp_path):
    report_csv(findings, tmp_path / "deep" / "report.csv")
    with (tmp_path / "deep" / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(findings)
    assert (rows[0]["table"], rows[0]["row"], rows[0]["column"], rows[0]["value"]) == (
        "units",
        "2",
        "kind",
        "banc",
    )
    assert rows[0]["what_zh"] and rows[0]["what_en"]


def test_lines_show_the_first_hundred_and_count_the_rest(findings):
    lines = report_lines(findings * 50)
    assert len(lines) == 101 and "50 more" in lines[-1].en
    assert len(report_lines(findings)) == len(findings)


def test_the_wrong_cells_of_a_copy_are_marked_and_commented(tmp_path):
    source, target = tmp_path / "net.xlsx", tmp_path / "net-marked.xlsx"
    write_tables(
        {"units": pl.DataFrame({"编号": ["u1", "u2"], "kind": ["bank", "banc"]})}, source, form="xlsx"
    )
    before = source.read_bytes()
    with pytest.raises(TableErrors) as refused:
        read_network(source)
    assert mark_workbook(source, refused.value.findings, target) == 1
    sheet = load_workbook(target)["units"]
    assert sheet["B3"].fill.start_color.rgb == "FFF4B6B6"
    assert "did you mean bank" in sheet["B3"].comment.text
    assert sheet["B2"].comment is None
    assert source.read_bytes() == before


def test_the_original_is_never_overwritten(tmp_path):
    with pytest.raises(UsageError, match="another name"):
        mark_workbook(tmp_path / "a.xlsx", [], tmp_path / "a.xlsx")


def test_a_report_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutsideError, match="cannot write"):
        report_csv([], tmp_path / "file" / "report.csv")


def test_the_template_reads_as_nothing_given_and_has_a_sheet_per_table(tmp_path):
    write_template(tmp_path / "t.xlsx")
    book = load_workbook(tmp_path / "t.xlsx")
    assert set(TABLES) <= set(book.sheetnames)
    assert find_tables(tmp_path / "t.xlsx").tables == {}


def test_the_template_has_drop_down_lists_and_help(tmp_path):
    write_template(tmp_path / "t.xlsx", enums={"unit_kind": ("church",)})
    book = load_workbook(tmp_path / "t.xlsx")
    sheet = book["units"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    kind = next(rule for place, rule in rules.items() if place.startswith("C2:"))
    assert kind.type == "list"
    span = kind.formula1.replace("=", "").split("!")[1].replace("$", "")
    assert [c[0].value for c in book["选项"][span]] == [*ENUMS["unit_kind"], "church"]
    assert "必填" in sheet["A1"].comment.text


def test_a_filled_template_is_read_without_its_empty_sheets(tmp_path):
    write_template(tmp_path / "t.xlsx")
    book = load_workbook(tmp_path / "t.xlsx")
    book["regions"].append(["A", "甲", "county"])
    book.save(tmp_path / "t.xlsx")
    network = read_network(tmp_path / "t.xlsx").network
    assert {name: frame.height for name, frame in network.frames.items()} == {"regions": 1}
