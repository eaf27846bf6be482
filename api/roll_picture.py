"""Three ways of looking ahead as a picture: an SVG drawn by us, in the language in force."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from api.money import axis_money
from api.svg import key_of, round_step, svg_text
from graph.language import Text
from graph.percent import percent
from planner.roll.figures import TITLES as FIGURES
from planner.roll.horizon import TITLES
from planner.roll.run import Roll
from planner.whole import write_whole

WIDTH, HEIGHT = 1080, 400
TOP, BOTTOM, LEFT, GAP, RIGHT = 104, 44, 70, 62, 20
COLOURS = {"myopic": "#E69F00", "rolling": "#0072B2", "full": "#009E73"}
"""Told apart by colour-blind readers, too; in each group they stand in this order."""
PAST, TICKS, MOST_PANELS = "#999999", 4, 3
LETTER, SMALL = 5.3, 9
"""Width of a digit above a bar, and its size; a figure stands there where it is not wider than the bar."""
TITLE = Text("逐年推演：三种眼界", "Year after year: three horizons")
BEFORE = Text("此前各年（已发生）", "the years before (as they were)")
SHOWN = ("persons_reduced", "counties_left", "need_met", "yuan_spent")
"""A panel for each of these that is known, at most three."""


def write_picture(roll: Roll, path: Path | str) -> Path:
    """Write the picture; the file appears whole or not at all.

    Raises
    ------
    OutsideError
        When the file cannot be written.
    """
    target = Path(path)
    write_whole(target, picture(roll).encode())
    return target


def picture(roll: Roll) -> str:
    """The SVG: panels with a bar for each year and horizon; grey: the years before, dashed: what each year is held against."""
    title = roll.head["title"]
    below = Text(f"{title['zh']} · {roll.id} · 结果：{roll.head['outcome']}，种子 {roll.head['seed']}",
                 f"{title['en']} · {roll.id} · outcome: {roll.head['outcome']}, seed {roll.head['seed']}")  # fmt: skip
    marks = Text(
        "推演的数为合成 synthetic，机会为假定 assumed", "played figures: synthetic; chances: assumed"
    )
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        svg_text(LEFT, 26, TITLE, size=17),
        svg_text(WIDTH - RIGHT, 26, marks, anchor="end", fill="#555", size=12),
        svg_text(LEFT, 46, below, fill="#555", size=12),
        *_legend(roll),
    ]
    known = [k for k in SHOWN if roll.years[k].null_count() < roll.years.height][:MOST_PANELS]
    panels = [_panel_of(roll, key) for key in known]
    slots = sum(len(p.years) for p in panels)
    left, room = float(LEFT), WIDTH - LEFT - RIGHT - GAP * (len(panels) - 1)
    for panel in panels:
        wide = room * len(panel.years) / slots
        body += _drawn(panel, left, wide)
        left += wide + GAP
    return "\n".join([*body, "</svg>"]) + "\n"


def _legend(roll: Roll) -> list[str]:
    found, x = [], float(LEFT)
    for horizon in roll.head["horizons"]:
        found.append(f'<rect x="{x}" y="60" width="12" height="12" fill="{COLOURS[horizon]}"/>')
        found.append(svg_text(x + 18, 71, TITLES[horizon]))
        x += 130
    return found + (key_of(x, 70, PAST, BEFORE) if roll.head["history"] else [])


@dataclass(frozen=True)
class _Panel:
    """What a panel shows: a figure, its years, by horizon year → value; the years before, and what each year is held against."""

    key: str
    years: list[int]
    bars: dict[str, dict[int, float]]
    past: dict[int, float]
    held: float | None

    @property
    def step(self) -> float:
        """From one line to the next: a round number, so that about four of them hold the largest value."""
        step = round_step(max(self._most, 1e-9), TICKS)
        return step if self.key == "need_met" else max(float(math.ceil(step)), 1.0)

    @property
    def _most(self) -> float:
        values = [v for bars in (*self.bars.values(), self.past) for v in bars.values()]
        return max([*values, self.held or 0.0])

    @property
    def lines(self) -> int:
        """Lines above the lowest: fewer where people or counties are few, as there is nothing between two of them."""
        return max(1, math.ceil(self._most / self.step - 1e-3))

    @property
    def high(self) -> float:
        """The value at the top line."""
        return self.step * self.lines


def _panel_of(roll: Roll, key: str) -> _Panel:
    bars = {
        h: {int(y): float(v) for y, v in _of(roll, h).select("year", key).drop_nulls().iter_rows()}
        for h in roll.head["horizons"]
    }
    persons = key == "persons_reduced"
    past = {int(h["year"]): float(h["persons"]) for h in roll.head["history"]} if persons else {}
    reference = roll.head["reference"] if persons else None
    held = float(reference["persons"]) if reference else None
    return _Panel(key, sorted({y for b in (*bars.values(), past) for y in b}), bars, past, held)


def _drawn(panel: _Panel, left: float, wide: float) -> list[str]:
    """One panel: its title, axes, bars."""
    low_y, slot = HEIGHT - BOTTOM, wide / len(panel.years)
    thick = slot * 0.84 / len(panel.bars)

    def x(year: int) -> float:
        return round(left + panel.years.index(year) * slot + slot * 0.08, 1)

    def y(value: float) -> float:
        return round(low_y - value / panel.high * (low_y - TOP), 1)

    def bar(at: float, value: float, width: float, colour: str) -> str:
        return f'<rect x="{at:.1f}" y="{y(value)}" width="{width:.1f}" height="{low_y - y(value):.1f}" fill="{colour}"/>'

    found = [svg_text(left, TOP - 14, FIGURES[panel.key], fill="#333"), *_axes(panel, left, wide, slot, y)]
    found += [bar(x(year), value, slot * 0.84, PAST) for year, value in panel.past.items()]
    for number, (horizon, bars) in enumerate(panel.bars.items()):
        for year, value in bars.items():
            at = x(year) + number * thick
            found.append(bar(at, value, thick - 1, COLOURS[horizon]))
            told = _short(panel.key, value)
            if len(told) * LETTER <= thick:
                found.append(
                    svg_text(round(at + thick / 2, 1), y(value) - 3, told, anchor="middle", size=SMALL)
                )
    if panel.held is not None:
        line = f'x1="{left:.1f}" y1="{y(panel.held)}" x2="{left + wide:.1f}" y2="{y(panel.held)}"'
        found.append(f'<line {line} stroke="#111" stroke-dasharray="5 4"/>')
        held = Text(f"对照 {_short(panel.key, panel.held)}", f"reference {_short(panel.key, panel.held)}")
        found.append(svg_text(round(left + wide, 1), y(panel.held) - 5, held, anchor="end", size=12))
    return found


def _of(roll: Roll, horizon: str) -> pl.DataFrame:
    return roll.years.filter(pl.col("horizon") == horizon)


def _axes(panel: _Panel, left: float, wide: float, slot: float, y: Callable[[float], float]) -> list[str]:
    """Lines with their figures, and the years; of many years every second or third is named."""
    found = []
    for i in range(panel.lines + 1):
        value = panel.step * i
        line = f'x1="{left:.1f}" y1="{y(value)}" x2="{left + wide:.1f}" y2="{y(value)}"'
        found.append(f'<line {line} stroke="#ddd"/>')
        found.append(
            svg_text(
                round(left - 6, 1), y(value) + 4, _short(panel.key, value), anchor="end", fill="#333", size=12
            )
        )
    step = max(1, round(34 / slot))
    for number, year in list(enumerate(panel.years))[::step]:
        middle = round(left + (number + 0.5) * slot, 1)
        found.append(svg_text(middle, HEIGHT - BOTTOM + 18, str(year), anchor="middle", fill="#333", size=12))
    return found


def _short(key: str, value: float) -> str:
    """A figure on an axis: 万 or thousands of persons, money in the unit that reads well."""
    if key == "need_met":
        return percent(value, 0)
    if key.startswith("persons"):
        return (
            str(Text(f"{value / 1e4:,.0f} 万", f"{value / 1e3:,.0f}k")) if value >= 1e5 else f"{value:,.0f}"
        )
    if key.startswith("yuan"):
        return axis_money(value)
    return f"{value:,.0f}"
