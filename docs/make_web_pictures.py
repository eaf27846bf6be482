"""Write docs/pictures/web: each page of the web view as Debian's Chromium shows it, zh and en, light and dark.

``python docs/make_web_pictures.py`` after ``make web``, with the packages of the tests. Look at the pictures before they are committed.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.service.running import Running

TARGET = Path(__file__).parent / "pictures" / "web"
PAGES = {
    "overview": "/",
    "chosen": "/?sel=530000&measure=poor_population",
    "network": "/network",
    "around": "/network?look=ego&of=533300",
    "cards": "/cards/533323",
    "cadres": "/cadres",
    "scenario": "/scenarios/china-2016?tab=levers",
}
SIZE = {"width": 1280, "height": 720}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
COLOURS = 192
"""Of a picture's palette: letters and areas need no more, and the files stay small."""


def main() -> None:
    """Start a service on the shipped example, draw all."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        Running(Path(folder) / "data", on="china-2016") as service,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for language in LOCALES:
            for theme in ("light", "dark"):
                draw(browser, service.url, language, theme)
        wall(browser, service.url)
        browser.close()


def draw(browser: Browser, url: str, language: str, theme: str) -> None:
    """Every page in one language and theme."""
    page = opened(browser, url, language, theme, SIZE)
    for name, address in PAGES.items():
        keep(page, address, f"{name}-{language}-{theme}")
    page.context.close()


def wall(browser: Browser, url: str) -> None:
    """The overview as it hangs on a wall."""
    page = opened(browser, url, "zh", "dark", {"width": 1920, "height": 1080})
    keep(page, "/?wall=1", "wall-zh-dark")
    page.context.close()


def opened(browser: Browser, url: str, language: str, theme: str, size: dict[str, int]) -> Page:
    """A page of somebody who has chosen both."""
    context = browser.new_context(base_url=url, viewport=size, locale=LOCALES[language])  # type: ignore[arg-type]
    chosen = {"jiedui.language": language, "jiedui.theme": theme}
    context.add_init_script("".join(f"localStorage.setItem('{k}', '{v}');" for k, v in chosen.items()))
    return context.new_page()


def keep(page: Page, address: str, name: str) -> None:
    """One picture, when nothing is on its way any more."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)
    image = (
        Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    )
    image.save(TARGET / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
