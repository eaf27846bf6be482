"""An explanation for others to read: text for a letter, or a page to print."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.prices import signed
from graph.language import Text
from planner.otherwise import Otherwise
from planner.plan import Plan
from planner.reason import Explanation
from planner.term_words import TERMS

if TYPE_CHECKING:
    from planner.budget_price import BudgetPrice


def write_letter(
    plan: Plan,
    found: Sequence[Explanation],
    priced: tuple[Sequence[BudgetPrice], Sequence[Otherwise]],
    form: str,
    out: str | None,
) -> None:
    """The answer as text for a letter, or as a page to print, on the screen or in a file."""
    from api.letter import letter_text

    budgets, others = priced
    write_text(
        plan, letter_text(plan, found, [budget_words(b) for b in budgets], others, TERMS), found, form, out
    )


def write_text(plan: Plan, text: str, found: Sequence[Explanation], form: str, out: str | None) -> None:
    """A text as it is, or as a page with a picture of what is explained, on the screen or in a file."""
    from api.letter import letter_page
    from graph.tables.write import disk_told, write_atomically

    written = letter_page(plan, text, found) if form == "html" else text
    if out is None:
        click.echo(written, nl=False)
        return
    target = Path(out)
    with disk_told(target):
        write_atomically(target, lambda temporary: temporary.write_text(written, encoding="utf-8"))


def budget_words(price: BudgetPrice) -> tuple[Text, Text]:
    """A budget, and what less and more of it would change, in words."""
    less = _side_words(price.less, price.less_forbidden)
    more = _side_words(price.more, price.more_forbidden)
    return Text(f"{price.year} 年预算", f"budget of {price.year}"), Text(
        f"：少 {price.less_yuan:,} 元 {less.zh}，多 {price.more_yuan:,} 元 {more.zh}",
        f": {price.less_yuan:,} yuan less {less.en}, {price.more_yuan:,} yuan more {more.en}",
    )


def _side_words(change: float | None, forbidden: Sequence[Text]) -> Text:
    """What one side changes, or why there would be no plan."""
    if change is not None:
        return Text(f"{signed(change)} 分", f"{signed(change)} points")
    if not forbidden:
        return Text("没有得到方案", "no plan was found")
    zh, en = "；".join(f.zh for f in forbidden), "; ".join(f.en for f in forbidden)
    return Text(f"没有方案（{zh}）", f"no plan is left ({en})")
