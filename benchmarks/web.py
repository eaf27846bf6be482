"""The web view in Chromium without a GPU: until the first picture, while the map is dragged, cards; a plain ECharts page beside it."""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Route, sync_playwright
from playwright.sync_api import Page as Tab

from benchmarks.page import Page
from benchmarks.service.running import Running

RUNS = 5
VILLAGES = 128_000
LAPTOP = {"width": 1280, "height": 720}
ECHARTS = Path(__file__).parents[1] / "api" / "web" / "node_modules" / "echarts" / "dist" / "echarts.min.js"
DRAWN = "() => [...document.querySelectorAll('[role=status]')].some((one) => /项在续/.test(one.textContent))"
"""Land, ribbons and their number are there."""
COUNTED = """() => {
  window.frames_ = 0
  const count = () => { window.frames_ += 1; window.counting = requestAnimationFrame(count) }
  count()
}"""
COUNTIES, NEARER = "0,0,2.60", "120,-60,6.00"
"""Where one looks, and how near: counties are drawn from 2.4 on, villages from 5."""
PLAIN = """<!doctype html><div id="map" style="width:870px;height:490px"></div><script>%s</script><script>
const chart = echarts.init(document.getElementById('map'))
fetch('%s/api/v1/network/geometry?level=county').then((answer) => answer.json()).then((map) => {
  map.features = map.features.filter((one) => /Polygon/.test(one.geometry.type))
  echarts.registerMap('china', map)
  const seats = Object.fromEntries(map.features.map((one) => [one.id, [one.properties.lon, one.properties.lat]]))
  const codes = Object.keys(seats).filter((code) => seats[code][0])
  const links = Array.from({ length: 120 }, (_, at) => ({ coords: [seats[codes[(at * 37) %% codes.length]], seats[codes[(at * 91 + 7) %% codes.length]]] }))
  chart.setOption({ geo: { map: 'china', roam: true, zoom: 2.6 }, series: [{ type: 'lines', coordinateSystem: 'geo', data: links, lineStyle: { curveness: 0.2 } }] })
  document.title = 'drawn'
})</script>"""


def run() -> Page:
    """The page."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Running(Path(folder) / "data", on="china-2016", settings={"language": "zh"}) as service,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        first_picture(
            browser, service.url
        )  # shapes are made once for a data folder; that is not what is counted
        rows = [
            *_pictures(browser, service.url),
            *_frames(browser, service.url),
            *_cards(browser, service.url),
        ]
        browser.close()
    note = (
        "`python -m benchmarks web`: the built view on the shipped `china-2016`, Debian's Chromium without a GPU, 1280 × 720, over loopback; each run has a "
        f"browser profile of its own, so that nothing is cached. Median of {RUNS}. Frames are those that the page was given while the map was dragged to and fro "
        "for three seconds. The plain page is ECharts alone with the same counties as GeoJSON and 120 arcs, dragged alike."
    )
    return Page("web", "The web view", note, ("what", "target", "seen", "plain ECharts page"), rows)


@contextmanager
def opened(browser: Browser, url: str) -> Iterator[Tab]:
    """A tab of somebody who was never here."""
    context = browser.new_context(
        base_url=url, viewport=LAPTOP, locale="zh-CN", reduced_motion="no-preference"
    )  # type: ignore[arg-type]
    context.set_default_timeout(120_000)
    yield context.new_page()
    context.close()


def first_picture(browser: Browser, url: str) -> tuple[float, float]:
    """Seconds until the map with its ribbons is drawn, and KB that came before."""
    with opened(browser, url) as tab:
        came: list[int] = []
        network = tab.context.new_cdp_session(tab)
        network.send("Network.enable")
        network.on("Network.loadingFinished", lambda told: came.append(told["encodedDataLength"]))
        tab.goto("/", wait_until="commit")
        tab.wait_for_function(DRAWN, polling=20)
        tab.wait_for_selector(".map canvas")
        return float(tab.evaluate("performance.now()")) / 1000, sum(came) / 1000


def _pictures(browser: Browser, url: str) -> list[tuple[object, ...]]:
    found = [first_picture(browser, url) for _ in range(RUNS)]
    seconds, kilobytes = (statistics.median(column) for column in zip(*found, strict=True))
    return [
        ("seconds until the first picture", "≤ 2", seconds, ""),
        ("KB before it, compressed", "≤ 700", kilobytes, ""),
    ]


def _frames(browser: Browser, url: str) -> list[tuple[object, ...]]:
    plain = statistics.median(_plain(browser, url) for _ in range(RUNS))
    counties = statistics.median(_dragged(browser, url, COUNTIES) for _ in range(RUNS))
    villages = statistics.median(_dragged(browser, url, NEARER, many_villages) for _ in range(RUNS))
    return [
        ("frames a second, counties and ribbons dragged", "≥ 25", counties, plain),
        (f"frames a second, with {VILLAGES:,} villages", "≥ 15", villages, ""),
    ]


def many_villages(tab: Tab) -> None:
    """Answer the question for villages with so many that lie where China's land is."""
    chance = np.random.default_rng(1)
    lon, lat = chance.normal(108, 8, VILLAGES).clip(75, 132), chance.normal(31, 5, VILLAGES).clip(19, 52)
    lines = "\n".join(f"{x:.3f},{y:.3f}" for x, y in zip(lon, lat, strict=True))

    def answer(route: Route) -> None:
        route.fulfill(body=f"lon,lat\n{lines}\n", content_type="text/csv")

    tab.route("**/network/tables/regions.csv*", answer)


