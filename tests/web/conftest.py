"""The web view as people use it: Debian's Chromium at a service that runs, with the files that ``make web`` built.

A test asks for ``page``, or opens as many as it needs by ``opening``; ``theme`` and ``language`` are parameters. A test that saw an error of
the console, a failed request or a request to another host fails, unless it said by ``watched.expect`` that this is to come.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from api.http.view.files import FOLDER, INDEX
from benchmarks.service.running import Running
from tests.web.chromium import chromium
from tests.web.watched import Watched

Opening = Callable[..., Page]
LAPTOP = {"width": 1280, "height": 720}
WORDS = {"zh": "zh-CN", "en": "en-GB"}
"""Language of the view → of the browser."""
SECONDS = 45.0
"""After which a test waits no longer for something on a page; machines that run several tests at once are slow."""
expect.set_options(timeout=SECONDS * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever needs a browser needs a package of the operating system."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.system)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """Fail a test for what its pages saw, and keep a picture of each where it failed."""
    watched: Watched | None = pyfuncitem.funcargs.get("watched")
    try:
        told = yield
        if watched is not None:
            watched.demand_nothing()
        return told
    except BaseException as error:
        if watched is not None:
            for picture in watched.pictures(pyfuncitem.funcargs["tmp_path"]):
                error.add_note(f"what it looked like: {picture}")
        raise


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver. Of one module: it has an event loop running as long as it is there, and other tests run theirs in this process."""
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, without a window; it draws in software everywhere alike."""
    opened = playwright.chromium.launch(executable_path=chromium(), args=["--font-render-hinting=none"])
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def built() -> None:
    """The view's files are there."""
    assert (FOLDER / INDEX).is_file(), f"no web view in {FOLDER}: run make web"


@pytest.fixture(scope="session")
def reading(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service with an empty data folder on the shipped example, for tests that leave it as it is."""
    with Running(
        tmp_path_factory.mktemp("web") / "data", on="china-2016", settings={"language": "zh"}
    ) as found:
        yield found


@pytest.fixture(scope="module")
def writing(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service on a workspace that holds the shipped example, for one module's tests that change something."""
    folder = tmp_path_factory.mktemp("web-writing")
    address = f"workspace:{folder / 'workspace'}#china-2016"
    load = [
        sys.executable,
        "-m",
        "jiedui",
        "graph",
        "load",
        "china-2016",
        "--on",
        address,
        "--by",
        "李",
        "-q",
    ]
    subprocess.run(load, check=True, capture_output=True)
    with Running(folder / "data", on=address, settings={"language": "zh"}) as found:
        yield found


@pytest.fixture
def theme() -> str:
    """``light`` or ``dark``; a test that wants another has it as a parameter."""
    return "light"


@pytest.fixture
def language() -> str:
    """``zh`` or ``en``; a test that wants another has it as a parameter."""
    return "zh"


@pytest.fixture
def served(reading: Running) -> Running:
    """The service that pages are opened at; a module of tests that change something has its own of this name: ``writing``."""
    return reading


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """What the test's pages saw."""
    return Watched()


@pytest.fixture
def opening(
    browser: Browser, served: Running, watched: Watched, theme: str, language: str
) -> Iterator[Opening]:
    """Opens a page as somebody with a browser of their own: ``opening(theme="dark", viewport={…})``, further options as Playwright has them."""
    contexts: list[BrowserContext] = []

    def opened(*, theme: str = theme, language: str = language, **options: Any) -> Page:
        given = {"base_url": served.url, "viewport": LAPTOP, "color_scheme": theme, "locale": WORDS[language]}
        context = browser.new_context(**{**given, **options})
        contexts.append(context)
        context.set_default_timeout(SECONDS * 1000)
        context.add_init_script(_chosen(theme, language))
        page = context.new_page()
        watched.watch(page, served.url)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(opening: Opening) -> Page:
    """A page of a laptop's size, at which nothing was opened yet: ``page.goto("/")``."""
    return opening()


def _chosen(theme: str, language: str) -> str:
    """As if somebody had chosen both before; whoever changes them on the page keeps what they chose."""
    return "".join(
        f"if (!localStorage.getItem('jiedui.{name}')) localStorage.setItem('jiedui.{name}', '{value}');"
        for name, value in (("theme", theme), ("language", language))
    )
