"""The page of scenarios: made, edited, planned, mended, by mouse and by keyboard; nothing lost when it is loaded again or somebody else saves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect

from benchmarks.service.running import Running
from tests.web.axe import demand_accessible
from tests.web.conftest import Opening
from tests.web.watched import Watched

PLANNED_MS = 120_000
"""That a plan of the small example may take where several tests run at once."""
EDITED_MS = 40_000
"""That an edit or a live check may take there."""
MOST = "每个受援方的支援方数: 最多"
LEAST = "每个受援方的支援方数: 最少"
TABS = ("run", "levers", "changes", "tables", "history", "text")


@pytest.fixture(scope="module")
def own(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service on the smallest example, for this module's edits and plans."""
    with Running(
        tmp_path_factory.mktemp("scenarios") / "data", on="teachers", settings={"language": "zh"}
    ) as found:
        yield found


@pytest.fixture(scope="module", autouse=True)
def patient() -> Iterator[None]:
    """Every edit is read in a process of its own, which takes its time where several tests run at once."""
    expect.set_options(timeout=EDITED_MS)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def served(own: Running) -> Running:
    """These tests change scenarios."""
    return own


def make(served: Running, name: str, values: dict[str, Any] | None = None) -> None:
    """A scenario on top of the example, as a colleague would have made it."""
    scenarios = f"{served.url}/api/v1/scenarios"
    httpx2.post(scenarios, json={"name": name, "base": "teachers"}, timeout=60).raise_for_status()
    if values:
        save(served, name, values)


def save(served: Running, name: str, values: dict[str, Any], why: str = "") -> None:
    """An edit of a colleague, elsewhere."""
    toml = f"{served.url}/api/v1/scenarios/{name}/toml"
    match = httpx2.get(toml, timeout=60).headers["ETag"]
    told = httpx2.patch(toml, json={"values": values, "why": why}, headers={"If-Match": match}, timeout=60)
    told.raise_for_status()


def holds(served: Running, name: str, stage: str, key: str) -> Any:
    """What a scenario holds now."""
    told = httpx2.get(f"{served.url}/api/v1/scenarios/{name}", timeout=60).json()
    return next(v["value"] for v in told["resolved"]["policies"][stage] if v["key"] == key)


def fill(page: Page, label: str, value: str) -> None:
    """A number, as somebody types it and goes on."""
    field = page.get_by_label(label)
    field.fill(value)
    field.press("Enter")


def checked(page: Page) -> None:
    """The live check has come to an end, and found nothing."""
    expect(page.locator(".check.good")).to_be_visible()


def test_a_scenario_is_made_tightened_planned_and_mended_with_the_mouse(page: Page, served: Running) -> None:
    page.goto("/scenarios")
    page.get_by_role("button", name="新建场景").click()
    page.get_by_role("textbox", name="名称", exact=True).fill("journey")
    page.get_by_role("textbox", name="标题", exact=True).fill("太紧")
    page.locator(".el-dialog .el-select").click()
    page.get_by_role("option", name=re.compile("teachers")).click()
    page.locator(".el-dialog").get_by_role("button", name="新建场景").click()
    page.wait_for_url("**/scenarios/journey?tab=levers", timeout=EDITED_MS)
    fill(page, MOST, "3")
    fill(page, LEAST, "3")
    expect(page.get_by_text("2 处未保存").or_(page.get_by_text("1 处未保存")).first).to_be_visible()
    page.get_by_placeholder(re.compile("为什么改")).fill("试一试")
    checked(page)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".bar")).to_have_count(1)  # the top bar alone
    assert holds(served, "journey", "pairing", "partners_per_recipient") == [3, 3]
    page.get_by_role("tab", name="运行").click()
    page.get_by_role("button", name="运行", exact=True).click()
    clash = page.get_by_role("heading", name="规则不能同时成立")
    expect(clash).to_be_visible(timeout=PLANNED_MS)
    expect(page.get_by_text("15 个受援方至少需要 45 对")).to_be_visible()
    page.get_by_role("button", name="找代价最小的出路").click()
    expect(page.get_by_text(re.compile("降低 每个受援方的支援方数"))).to_be_visible(timeout=PLANNED_MS)
    demand_accessible(page)
    page.get_by_role("button", name="采用并再运行").first.click()
    page.wait_for_url("**/scenarios/journey-repaired?job=*", timeout=PLANNED_MS)
    expect(page.get_by_text("已证明最优").first).to_be_visible(timeout=PLANNED_MS)
    expect(page.locator(".figures").first).to_contain_text("不用优化器")
    expect(page.locator("canvas").first).to_be_visible()
    expect(page.get_by_role("link", name="在地图上看")).to_have_attribute("href", re.compile(r"/\?plan=\w+"))
    expect(page.locator(".plans code").first).to_be_visible()
    assert holds(served, "journey-repaired", "pairing", "partners_per_recipient") == [1, 3]
    assert holds(served, "journey", "pairing", "partners_per_recipient") == [3, 3]


