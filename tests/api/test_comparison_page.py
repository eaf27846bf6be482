"""A comparison's page: whole, of one file, in both languages, and safe with whatever data say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from api.comparison_charts import (
    HALF,
    TALL,
    fitted,
    flow_ribbons,
    kpi_bars,
    lorenz_curves,
    support_bars,
)
from api.comparison_page import comparison_page, write_comparison_page
from graph.language import use_language
from planner.compare import compare
from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import read_scenario
from tests.api.test_page import Balance
from tests.planner.compare.made import REGIONS, made, money, pair, posting
from tests.planner.small import FILE, write_small


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    use_language("en")
    yield
    use_language(None)


class Whole(Balance):
    """Shapes with a title are open until they are closed."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        if tag == "path":
            self.open.append(tag)


def plans(folder: Path, name: str = "一县") -> list[Plan]:
    """Two plans that differ in pairs, people and money; a county may have any name."""
    regions = [{**row, "name": name} if row["code"] == "p1" else row for row in REGIONS]
    given: dict[str, Any] = {"resolved": {"regions": regions}, "title": name}
    return [
        made(folder, "one", pairs=[pair("u1", "p1"), pair("u2", "q1")], postings=[posting("c1", "v1")],
             allocations=[money("e", "p1", 300), money("g", "q1", 50)], **given),
        made(folder, "two", pairs=[pair("u3", "p1"), pair("u2", "q1")], postings=[posting("c1", "v2")],
             allocations=[money("e", "p2", 100), money("g", "q1", 150)], **given),
    ]  # fmt: skip


def test_the_page_is_whole_and_loads_nothing(tmp_path: Path) -> None:
    text = write_comparison_page(compare(plans(tmp_path)), tmp_path / "x.html").read_text(encoding="utf-8")
    page = Whole()
    page.feed(text)
    assert page.open == [] and "script" not in page.count
    assert page.outside and all(link.startswith("#") for link in page.outside)
    assert "http" not in text and "@import" not in text and "url(" not in text
    for said in (
        "Winners and losers",
        "Gini",
        "Worst-off ten",
        "Who moves",
        "in the place of",
        "一县",
        "was at",
    ):
        assert said in text
    links = {link[1:] for link in page.outside}
    assert all(f'id="{link}"' in text for link in links)


def test_every_drawing_is_named_and_has_its_table(tmp_path: Path) -> None:
    text = comparison_page(compare(plans(tmp_path)))
    drawings = re.findall(r"<figure>.*?</figure>", text, re.S)
    assert len(drawings) > 8
    for drawing in drawings:
        assert re.search(r'<svg[^>]*role="img" aria-label="[^"]+"', drawing) and "<table>" in drawing
    assert "prefers-color-scheme: dark" in text and "@media print" in text


def test_each_language_has_its_page(tmp_path: Path) -> None:
    found = compare(plans(tmp_path))
    use_language("zh")
    text = comparison_page(found)
    assert '<html lang="zh-CN">' in text and "谁得谁失" in text and "接替 第1局" in text
    assert "Winners" not in text and "in the place of" not in text


def test_what_comes_from_data_is_escaped(tmp_path: Path) -> None:
    text = comparison_page(compare(plans(tmp_path, '<script>alert("1")</script>')))
    assert "<script" not in text and "&lt;script&gt;" in text
    page = Whole()
    page.feed(text)
    assert page.open == []


def test_winners_stand_right_and_losers_left(tmp_path: Path) -> None:
    found = compare(plans(tmp_path))
    charts = {c.title: c for c in support_bars(found, "two", {"p1": "first", "p2": "second"})}
    bars = charts["support received · money (yuan)"].bars
    assert [(b.label, b.right, b.good) for b in bars] == [
        ("second", True, True),
        ("q1", True, True),
        ("first", False, False),
    ]
    assert [b.length for b in bars] == pytest.approx([HALF / 3, HALF / 3, HALF], abs=0.1)
    burden = charts["burden given · money (yuan)"].bars
    assert [(b.right, b.good) for b in burden] == [(False, True)]  # a lighter burden


def test_flows_are_as_wide_as_they_change(tmp_path: Path) -> None:
    drawn = flow_ribbons(compare(plans(tmp_path)), "two", {"P": "甲", "Q": "乙"})
    assert drawn is not None
    assert [(r.more, r.told.split(":")[0]) for r in drawn.ribbons] == [
        (True, "money of the whole country → 乙"), (False, "乙 → 甲"),
    ]  # fmt: skip
    ends = [re.findall(r"-?[\d.]+", r.path) for r in drawn.ribbons]
    wide = [float(e[-1]) - float(e[1]) for e in ends]
    assert wide == pytest.approx([TALL / 3, TALL * 2 / 3], abs=0.2)
    assert flow_ribbons(compare([plans(tmp_path / "a")[0], plans(tmp_path / "b")[0]]), "one", {}) is None


