"""Cadres: figures that lead to their rows, a county's team, and everybody in one table, also of a big plan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from benchmarks.frames import big_plan
from benchmarks.service.running import Running
from tests.web.axe import demand_accessible
from tests.web.conftest import Opening
from tests.web.watched import Watched

ROWS = 60_000
DRAG = """() => new Promise((done) => {
    const scroller = document.querySelector('.scroller'), end = scroller.scrollHeight - scroller.clientHeight
    let [frame, blank] = [0, 0]
    function step() {
        const seen = scroller.querySelectorAll('.lines .row')
        if (!seen.length || scroller.querySelector('.blank')) blank++
        scroller.scrollTop = end * ++frame / 60
        if (frame < 60) requestAnimationFrame(step); else done(blank)
    }
    step()
})"""
"""Drags the bar of the table from its top to its end in sixty steps; frames in which there was nothing to read."""


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a plan with many postings, in a service's data folder."""
    return big_plan(tmp_path_factory.mktemp("cadres"), ROWS)


@pytest.fixture(scope="module")
def big(built: None, planned: Path) -> Iterator[Running]:
    """A service that has that plan."""
    with Running(planned.parents[1], on="china-2016", settings={"language": "zh"}) as found:
        yield found


@pytest.fixture
def served(big: Running) -> Running:
    return big


def opened(page: Page, path: str = "/cadres") -> None:
    """Open the page, and wait for figures and rows."""
    page.goto(path)
    expect(page.locator(".figure").first).to_be_visible(timeout=60_000)
    expect(page.locator(".lines .row").first).to_be_visible(timeout=60_000)


def asked(page: Page) -> dict[str, list[str]]:
    """What stands in the address."""
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.parametrize(("theme", "language"), [("light", "zh"), ("dark", "en")])
def test_it_is_accessible_in_each_state(page: Page, theme: str, language: str) -> None:
    opened(page)
    demand_accessible(page)
    opened(page, "/cadres?region=530000&county=533301&by=province_name&open=云南省")
    expect(page.locator(".team tbody tr").first).to_be_visible(timeout=30_000)
    demand_accessible(page)


def test_a_figure_leads_to_the_rows_that_it_counts(page: Page) -> None:
    opened(page)
    told = page.locator(".figure.first_secretaries a")
    count = told.get_attribute("title")
    told.click()
    expect(page.locator(".tools .total")).to_contain_text(f"{count} ")
    assert "role=first_secretary" in asked(page)["where"][0]
    page.go_back()
    expect(page.locator(".tools .total")).to_contain_text("19,375")


def test_from_a_province_to_a_countys_team(page: Page) -> None:
    opened(page)
    page.get_by_role("button", name="云南省").click()
    page.get_by_role("button", name="泸水市").click()
    expect(page.locator(".team tbody tr").first).to_be_visible(timeout=30_000)
    assert (asked(page)["region"], asked(page)["county"]) == (["530000"], ["533301"])
    page.go_back()
    expect(page.locator(".team")).to_have_count(0)


def test_it_is_read_with_the_keyboard_alone(page: Page) -> None:
    opened(page)
    page.locator(".scroller").focus()
    page.keyboard.press("Control+End")
    expect(page.locator("[aria-rowindex='19376']")).to_be_visible()
    page.keyboard.press("Control+Home")
    expect(page.locator("[aria-rowindex='2']")).to_be_visible()
    page.keyboard.press("ArrowUp")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("[role=columnheader][aria-sort=descending]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    place = page.locator(".scroller").get_attribute("aria-activedescendant")
    expect(page.locator(f"[id='{place}']")).to_have_text("c038750")


def test_groups_open_in_place(page: Page) -> None:
    opened(page, "/cadres?by=role")
    heads = page.locator(".row.group")
    expect(heads).to_have_count(2)
    heads.nth(1).locator(".whole").click()
    expect(heads.nth(1)).to_have_attribute("aria-expanded", "true")
    number = page.locator(".lines .row:not(.group) .cell.number").first
    expect(number).to_have_text("4,834")  # behind 4,833 first secretaries
    page.reload()
    expect(number).to_have_text("4,834")


def test_a_condition_is_put_and_taken_away(page: Page) -> None:
    opened(page)
    page.get_by_role("button", name="加条件").click()
    editor = page.locator("form.editor")
    editor.get_by_role("combobox").first.click()
    page.get_by_role("option", name="优先级", exact=True).click()
    editor.get_by_role("spinbutton").fill("1")
    editor.get_by_role("button", name="加上").click()
    expect(page.locator(".tools .total")).to_contain_text("5,702")
    page.get_by_role("button", name="去掉条件：优先级 等于 1").click()
    expect(page.locator(".tools .total")).to_contain_text("19,375")


def test_a_link_shows_the_same_rows(page: Page) -> None:
    opened(page, "/cadres?sort=-cadre&row=10000&where=role%3Dmember")
    expect(page.locator(".cell.number").filter(has_text="10,001").first).to_be_visible(timeout=30_000)


def test_a_file_has_the_same_question(page: Page) -> None:
    opened(page, "/cadres?where=tier%3D1&sort=-due&cols=cadre,due")
    page.locator("#posted .tools .el-button", has_text="导出").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="CSV").click()
    lines = Path(coming.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "cadre,due" and len(lines) == 5_703


def test_a_big_plan_is_dragged_through_without_a_blank(page: Page, planned: Path) -> None:
    opened(page, f"/cadres?plan={planned.name}")
    expect(page.locator(".tools .total")).to_contain_text(f"{ROWS + 19_375:,}", timeout=60_000)
    assert page.evaluate(DRAG) == 0
    expect(page.locator(f"[aria-rowindex='{ROWS + 19_375 + 1}']")).to_be_visible()


def test_what_the_service_says_is_told(page: Page, watched: Watched) -> None:
    watched.expect("404")
    page.goto("/cadres?plan=nix")
    alert = page.get_by_role("alert").first
    expect(alert).to_contain_text("nix", timeout=30_000)
    expect(page.locator(".figure").first).to_be_visible()
    demand_accessible(page)


def test_no_row_holds_the_conditions(page: Page) -> None:
    page.goto("/cadres?where=cadre%3Dnix")
    expect(page.locator(".no-rows")).to_be_visible(timeout=30_000)
    demand_accessible(page)


def test_at_390_pixels_nothing_sticks_out(opening: Opening) -> None:
    page = opening(viewport={"width": 390, "height": 844})
    opened(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
