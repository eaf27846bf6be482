"""The price of fairness as a picture: an SVG drawn by us, in the language in force."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from api.svg import svg_text
from graph.language import Text
from graph.schema import ENUMS, TABLES
from planner.plan import Plan
from planner.whole import write_whole

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 84, 24, 64, 66
LINE, MARK = "#0072B2", "#D55E00"
KINDS = {
    "weighted": Text("加权", "weighted"),
    "proportional": Text("比例公平", "proportional"),
    "leximin": Text("逐轮抬升", "leximin"),
}
TITLE = Text("公平的价格", "The price of fairness")
ACROSS = Text("满足率最低的县·年", "met share of the worst-off county in a year")
UP = Text("加权满足的需求少了", "weighted need met that is lost")


def write_picture(plan: Plan, curve: pl.DataFrame, path: Path | str) -> Path:
    """Write the picture; the file appears whole or not at all.

    Raises
    ------
    OutsideError
        When the file cannot be written.
    """
    target = Path(path)
    write_whole(target, picture(plan, curve).encode())
    return target


def picture(plan: Plan, curve: pl.DataFrame) -> str:
    """The SVG: the weighted optimum and the floors above it as a line, the two fair plans as squares beside it."""
    rows = curve.to_dicts()
    wide = _span(r["least"] for r in rows)
    high: tuple[float, float] = (0.0, max(1e-6, *(r["lost_share"] for r in rows)) * 1.15)

    def x(share: float) -> float:
        return round(float(LEFT) + (share - wide[0]) / (wide[1] - wide[0]) * (WIDTH - LEFT - RIGHT), 1)

    def y(lost: float) -> float:
        return round(HEIGHT - BOTTOM - (lost - high[0]) / (high[1] - high[0]) * (HEIGHT - TOP - BOTTOM), 1)

    line = [(x(r["least"]), y(r["lost_share"])) for r in rows if r["kind"] in ("weighted", "floor")]
    marks = [(r, x(r["least"]), y(r["lost_share"])) for r in rows if r["kind"] in KINDS]
    title = plan.head["title"]
    below = Text(f"{title['zh']} · {plan.id} · 基准日 {plan.head['inputs']['date']}",
                 f"{title['en']} · {plan.id} · as of {plan.head['inputs']['date']}")  # fmt: skip
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        svg_text(LEFT, 26, TITLE, size=17), svg_text(WIDTH - RIGHT, 26, _marks(plan), anchor="end", fill="#555", size=12), svg_text(LEFT, 46, below, fill="#555", size=12),
        *_axes(wide, high, x, y),
        f'<polyline fill="none" stroke="{LINE}" stroke-width="2" points="{" ".join(f"{a},{b}" for a, b in line)}"/>',
        *(f'<circle cx="{a}" cy="{b}" r="4" fill="{LINE}"/>' for a, b in line),
        *(_mark(r, a, b) for r, a, b in marks),
        svg_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 18, ACROSS, anchor="middle"),
        f'<g transform="rotate(-90 20 {(TOP + HEIGHT - BOTTOM) / 2})">'
        + svg_text(20, (TOP + HEIGHT - BOTTOM) / 2, UP, anchor="middle") + "</g>",
        "</svg>",
    ]  # fmt: skip
    return "\n".join(body) + "\n"


def _marks(plan: Plan) -> str:
    """Which of the figures behind the picture are not from a source."""
    listed = []
    for table in ("needs", "fund_budgets"):
        marks = str(Text("、", ", ")).join(str(ENUMS["mark"][m]) for m in plan.head["marks"].get(table, {}))
        if marks:
            listed.append(f"{TABLES[table].title}{Text('：', ': ')}{marks}")
    return str(Text("；", "; ")).join(listed)


def _span(values: Iterable[float]) -> tuple[float, float]:
    """The values with a little room on both sides."""
    listed = list(values)
    low, high = min(listed), max(listed)
    gap = max((high - low) * 0.08, 0.005)
    return max(low - gap, 0.0), high + gap


def _axes(wide: tuple[float, float], high: tuple[float, float], x: Any, y: Any) -> list[str]:
    """Lines and figures of both axes, five each."""
    found = []
    for i in range(6):
        share = wide[0] + (wide[1] - wide[0]) * i / 5
        lost = high[0] + (high[1] - high[0]) * i / 5
        found += [
            f'<line x1="{x(share)}" y1="{TOP}" x2="{x(share)}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>',
            f'<line x1="{LEFT}" y1="{y(lost)}" x2="{WIDTH - RIGHT}" y2="{y(lost)}" stroke="#ddd"/>',
            svg_text(x(share), HEIGHT - BOTTOM + 20, f"{share:.1%}", anchor="middle", fill="#333"),
            svg_text(LEFT - 8, y(lost) + 4, f"{lost:.2%}", anchor="end", fill="#333"),
        ]
    return found


def _mark(row: dict[str, Any], a: float, b: float) -> str:
    """A plan by the name of its fairness; squares beside the line."""
    label = f"{KINDS[row['kind']]} {row['least']:.1%}"
    beside = row["kind"] == "weighted"
    square = "" if beside else f'<rect x="{a - 5:.1f}" y="{b - 5:.1f}" width="10" height="10" fill="{MARK}"/>'
    down = {"weighted": -12, "proportional": 22, "leximin": -12}[row["kind"]]
    return square + svg_text(
        a, b + down, label, anchor="start" if beside else "end", fill=LINE if beside else "#A84300"
    )