def test_curves_of_three_plans_differ_without_colour(tmp_path: Path) -> None:
    third = made(tmp_path, "three", allocations=[money("g", "q1", 5)])
    found = compare([*plans(tmp_path), third])
    chart = next(c for c in lorenz_curves(found) if c.title == "support received · money (yuan)")
    assert [c.plan for c in chart.curves] == ["one", "two", "three"]
    assert len({c.dash for c in chart.curves}) == 3
    assert chart.rows[0][1:] == ["0.00%"] * 3 and chart.rows[-1][1:] == ["100.00%"] * 3
    pairs = next(c for c in lorenz_curves(found) if c.title == "support received · pairs")
    assert [c.plan for c in pairs.curves] == ["one", "two"]  # the third makes no pairs


def test_figures_that_changed_of_a_solved_plan(small_plan: Plan, tmp_path: Path) -> None:
    scenario = read_scenario(write_small(tmp_path / "s", FILE + 'pins = ["u3>A"]\nkeep_share = "off"\n'))
    other = make_plan(scenario, tmp_path / "p")
    found = compare([small_plan, other])
    bars = {b.label: b for b in kpi_bars(found, other.id).bars}
    assert bars["total cost"].right and bars["total cost"].good is False
    text = comparison_page(found)
    assert "newly pinned" in text and "some data is not from a source" in text


def test_identical_plans_say_so(small_plan: Plan, own_plan: Plan) -> None:
    same = Plan(own_plan.folder, {**own_plan.head, "id": "0" * 16})
    text = comparison_page(compare([small_plan, same]))
    assert "no difference in the result" in text
    assert comparison_page(compare([small_plan, small_plan]))


def test_long_tables_say_how_much_more_there_is(tmp_path: Path) -> None:
    one = made(tmp_path, "one", allocations=[])
    two = made(tmp_path, "two", allocations=[money("g", f"x{n:03}", 1) for n in range(130)])
    assert "30 rows more" in comparison_page(compare([one, two]))
    assert isinstance(compare([one, two]).flows, pl.DataFrame)


def test_long_labels_are_cut_by_the_room_they_take() -> None:
    assert fitted("a" * 36) == "a" * 36 and fitted("县" * 18) == "县" * 18
    assert fitted("a" * 37) == "a" * 35 + "…" and fitted("县" * 19) == "县" * 17 + "…"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_figures_beside_bars_are_neither_cut_nor_over_the_names(tmp_path: Path, language: str) -> None:
    """The longest bars have the longest figures; a letter takes 7 units at most, a Chinese one 14."""
    sums = (4_343_900_000, 1), (1, 2_104_900_000)
    one, two = (
        made(tmp_path, name, allocations=[money("g", "p1", a), money("g", "q1", b)])
        for name, (a, b) in zip(("one", "two"), sums, strict=True)
    )
    found = compare([one, two])
    use_language("zh" if language == "zh" else "en")
    told = re.findall(
        r'<svg viewBox="0 0 (\d+) [^>]*>((?:(?!</svg>).)*?text-anchor.*?)</svg>', comparison_page(found), re.S
    )
    checked = set()
    for wide, drawing in told:
        labels = re.findall(r'<text x="0"[^>]*>([^<]+)<', drawing)
        names = max(sum(14 if ord(letter) > 0x2E80 else 7 for letter in label) for label in labels)
        for x, anchor, text in re.findall(r'<text x="([\d.]+)"[^>]*text-anchor="(\w+)">([^<]+)<', drawing):
            room = sum(14 if ord(letter) > 0x2E80 else 7 for letter in text)
            assert float(x) + room <= float(wide) if anchor == "start" else float(x) - room >= names, text
            checked.add(anchor)
    assert checked == {"start", "end"}


def test_plans_are_called_by_their_scenarios_and_folds_are_not_printed(tmp_path: Path) -> None:
    """Ten plans by ids alone could not be told apart; what stays folded on paper has no heading there either."""
    first, second = plans(tmp_path)
    text = comparison_page(
        compare([first, second, made(tmp_path, "three", allocations=[money("g", "q1", 5)])])
    )
    assert text.count("<title>Plans compared") == 1 and '<html lang="en">' in text
    label = f"<h2>{second.head['title']['en']} two</h2>"
    assert label in text
    heads = re.findall(r"<thead>(.*?)</thead>", text, re.S)
    assert not any(f">{plan}<" in head for head in heads for plan in ("one", "two", "three"))
    for heading in ("Worst-off ten", "Changed rows, and why"):
        assert re.search(rf'<div class="folded">\s*<h3>{heading}', text)
    assert all(
        re.search(r'<div class="scroll">\s*$', text[: m.start()]) for m in re.finditer(r"<table>", text)
    )


def test_a_cut_label_is_told_whole_and_equal_ones_with_their_stage(tmp_path: Path) -> None:
    name = "一个名字长得左边放不下的县级行政区域单位"
    found = compare(plans(tmp_path, name))
    assert f"<title>{name}</title>" in comparison_page(found)
    kpis = found.kpis.head(0)
    row = {
        "key": "cost",
        "title_en": "total cost",
        "title_zh": "总成本",
        "unit": "points",
        "better": "less",
        "baseline": 1.0,
    }
    rows = [{**row, "stage": s, "one": 1.0, "two": 2.0} for s in ("cadres", "exit")]
    twice = replace(found, kpis=pl.DataFrame(rows, schema=kpis.schema))
    assert [b.label for b in kpi_bars(twice, "two").bars] == ["total cost · cadres", "total cost · exit"]
