"""Cards: who supports X on this day, since when, with what; on the screen, by keyboard, on paper, and where there is none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.axe import demand_accessible
from tests.web.conftest import Opening
from tests.web.watched import Watched

NUJIANG = "/cards/533300"
PAIR = "/cards/ew:440400:533300"
UNKNOWN = "/cards/999999"


def first_line(page: Page) -> str:
    """The first line of the card that is open."""
    line = page.locator(".first .who")
    expect(line).to_be_visible()
    return line.inner_text()


def test_from_the_search_to_the_pair_and_back(page: Page) -> None:
    page.goto("/cards")
    box = page.locator(".wide input")
    box.fill("nujiang")
    page.get_by_role("option").first.click()
    expect(page).to_have_url(re.compile(r"/cards/533300$"))
    assert re.search(
        r"2016-12-31.*怒江.*珠海市.*自 2016-12-07.*截至 2016 年.*承诺.*兑现", first_line(page), re.S
    )
    page.locator(".first .kind").first.click()
    expect(page).to_have_url(re.compile(r"/cards/ew:440400:533300$"))
    expect(page.locator("h2").first).to_contain_text("珠海市 → 怒江")
    page.go_back()
    expect(page.locator("h2").first).to_contain_text("怒江傈僳族自治州")
    page.goto("/cards")
    expect(page.locator(".lists")).to_contain_text("怒江傈僳族自治州")  # seen lately


def test_with_the_keyboard_alone(page: Page) -> None:
    page.goto(NUJIANG)
    first_line(page)
    page.keyboard.press("/")
    page.keyboard.type("福贡")
    expect(page.get_by_role("option").first).to_contain_text("福贡县")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/cards/533323$"))
    group = page.get_by_role("button", name=re.compile("东西部协作.*通过上级"))
    group.focus()
    page.keyboard.press("Enter")
    expect(group).to_have_attribute("aria-expanded", "true")
    expect(page).to_have_url(re.compile(r"open=east_west(/|%2F)parent"))
    page.keyboard.press("Control+z")  # every step is undone
    expect(group).to_have_attribute("aria-expanded", "false")


def test_another_day_stands_in_the_address(page: Page) -> None:
    page.goto(NUJIANG)
    first_line(page)
    page.get_by_role("button", name="前一年").click()
    expect(page).to_have_url(re.compile("at=2015-12-31"))
    expect(page.locator(".first .who")).to_contain_text("2015-12-31")
    expect(page.locator(".first .who")).not_to_contain_text("自 2016-12-07")
    page.go_back()
    expect(page.locator(".first .who")).to_contain_text("自 2016-12-07")


def test_what_has_ended_is_shown_when_asked_for(page: Page) -> None:
    page.goto(f"{NUJIANG}?at=2022-01-01")
    first_line(page)
    assert page.locator("li.ended").count() == 0
    page.get_by_role("button", name="显示已结束的").click()
    expect(page.locator("li.ended").first).to_be_visible()


def test_gates_of_a_village_and_its_county(page: Page) -> None:
    page.goto("/cards/533301102217")
    gates = page.locator(".side section").first
    expect(gates.locator("li.fail").first).to_contain_text("未通过")
    expect(gates.locator("li.no_data").first).to_contain_text("无数据")
    expect(gates).to_contain_text("泸水市")
    page.goto("/cards/360881")
    expect(page.locator(".side section").first.locator("li.pass")).to_have_count(5)


def test_the_ledger_as_csv(page: Page, tmp_path: Path) -> None:
    page.goto(PAIR)
    first_line(page)
    page.get_by_role("button", name="导出").click()
    with page.expect_download() as loading:
        page.get_by_text("数据 CSV").click()
    loading.value.save_as(tmp_path / "ledger.csv")
    lines = (tmp_path / "ledger.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len([line for line in lines if not line.startswith("#")]) == 41  # titles and 40 entries
    assert any("china-2016" in line for line in lines if line.startswith("#")) and "synthetic" in lines[-1]


@pytest.mark.parametrize("id", ["533323", "530000", "110000", "firm-53", "ew:440400:533300"])
def test_one_page_of_paper_with_the_way_back(page: Page, tmp_path: Path, id: str) -> None:
    page.goto(f"/cards/{id}")
    first_line(page)
    page.wait_for_load_state("networkidle")
    page.pdf(path=tmp_path / "card.pdf", prefer_css_page_size=True)
    told = (tmp_path / "card.pdf").read_bytes()
    assert re.findall(rb"/Count (\d+)", told) == [b"1"]
    page.emulate_media(media="print")
    sheet = page.locator(".sheet")
    expect(sheet).to_be_visible()
    expect(sheet.locator("figure svg")).to_be_visible()
    expect(sheet.locator("footer")).to_contain_text(f"/cards/{id}?at=2016-12-31")
    expect(sheet.locator("footer")).to_contain_text("china-2016")
    assert sheet.evaluate("sheet => sheet.scrollHeight - sheet.clientHeight") <= 2, "something is cut off"
    if id == "530000":
        expect(sheet).to_contain_text(re.compile(r"及另外 \d+ 条"))


def test_nothing_has_that_id_and_several_may(page: Page, watched: Watched) -> None:
    watched.expect("404|409")
    page.goto(UNKNOWN)
    expect(page.get_by_role("alert")).to_contain_text("没有找到“999999”")
    demand_accessible(page)
    page.goto("/cards/nj")
    page.get_by_role("alert").get_by_role("link", name="怒江傈僳族自治州").click()
    expect(page).to_have_url(re.compile("/cards/533300$"))


def test_names_with_markup_are_text(page: Page) -> None:
    def marked(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("珠海市", "<img src=x onerror=alert(1)>"))

    page.route("**/network/records/533300**", marked)
    page.goto(NUJIANG)
    assert "<img src=x onerror=alert(1)>" in first_line(page)
    assert page.locator(".first img, .columns img, .sheet img").count() == 0


def test_a_part_that_fails_leaves_the_card(page: Page, watched: Watched) -> None:
    watched.expect("503")
    problem = '{"title":"忙","status":503,"message":{"zh":"正在维护","en":"busy"},"request_id":"r1"}'
    page.route("**/api/v1/alerts**", lambda route: route.fulfill(status=503, body=problem, content_type="application/problem+json"))  # fmt: skip
    page.goto(NUJIANG)
    first_line(page)
    expect(page.get_by_role("alert").first).to_contain_text("正在维护")
    expect(page.get_by_role("alert").first.get_by_role("button", name="重试")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/cards", "/cards/533323", "/cards/533301102217", "/cards/u158", PAIR])
def test_everybody_can_read_it(page: Page, path: str, language: str, theme: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    demand_accessible(page)


def test_on_a_phone_nothing_sticks_out(opening: Opening) -> None:
    page = opening(viewport={"width": 390, "height": 844})
    for path in ("/cards", "/cards/530000", PAIR):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
