"""A front as a picture: an SVG drawn by us, in the language in force."""

from __future__ import annotations

import itertools
from pathlib import Path

from api.front_axes import Plot
from api.svg import key_of, svg_text
from graph.language import Text, several
from planner.pareto.study import ENDED, Study
from planner.whole import write_whole

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 104, 24, 64, 66
AWAY = 84
"""From an axis to its title."""
LINE, END = "#0072B2", "#D55E00"
PALE, DARK = (205, 226, 240), (0, 55, 95)
TICKS, FEW = 7, 4
SIDE, BESIDE = 300, 116
"""Of three aims: the side of each plot, and the room on its left."""
NUMBERED = 30
"""Points up to which each has its number beside it."""
LARGE, BILLION = 10**9, Text("十亿", "bn ")
"""From figures of this size on an axis counts in billions."""
ALONE = Text("某一目标单独最好", "one aim alone at its best")
BETWEEN = Text("权衡：任一目标更好，另一目标就更差", "a trade-off: better in one is worse in the other")


def write_picture(study: Study, path: Path | str) -> Path:
    """Write the picture of a front; the file appears whole or not at all.

    Raises
    ------
    OutsideError
        When the file cannot be written.
    """
    target = Path(path)
    write_whole(target, picture(study).encode())
    return target


def picture(study: Study) -> str:
    """The SVG of a front of two aims, or of three."""
    return _two(study) if len(study.aims) == 2 else _three(study)


def _two(study: Study) -> str:
    """Points, and the line beyond which no plan lies; the ends of the aims in another colour."""
    told = _told(study)
    plot = Plot(LEFT, WIDTH - RIGHT, TOP + 14, HEIGHT - BOTTOM)
    x, y = plot.scales([t[0] for t in told], [t[1] for t in told])
    at = [(x.at(a), y.at(b)) for a, b in told]
    steps = [f"{a},{b}" for a, b in at]
    if study.stage != "funds":
        steps = [steps[0]]
        for (_, before), (a, b) in itertools.pairwise(at):
            steps += [f"{a},{before}", f"{a},{b}"]
    return _drawn(study, WIDTH, HEIGHT, [
        *key_of(LEFT, TOP + 2, END, ALONE), *key_of(LEFT + 190, TOP + 2, LINE, BETWEEN),
        *plot.axes(x, y, TICKS),
        f'<polyline fill="none" stroke="{LINE}" stroke-width="1.5" points="{" ".join(steps)}"/>',
        *(_dot(a, b, END if point.end_of else LINE) for (a, b), point in zip(at, study.front.points, strict=True)),
        *plot.titles(_axis(study, 0), _axis(study, 1), AWAY),
    ])  # fmt: skip


def _three(study: Study) -> str:
    """A plot for every two of the aims; the third is the darker the better."""
    pairs = list(itertools.combinations(range(len(study.aims)), 2))
    width, top = len(pairs) * (SIDE + BESIDE) + RIGHT, TOP + 34
    parts = [svg_text(BESIDE, TOP + 4, Text(
        "每图两个目标；颜色为第三个目标，越深越好；橙圈为某一目标单独最好",
        "two aims in each plot; the colour is the third one, the darker the better; a ring in orange: one aim alone at its best"), fill="#333", size=12)]  # fmt: skip
    for n, (i, j) in enumerate(pairs):
        left = n * (SIDE + BESIDE) + BESIDE
        parts += _pair(study, i, j, Plot(left, left + SIDE, top, top + SIDE))
    return _drawn(study, width, top + SIDE + BOTTOM, parts)


def _pair(study: Study, i: int, j: int, plot: Plot) -> list[str]:
    points, told = study.front.points, _told(study)
    x, y = plot.scales([t[i] for t in told], [t[j] for t in told])
    (third,) = {0, 1, 2} - {i, j}
    shades = _shades([p.values[third] for p in points])
    parts = plot.axes(x, y, FEW)
    parts.append(svg_text(plot.left, plot.top - 8, Text(
        f"颜色：{study.aims[third].title.zh}", f"colour: {study.aims[third].title.en}"), fill="#333", size=12))  # fmt: skip
    for n, (values, fill, point) in enumerate(zip(told, shades, points, strict=True), 1):
        a, b = x.at(values[i]), y.at(values[j])
        ring = f' stroke="{END}" stroke-width="2"' if point.end_of else ""
        parts.append(_dot(a, b, fill, ring))
        if len(points) <= NUMBERED:
            parts.append(svg_text(a + 6, b - 5, str(n), fill="#333", size=10))
    return [*parts, *plot.titles(_axis(study, i), _axis(study, j), BESIDE - 20)]


def _shades(values: list[int]) -> list[str]:
    """A colour for each value that is to be small: the smallest is dark."""
    low, high = min(values), max(values)
    found = []
    for value in values:
        share = (value - low) / (high - low) if high > low else 0.0
        mixed = (round(d + share * (p - d)) for d, p in zip(DARK, PALE, strict=True))
        found.append("#" + "".join(f"{c:02x}" for c in mixed))
    return found


def _drawn(study: Study, width: int, height: int, parts: list[str]) -> str:
    """The whole drawing around its parts: what it is, how the search ended, and the id of the front."""
    title, n = study.scenario.title, len(study.front.points)
    head = Text(
        f"{title.zh}：{n} 个不被支配的点",
        f"{title.en}: {several(n, 'point')} that no plan dominates",
    )
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-family="sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        svg_text(LEFT, 26, head, size=17), svg_text(LEFT, 46, ENDED[study.front.status], fill="#555", size=12),
        *parts,
        svg_text(width - RIGHT, height - 4, study.id, anchor="end", fill="#555", size=11),
        "</svg>",
    ]) + "\n"  # fmt: skip


def _many(study: Study, i: int) -> int:
    """How many of an aim's units its axis counts as one."""
    points = range(len(study.front.points))
    return LARGE if max(abs(study.told(n)[i]) for n in points) >= LARGE else 1


def _told(study: Study) -> list[tuple[float | int, ...]]:
    """Aims of each point, as their axes count."""
    many = [_many(study, i) for i in range(len(study.aims))]
    rows = (study.told(n) for n in range(len(study.front.points)))
    return [tuple(v if m == 1 else v / m for v, m in zip(row, many, strict=True)) for row in rows]


def _axis(study: Study, i: int) -> Text:
    aim, unit = study.aims[i], study.aims[i].kind.unit
    many = BILLION if _many(study, i) > 1 else Text("", "")
    return Text(f"{aim.title.zh}（{many.zh}{unit.zh}）", f"{aim.title.en} ({many.en}{unit.en})")


def _dot(a: float, b: float, fill: str, ring: str = "") -> str:
    return f'<circle cx="{a}" cy="{b}" r="4" fill="{fill}"{ring}/>'
