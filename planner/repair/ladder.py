"""A ladder of changes of one number, from the least to the largest, and the fewest steps of it that suffice."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from planner.clash.edits import Cell, Edit
from planner.clash.members import Member
from planner.policy import Setting

FIRST_YEAR = 1949
"""Settings that are years begin here."""
YEARS = 10
"""A year more or less counts one of so many; a year is moved no further."""
NEAR = 1000
"""Equal steps of a search; those beyond go by the third digit of what they lead to."""
THIRD = 1000
"""From this value on a step is one of the third digit."""
FAR = 20
"""A value without a bound of its own is raised to so many times itself at most, and to its default at least."""


@dataclass(frozen=True)
class Ladder:
    """One way to give: ``rung(k)`` is the change of ``k`` steps, 1 … ``steps``; ``size(k)`` how large it is against the value."""

    rung: Callable[[int], Edit]
    steps: int
    size: Callable[[int], float]
    member: Member

    @property
    def elsewhere(self) -> bool:
        """Whether a table is changed that the member does not stand in: there are many such, so they come last."""
        edit = self.rung(1)
        return isinstance(edit, Cell) and edit.row != self.member.row

    def least(self, holds: Callable[[Edit], bool], below: float = math.inf, guess: int = 0) -> int | None:
        """The fewest steps that suffice, if more steps never hurt; ``None`` where even all whose size is ``below`` do not.

        ``guess``: steps that are tried first.
        """
        most = self._steps_below(below)
        if not most or not holds(self.rung(most)):
            return None
        low, high, step = 0, most, 1
        if 0 < guess < most:
            if not holds(self.rung(guess)):
                low = guess
            elif guess == 1 or not holds(self.rung(guess - 1)):
                return guess
            else:
                high = guess - 1
        while low + step < high:
            if holds(self.rung(low + step)):
                high = low + step
                break
            low, step = low + step, 2 * step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if holds(self.rung(middle)) else (middle, high)
        return high

    def _steps_below(self, size: float) -> int:
        low, high = 0, self.steps
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.size(middle) < size else (low, middle - 1)
        return low


def once(member: Member, edit: Edit) -> Ladder:
    """A way of one step."""
    return Ladder(lambda _: edit, 1, lambda _: 1.0, member)


def step_of(value: float, setting: Setting) -> float:
    """One step of a search: a whole one, the third digit of large numbers, a hundredth of shares and small numbers."""
    if setting.form in ("integer", "range") or isinstance(value, int):
        return (
            10 ** max(0, len(str(abs(int(value)))) - 3)
            if abs(value) >= THIRD and not _is_year(setting)
            else 1
        )
    return 0.01 if abs(value) <= 5 else 1


def _is_year(setting: Setting) -> bool:
    return setting.minimum == FIRST_YEAR


def up(
    member: Member, setting: Setting, value: float, make: Callable[[Any], Edit], usual: float = 0
) -> Ladder | None:
    """A number raised: ``make`` gives the change that sets it, ``usual`` is its default; ``None`` where it is as high as may be."""
    step = step_of(value, setting)
    far = value + YEARS if _is_year(setting) else max(usual, value + FAR * max(abs(value), step))
    bound = 1.0 if setting.form == "share" and setting.maximum is None else setting.maximum
    end = min(far, bound) if bound is not None else far
    return _steps(member, value, step, end, make, _against(setting, value, usual))


def down(
    member: Member, setting: Setting, value: float, make: Callable[[Any], Edit], usual: float = 0
) -> Ladder | None:
    """A number lowered, as :func:`up` raises it; ``None`` where it is as low as may be."""
    step = step_of(value, setting)
    low = value - YEARS if _is_year(setting) else (setting.minimum or 0.0)
    against = _against(setting, value, usual)
    if value >= THIRD and not _is_year(setting):
        return _listed(member, value, _three_digits_down(value, low), make, against)
    return _steps(member, value, -step, low, make, against)


def _against(setting: Setting, value: float, usual: float) -> float:
    """What a change is held against: the value, or its default where it is 0; of a year some years."""
    return YEARS if _is_year(setting) else max(abs(value or usual), step_of(value, setting))


def _steps(
    member: Member, value: float, step: float, end: float, make: Callable[[Any], Edit], against: float
) -> Ladder | None:
    steps = math.ceil(abs(end - value) / abs(step) - 1e-9)
    if steps < 1:
        return None
    whole = isinstance(value, int)
    far = _three_digits(value + NEAR * step, end) if steps > NEAR and step >= 1 else []
    near = NEAR if far else steps

    def at(k: int) -> float:
        if k > near:
            return far[k - near - 1]
        new = end if k >= near and not far else value + k * step
        return round(new) if whole else round(new, 6)

    return Ladder(lambda k: make(at(k)), near + len(far), lambda k: abs(at(k) - value) / against, member)


def _listed(
    member: Member, value: float, values: Sequence[float], make: Callable[[Any], Edit], against: float
) -> Ladder | None:
    """A step for each of ``values``."""
    if not values:
        return None
    new = [round(v) for v in values] if isinstance(value, int) else [float(v) for v in values]
    return Ladder(lambda k: make(new[k - 1]), len(new), lambda k: abs(new[k - 1] - value) / against, member)


def _three_digits(low: float, end: float) -> list[float]:
    """Whole numbers of three digits and noughts above ``low``, from 1,000 on, and the end: further steps would take too many trials."""
    found: list[float] = []
    new = low
    while new < end:
        one = 10 ** max(0, len(str(int(new))) - 3)
        new = (int(new) // one + 1) * one
        found.append(min(new, end))
    return found


def _three_digits_down(high: float, end: float) -> list[float]:
    """Whole numbers of three digits and noughts below ``high``, one by one below 1,000, and the end."""
    found: list[float] = []
    new = math.ceil(high)
    while new > end:
        one = 10 ** max(0, len(str(new - 1)) - 3)
        new = (new - 1) // one * one
        found.append(max(new, end))
    return found
