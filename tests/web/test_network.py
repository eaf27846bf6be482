"""The network's page: provinces first, what surrounds one, paths, withdrawals, structure; with the mouse, and with the keyboard alone."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.axe import demand_accessible
from tests.web.conftest import Opening
from tests.web.picture import picture_of
from tests.web.watched import Watched

NUJIANG, ZHUHAI, FUGONG, SHANGHAI = "533300", "440400", "533323", "310000"
SLOW = 20_000
"""What is asked for the first time is worked out first (ms)."""
STATES = {
    "regions": "/network",
    "cell": "/network?cell=440000:450000",
    "pair": "/network?cell=440000:450000&open=440000:450000",
    "ego": f"/network?look=ego&of={NUJIANG}",
    "hierarchy": f"/network?look=ego&of={NUJIANG}&picture=tree",
    "nobody": "/network?look=ego",
    "paths": f"/network?look=paths&of={NUJIANG}&to={SHANGHAI}",
    "withdrawal": f"/network?look=withdrawal&of={ZHUHAI}",
}


def asked(page: Page) -> dict[str, str]:
    """What stands in the address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def drawn(page: Page) -> None:
    """Wait until the picture is there and rests."""
    expect(page.locator("main canvas").first).to_be_visible(timeout=SLOW)
    page.wait_for_timeout(500)


@pytest.mark.parametrize(("theme", "language"), [("light", "zh"), ("dark", "en")])
@pytest.mark.parametrize("state", STATES)
def test_each_state_is_accessible(page: Page, state: str, theme: str, language: str) -> None:
    page.goto(STATES[state])
    expect(page.locator("main h2").first).to_be_visible(timeout=SLOW)
    demand_accessible(page, "main")


def test_structure_names_what_holds_the_network_together(page: Page) -> None:
    page.goto("/network?look=structure")
    expect(page.get_by_role("heading", name="关节点")).to_be_visible(timeout=60_000)
    drawn(page)
    demand_accessible(page, "main")
    page.get_by_role("link", name="看退出: ").first.click()
    expect(page.get_by_role("heading", name="断的关系")).to_be_visible()
    assert asked(page)["look"] == "withdrawal"


def test_from_the_provinces_to_one_and_back_with_the_mouse(page: Page) -> None:
    page.goto("/network")
    drawn(page)
    picture = picture_of(page.locator("main canvas").first)
    # The strongest class is of our own blue; empty cells are the card's white.
    assert picture.share("#14507a") > 0.005 and picture.share("#ffffff") > 0.4
    page.get_by_role("button", name="看表格").click()
    page.locator("table.plain button").first.click()
    expect(page.get_by_role("complementary", name="所选")).to_contain_text("关系数")
    page.get_by_role("link", name="的周围 →").first.click()
    expect(page.get_by_role("heading", name="邻接列表")).to_be_visible()
    assert asked(page)["look"] == "ego"
    page.go_back()
    expect(page.get_by_role("heading", name="谁帮谁：按省")).to_be_visible()


def test_a_node_unfolds_where_it_stands_and_every_step_is_undone(page: Page) -> None:
    page.goto(f"/network?look=ego&of={NUJIANG}")
    drawn(page)
    picture = picture_of(page.locator("main canvas").first)
    assert picture.share("#0072b2") > 0.001 and picture.share("#d55e00") > 0.001
    rows = page.locator("section.list tbody tr")
    before = rows.count()
    page.get_by_role("button", name="就地展开: 上海市").click()
    expect(rows).not_to_have_count(before)
    assert asked(page)["also"] == SHANGHAI
    page.get_by_role("button", name="隐去: 珠海市").click()
    expect(page.get_by_role("button", name="隐去: 珠海市")).to_have_count(0)
    page.get_by_role("button", name="县县结对").click()
    assert asked(page)["without"] == "county_pair"
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="县县结对")).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(page.get_by_role("button", name="隐去: 珠海市")).to_be_visible()
    page.go_back()
    expect(rows).to_have_count(before)


def test_the_same_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/network?look=ego")
    box = page.get_by_role("combobox", name="选一个地区或单位").last
    box.focus()
    page.keyboard.type("怒江")
    expect(page.get_by_role("option", name="怒江傈僳族自治州").last).to_be_visible()
    page.keyboard.press("Enter")
    fold = page.get_by_role("button", name="就地展开: 珠海市")
    fold.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="收起展开: 珠海市")).to_be_visible()
    page.get_by_role("button", name="若其退出: 珠海市").focus()
    page.keyboard.press("Enter")
    slider = page.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", "退出之后")
    slider.focus()
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "现在：全部在续")
    page.keyboard.press("ArrowRight")
    expect(page.locator("tr.falls")).to_have_count(1)
    assert asked(page)["step"] == "1"


def test_a_withdrawal_plays_to_its_end(page: Page) -> None:
    page.goto(f"/network?look=withdrawal&of={ZHUHAI}&step=0")
    expect(page.locator("tr.stands")).to_have_count(3)
    page.get_by_role("button", name="播放").click()
    expect(page.locator("tr.fallen")).to_have_count(3, timeout=20_000)
    assert "step" not in asked(page)


def test_who_wants_no_motion_sees_the_outcome_at_once(opening: Opening) -> None:
    page = opening(reduced_motion="reduce")
    page.goto(f"/network?look=withdrawal&of={ZHUHAI}&step=0")
    page.get_by_role("button", name="看结果").click()
    expect(page.locator("tr.fallen")).to_have_count(3)


def test_a_link_shows_a_colleague_the_same_picture(opening: Opening) -> None:
    where = f"/network?look=ego&of={NUJIANG}&also={SHANGHAI}&hide={ZHUHAI}&selected={FUGONG}"
    seen = []
    for page in (opening(), opening()):
        page.goto(where)
        expect(page.get_by_role("complementary", name="所选")).to_contain_text("福贡县")
        drawn(page)
        seen.append(picture_of(page.locator("main canvas").first).pixels)
    assert seen[0].shape == seen[1].shape and (seen[0] == seen[1]).mean() > 0.999


def test_a_name_that_nobody_bears_is_told_in_the_service_s_own_words(page: Page, watched: Watched) -> None:
    watched.expect("404")
    page.goto("/network?look=ego&of=没有这个地方")
    expect(page.get_by_role("alert")).to_contain_text("没有这个地方")
    demand_accessible(page, "main")


def test_names_with_markup_are_shown_as_text(page: Page) -> None:
    name = "<img src=x onerror=alert(1)>"

    def renamed(route: Route) -> None:
        told = route.fetch().json()
        told["nodes"][1]["name"] = name
        route.fulfill(json=told)

    page.route("**/network/ego/**", renamed)
    page.goto(f"/network?look=ego&of={NUJIANG}")
    expect(page.get_by_role("button", name=name, exact=True)).to_have_count(2, timeout=SLOW)  # panel and list
    assert page.locator("main img").count() == 0
