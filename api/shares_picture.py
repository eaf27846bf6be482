"""What stays in how many futures as a picture: a bar for each stage, an SVG drawn by us, in the language in force."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import polars as pl

from api.svg import key_of, svg_text
from graph.language import Text, several
from planner.robust.study import RobustStudy
from planner.stages import STAGES
from planner.whole import write_whole

WIDTH, LEFT, RIGHT, TOP, ROW, BAR, FOOT = 760, 24, 24, 92, 62, 22, 30
BANDS: tuple[tuple[Fraction, str, Text], ...] = (
    (Fraction(1), "#00558c", Text("在全部未来里不变", "stay in all futures")),
    (Fraction(3, 4), "#5aa5d0", Text("四分之三以上", "in three quarters or more")),
    (Fraction(1, 2), "#b9d9ec", Text("一半以上", "in half or more")),
    (Fraction(0), "#D55E00", Text("不到一半", "in fewer")),
)
"""Least share of the futures, colour and words of each part of a bar; a decision is in the first that it reaches."""


def write_picture(study: RobustStudy, path: Path | str) -> Path | None:
    """Write the picture; ``None`` where the scenario as it stands has no plan whose decisions could stay.

    Raises
    ------
    OutsideError
        When the file cannot be written.
    """
    drawn = picture(study)
    if drawn is None:
        return None
    target = Path(path)
    write_whole(target, drawn.encode())
    return target


def counts(study: RobustStudy, stage: str) -> list[int]:
    """How many decisions of the plan of the scenario as it stands are in each of :data:`BANDS`."""
    mine = study.shares.filter((pl.col("stage") == stage) & pl.col("nominal"))
    n, found = len(study.futures.planned), [0] * len(BANDS)
    for futures in mine["futures"].to_list():
        found[next(i for i, (least, _, _) in enumerate(BANDS) if futures >= least * n)] += 1
    return found


def picture(study: RobustStudy) -> str | None:
    """The SVG, or ``None`` as :func:`write_picture` says."""
    stages = [(s, c) for s in study.futures.scenario.stages if any(c := counts(study, s))]
    if not stages:
        return None
    n, title = len(study.futures.planned), study.futures.scenario.title
    height = TOP + ROW * len(stages) + FOOT
    head = Text(f"{title.zh}：{n} 个未来里的决定", f"{title.en}: decisions in {several(n, 'future')}")
    said = Text(
        "场景本身的方案的各项决定，有多少在各未来自己的最优方案里也有",
        "decisions of the plan of the scenario as it stands: how many each future's own best plan has, too",
    )
    parts = [svg_text(LEFT, 26, head, size=17), svg_text(LEFT, 46, said, fill="#555", size=12)]
    for i, (_, fill, told) in enumerate(BANDS):
        parts += key_of(LEFT + 178 * i, 70, fill, told)
    for row, (stage, found) in enumerate(stages):
        parts += _bar(stage, found, TOP + ROW * row)
    parts.append(
        svg_text(WIDTH - RIGHT, height - 6, study.futures.sweep.id, anchor="end", fill="#555", size=11)
    )
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>', *parts, "</svg>",
    ]) + "\n"  # fmt: skip


def _bar(stage: str, found: list[int], top: int) -> list[str]:
    """A stage's name and figures, and below them its bar."""
    whole, title, x = sum(found), STAGES[stage].title, float(LEFT)
    told = Text(
        f"{title.zh}：{whole:,} 项决定中 {found[0]:,} 项全部不变",
        f"{title.en}: {found[0]:,} of {several(whole, 'decision')} stay in all",
    )
    parts = [svg_text(LEFT, top + 14, told)]
    for number, (_, fill, words) in zip(found, BANDS, strict=True):
        wide = (WIDTH - LEFT - RIGHT) * number / whole
        if number:
            parts.append(
                f'<rect x="{x:.1f}" y="{top + 22}" width="{wide:.1f}" height="{BAR}" fill="{fill}">'
                f"<title>{words}: {number:,} ({number / whole:.1%})</title></rect>"
            )
        x += wide
    return parts
