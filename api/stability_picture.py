"""The price of stability as a picture: an SVG drawn by us, in the language in force."""

from __future__ import annotations

from pathlib import Path

from api.svg import key_of, round_ticks, svg_text
from graph.language import Text
from planner.stability_steps import Curve, Step
from planner.whole import write_whole

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 112, 24, 80, 66
LINE, OPEN, SHUT = "#0072B2", "#D55E00", "#e4e4e4"
BAND = "#F4CFB2"
"""What the colour of an open band comes to on white."""
TITLE = Text("稳定的价格", "The price of stability")
ACROSS = Text("与已公布方案相比至多变动几项", "changes against the published plan at most")
UP = Text("目标（分）", "objective (points)")
RANKS = Text("目标（各级合成一个数）", "objective (its ranks as one number)")
BEST = Text("最好的方案", "the best plan")
FOUND = Text("找到的方案", "the plan found")
GAP = Text("真值所在（未证明）", "where the best may lie (not proved)")
NONE = Text("没有可行方案", "no plan")


def write_picture(curve: Curve, path: Path | str) -> Path:
    """Write the picture; the file appears whole or not at all.

    Raises
    ------
    OutsideError
        When the file cannot be written.
    """
    target = Path(path)
    write_whole(target, picture(curve).encode())
    return target


def picture(curve: Curve) -> str:
    """The SVG: a step for each stretch of limits; where it is not proved, a light band from the bound to the plan found."""
    drawn = _Drawn(curve)
    below = Text(
        f"{curve.title.zh} · 已公布方案 {curve.plan}", f"{curve.title.en} · published plan {curve.plan}"
    )
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        svg_text(LEFT, 26, TITLE, size=17), svg_text(LEFT, 46, below, fill="#555", size=12),
        *drawn.axes(),
        *(part for step in curve.steps for part in drawn.step(step)),
        svg_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 18, ACROSS, anchor="middle"),
        f'<g transform="rotate(-90 18 {(TOP + HEIGHT - BOTTOM) / 2})">'
        + svg_text(18, (TOP + HEIGHT - BOTTOM) / 2, drawn.up, anchor="middle") + "</g>",
    ]  # fmt: skip
    return "\n".join([*body, *_legend(curve), "</svg>"]) + "\n"


def _legend(curve: Curve) -> list[str]:
    """What line, band and grey mean, as far as they are there."""
    proved = all(s.proved or s.objective is None for s in curve.steps)
    entries = [(LINE, BEST if proved else FOUND)]
    entries += [] if proved else [(BAND, GAP)]
    entries += [(SHUT, NONE)] if any(s.objective is None for s in curve.steps) else []
    return [
        part
        for n, (fill, told) in enumerate(entries)
        for part in key_of(LEFT + (0, 130, 400)[n], 68, fill, told)
    ]


def _rank_that_tells(curve: Curve) -> int | None:
    """The one rank in which plans or bounds differ, the last where none does; ``None`` without ranks, or where several do."""
    rows = [[v for _, v in s.parts] for s in curve.steps if s.ranked]
    if not rows:
        return None
    rows += [list(s.bound_parts) for s in curve.steps if s.ranked and s.bound_parts]
    differ = [k for k, column in enumerate(zip(*rows, strict=True)) if len(set(column)) > 1]
    return len(rows[0]) - 1 if not differ else differ[0] if len(differ) == 1 else None


class _Drawn:
    """Where limits and objectives stand on the drawing."""

    def __init__(self, curve: Curve) -> None:
        self.curve, self.last, self.rank = curve, curve.steps[-1].most, _rank_that_tells(curve)
        both = [self.values(s) for s in curve.steps if s.objective is not None]
        values = [v for pair in both for v in pair if v is not None]
        low, high = min(values, default=0.0), max(values, default=1.0)
        room = (high - low) * 0.1 or 1.0
        self.low, self.high = low - room, high + room

    @property
    def up(self) -> Text:
        """What is drawn upwards."""
        ranked = [s for s in self.curve.steps if s.ranked]
        return UP if not ranked else RANKS if self.rank is None else ranked[0].parts[self.rank][0]

    def values(self, step: Step) -> tuple[float | None, float | None]:
        """Objective and bound as they are drawn: in one rank, where the others are the same all along."""
        if self.rank is None or step.objective is None:
            return self.curve.points(step.objective), self.curve.points(step.bound)
        return step.parts[self.rank][1], step.bound_parts[self.rank] if step.bound_parts else None

    def x(self, limit: float) -> float:
        """A limit, each as wide as one change."""
        return round(LEFT + limit / (self.last + 1) * (WIDTH - LEFT - RIGHT), 1)

    def y(self, points: float) -> float:
        """An objective."""
        return round(
            HEIGHT - BOTTOM - (points - self.low) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM), 1
        )

    def axes(self) -> list[str]:
        """Lines and figures of both axes."""
        found = []
        for points, told in round_ticks(self.low, self.high, 6):
            found.append(
                f'<line x1="{LEFT}" y1="{self.y(points)}" x2="{WIDTH - RIGHT}" y2="{self.y(points)}" stroke="#ddd"/>'
            )
            found.append(svg_text(LEFT - 8, self.y(points) + 4, told, anchor="end", fill="#333"))
        every = max(1, -(-(self.last + 1) // 10))
        low = HEIGHT - BOTTOM + 20
        found += [
            svg_text(self.x(limit + 0.5), low, str(limit), anchor="middle", fill="#333")
            for limit in range(0, self.last + 1, every)
        ]
        return found

    def step(self, step: Step) -> list[str]:
        """A stretch of limits."""
        left, right = self.x(step.least), self.x(step.most + 1)
        found, bound = self.values(step)
        if found is None:
            return [
                f'<rect x="{left}" y="{TOP}" width="{right - left:.1f}" height="{HEIGHT - TOP - BOTTOM}" fill="{SHUT}"/>'
            ]
        line = f'<line x1="{left}" y1="{self.y(found)}" x2="{right}" y2="{self.y(found)}" stroke="{LINE}" stroke-width="3"/>'
        if step.proved or bound is None:
            return [line]
        top, low = sorted((self.y(found), self.y(bound)))
        band = f'<rect x="{left}" y="{top}" width="{right - left:.1f}" height="{low - top:.1f}" fill="{OPEN}" fill-opacity="0.25"/>'
        return [band, line]
