"""Three ways of looking ahead as a picture: an SVG drawn by us, in the language in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

import polars as pl

from graph.language import Text
from graph.tables.write import disk_told, write_atomically
from planner.roll.figures import TITLES as FIGURES
from planner.roll.horizon import TITLES
from planner.roll.run import Roll

WIDTH, HEIGHT = 920, 420
TOP, BOTTOM, LEFT, PANEL, GAP = 96, 52, 72, 380, 74
COLOURS = {"myopic": "#E69F00", "rolling": "#0072B2", "full": "#009E73"}
"""Told apart by colour-blind readers, too; each line also has a mark of its own."""
PAST, MOST_TICKS = "#999999", 4
TITLE = Text("逐年推演：三种眼界", "Year after year: three horizons")
FIRST = ("persons_reduced", "need_met")
"""What the left panel shows: the first of these that is known. The right one shows the counties, or the money."""
SECOND = ("counties_left", "yuan_spent")
Line = tuple[str, list[tuple[int, float]]]


def write_picture(roll: Roll, path: Path | str) -> Path:
    """Write the picture; the file appears whole or not at all.

    Raises
    ------
    OutsideError
        When the file cannot be written.
    """
    target, text = Path(path), picture(roll)
    with disk_told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    return target


def picture(roll: Roll) -> str:
    """The SVG: two panels with a line for each horizon; grey: the years before, and what each year is held against."""
    title = roll.head["title"]
    below = Text(f"{title['zh']} · {roll.id} · 结果：{roll.head['outcome']}，种子 {roll.head['seed']}",
                 f"{title['en']} · {roll.id} · outcome: {roll.head['outcome']}, seed {roll.head['seed']}")  # fmt: skip
    marks = Text(
        "推演的数为合成 synthetic，机会为假定 assumed", "played figures: synthetic; chances: assumed"
    )
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        _text(LEFT, 26, TITLE, size=17),
        _text(WIDTH - 20, 26, marks, anchor="end", fill="#555", size=12),
        _text(LEFT, 46, below, fill="#555", size=12),
        *_legend(roll),
    ]
    for number, figures in enumerate((FIRST, SECOND)):
        key = next((f for f in figures if roll.years[f].null_count() < roll.years.height), None)
        if key is not None:
            body += _panel(roll, key, LEFT + number * (PANEL + GAP))
    return "\n".join([*body, "</svg>"]) + "\n"


def _legend(roll: Roll) -> list[str]:
    found, x = [], float(LEFT)
    for horizon in roll.head["horizons"]:
        found += [_mark(horizon, x + 6, 66), _text(x + 18, 70, TITLES[horizon], fill=COLOURS[horizon])]
        x += 130
    return found


def _panel(roll: Roll, key: str, left: float) -> list[str]:
    """One panel: its title, axes, grey past, and the lines."""
    lines: list[Line] = [
        (h, [(int(y), float(v)) for y, v in _of(roll, h).select("year", key).iter_rows() if v is not None])
        for h in roll.head["horizons"]
    ]
    past = (
        [(int(h["year"]), float(h["persons"])) for h in roll.head["history"]]
        if key == "persons_reduced"
        else []
    )
    reference = roll.head["reference"] if key == "persons_reduced" else None
    held = float(reference["persons"]) if reference else None
    years = sorted({y for _, points in [("", past), *lines] for y, _ in points})
    high = max([v for _, points in [("", past), *lines] for _, v in points] + [held or 0.0, 1e-9]) * 1.08
    low_y, high_y = HEIGHT - BOTTOM, TOP

    def x(year: int) -> float:
        return round(left + (year - years[0] + 0.5) / len(range(years[0], years[-1] + 1)) * PANEL, 1)

    def y(value: float) -> float:
        return round(low_y - value / high * (low_y - high_y), 1)

    found = [_text(left, TOP - 10, FIGURES[key], fill="#333"), *_axes(key, years, high, left, x, y)]
    found += [
        f'<rect x="{x(a) - 12}" y="{y(v)}" width="24" height="{round(low_y - y(v), 1)}" fill="{PAST}" opacity="0.55"/>'
        for a, v in past
    ]
    if held is not None:
        found.append(
            f'<line x1="{left}" y1="{y(held)}" x2="{left + PANEL}" y2="{y(held)}" stroke="#555" stroke-dasharray="5 4"/>'
        )
        told = Text(f"对照 {_short(key, held)}", f"reference {_short(key, held)}")
        found.append(_text(left + PANEL, y(held) - 5, told, anchor="end", fill="#555", size=12))
    for horizon, points in lines:
        drawn = " ".join(f"{x(a)},{y(v)}" for a, v in points)
        found.append(f'<polyline fill="none" stroke="{COLOURS[horizon]}" stroke-width="2" points="{drawn}"/>')
        found += [_mark(horizon, x(a), y(v)) for a, v in points]
    return found


def _of(roll: Roll, horizon: str) -> pl.DataFrame:
    return roll.years.filter(pl.col("horizon") == horizon)


def _axes(
    key: str,
    years: Sequence[int],
    high: float,
    left: float,
    x: Callable[[int], float],
    y: Callable[[float], float],
) -> list[str]:
    found = []
    for i in range(MOST_TICKS + 1):
        value = high / 1.08 * i / MOST_TICKS
        found += [
            f'<line x1="{left}" y1="{y(value)}" x2="{left + PANEL}" y2="{y(value)}" stroke="#ddd"/>',
            _text(left - 6, y(value) + 4, _short(key, value), anchor="end", fill="#333", size=12),
        ]
    step = -(-len(years) // 10)
    return found + [
        _text(x(a), HEIGHT - BOTTOM + 20, str(a), anchor="middle", fill="#333", size=12)
        for a in years[::step]
    ]


def _short(key: str, value: float) -> str:
    """A figure on an axis: 万 or thousands of persons, 亿元 or million yuan."""
    if key == "need_met":
        return f"{value:.0%}"
    if key.startswith("persons"):
        return (
            str(Text(f"{value / 1e4:,.0f} 万", f"{value / 1e3:,.0f}k")) if value >= 1e5 else f"{value:,.0f}"
        )
    if key.startswith("yuan"):
        return (
            str(Text(f"{value / 1e8:,.0f} 亿", f"{value / 1e6:,.0f}m")) if value >= 1e8 else f"{value:,.0f}"
        )
    return f"{value:,.0f}"


def _mark(horizon: str, x: float, y: float) -> str:
    """A circle, a square or a triangle."""
    fill = f'fill="{COLOURS[horizon]}"'
    if horizon == "myopic":
        return f'<circle cx="{x}" cy="{y}" r="5" {fill}/>'
    if horizon == "rolling":
        return f'<rect x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9" {fill}/>'
    return f'<path d="M{x:.1f} {y - 6:.1f} l6 10 h-12 z" {fill}/>'


def _text(
    x: float, y: float, text: Text | str, anchor: str = "start", fill: str = "#111", size: int = 13
) -> str:
    words = escape(str(text))
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{fill}" font-size="{size}">{words}</text>'
