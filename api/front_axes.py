"""Axes of a picture of points: figures to places, and lines across at round figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.svg import round_ticks, svg_text


class Scale:
    """Figures to places on the drawing, with a little room on both sides."""

    def __init__(self, values: Sequence[float | int], begin: float, end: float) -> None:
        gap = max((max(values) - min(values)) * 0.06, 0.5)
        self.low, self.high, self.begin, self.end = min(values) - gap, max(values) + gap, begin, end

    def at(self, value: float) -> float:
        """The place of a figure."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.begin + share * (self.end - self.begin), 1)

    def ticks(self, lines: int) -> list[tuple[float, str]]:
        """Places of round figures, at most ``lines`` + 1, with their words."""
        return [(self.at(v), told) for v, told in round_ticks(self.low, self.high, lines)]


@dataclass(frozen=True)
class Plot:
    """A rectangle with an axis below it and one on its left."""

    left: float
    right: float
    top: float
    bottom: float

    def scales(self, x: Sequence[float | int], y: Sequence[float | int]) -> tuple[Scale, Scale]:
        """Scales that hold these figures."""
        return Scale(x, self.left, self.right), Scale(y, self.bottom, self.top)

    def axes(self, x: Scale, y: Scale, lines: int) -> list[str]:
        """Lines at round figures, and the figures."""
        across = [
            part
            for place, told in x.ticks(lines)
            for part in (
                f'<line x1="{place}" y1="{self.top}" x2="{place}" y2="{self.bottom}" stroke="#ddd"/>',
                svg_text(place, self.bottom + 20, told, anchor="middle", fill="#333"),
            )
        ]
        up = [
            part
            for place, told in y.ticks(lines)
            for part in (
                f'<line x1="{self.left}" y1="{place}" x2="{self.right}" y2="{place}" stroke="#ddd"/>',
                svg_text(self.left - 8, place + 4, told, anchor="end", fill="#333"),
            )
        ]
        return [*across, *up]

    def titles(self, below: object, beside: object, away: float) -> list[str]:
        """What is on the axes; ``away``: how far the words on the left are from it."""
        middle, x = (self.top + self.bottom) / 2, self.left - away
        return [
            svg_text((self.left + self.right) / 2, self.bottom + 48, str(below), anchor="middle"),
            f'<g transform="rotate(-90 {x} {middle})">'
            + svg_text(x, middle, str(beside), anchor="middle")
            + "</g>",
        ]
