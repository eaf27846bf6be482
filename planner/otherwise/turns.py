"""The smallest change of a weight, of a unit's strength or of a county's need that swaps a pair.

Costs are linear in such a number, so the best answers with the pair and without it are two concave functions of it, and where they
cross first is found exactly (:mod:`planner.solve.crossing`). Then the stage's model is made anew, with all its roundings, at a value
just before and one just behind, and solved on both sides. Of county pairs the plan's region pairs are kept: where these would change
before, that is what is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from planner.otherwise.choice import Asking
from planner.otherwise.choices import Choices, pair_choices
from planner.otherwise.numbers import Number, numbers_of
from planner.solve.few_columns import LARGE
from planner.solve.task import Answer, Task
from planner.stage import Context

LOOKS, LOOKS_LARGE = 24, 8
"""Values of one number that are looked at before no more than a part of its range is told of; in a large model, where each takes longer."""
BESIDE = (1e-3, 1e-2, 0.1, 0.5, 1.0)
"""Shares of the way to the threshold by which the values beside it differ: the nearer first. Costs are rounded to thousandths, so
that both plans may cost the same a little behind it, where by the costs as they are one is better already."""
State = Literal["turns", "tie", "even", "never", "not_found", "regions"]


@dataclass(frozen=True)
class Turn:
    """What one number has to come to, upwards or downwards.

    Parameters
    ----------
    number : Number
    up : bool
    state : str
        ``turns`` beyond ``at``; ``tie``: at once, as another answer is just as good; ``even``: beyond ``at``
        both are found just as good, as far as was looked; ``never``: at no value that it may have; ``not_found``:
        not up to ``sure``; ``regions``: not before the region pairs change, beyond ``at``.
    at : float or None
    sure : float
        Up to here the pair is proved to stay as it is.
    beside : (float, float) or None
        The nearest values before and behind ``at`` where the model made anew was found to have the pair as it is, and swapped; of
        ``even`` the last one behind it that was looked at.
    margins : (float, float) or None
        By how many points the plan with the pair as it is is better before ``at``, and the one with it swapped behind.
    instead, ended : sequence of (str, str)
        Pairs of either end that come then, and that go.
    """

    number: Number
    up: bool
    state: State
    at: float | None
    sure: float
    beside: tuple[float, float] | None = None
    instead: Sequence[tuple[str, str]] = ()
    ended: Sequence[tuple[str, str]] = ()
    margins: tuple[float, float] | None = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        pairs = {
            k: [{"supporter": s, "recipient": r} for s, r in getattr(self, k)] for k in ("instead", "ended")
        }
        return {"number": self.number.key, "title": self.number.title.as_dict(), "now": self.number.now,
                "direction": "more" if self.up else "less", "state": self.state, "at": self.at, "sure": self.sure,
                "confirmed": self.beside is not None, "beside": self.beside, "margins": self.margins, **pairs}  # fmt: skip


@dataclass(frozen=True)
class _Way:
    """A number in one direction: ``t`` = 1 is ``now + sign·span``."""

    number: Number
    up: bool

    @property
    def room(self) -> float:
        return self.number.high - self.number.now if self.up else self.number.now - self.number.low

    @property
    def span(self) -> float:
        return self.number.span or self.room

    def value(self, t: Fraction) -> float:
        return self.number.now + (1 if self.up else -1) * float(t) * self.span

    @property
    def end(self) -> Fraction:
        return Fraction(repr(self.room)) / Fraction(repr(self.span))


def turns_of(asking: Asking, models: Sequence[Choices], rank: int, pair: tuple[str, str]) -> list[Turn]:
    """Every number of a pair of the model ``rank``, upwards and downwards, in the order of the policy's values.

    A number on which no cost of the model depends, or a way that has no room, is left out.
    """
    found = models[rank]
    ways = [_Way(n, up) for n in numbers_of(asking, found, pair) for up in (True, False)]
    ways = [w for w in ways if w.room > 0]
    column = int(np.flatnonzero(found.named([pair]))[0])
    tasks, asked = list[Task](), list[tuple[_Way, bool]]()
    for way in ways:
        costs = [_cost(c) for c in made_at(asking, way.number.at(way.value(Fraction(1))))]
        slopes = [c - _cost(m) for c, m in zip(costs, models, strict=True)]
        regions = rank > 0 and bool(slopes[0].any())
        if slopes[rank].any() or regions:
            tasks.append(_task(asking, found, slopes[rank], column, way))
            asked.append((way, regions))
        if regions:
            tasks.append(_task(asking, models[0], slopes[0], None, way))
    asking.told("", {"state": "begun"})
    answers = iter(asking.executor.run(tasks, asking.told) if tasks else [])
    told = [
        _told(way, found, pair, next(answers), next(answers) if regions else None) for way, regions in asked
    ]
    return _confirmed(asking, rank, pair, told)


def made_at(asking: Asking, context: Context) -> list[Choices]:
    """The stage's models as they would be if it saw another context."""
    return pair_choices(replace(asking, _kept=[context]))


def _cost(found: Choices) -> np.ndarray:
    return np.asarray(found.model.arrays()["cost"])


def _task(asking: Asking, found: Choices, slope: np.ndarray, column: int | None, way: _Way) -> Task:
    options = {"column": column, "pairs": found.pairs.size, "end": [way.end.numerator, way.end.denominator],
               "beyond": way.up and way.number.open, "looks": LOOKS_LARGE if found.model.n_columns > LARGE else LOOKS}  # fmt: skip
    return asked_of(asking, found, slope, options)


