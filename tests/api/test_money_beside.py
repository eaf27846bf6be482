"""Prices of money, and the plan of deciding year by year, on the page, in the workbook and in files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from api import workbook
from api.charts import kpi_chart
from api.page import page_text, price_rows
from api.workbook import write_plan_workbook
from graph.language import use_language
from planner.export import write_folder
from planner.plan import Plan, read_plan
from planner.run import make_plan
from planner.scenario import read_scenario
from tests.api.test_page import Balance

FROZEN = Path(__file__).parents[1] / "frozen"
STEP = "funds.price_step=100000"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Two years: half of the budget may wait for the second."""
    folder = tmp_path_factory.mktemp("two") / "two"
    shutil.copytree(FROZEN / "scenario-1", folder)
    for table, row in (("needs", "c2,2018,health,4000000"), ("fund_budgets", "g,2018,0")):
        path = folder / "data" / f"{table}.csv"
        path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    change = '\n[[change]]\ntable = "fund_budgets"\nset = { carry_over_max = 0.5 }\n'
    file = folder / "scenario.toml"
    file.write_text(file.read_text(encoding="utf-8") + change, encoding="utf-8")
    scenario = read_scenario(folder, stages=["funds"], settings=[STEP])
    return make_plan(scenario, tmp_path_factory.mktemp("plans"))


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    use_language("en")
    yield
    use_language(None)


def test_the_page_has_prices_and_the_third_bar(plan: Plan) -> None:
    text = page_text(plan)
    page = Balance()
    page.feed(text)
    assert page.open == [] and page.outside == []
    assert "where 100,000 yuan more are worth most" in text and "budget of Grant in 2017" in text
    assert "one by one" in text
    best = plan.stages["funds"]["details"]["prices"]["best"][0]
    assert f"{best['more'] / 1000:+,.3f}" in text
    assert "year by year: " in text and text.count('class="track beside"') > 0
    use_language("zh")
    text = page_text(plan)
    assert "多 100,000 元最值钱之处" in text and "逐年决定：" in text and "最值钱" in text


def test_bars_of_a_stage_share_the_scale_of_all_three(plan: Plan) -> None:
    chart = kpi_chart(plan.stages["funds"])
    assert chart.others == ("year by year",) and len(chart.told) == 1
    kpis = plan.stages["funds"]["kpis"]
    for kpi, bar in zip(kpis, chart.bars, strict=True):
        ((figure, share),) = bar.others
        assert (share is None) == (kpi["beside"]["year_by_year"] is None) == (figure == "–")
        assert max(bar.plan_share, bar.baseline_share or 0, share or 0) in (0, 100)


def test_a_plan_without_prices_says_why_or_nothing(tmp_path: Path) -> None:
    assert price_rows(read_plan(FROZEN / "plan-1")) is None
    scenario = read_scenario(FROZEN / "scenario-1", stages=["funds"], settings=["funds.budgets=false"])
    none = make_plan(scenario, tmp_path)
    assert "no prices: budgets are off" in page_text(none)
    sheets = openpyxl.load_workbook(write_plan_workbook(none, tmp_path / "x.xlsx")).sheetnames
    assert not [s for s in sheets if "price" in s]


@pytest.mark.parametrize(
    ("language", "year", "prices"),
    [("zh", "逐年决定", "价：多或少一些钱"), ("en", "year by year", "prices of money")],
)
def test_the_workbook_has_both(plan: Plan, tmp_path: Path, language: str, year: str, prices: str) -> None:
    use_language("zh" if language == "zh" else "en")
    book = openpyxl.load_workbook(write_plan_workbook(plan, tmp_path / "x.xlsx"))
    figures = next(s for s in book if s.title in ("指标", "key figures"))
    head = [c.value for c in figures[1]]
    stored = [k["beside"]["year_by_year"] for k in plan.stages["funds"]["kpis"]]
    assert [r[head.index(year)] for r in figures.iter_rows(min_row=2, values_only=True)] == stored
    assert len([s for s in book.sheetnames if year in s]) == 1
    rows = list(book[prices].iter_rows(values_only=True))
    table = plan.table("funds", "prices").filter(pl.col("rule") != "needs")
    assert len(rows) == 1 + table.height
    more = rows[0].index("多则（分）" if language == "zh" else "more (points)")
    assert [r[more] for r in rows[1:]] == [None if v is None else v / 1000 for v in table["more"]]
    stages = list(next(s for s in book if s.title in ("阶段", "stages")).iter_rows(values_only=True))
    assert any(f"{year}：" in str(c) or f"{year}: " in str(c) for c in stages[1])


def test_long_tables_beside_the_plan_are_left_out_and_said_to_be(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "BESIDE_ROWS", 0)
    book = openpyxl.load_workbook(write_plan_workbook(plan, tmp_path / "x.xlsx"))
    told = [r[0] for r in book["about"].iter_rows(values_only=True) if "too long" in str(r[1])]
    assert "prices of needs" in told and not set(told) & set(book.sheetnames)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_files_have_both(plan: Plan, tmp_path: Path, form: str) -> None:
    files = {f.stem: f for f in write_folder(plan, tmp_path, "csv" if form == "csv" else "parquet")}
    assert {"prices", "prices_needs", "year_by_year_allocations"} <= files.keys()
    read = pl.read_csv if form == "csv" else pl.read_parquet
    height = sum(read(files[n]).height for n in ("prices", "prices_needs"))
    assert height == plan.table("funds", "prices").height
    assert (
        read(files["year_by_year_allocations"]).height
        == plan.tables("beside")["funds.year_by_year.allocations"].height
    )
