"""How a stage's objective is composed: ranks of which the first decides, or parts that are added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph.language import Text


@dataclass(frozen=True)
class Part:
    """One rank or summand: what it counts, and what the objective and the bound have of it."""

    title: Text
    objective: float
    bound: float | None = None


@dataclass(frozen=True)
class Composition:
    """The objective in words and parts.

    Parameters
    ----------
    words : Text
        What the objective counts.
    parts : sequence of Part
        Its parts, the weightiest first; empty where it is one plain sum.
    ranked : bool
        Whether a part counts only among plans that are equal in all parts before it; else parts are added up.
    """

    words: Text
    parts: Sequence[Part] = ()
    ranked: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For ``plan.json``."""
        parts = [{"title": p.title.as_dict(), "objective": p.objective, "bound": p.bound} for p in self.parts]
        return {"words": self.words.as_dict(), "ranked": self.ranked, "parts": parts}


TOTAL_COST = Composition(Text("总成本", "the total cost"))
TOTAL_SCORE = Composition(Text("总评分", "the total score"))


def two_ranks(
    words: Text,
    titles: tuple[Text, Text],
    objective: int,
    bound: int | None,
    step: int,
    scales: tuple[int, int],
) -> Composition:
    """An objective of ``step · first + second``, ``0 ≤ second < step``, as its two ranks.

    ``scales``: how many units of each rank make one that is shown.
    """
    first, second = divmod(objective, step)
    best = (None, None) if bound is None else divmod(bound, step)
    parts = [
        Part(title, _shown(value, scale), None if limit is None else _shown(limit, scale))
        for title, value, limit, scale in zip(titles, (first, second), best, scales, strict=True)
    ]
    return Composition(words, parts, ranked=True)


def _shown(value: int, scale: int) -> float:
    return value if scale == 1 else value / scale
