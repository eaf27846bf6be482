"""What pictures that we draw ourselves share."""

from __future__ import annotations

from html import escape

from graph.language import Text


def svg_text(
    x: float, y: float, text: Text | str, anchor: str = "start", fill: str = "#111", size: int = 13
) -> str:
    """A line of text in the language in force, escaped."""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{fill}" font-size="{size}">{escape(str(text))}</text>'
