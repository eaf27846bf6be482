from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from api.charts import bar_chart, pair_maps, result_charts
from api.page import page_text, write_page
from graph.language import Text, use_language
from graph.schema import RESULTS
from planner.plan import Plan

VOID = {"meta", "circle", "path", "br"}


class Balance(HTMLParser):
    """Checks that tags are closed in order, and gathers what would be loaded from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.outside: list[str] = []
        self.count: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count[tag] = self.count.get(tag, 0) + 1
        self.outside += [str(v) for k, v in attrs if k in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count[tag] = self.count.get(tag, 0) + 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    use_language("en")
    yield
    use_language(None)


def test_the_page_is_whole_and_loads_nothing(small_plan: Plan, tmp_path: Path) -> None:
    text = write_page(small_plan, tmp_path / "x.html").read_text(encoding="utf-8")
    page = Balance()
    page.feed(text)
    assert page.open == [] and page.outside == [] and "script" not in page.count
    assert page.count["path"] == 4  # an arc per pair
    assert page.count["details"] == 2  # a table twin per chart
    for said in (small_plan.id, "jiedui verify", "2016-12-31", "units_per_county", "assumed", "甲县"):
        assert said in text


def test_each_language_has_its_page(small_plan: Plan) -> None:
    assert "Who supports whom" in page_text(small_plan)
    use_language("zh")
    assert "谁帮谁" in page_text(small_plan) and "Who supports whom" not in page_text(small_plan)


def test_what_comes_from_data_is_escaped(own_plan: Plan) -> None:
    regions = own_plan.folder / "resolved" / "regions.parquet"
    named = pl.read_parquet(regions).with_columns(name=pl.lit("<script>alert(1)</script>"))
    named.write_parquet(regions)
    text = page_text(own_plan)
    assert "<script>" not in text and "&lt;script&gt;" in text


def test_bars_share_one_scale() -> None:
    chart = bar_chart(Text("x", "x"), "counties", {"a": 50, "b": 0}, {"a": 100, "c": 25}, {"a": "A"})
    assert [(b.label, b.plan_share, b.baseline_share) for b in chart.bars] == [
        ("A", 50.0, 100.0), ("b", 0.0, 0.0), ("c", 0.0, 25.0),
    ]  # fmt: skip


def test_results_have_their_charts(own_plan: Plan) -> None:
    rows: dict[str, list[dict[str, Any]]] = {
        "exits": [{"region": r, "year": y} for r, y in (("A", 2017), ("B", 2018), ("C", 2018))],
        "allocations": [
            {"source": "f", "region": "A", "programme": "industry", "year": 2017, "amount": 300_000_000},
            {"source": "f", "region": "B", "programme": "health", "year": 2017, "amount": 100_000_000},
        ],
        "postings": [
            {"cadre": "c1", "village": "A", "post": "1", "role": "first_secretary"},
            {"cadre": "c2", "village": "A", "post": "2", "role": "member"},
        ],
        "inspections": [{"kind": "cross_check", "year": 2017, "team": "t", "region": "A"}],
    }
    for name, given in rows.items():
        filled = [{c: row.get(c) for c in RESULTS[name].dtypes} for row in given]
        pl.DataFrame(filled, schema=RESULTS[name].dtypes).write_parquet(
            own_plan.folder / "tables" / f"{name}.parquet"
        )
    years, programmes, provinces, people, visits = result_charts(own_plan)
    assert [(b.label, b.plan) for b in years.bars] == [("2017", "1"), ("2018", "2")]
    assert [(b.plan, b.plan_share) for b in programmes.bars] == [
        ("300.0 million yuan", 100.0),
        ("100.0 million yuan", 33.33),
    ]
    assert [(b.label, b.plan) for b in provinces.bars] == [("省", "400.0 million yuan")]
    assert {b.label for b in people.bars} == {"tier 0 · first secretary", "tier 0 · team member"}
    assert [b.plan for b in visits.bars] == ["1"]


def test_a_pair_without_a_point_is_told(own_plan: Plan) -> None:
    regions = own_plan.folder / "resolved" / "regions.parquet"
    empty = pl.lit(None, dtype=pl.Float64)
    hidden = pl.col("code").is_in(["A", "P"])
    pl.read_parquet(regions).with_columns(
        lon=pl.when(hidden).then(empty).otherwise("lon"), lat=pl.when(hidden).then(empty).otherwise("lat")
    ).write_parquet(regions)
    (drawn,) = pair_maps(own_plan)
    assert len(drawn.arcs) < 4 and "not drawn" in drawn.note.en
    assert len(drawn.rows) == 4
