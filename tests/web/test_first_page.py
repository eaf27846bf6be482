"""The page opens: at ``/`` in both themes and languages, and at any address that a colleague sent."""

from __future__ import annotations

import httpx2
import pytest
from playwright.sync_api import Page, expect

from api.http.view.files import FOLDER, INDEX
from benchmarks.service.running import Running
from tests.web.axe import demand_accessible


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_opens_in_both_themes_and_languages(page: Page, theme: str, language: str) -> None:
    page.goto("/")
    expect(page.locator("#view > *").first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", {"zh": "zh-CN", "en": "en"}[language])
    assert ("dark" in (page.locator("html").get_attribute("class") or "").split()) is (theme == "dark")
    demand_accessible(page)


def test_an_address_that_nobody_knows_is_the_page_too(served: Running, page: Page) -> None:
    told = page.goto("/nowhere/at/all?at=2016-12-31")
    assert told is not None and told.status == 200 and told.body() == (FOLDER / INDEX).read_bytes()
    expect(page.locator("#view > *").first).to_be_visible()
    assert httpx2.get(f"{served.url}/nowhere/at/all").status_code == 404
