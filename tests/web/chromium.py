"""Debian's Chromium: Playwright drives it and never fetches a browser of its own."""

from __future__ import annotations

import shutil
from functools import cache

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome-stable")


@cache
def chromium() -> str:
    """Where it is; the test fails where it is not."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(
            "no Chromium on PATH, which tests of the web view need: make test installs it, or apt-get install -y --no-install-recommends chromium fonts-noto-cjk",
            pytrace=False,
        )
    return found
