"""What pictures that we draw ourselves share."""

from __future__ import annotations

import math
from html import escape

from graph.language import Text


def svg_text(
    x: float, y: float, text: Text | str, anchor: str = "start", fill: str = "#111", size: int = 13
) -> str:
    """A line of text in the language in force, escaped."""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{fill}" font-size="{size}">{escape(str(text))}</text>'


def round_step(span: float, lines: int) -> float:
    """The least of 1, 2, 2.5, 5 times a power of ten at which ``lines`` steps are no less than ``span`` (above 0)."""
    least = span / lines
    ten = 10.0 ** math.floor(math.log10(least))
    return next(ten * n for n in (1.0, 2.0, 2.5, 5.0, 10.0) if ten * n >= least * 0.999)


def round_ticks(low: float, high: float, lines: int) -> list[tuple[float, str]]:
    """Round figures from ``low`` to ``high``, at most ``lines`` + 1, each with its words: as many decimals as tell them apart."""
    step = round_step(high - low, lines)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if round(step * 10**decimals) != round(step * 10**decimals, 6):  # 2.5, 0.25
        decimals += 1
    return [(n * step, f"{n * step or 0.0:,.{decimals}f}") for n in range(first, last + 1)]


def key_of(x: float, y: float, fill: str, told: Text | str) -> list[str]:
    """One entry of a legend: a small square, drawn as a path so that bars alone are rectangles, and its words."""
    return [
        f'<path d="M{x} {y - 10}h11v11h-11z" fill="{fill}"/>',
        svg_text(x + 16, y, told, fill="#333", size=12),
    ]
