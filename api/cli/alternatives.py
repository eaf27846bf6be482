"""``jiedui alternatives``: plans nearly as good that differ in most decisions, and who differs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

import click
import cloup

from api.cli.main import Everywhere
from api.cli.progress import Progress
from api.cli.screen import print_json, print_line, print_table
from graph.errors import UsageError
from graph.language import Text
from planner.alternatives import Alternatives
from planner.plan import Plan

SHOWN = 12


@cloup.command(
    "alternatives",
    help=str(
        Text(
            "同样好（或差不多好）而尽量不同的方案：谁不同，各多少代价",
            "plans nearly as good that differ as much as can be: who differs, and what each costs",
        )
    ),
)
@cloup.argument("plan")
@cloup.option("--stage", required=True, metavar="STAGE",
              help=str(Text("哪个阶段（区域结对、定点帮扶或退出计划）", "which stage: pairing, designation or exit")))  # fmt: skip
@cloup.option("--n", "most", type=click.IntRange(1, 20), default=3, show_default=True,
              help=str(Text("最多几个", "how many at most")))  # fmt: skip
@cloup.option("--within", default="1%", show_default=True, metavar="SHARE",
              help=str(Text("目标至多差多少，如 1% 或 0.01", "how much worse the objective may be, such as 1% or 0.01")))  # fmt: skip
@cloup.option("--workers", type=click.IntRange(1, 256), default=None,
              help=str(Text("子进程数（缺省：核数）", "child processes (default: cores)")))  # fmt: skip
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(*, plan: str, stage: str, most: int, within: str, workers: int | None, as_json: bool) -> None:
    """Find them, and print them or who differs."""
    from planner.alternatives import find_alternatives
    from planner.plan import read_plan
    from planner.workplace import workplace

    share, given = read_share(within), read_plan(plan)
    with Progress(Everywhere.quiet) as progress, workplace(workers or os.cpu_count()) as pool:
        found = find_alternatives(given, stage, pool, most=most, within=share, tell=progress)
    if as_json:
        print_json(found.to_dict())
        return
    print_alternatives(given, found, within)


DIGITS_MOST = 15
"""A share has fewer digits before and behind its point."""


def read_share(text: str) -> Fraction:
    """``1%`` or ``0.01``.

    Raises
    ------
    UsageError
        When it is neither, or negative.
    """
    digits = text.strip()
    try:
        typed = Decimal(digits.removesuffix("%"))
        near = (
            typed.is_finite() and abs(typed.adjusted()) < DIGITS_MOST
        )  # a huge exponent would take for ever
        value = Fraction(typed) / (100 if digits.endswith("%") else 1) if near or not typed else Fraction(-1)
    except (InvalidOperation, ValueError, OverflowError):
        value = Fraction(-1)
    if value < 0:
        raise UsageError(
            f"--within {text}：应为 1% 或 0.01 这样的数", f"--within {text}: must be such as 1% or 0.01"
        )
    return value


def print_alternatives(plan: Plan, found: Alternatives, within: str) -> None:
    """A row for each, then who differs."""
    best = found.objective / found.scale
    rows = [
        (
            str(number), f"{a.objective / found.scale:,.3f}", f"{a.objective / found.scale - best:+,.3f}",
            f"{a.from_plan}", f"{a.least}" + ("" if a.most == a.least else f" (≤ {a.most})"),
        )
        for number, a in enumerate(found.found, 1)
    ]  # fmt: skip
    title = Text(f"{found.title.zh}：与方案 {found.plan}（{best:,.3f}）相差至多 {within} 的其他方案",
                 f"{found.title.en}: other plans within {within} of plan {found.plan} ({best:,.3f})")  # fmt: skip
    columns = (
        "",
        Text("目标", "objective"),
        Text("比方案", "against the plan"),
        Text("与方案不同", "differs from the plan"),
        Text("与最近者不同", "from the nearest"),
    )
    print_table(f"\n{title}", columns, rows)
    if found.complete:
        print_line(
            Text("没有更多：此范围内再没有别的方案", "there are no more: within this there is no other plan")
        )
    for number, one in enumerate(found.found, 1):
        print_line(Text(f"\n第 {number} 个", f"\nNumber {number}"))
        for sign, choices in (("−", one.gone), ("+", one.new)):
            print_line(f"  {sign} {_listed(plan, choices)}")


def _listed(plan: Plan, choices: Sequence[tuple[str, str]]) -> str:
    label = plan.network.label
    shown = [f"{label(a)} → {label(b)}" for a, b in choices[:SHOWN]]
    rest = len(choices) - SHOWN
    return str(Text("、", ", ")).join(shown) + (f" …(+{rest})" if rest > 0 else "")
