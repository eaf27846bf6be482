"""A front of two aims as a picture: an SVG drawn by us, in the language in force."""

from __future__ import annotations

import itertools
from pathlib import Path

from api.svg import key_of, round_ticks, svg_text
from graph.language import Text
from planner.pareto.study import ENDED, Study
from planner.whole import write_whole

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 104, 24, 64, 66
PLOT = TOP + 14
"""Below the legend."""
LINE, END = "#0072B2", "#D55E00"
TICKS = 7
ALONE = Text("某一目标单独最好", "one aim alone at its best")
BETWEEN = Text("权衡：任一目标更好，另一目标就更差", "a trade-off: better in one is worse in the other")


def write_picture(study: Study, path: Path | str) -> Path:
    """Write the picture of a front of two aims; the file appears whole or not at all.

    Raises
    ------
    OutsideError
        When the file cannot be written.
    """
    target = Path(path)
    write_whole(target, picture(study).encode())
    return target


def picture(study: Study) -> str:
    """The SVG: points, and the line beyond which no plan lies; the ends of the aims in another colour."""
    told = [study.told(n) for n in range(len(study.front.points))]
    x = _Scale([t[0] for t in told], LEFT, WIDTH - RIGHT)
    y = _Scale([t[1] for t in told], HEIGHT - BOTTOM, PLOT)
    at = [(x.at(a), y.at(b)) for a, b in told]
    steps = [f"{a},{b}" for a, b in at]
    if not study.front.edges:
        steps = [steps[0]]
        for (_, before), (a, b) in itertools.pairwise(at):
            steps += [f"{a},{before}", f"{a},{b}"]
    title = study.scenario.title
    head = Text(
        f"{title.zh}：{len(at)} 个不被支配的点", f"{title.en}: {len(at)} points that no plan dominates"
    )
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        svg_text(LEFT, 26, head, size=17), svg_text(LEFT, 46, ENDED[study.front.status], fill="#555", size=12),
        *key_of(LEFT, TOP + 2, END, ALONE), *key_of(LEFT + 190, TOP + 2, LINE, BETWEEN),
        *_across(x), *_up(y),
        f'<polyline fill="none" stroke="{LINE}" stroke-width="1.5" points="{" ".join(steps)}"/>',
        *(_dot(a, b, END if point.end_of else LINE) for (a, b), point in zip(at, study.front.points, strict=True)),
        svg_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 18, _axis(study, 0), anchor="middle"),
        f'<g transform="rotate(-90 20 {(TOP + HEIGHT - BOTTOM) / 2})">'
        + svg_text(20, (TOP + HEIGHT - BOTTOM) / 2, _axis(study, 1), anchor="middle") + "</g>",
        svg_text(WIDTH - RIGHT, HEIGHT - 4, study.id, anchor="end", fill="#555", size=11),
        "</svg>",
    ]) + "\n"  # fmt: skip


class _Scale:
    """Figures to places on the drawing, with a little room on both sides."""

    def __init__(self, values: list[float | int], begin: float, end: float) -> None:
        gap = max((max(values) - min(values)) * 0.06, 0.5)
        self.low, self.high, self.begin, self.end = min(values) - gap, max(values) + gap, begin, end

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.begin + share * (self.end - self.begin), 1)

    def ticks(self) -> list[tuple[float, str]]:
        return [(self.at(v), told) for v, told in round_ticks(self.low, self.high, TICKS)]


def _across(x: _Scale) -> list[str]:
    return [
        part
        for place, told in x.ticks()
        for part in (
            f'<line x1="{place}" y1="{PLOT}" x2="{place}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>',
            svg_text(place, HEIGHT - BOTTOM + 20, told, anchor="middle", fill="#333"),
        )
    ]


def _up(y: _Scale) -> list[str]:
    return [
        part
        for place, told in y.ticks()
        for part in (
            f'<line x1="{LEFT}" y1="{place}" x2="{WIDTH - RIGHT}" y2="{place}" stroke="#ddd"/>',
            svg_text(LEFT - 8, place + 4, told, anchor="end", fill="#333"),
        )
    ]


def _axis(study: Study, i: int) -> Text:
    aim, unit = study.aims[i], study.aims[i].kind.unit
    return Text(f"{aim.title.zh}（{unit.zh}）", f"{aim.title.en} ({unit.en})")


def _dot(a: float, b: float, fill: str) -> str:
    return f'<circle cx="{a}" cy="{b}" r="4" fill="{fill}"/>'
