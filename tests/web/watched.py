"""What pages saw that nobody should see: errors of the console, failed requests, requests to another host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Request, Response

GIVEN_UP = "net::ERR_ABORTED"
"""The page itself no longer wanted the answer, or it became a download: no failure."""


@dataclass
class Watched:
    """Pages of a test."""

    pages: list[Page] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    expected: list[re.Pattern[str]] = field(default_factory=list)

    def watch(self, page: Page, url: str) -> None:
        """Look at a page from here on.

        Parameters
        ----------
        page : Page
        url : str
            Of its service: whatever is asked elsewhere is a fault.
        """
        own = urlsplit(url).netloc
        self.pages.append(page)
        page.on("console", self._said)
        page.on("pageerror", self._thrown)
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        page.on("request", lambda request: self._asked(request, own))

    def expect(self, pattern: str) -> None:
        """Faults of this form are meant to come in this test: of a service that is killed, of a request that is refused."""
        self.expected.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        """Faults that nobody expected."""
        for page in self.pages:
            if not page.is_closed():
                page.evaluate("() => 1")  # what was told meanwhile is heard now
        return [fault for fault in self.faults if not any(form.search(fault) for form in self.expected)]

    def demand_nothing(self) -> None:
        """Fail where there were any.

        Raises
        ------
        AssertionError
            With all of them.
        """
        found = self.unexpected()
        assert not found, "the page saw what it should not:\n" + "\n".join(found)

    def pictures(self, folder: Path) -> Iterator[Path]:
        """A picture of each page as it is now."""
        for number, page in enumerate(self.pages, 1):
            file = folder / f"page-{number}.png"
            try:
                page.screenshot(path=file, timeout=5000)
            except Error:  # it was closed, or hangs
                continue
            yield file

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "assert"):
            self.faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _thrown(self, error: Error) -> None:
        self.faults.append(f"thrown: {error.message}\n{error.stack or ''}")

    def _failed(self, request: Request) -> None:
        if request.failure != GIVEN_UP:
            self.faults.append(f"failed: {request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"refused: {response.request.method} {response.url}: {response.status}")

    def _asked(self, request: Request, own: str) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != own:
            self.faults.append(f"elsewhere: {request.method} {request.url}")
