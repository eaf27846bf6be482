"""A comparison's workbook: every sheet reads back as it was meant, and says by colour who gains and who loses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from api import comparison_workbook
from api.comparison_workbook import comparison_sheets, write_comparison
from api.workbook import spoken_columns, worded
from graph.language import use_language
from planner.compare import Comparison, compare
from planner.plan import Plan
from tests.api.read_back import converted, differing
from tests.planner.compare.made import SOURCES, UNITS, made, money, pair, posting


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    use_language("en")
    yield
    use_language(None)


@pytest.fixture
def found(tmp_path: Path) -> Comparison:
    """Three plans that differ in everything; one unit's data is assumed."""
    marked: dict[str, Any] = {"units": [UNITS[0], UNITS[1] | {"mark": "assumed"}, UNITS[2]]}
    place = tmp_path / "plans"
    one = made(place, "one", {"keep_share": 0.8}, marked, pairs=[pair("u1", "p1"), pair("u2", "q1")],
               postings=[posting("c1", "v1"), posting("c2", "v2")], allocations=[money("g", "p1", 10), money("e", "p1", 5)])  # fmt: skip
    two = made(place, "two", {"keep_share": 0.5}, marked, pairs=[pair("u3", "p1"), pair("u2", "q1", 2.5, terms='{"distance":2500}')],
               postings=[posting("c1", "v2"), posting("c3", "v3")], allocations=[money("g", "p1", 4), money("e", "p2", 11)])  # fmt: skip
    more = {"fund_sources": [*SOURCES, {"id": "n", "name": "新", "level": "unit"}]}
    third = made(place, "three", {"keep_share": "off"}, marked | more, pairs=[pair("u1", "p2")], postings=[],
                 allocations=[money("n", "q1", 7)])  # fmt: skip
    return compare([one, two, third])


def cell(value: Any) -> Any:
    """As a sheet holds it: no text is no cell, a day is one at midnight."""
    return None if value == "" else value.isoformat() if isinstance(value, datetime) else value


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sheet_reads_back_equal(found: Comparison, tmp_path: Path, language: str) -> None:
    use_language("zh" if language == "zh" else "en")
    sheets = comparison_sheets(found)
    book = openpyxl.load_workbook(write_comparison(found, tmp_path / "c.xlsx"))
    assert book.sheetnames == [str(s.title) for s in sheets]
    assert len(sheets) > 20
    for sheet in sheets:
        names = [c for c, _ in spoken_columns(sheet.frame)]
        meant = pl.DataFrame([worded(sheet.frame[c]) for c in names]).rows()
        page = book[str(sheet.title)]
        read = [
            tuple(cell(c) for c in row)
            for row in page.iter_rows(min_row=2, max_col=len(names), values_only=True)
        ]
        assert read == [tuple(cell(c) for c in row) for row in meant], sheet.name
        assert page.freeze_panes == "A2" and page.auto_filter.ref
        titles = [c.value for c in page[1]]
        assert all(titles) and not any(str(t).endswith(("_zh", "_en")) for t in titles), (sheet.name, titles)


def test_gains_and_losses_are_coloured_by_excel_itself(found: Comparison, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_comparison(found, tmp_path / "c.xlsx"))
    for title, better in (("support received", ">"), ("burden given", "<"), ("money between provinces", ">")):
        (first, second), *_ = [area.rules for area in book[title].conditional_formatting]
        assert first.dxf.font.color.rgb == "FF0072B2" and second.dxf.font.color.rgb == "FFD55E00"
        gains, losses = first.formula[0], second.formula[0]
        assert (gains.endswith(">0"), losses.endswith("<0")) == ((better == ">"), (better == ">")), title
        assert (gains.startswith("0>"), losses.startswith("0<")) == ((better == "<"), (better == "<")), title
    (rules, *_) = [area.rules for area in book["key figures"].conditional_formatting]
    assert '="more"' in rules[0].formula[0] and '="less"' in rules[0].formula[0]


def test_marks_are_shaded_and_changes_tinted(found: Comparison, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_comparison(found, tmp_path / "c.xlsx"))
    shades = {r[3].value: r[0].fill.start_color.rgb for r in book["burden given"].iter_rows(min_row=2)}
    assert shades["u2"] == "FFFFF4CC" and shades["u1"] != "FFFFF4CC"
    colours = {r[0].value: r[0].fill.start_color.rgb for r in book["pairs two"].iter_rows(min_row=2)}
    plain = "00000000"  # a pair that only costs something else is no changed pair
    assert colours == {"new": "FFD6E9F5", "ended": "FFFBE3D3", "only figures changed": plain}
    listed = [page for page in book if page["A1"].value == "change"]
    rows = {r[0].value: r[0].fill.start_color.rgb for page in listed for r in page.iter_rows(min_row=2)}
    assert rows["changed"] == "FFFFF4CC"


