"""axe-core on a page as it is now: WCAG 2.2 AA and axe's best practices."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).parents[2] / "api" / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AT_REST = """() => Promise.all(document.getAnimations()
    .filter((found) => found.effect.getComputedTiming().endTime < 10000).map((found) => found.finished.catch(() => {})))"""
"""Until whatever moves for a while has come to its end: halfway between two colours neither is there."""


@cache
def _source() -> str:
    assert SOURCE.is_file(), f"no axe-core at {SOURCE}: run make web"
    return SOURCE.read_text(encoding="utf-8")


def demand_accessible(page: Page, within: str = "html") -> None:
    """Fail where axe finds something.

    Parameters
    ----------
    page : Page
    within : str
        A selector; what is outside is not looked at.

    Raises
    ------
    AssertionError
        With each rule that is broken, where, and what to do.
    """
    page.evaluate(AT_REST)
    page.evaluate(_source())
    found = page.evaluate("([within, values]) => axe.run(within, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] })", [within, RULES])  # fmt: skip
    told = [line for violation in found["violations"] for line in _lines(violation)]
    assert not told, f"axe, {page.url}:\n" + "\n".join(told)


def _lines(violation: dict[str, Any]) -> list[str]:
    """A rule that is broken, and each place."""
    head = f"{violation['id']} ({violation['impact']}): {violation['help']}"
    return [head, *(f"  {node['target']}: {node['failureSummary']}" for node in violation["nodes"])]