def _dragged(browser: Browser, url: str, view: str, before: Callable[[Tab], None] = lambda _: None) -> float:
    with opened(browser, url) as tab:
        before(tab)
        tab.goto(f"/?view={view}")
        tab.wait_for_function(DRAWN, polling=50)
        tab.wait_for_load_state("networkidle")
        tab.wait_for_timeout(2_000)
        box = tab.locator(".map canvas").first.bounding_box()
        assert box is not None
        return _rate(tab, box)


def _plain(browser: Browser, url: str) -> float:
    with opened(browser, url) as tab:
        page = PLAIN % (ECHARTS.read_text(encoding="utf-8"), url)
        tab.route("**/plain", lambda route: route.fulfill(body=page, content_type="text/html"))
        tab.goto(f"{url}/plain")
        tab.wait_for_function("() => document.title === 'drawn'")
        tab.wait_for_timeout(1_000)
        box = tab.locator("canvas").first.bounding_box()
        assert box is not None
        return _rate(tab, box)


def _rate(tab: Tab, box: Any) -> float:
    """Frames a second while a map is dragged."""
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.evaluate(COUNTED)
    began = tab.evaluate("performance.now()")
    for step in range(90):
        tab.mouse.move(x + 90 * np.sin(step / 6), y + 40 * np.cos(step / 9))
        tab.wait_for_timeout(20)
    seconds = (tab.evaluate("performance.now()") - began) / 1000
    tab.mouse.up()
    return float(tab.evaluate("window.frames_")) / seconds


def _cards(browser: Browser, url: str) -> list[tuple[object, ...]]:
    with opened(browser, url) as tab:
        tab.goto("/cards/533300")
        tab.wait_for_selector("h2")
        tab.wait_for_load_state("networkidle")
        codes = ["533323", "522625", "130125", "653101", "441800", "530000"]
        return [("ms until a card stands, from one to the next", "≤ 300", statistics.median(_card(tab, code) for code in codes), "")]  # fmt: skip


def _card(tab: Tab, code: str) -> float:
    """From pressing Enter in the search until the new card's first line stands."""
    tab.keyboard.press("/")
    tab.keyboard.type(code)
    tab.wait_for_selector(f'[role=option]:has-text("{code}")')
    clock = "() => { window.began_ = performance.now() }"
    tab.evaluate(clock)
    tab.keyboard.press("Enter")
    tab.wait_for_function(
        "(code) => document.querySelector('.top')?.textContent.includes(code) && document.querySelector('.card.first p')",
        arg=code, polling=10,
    )  # fmt: skip
    return float(tab.evaluate("performance.now() - window.began_"))


if __name__ == "__main__":
    print(json.dumps([list(row) for row in run().rows], ensure_ascii=False))
