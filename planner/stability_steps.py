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
    bound_parts : tuple of float
        The bound part by part, as far as that is known; else empty.
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
    bound_parts: tuple[float, ...] = ()

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
                 "bound": self.points(s.bound), "parts": [
                     {"title": t.as_dict(), "value": v, "bound": b}
                     for (t, v), b in zip(s.parts, s.bound_parts or [None] * len(s.parts), strict=True)
                 ]}
                for s in self.steps
            ],
        }  # fmt: skip

    def points(self, value: int | None) -> float | None:
        """An objective as people read it."""
        return None if value is None else value / self.scale


def next_limit(known: list[Step], few: bool, sign: int) -> int | None:
    """The limit to ask for next: just below what is known, or with ``few`` solves the middle of the widest stretch.

    ``known``: in the order of their limits. ``sign``: −1 where large objectives are good. ``None``: nothing more can be learnt. Where the fewest
    changes that are needed are known, no limit below is asked for, and they themselves come first; nor is any between two that are as good,
    since more changes never make it worse. A plan that is not proved for its limit may be so for the changes that it makes: that is asked, too.
    """
    if not few:
        low = known[0]
        return low.least if _half_known(low, known) else None if low.least == 0 else low.least - 1
    if known[0].least > 0:
        return 0
    gaps = [(a, b) for a, b in itertools.pairwise(known) if b.least - a.most > 1 and not _as_good(a, b)]
    if not gaps:
        return next((s.least for s in known if _half_known(s, known)), None)
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


def _half_known(step: Step, known: list[Step]) -> bool:
    """Whether the step's plan makes fewer changes than it might, is not proved, and nobody asked for a limit of just its changes."""
    return (
        step.objective is not None
        and not step.proved
        and step.least < step.most
        and all(s.most != step.least for s in known)
    )


def _as_good(a: Step, b: Step) -> bool:
    """Whether all that lies between is known to be as good as its two ends."""
    return a.objective is not None and a.objective == b.objective == b.bound


def filled(known: list[Step], sign: int = 1) -> list[Step]:
    """Stretches of limits from 0 on, each with the best plan that makes no more changes, and the best bound of a limit that is no lower.

    ``sign``: −1 where large objectives are good.
    """
    ends = sorted({0, *(s.least for s in known), *(s.most + 1 for s in known)})
    found: list[Step] = []
    for least, after in itertools.pairwise(ends):
        found = _joined(found, _stretch(known, least, after - 1, sign))
    return found


def _stretch(known: list[Step], least: int, most: int, sign: int) -> Step:
    """What is known of limits among which no step begins or ends."""
    over = [s for s in known if s.most >= most]
    asked = [s for s in over if s.least <= least]
    plans = [s for s in known if s.objective is not None and s.least <= least]
    bounds = [s for s in over if _bound(s) is not None]
    bound = max(bounds, key=lambda s: sign * (_bound(s) or 0), default=None)
    limit, limit_parts = (None, ()) if bound is None else (_bound(bound), _bound_parts(bound))
    if not plans:
        none = next((s for s in over if s.status == "INFEASIBLE"), None) or next(iter(asked), None)
        status, tight = (
            ("BETWEEN", False) if none is None else (none.status, none.tight and none.most == most)
        )
        return Step(least, most, status, None, limit, tight=tight)
    best = min(plans, key=lambda s: sign * (s.objective or 0))
    proved = best.objective == limit
    status = "OPTIMAL" if proved else "FEASIBLE" if asked else "BETWEEN"
    return Step(
        least, most, status, best.objective, limit, best.parts, ranked=best.ranked, bound_parts=limit_parts
    )


def _bound(step: Step) -> int | None:
    """No plan within the step's limits is better than this."""
    return step.objective if step.status == "OPTIMAL" else step.bound


def _bound_parts(step: Step) -> tuple[float, ...]:
    return tuple(v for _, v in step.parts) if step.proved else step.bound_parts


def _joined(steps: list[Step], step: Step) -> list[Step]:
    """The steps and one more above them; as one stretch with the last where the same is known of both."""
    if steps and all(getattr(steps[-1], k) == getattr(step, k) for k in ("status", "objective", "bound")):
        return [*steps[:-1], replace(steps[-1], most=step.most, tight=step.tight)]
    return [*steps, step]