def test_a_value_is_found_changed_and_saved_with_the_keyboard_alone(page: Page, served: Running) -> None:
    make(served, "keys")
    page.goto("/scenarios/keys")
    tab = page.get_by_role("tab", name="运行")
    expect(tab).to_be_visible()
    tab.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="取值")).to_have_attribute("aria-selected", "true")
    page.get_by_label("找一个取值").focus()
    page.keyboard.type("team_minimum")
    number = page.get_by_role("spinbutton").first
    expect(page.get_by_role("spinbutton")).to_have_count(1)
    while not number.evaluate("one => one === document.activeElement"):
        page.keyboard.press("Tab")
    before = int(holds(served, "keys", "cadres", "team_minimum"))
    page.keyboard.press("ArrowUp")
    expect(page.get_by_text("1 处未保存")).to_be_visible()
    checked(page)
    page.get_by_role("button", name="保存", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".lever.own:not(.drafted)")).to_have_count(1)
    assert holds(served, "keys", "cadres", "team_minimum") == before + 1


def test_what_is_wrong_is_said_beside_the_value_and_cannot_be_saved(page: Page, served: Running) -> None:
    make(served, "wrong")
    page.goto("/scenarios/wrong?tab=levers")
    fill(page, LEAST, "9")
    expect(page.locator(".lever .wrong")).to_have_text("最少不能多于最多")
    expect(page.get_by_role("button", name="保存", exact=True)).to_be_disabled()
    page.get_by_role("button", name="撤销").first.click()
    expect(page.locator(".lever .wrong")).to_have_count(0)


def test_a_draft_is_back_after_a_reload(page: Page, served: Running) -> None:
    make(served, "kept")
    page.goto("/scenarios/kept?tab=levers")
    fill(page, MOST, "3")
    expect(page.get_by_text("1 处未保存")).to_be_visible()
    page.reload()
    expect(page.get_by_text(re.compile("还留着上次没有保存的 1 处"))).to_be_visible()
    expect(page.get_by_label(MOST)).to_have_value("3")
    assert holds(served, "kept", "pairing", "partners_per_recipient") == [1, 2]


def test_the_second_of_two_is_told_and_keeps_what_they_choose(
    page: Page, served: Running, watched: Watched
) -> None:
    watched.expect("412")
    make(served, "race")
    page.goto("/scenarios/race?tab=levers")
    fill(page, MOST, "3")
    checked(page)
    save(served, "race", {"pairing.partners_per_recipient": [1, 4], "pairing.changes_max": 12})
    page.get_by_role("button", name="保存", exact=True).click()
    merge = page.get_by_role("dialog")
    expect(merge).to_contain_text("别人先保存了")
    expect(merge.get_by_role("row")).to_have_count(2)
    expect(merge).to_contain_text("1–4")
    demand_accessible(page, ".el-dialog")
    merge.get_by_role("radio", name="我的").check(force=True)
    merge.get_by_role("button", name="按此保存").click()
    expect(merge).to_have_count(0)
    expect(page.locator(".bar")).to_have_count(1)  # the draft's is gone
    assert holds(served, "race", "pairing", "partners_per_recipient") == [1, 3]
    assert holds(served, "race", "pairing", "changes_max") == 12