def test_key_figures_are_tinted_by_which_way_is_better(
    small_plan: Plan, own_plan: Plan, tmp_path: Path
) -> None:
    kpis = [
        k | {"plan": k["plan"] + 1} if k["key"] == "cost" else k
        for k in own_plan.stages["designation"]["kpis"]
    ]
    stages = {"designation": own_plan.stages["designation"] | {"kpis": kpis}}
    other = replace(own_plan, head={**own_plan.head, "id": "f" * 16, "stages": stages})
    book = openpyxl.load_workbook(write_comparison(compare([small_plan, other]), tmp_path / "c.xlsx"))
    row = next(r for r in book["key figures"].iter_rows() if r[1].value == "cost")
    assert [c.fill.start_color.rgb for c in row[-3:]] == [
        "00000000",
        "FFFBE3D3",
        "00000000",
    ]  # dearer is worse
    assert row[-1].value == 1


def test_identical_plans_have_what_is_the_same(small_plan: Plan, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_comparison(compare([small_plan, small_plan]), tmp_path / "c.xlsx"))
    assert book.sheetnames[:3] == ["about", "settings", "key figures"]
    assert book["settings"].max_row == 1 and "pairs" not in book.sheetnames


def test_what_is_too_long_is_left_out_and_named(found: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison_workbook, "BESIDE_ROWS", 2)
    sheets = comparison_sheets(found)
    told = sheets[0].frame.filter(pl.col("what") == "who moves")["is"].to_list()
    assert told and "--json" in told[0]
    assert "moves" not in [s.name for s in sheets] and "balance" in [s.name for s in sheets]


def test_sheets_of_one_title_are_told_apart(tmp_path: Path) -> None:
    """Ids of plans whose first digits are the same."""
    plans = [made(tmp_path, f"abcdef{n}", pairs=[pair(f"u{n}", "p1")]) for n in (1, 2, 3)]
    book = openpyxl.load_workbook(write_comparison(compare(plans), tmp_path / "c.xlsx"))
    assert {"pairs abcdef", "pairs abcdef 2"} <= set(book.sheetnames)


@pytest.mark.system
def test_libreoffice_converts_it_and_every_sheet_is_the_same(found: Comparison, tmp_path: Path) -> None:
    use_language("zh")
    sheets = comparison_sheets(found)
    file = write_comparison(found, tmp_path / "c.xlsx")
    assert differing(sheets, file) == []
    assert differing(sheets, converted(file, tmp_path)) == []


def test_a_sheet_that_is_not_as_it_was_meant_is_named(found: Comparison, tmp_path: Path) -> None:
    sheets = comparison_sheets(found)
    file = write_comparison(found, tmp_path / "c.xlsx")
    flows = next(s for s in sheets if s.name == "flows")
    other = replace(flows, frame=flows.frame.with_columns(pl.col("one") + 1))
    assert differing([other if s is flows else s for s in sheets], file) == ["money between provinces: rows"]
    assert differing(sheets[1:], file)[0].startswith("sheets: ")


def test_the_first_sheet_says_what_is_where(found: Comparison) -> None:
    about, *others = comparison_sheets(found)
    told = dict(about.frame.rows())
    assert all(f"{s.frame.height:,} row" in told[str(s.title)] for s in others)
    assert "three · 手工" in told["plan"]
    heads = next(s for s in others if s.name == "received").titles
    assert str(heads["two"]) == "手工 two" and str(heads["difference two"]) == "difference: 手工 two"
    assert set(next(s for s in others if s.name == "balance").frame["plan"]) == {"手工 two", "手工 three"}


def test_counties_sums_stand_for_allocations_that_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By hand: p1 has 10 and 5, then 4 and 11 of other sources: the same in all; q1 has 7, then nothing."""
    monkeypatch.setattr(comparison_workbook, "CHANGE_ROWS", 3)
    one = made(tmp_path, "one", allocations=[money("g", "p1", 10), money("e", "p1", 5), money("g", "q1", 7)])
    two = made(tmp_path, "two", allocations=[money("g", "p1", 4), money("e", "p1", 11), money("g", "p2", 2)])
    sheets = {s.name: s for s in comparison_sheets(compare([one, two]))}
    assert "changes_allocations" not in sheets
    sums = sheets["money_by_county"].frame
    assert sums.select("region", "year", "amount_before", "amount", "difference").rows() == [
        ("p2", 2017, 0, 2, 2), ("q1", 2017, 7, 0, -7),
    ]  # fmt: skip
    assert "--json" in dict(sheets["about"].frame.rows())["allocations"]
    monkeypatch.undo()
    whole = {s.name for s in comparison_sheets(compare([one, two]))}
    assert "changes_allocations" in whole and "money_by_county" not in whole
