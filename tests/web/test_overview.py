"""The overview as a minister, a coordinator and an analyst use it: map, time, choice, colour, money, export."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.web.axe import demand_accessible
from tests.web.conftest import Opening
from tests.web.picture import picture_of, same

SUPPORTER, RECIPIENT, CARD = "#0072b2", "#d55e00", "#ffffff"
TIBET, OCEAN = (0.27, 0.54), (0.82, 0.40)
"""Places of the map's picture (0–1) at a laptop's size: land that no ribbon crosses, and water."""
YUNNAN = (0.437, 0.81)


def map_of(page: Page) -> Locator:
    """The map, drawn."""
    expect(page.get_by_role("status").filter(has_text=re.compile("项在续|in force"))).to_be_attached()
    found = page.locator(".map canvas").first
    expect(found).to_be_visible()
    page.wait_for_timeout(600)
    return found


def asked(page: Page) -> dict[str, str]:
    """What stands in the address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def test_the_first_picture_shows_land_ribbons_and_the_inset(page: Page) -> None:
    page.goto("/")
    picture = picture_of(map_of(page))
    assert same(picture.at(*OCEAN), CARD) and not same(picture.at(*TIBET), CARD, 6)
    assert picture.share(SUPPORTER, 60) > 0.002 and picture.share(RECIPIENT, 60) > 0.001
    west, east = picture.places(RECIPIENT, 60), picture.places(SUPPORTER, 60)
    assert west is not None and east is not None and west[0] < east[0], (
        "support comes from the east and arrives in the west"
    )
    expect(page.get_by_text("每个自治州都有结对帮扶")).to_be_visible()
    expect(page.get_by_text("30 / 30")).to_be_visible()


def test_a_province_is_chosen_with_the_mouse_and_back_undoes_it(page: Page) -> None:
    page.goto("/")
    box = map_of(page).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + YUNNAN[0] * box["width"], box["y"] + YUNNAN[1] * box["height"])
    expect(page.get_by_role("heading", name="云南省")).to_be_visible()
    assert asked(page)["sel"] == "530000"
    expect(page.get_by_text(re.compile(r"受帮扶 \d+ 项"))).to_be_visible()
    page.get_by_role("link", name="打开档案").click()
    expect(page).to_have_url(re.compile("/cards/530000"))
    page.go_back()
    expect(page.get_by_role("heading", name="云南省")).to_be_visible()
    page.get_by_role("link", name="在网络中看").click()
    expect(page).to_have_url(re.compile("/network.*of=530000"))
    expect(
        page.get_by_role("region", name=re.compile("云南省")).or_(page.get_by_text("云南省")).first
    ).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", name="云南省")).to_have_count(0)
    assert "sel" not in asked(page)


def test_all_of_it_by_keyboard(page: Page) -> None:
    """Search, the map's table, a choice out of it, time; nothing is touched with the mouse."""
    page.goto("/")
    map_of(page)
    table = page.locator(".map").get_by_role("button", name="看表格")
    table.focus()
    page.keyboard.press("Enter")
    first = page.locator(".map tbody button").first
    expect(first).to_be_visible()
    first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="打开档案")).to_be_visible()
    slider = page.get_by_role("slider", name="每年新增与结束的关系")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "2017-12-31")
    assert asked(page)["at"] == "2017-12-31"
    page.keyboard.press("Control+z")
    expect(slider).to_have_attribute("aria-valuetext", "2016-12-31")
    page.keyboard.press("/")
    page.keyboard.type("怒江")
    expect(page.get_by_role("option", name=re.compile("怒江傈僳族自治州"))).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/cards/533300"))


def test_a_link_shows_a_colleague_the_same(page: Page) -> None:
    page.goto("/?at=2018-12-31&measure=none&kind=east_west&width=delivered&sel=520000")
    map_of(page)
    expect(page.get_by_role("heading", name="贵州省")).to_be_visible()
    expect(page.get_by_role("slider", name="每年新增与结束的关系")).to_have_attribute(
        "aria-valuetext", "2018-12-31"
    )
    page.locator(".map").get_by_role("button", name="看表格").click()
    kinds = page.locator(".map tbody tr")
    assert 20 <= kinds.count() <= 80, "east–west pairs alone"


def test_a_range_of_years(page: Page) -> None:
    page.goto("/")
    map_of(page)
    page.get_by_text("时段", exact=True).click()
    expect(page.get_by_text("2016-01-01 – 2017-01-01")).to_be_visible()
    assert asked(page)["since"] == "2016-01-01" and asked(page)["until"] == "2017-01-01"


@pytest.mark.parametrize("form", ["CSV", "PNG", "SVG"])
def test_what_leaves_the_house_is_stamped(page: Page, tmp_path: Path, form: str) -> None:
    page.goto("/?at=2018-12-31")
    map_of(page)
    page.locator(".map").get_by_role("button", name="导出").click()
    with page.expect_download() as told:
        page.get_by_role("menuitem", name=form).click()
    file = tmp_path / told.value.suggested_filename
    told.value.save_as(file)
    assert file.name == f"谁帮扶谁-2018-12-31.{form.lower()}"
    if form == "PNG":
        image = Image.open(file)
        assert image.width > 1200 and image.getpixel((4, 4)) == (255, 255, 255, 255)
    elif form == "SVG":
        text = file.read_text(encoding="utf-8")
        assert all(
            word in text
            for word in ("谁帮扶谁", "2018-12-31", "china-2016", "示意图，非边界用途", "合成 synthetic")
        )
        assert text.count("<path") > 60
    else:
        rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
        assert any("数据版本: china-2016" in row[0] for row in rows[:4] if row)
        assert sum(len(row) == 7 for row in rows) > 60


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible(page: Page, theme: str, language: str) -> None:
    page.goto("/?sel=530000")
    map_of(page)
    demand_accessible(page)
    page.locator(".map").get_by_role("button", name={"zh": "看表格", "en": "As a table"}[language]).click()
    expect(page.locator(".map tbody tr").first).to_be_visible()
    demand_accessible(page)


def test_the_other_language(page: Page) -> None:
    page.goto("/?sel=530000")
    map_of(page)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Who supports whom")).to_be_visible()
    expect(page.get_by_text("every autonomous prefecture is paired")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    expect(page.get_by_role("heading", name="Yunnan 云南省")).to_be_visible()


def test_without_a_connection_what_is_there_stays(opening: Opening, watched: object) -> None:
    watched.expect("ERR_INTERNET_DISCONNECTED|Failed to load resource")  # type: ignore[attr-defined]
    page = opening()
    page.goto("/")
    map_of(page)
    page.context.set_offline(True)
    slider = page.get_by_role("slider", name="每年新增与结束的关系")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("连不上服务，正在重试").first).to_be_visible()
    expect(page.get_by_text("30 / 30")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".lost")).to_have_count(0)


def test_the_plane_is_small_enough_for_a_telephone(opening: Opening) -> None:
    page = opening(viewport={"width": 390, "height": 844})
    page.goto("/")
    map_of(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_figure_that_only_counties_have_is_drawn_of_counties(page: Page) -> None:
    page.goto("/?measure=exit_status")
    map_of(page)
    expect(page.locator(".legend li").filter(has_text="已摘帽")).to_contain_text("28")
