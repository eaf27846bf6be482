"""The tests' own ground: what a page should not see is seen, what is drawn is found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from tests.web import chromium
from tests.web.axe import demand_accessible
from tests.web.conftest import Opening
from tests.web.picture import Picture, picture_of, same
from tests.web.watched import Watched


@pytest.mark.parametrize(
    ("does", "seen"),
    [
        ("() => console.error('broken')", "console: broken"),
        ("() => setTimeout(() => { throw new Error('lost') })", "thrown: lost"),
        ("() => fetch('/api/v1/nix')", "refused: GET "),
        ("() => fetch('http://elsewhere.invalid/').catch(() => 0)", "Content Security Policy"),
    ],
)
def test_what_a_page_should_not_see_fails_the_test(
    page: Page, watched: Watched, does: str, seen: str
) -> None:
    page.goto("/")
    page.evaluate(does)
    page.wait_for_timeout(50)
    with pytest.raises(AssertionError) as caught:
        watched.demand_nothing()
    assert seen in str(caught.value)
    watched.expect("")
    watched.demand_nothing()


def test_a_request_to_another_host_is_seen_even_where_the_page_may_ask_it(
    opening: Opening, watched: Watched
) -> None:
    page = opening(bypass_csp=True)
    page.goto("/")
    page.evaluate("() => fetch('http://elsewhere.invalid/x').catch(() => 0)")
    page.wait_for_timeout(50)
    assert "elsewhere: GET http://elsewhere.invalid/x" in watched.unexpected()
    watched.expect("elsewhere.invalid")


def test_a_page_that_is_offline_sees_failed_requests(page: Page, watched: Watched) -> None:
    page.goto("/")
    page.context.set_offline(True)
    page.evaluate("() => fetch('/healthz').catch(() => 0)")
    page.wait_for_timeout(50)
    assert any(fault.startswith("failed: GET") for fault in watched.unexpected())
    watched.expect("ERR_INTERNET_DISCONNECTED")
    watched.demand_nothing()


def test_a_picture_is_kept_of_each_page(page: Page, watched: Watched, tmp_path: Path) -> None:
    page.goto("/")
    assert [file.name for file in watched.pictures(tmp_path)] == ["page-1.png"]
    assert (tmp_path / "page-1.png").stat().st_size > 1000


def test_axe_finds_what_cannot_be_read(page: Page) -> None:
    page.goto("/")
    page.evaluate(
        "() => document.body.insertAdjacentHTML('beforeend', '<p style=\"color:#eee;background:#fff\">pale</p>')"
    )
    with pytest.raises(AssertionError, match="color-contrast"):
        demand_accessible(page)


def test_colours_are_found_where_they_are_drawn(page: Page) -> None:
    page.goto("/")
    page.evaluate("""() => {
        document.body.insertAdjacentHTML('beforeend', '<canvas id="drawn" width="100" height="50" style="position:fixed;inset:0;z-index:9999"></canvas>')
        const pen = document.getElementById('drawn').getContext('2d')
        pen.fillStyle = '#ffffff'; pen.fillRect(0, 0, 100, 50)
        pen.fillStyle = '#0072b2'; pen.fillRect(50, 0, 50, 50)
    }""")
    drawn = picture_of(page.locator("#drawn"))
    assert same(drawn.at(0.25, 0.5), "#ffffff") and same(drawn.at(0.75, 0.5), "#0072B2")
    assert drawn.share("#0072B2") == pytest.approx(0.5, abs=0.02) and drawn.places("#d55e00") is None
    middle = drawn.places("#0072B2")
    assert middle == (pytest.approx(0.75, abs=0.02), pytest.approx(0.5, abs=0.02))


def test_a_colour_is_not_another() -> None:
    assert same("#0072B2", "#0172b0") and not same("#0072B2", "#D55E00")
    assert Picture(np.zeros((2, 2, 3), np.uint8)).at(1, 1) == "#000000"


def test_without_a_browser_the_test_fails_and_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(pytest.fail.Exception, match="apt-get install"):
        chromium.chromium.__wrapped__()
