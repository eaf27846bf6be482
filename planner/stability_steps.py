"""The curve of the price of stability as steps: what is known, what to ask for next, what lies between."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from typing import Any

from graph.language import Text
from graph.wording import Wording
from planner.titles import in_own_words


@dataclass(frozen=True)
class Step:
    """One stretch of the curve.

    Parameters
    ----------
    least, most : int
        Limits on changes from … to … for which it holds.
    status : str
        OPTIMAL, FEASIBLE, INFEASIBLE, NO_SOLUTION_IN_TIME, or BETWEEN for limits that were not solved.
    objective : int or None
        The best plan that was found, in ``1/scale``; none where there is none.
    bound : int or None
        No plan within these limits is better.
    parts : tuple of (Text, float)
        What the objective is made of, where it has parts.
    tight : bool
        There is no plan, but with one change more than ``most`` there is one.
    ranked : bool
        The parts are compared one after the other, so that their sum says nothing.
    """

    least: int
    most: int
    status: str
    objective: int | None
    bound: int | None
    parts: tuple[tuple[Text, float], ...] = ()
    tight: bool = False
    ranked: bool = False

    @property
    def proved(self) -> bool:
        """Whether it is known exactly."""
        return self.status in ("OPTIMAL", "INFEASIBLE") or (
            self.objective is not None and self.objective == self.bound
        )


@dataclass(frozen=True)
class Curve:
    """The steps from the most changes that help down to none.

    Parameters
    ----------
    stage, plan : str
        Whose curve, and against which published plan.
    title : Text
        Title of the stage.
    steps : list of Step
        By limit, ascending; without a gap from 0 to the changes of the best plan without a limit.
    scale : int
        Units of an objective per point.
    sense : str
        ``min`` or ``max``.
    solves : int
        How often the stage was solved.
    wording : Wording, optional
        The scenario's own words, in which :meth:`to_dict` tells.
    """

    stage: str
    plan: str
    title: Text
    steps: list[Step] = field(default_factory=list)
    scale: int = 1
    sense: str = "min"
    solves: int = 0
    wording: Wording | None = field(default=None, repr=False, compare=False)

    @in_own_words
    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; objectives in points."""
        return {
            "stage": self.stage, "published": self.plan, "scale": self.scale, "sense": self.sense, "solves": self.solves,
            "steps": [
                {"from": s.least, "to": s.most, "status": s.status, "proved": s.proved, "objective": self.points(s.objective),
                 "bound": self.points(s.bound), "parts": [{"title": t.as_dict(), "value": v} for t, v in s.parts]}
                for s in self.steps
            ],
        }  # fmt: skip

    def points(self, value: int | None) -> float | None:
        """An objective as people read it."""
        return None if value is None else value / self.scale


def next_limit(known: list[Step], few: bool, sign: int) -> int | None:
    """The limit to ask for next: just below what is known, or with ``few`` solves the middle of the widest stretch.

    ``sign``: −1 where large objectives are good. ``None``: every limit is known. Where the fewest changes that are needed are known, no limit
    below is asked for, and they themselves come first; nor is any between two that are as good, since more changes never make it worse.
    """
    if not few:
        low = known[0]
        return None if low.least == 0 else low.least - 1
    if known[0].least > 0:
        return 0
    pairs = itertools.pairwise(known)
    gaps = [(a, b) for a, b in pairs if b.least - a.most > 1 and not _as_good(a, b)]
    if not gaps:
        return None
    if gaps[0][0].tight:
        return gaps[0][0].most + 1

    def width(gap: tuple[Step, Step]) -> tuple[float, int]:
        a, b = gap
        fall = (
            float("inf")
            if a.objective is None or b.objective is None
            else sign * float(a.objective - b.objective)
        )
        return fall, b.least - a.most

    a, b = max(gaps, key=width)
    return (a.most + b.least) // 2


def _as_good(a: Step, b: Step) -> bool:
    """Whether all that lies between is known to be as good as its two ends."""
    return a.objective is not None and a.objective == b.objective == b.bound


def filled(known: list[Step]) -> list[Step]:
    """The steps with what lies between them: no better than the one above, no worse than the one below."""
    found: list[Step] = []
    for step in known:
        below = found[-1] if found else None
        if below is not None and step.least - below.most > 1:
            status = step.status if _as_good(below, step) else "BETWEEN"
            between = Step(
                below.most + 1,
                step.least - 1,
                status,
                below.objective,
                step.bound,
                below.parts,
                ranked=below.ranked,
            )
            found = _joined(found, between)
        found = _joined(found, step)
    return found


def _joined(steps: list[Step], step: Step) -> list[Step]:
    """The steps and one more above them; as one stretch with the last where both are proved and as good."""
    last = steps[-1] if steps else None
    if last is None:
        return [step]
    if step.proved and last.proved and step.objective == last.objective:
        return [*steps[:-1], replace(last, most=max(last.most, step.most))]
    return [*steps, replace(step, least=max(step.least, last.most + 1))]
