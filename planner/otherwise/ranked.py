"""The best of many other choices, and what is known of those that are not among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from planner.otherwise.choice import Otherwise

ENOUGH = 12
"""Second solves of one question at most, where no more than half as many choices are wanted; else twice those."""


def work_for(wanted: int) -> int:
    """Second solves that a question for so many choices may take."""
    return max(ENOUGH, 2 * wanted)


@dataclass(frozen=True)
class Ranked:
    """The best other choices of one subject in a stage.

    Parameters
    ----------
    found : sequence of Otherwise
        The best first. Where there is no choice at all, what is not possible, with the rules that forbid it.
    of : int
        How many choices there are that no rule forbids by itself.
    least : float or None
        Points that every choice that is not among them makes the stage worse by at least, where work ended before it was sure that none
        of them is better.
    """

    found: Sequence[Otherwise] = field(default_factory=list)
    of: int = 0
    least: float | None = None

    @property
    def more(self) -> int:
        """Choices that are not among them."""
        return max(0, self.of - len(self.found)) if self.of else 0
