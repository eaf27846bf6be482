"""``jiedui show --fairness``: the price of fairness on a screen, as JSON, and as a picture."""

from __future__ import annotations

import polars as pl

from api.cli.main import Everywhere
from api.cli.progress import Progress
from api.cli.screen import print_json, print_line, print_table
from graph.language import Text
from planner.plan import Plan


def show_fairness(plan: Plan, svg: str | None, as_json: bool) -> None:
    """Work the curve out, print it, and draw it where a file is named."""
    from planner.fairness import price_of_fairness

    with Progress(Everywhere.quiet) as progress:
        curve = price_of_fairness(plan, progress)
    if as_json:
        print_json({"fairness": curve.to_dicts()})
    else:
        print_curve(curve)
    if svg:
        from api.fairness_picture import write_picture

        write_picture(plan, curve, svg)
        if not as_json:
            print_line(Text(f"已写入 {svg}", f"written: {svg}"))


def print_curve(curve: pl.DataFrame) -> None:
    """A row per floor, from the weighted optimum up; then the two fair plans."""
    from api.fairness_picture import ACROSS, KINDS, TITLE

    rows = [
        (
            str(KINDS.get(r["kind"], Text(f"下限 {r['floor'] or 0:.2%}", f"floor {r['floor'] or 0:.2%}"))),
            f"{r['least']:.2%}", f"{r['points']:,.0f}", f"{r['lost']:,.0f}", f"{r['lost_share']:.4%}",
        )
        for r in curve.to_dicts()
    ]  # fmt: skip
    columns = (
        "",
        ACROSS,
        Text("加权满足的需求", "weighted need met"),
        Text("少了（分）", "lost (points)"),
        "",
    )
    print_table(f"\n{TITLE}", columns, rows)
