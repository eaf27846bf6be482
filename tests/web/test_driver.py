"""Playwright's driver beside the tests of other rooms, which run event loops of their own in the same process."""

from __future__ import annotations

import asyncio

from playwright.sync_api import sync_playwright


def test_no_event_loop_is_left_behind() -> None:
    """That is why ``playwright`` is a fixture of a module, not of the session: ``asyncio.run`` refuses where a loop runs."""
    with sync_playwright() as found:
        assert found.chromium.name == "chromium"
    assert asyncio.run(asyncio.sleep(0, "done")) == "done"