def test_a_cell_is_edited_in_place_and_becomes_a_change(page: Page, served: Running) -> None:
    make(served, "cells")
    page.goto("/scenarios/cells?tab=tables&table=units")
    cell = page.get_by_role("row").filter(has_text="c1").get_by_role("button", name=re.compile("帮扶能力"))
    cell.click()
    page.keyboard.type("many")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="应为数值")).to_be_visible()
    cell.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 处未保存")).to_be_visible()
    page.get_by_role("tab", name="改动").click()
    expect(page.get_by_text(re.compile("单位（编号为 ?c1）：帮扶能力设为 9"))).to_be_visible()
    checked(page)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".fresh")).to_have_count(0)
    rows = httpx2.get(f"{served.url}/api/v1/scenarios/cells/tables/units", timeout=60).json()["rows"]
    assert {r["id"]: r["capacity"] for r in rows}["c1"] == 9


def test_a_file_with_errors_goes_nowhere_and_a_right_one_becomes_a_state(
    page: Page, served: Running, tmp_path: Path
) -> None:
    make(served, "filed")
    page.goto("/scenarios/filed?tab=tables")
    file = tmp_path / "coverage.csv"
    file.write_text("rule,region,complete\ndesignated,S1,maybe\n")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("1 处有错")).to_be_visible()
    expect(page.locator(".findings code")).to_have_text("maybe")
    expect(page.get_by_role("button", name="放进场景")).to_have_count(0)
    page.get_by_role("button", name="丢弃").click()
    file.write_text("rule,region,complete\ndesignated,S1,yes\n")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="放进场景").click()
    expect(page.get_by_text("已放进场景")).to_be_visible()
    page.get_by_role("tab", name="历史").click()
    expect(page.get_by_text("放入表")).to_be_visible()


def test_what_was_saved_is_undone_and_redone(page: Page, served: Running) -> None:
    make(served, "undone")
    before = holds(served, "undone", "cadres", "team_minimum")
    assert before != 4
    save(served, "undone", {"cadres.team_minimum": 4})
    page.goto("/scenarios/undone?tab=history")
    page.get_by_role("button", name="看差别").first.click()
    expect(page.locator("pre .in")).to_contain_text("team_minimum = 4")
    page.get_by_role("button", name="撤销上一次保存").click()
    expect(page.get_by_text("恢复到第 1 版")).to_be_visible()
    assert holds(served, "undone", "cadres", "team_minimum") == before
    page.get_by_role("button", name="重做", exact=True).click()
    expect(page.get_by_text("恢复到第 2 版")).to_be_visible()
    assert holds(served, "undone", "cadres", "team_minimum") == 4


def test_a_link_shows_the_same_and_back_goes_a_step_back(page: Page) -> None:
    page.goto("/scenarios/teachers?tab=levers&stage=funds")
    expect(page.get_by_text("county_floor", exact=True)).to_be_visible()
    page.get_by_role("tab", name="改动").click()
    page.wait_for_url("**tab=changes**")
    page.go_back()
    expect(page.get_by_text("county_floor", exact=True)).to_be_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_part_is_accessible_in_both_themes_and_languages(
    page: Page, served: Running, theme: str, language: str
) -> None:
    name = f"axe-{theme}-{language}"
    make(served, name, {"cadres.team_minimum": 4})
    page.goto("/scenarios")
    expect(page.locator(".one").first).to_be_visible()
    demand_accessible(page)
    for tab in TABS:
        page.goto(f"/scenarios/{name}?tab={tab}" + ("&table=units" if tab == "tables" else ""))
        expect(page.locator(".check.good")).to_be_visible()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        demand_accessible(page)


def test_what_is_not_there_is_told_in_the_services_words(page: Page, watched: Watched) -> None:
    watched.expect("404")
    page.goto("/scenarios/nobody")
    expect(page.get_by_role("alert")).to_contain_text("nobody")
    demand_accessible(page)


def test_names_with_markup_are_text(opening: Opening, served: Running) -> None:
    told = httpx2.post(
        f"{served.url}/api/v1/scenarios",
        json={"name": "marked", "base": "teachers", "title": "<b>粗</b><img src=x onerror=alert(1)>"},
        timeout=60,
    )
    told.raise_for_status()
    page = opening()
    page.goto("/scenarios/marked")
    expect(page.get_by_role("heading", level=2).first).to_have_text("<b>粗</b><img src=x onerror=alert(1)>")
    assert page.locator("h2 b, h2 img").count() == 0