def asked_of(asking: Asking, found: Choices, slope: np.ndarray, options: dict[str, Any]) -> Task:
    """A question to the engine ``swap`` about a model beside the plan's answer to it."""
    at = np.zeros(found.model.n_columns, np.int64)
    at[: found.pairs.size] = found.chosen
    arrays = {**found.model.arrays(), "at": at, "slope": slope}
    return Task("swap", arrays, {**asking.limits.options(), **options}, asking.stage)


def _told(way: _Way, found: Choices, pair: tuple[str, str], answer: Answer, regions: Answer | None) -> Turn:
    """What the answers say of one number; ``regions``: of all region pairs, that bound it for a county pair."""
    if answer.status != "OPTIMAL" or (regions is not None and regions.status != "OPTIMAL"):
        return Turn(way.number, way.up, "not_found", None, way.number.now)
    t, sure = _fraction(answer.facts["t"]), Fraction(*answer.facts["sure"])
    if answer.facts["begin"][1] is None:
        t, sure = None, way.end
    if regions is not None and regions.facts["begin"][1] is not None:
        bound = Fraction(*regions.facts["sure"])
        if bound < (way.end if t is None else t):
            known = way.value(bound)
            state: State = "regions" if bound <= sure else "not_found"
            return Turn(
                way.number, way.up, state, known if state == "regions" else None, way.value(min(bound, sure))
            )
    if t is None:
        closed = sure == way.end and (not (way.up and way.number.open) or bool(answer.facts["never"]))
        closed = closed and (
            regions is None or not (way.up and way.number.open) or bool(regions.facts["never"])
        )
        return Turn(way.number, way.up, "never" if closed else "not_found", None, way.value(sure))
    if sure < t:
        return Turn(way.number, way.up, "not_found", None, way.value(sure))
    then = answer.arrays["other"][: found.pairs.size] > 0
    new, gone = (_of_ends(found, mask, pair) for mask in (then & ~found.chosen, found.chosen & ~then))
    return Turn(way.number, way.up, "turns" if t else "tie", way.value(t), way.value(sure), None, new, gone)


def _fraction(told: Sequence[int] | None) -> Fraction | None:
    return None if told is None else Fraction(*told)


def _of_ends(found: Choices, mask: np.ndarray, pair: tuple[str, str]) -> list[tuple[str, str]]:
    """Those of the pairs that have an end of this one, but for itself; the recipient's first."""
    ends = [found.ends(p) for p in np.flatnonzero(mask).tolist()]
    near = [e for e in ends if e != pair and (e[0] == pair[0] or e[1] == pair[1])]
    return sorted(near, key=lambda e: (e[1] != pair[1], e))


@dataclass
class _Sides:
    """What second solves found beside a turn: value and margin (thousandths), before it and behind it; ``even``: both the same there."""

    before: tuple[float, int] | None = None
    behind: tuple[float, int] | None = None
    even: float | None = None


def _confirmed(asking: Asking, rank: int, pair: tuple[str, str], turns: list[Turn]) -> list[Turn]:
    """The turns with the values beside them at which the model, made anew, was solved and found as it should be."""
    found = {
        k: _Sides() for k, turn in enumerate(turns) if turn.at is not None and turn.state in ("turns", "tie")
    }
    for share in BESIDE:
        asked = [
            (k, behind, _beside(turns[k], share)[behind])
            for k, sides in found.items()
            for behind in (0, 1)
            if (sides.behind if behind else sides.before) is None
        ]
        tasks = [_alone(asking, turns[k], value, rank, pair) for k, _, value in asked]
        answers = asking.executor.run(tasks, asking.told) if tasks else []
        for (k, behind, value), answer in zip(asked, answers, strict=True):
            _note(found[k], bool(behind), value, answer)
    scale = pair_choices(asking)[rank].pairs.scale
    return [_with_sides(turn, found[k], scale) if k in found else turn for k, turn in enumerate(turns)]


def _note(sides: _Sides, behind: bool, value: float, answer: Answer) -> None:
    """What a second solve found: as it should be, or, behind the turn, both the same."""
    stay, other = answer.facts["begin"] if answer.status == "OPTIMAL" else (None, None)
    if stay is None or other is None:
        return
    if behind and other < stay:
        sides.behind = value, stay - other
    elif behind and other == stay:
        sides.even = value
    elif not behind and stay <= other:
        sides.before = value, other - stay


def _with_sides(turn: Turn, sides: _Sides, scale: int) -> Turn:
    if sides.before is None:
        return turn
    if sides.behind is not None:
        values, margins = zip(sides.before, sides.behind, strict=True)
        return replace(turn, beside=values, margins=(margins[0] / scale, margins[1] / scale))
    if sides.even is not None:
        margins = (sides.before[1] / scale, 0.0)
        return replace(turn, beside=(sides.before[0], sides.even), margins=margins, state="even")
    return turn


def _beside(turn: Turn, share: float) -> tuple[float, float]:
    """Values just before and behind, of few digits, within what the number may be."""
    number, at = turn.number, turn.at or 0.0
    by = share * max(abs(at - number.now), share * max(1.0, abs(at))) * (1 if turn.up else -1)
    before, behind = (float(f"{v:.9g}") for v in (at - by, at + by))
    if turn.up:
        return max(before, number.now), behind if number.open else min(behind, number.high)
    return min(before, number.now), max(behind, number.low)


def _alone(asking: Asking, turn: Turn, value: float, rank: int, pair: tuple[str, str]) -> Task:
    """The model as it is at a value of the number, solved with the pair as it is and swapped."""
    found = made_at(asking, turn.number.at(value))[rank]
    column = int(np.flatnonzero(found.named([pair]))[0])
    options = {"column": column, "pairs": found.pairs.size, "end": [0, 1]}
    return asked_of(asking, found, np.zeros(found.model.n_columns, np.int64), options)
