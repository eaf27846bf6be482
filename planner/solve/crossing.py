"""Where one lower envelope first dips below another: the smallest change of a number that turns a choice.

A cost that is linear in a number ``t`` makes of every answer a line, and of the best of many answers a concave function of ``t``.
Let ``stay(t)`` be the best with a choice as it is, ``other(t)`` the best with it turned. Asked at some ``t``, both tell their value and
the line of an answer that has it. Lines lie above ``stay``; chords between values lie below ``other``: where no chord is below all
lines, nothing turns. From a point that is turned, the two lines there meet where the next look pays (Newton's method on pieces,
Dinkelbach 1967); as there are finitely many pieces, it ends at the first crossing itself, a fraction.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

MOST = 120
"""Looks at most; a look is two solves."""


@dataclass(frozen=True)
class Line:
    """The cost of one answer, ``value + slope·t``, in whole units."""

    value: int
    slope: int

    def at(self, t: Fraction) -> Fraction:
        """The cost at ``t``."""
        return self.value + self.slope * t


Ask = Callable[[Fraction], tuple[Line, Line]]
"""At ``t``: the line of a best answer that stays, and of a best one with the choice turned."""


@dataclass(frozen=True)
class Crossing:
    """What was found.

    Parameters
    ----------
    at : Fraction or None
        The number beyond which the turned answers are better; ``None`` where they are not up to the end.
    sure : Fraction
        Up to here the choice is proved to stay; less than ``at``, or than the end, only where so many looks did not do.
    looks : int
    """

    at: Fraction | None
    sure: Fraction
    looks: int


def first_crossing(ask: Ask, end: Fraction, most: int | None = None) -> Crossing:
    """The least ``t`` in ``[0, end)`` right beyond which ``other`` is below ``stay``.

    Parameters
    ----------
    ask : callable
        At ``t`` = 0 the choice has to stay: ``other`` is not below ``stay`` there.
    end : Fraction
    most : int, optional
        Looks at most; :data:`MOST` by default.
    """
    known = {t: ask(t) for t in dict.fromkeys((Fraction(0), end))}
    while True:
        sure = _sure(known)
        if sure is None:
            return Crossing(None, end, len(known))
        turned = next((t for t in sorted(known) if t > sure and _turned(known, t)), None)
        if turned is not None and sure in known and _straight(known, sure, turned):
            return Crossing(sure, sure, len(known))
        if len(known) >= (most or MOST):
            return Crossing(turned, sure, len(known))
        t = _next(known, sure, turned)
        known[t] = ask(t)


Known = dict[Fraction, tuple[Line, Line]]


def _turned(known: Known, t: Fraction) -> bool:
    stay, other = known[t]
    return other.at(t) < stay.at(t)


def _straight(known: Known, at: Fraction, turned: Fraction) -> bool:
    """Whether both lines from the turned point are those of the values at ``at``: then both functions are straight in between."""
    return all(known[turned][k].at(at) == known[at][k].at(at) for k in (0, 1))


def _next(known: Known, sure: Fraction, turned: Fraction | None) -> Fraction:
    """Where to look: where the lines of the turned point meet, else where proof ends, else inside the piece behind it."""
    meet = None if turned is None else _meet(*known[turned])
    if meet is not None and turned is not None and sure <= meet < turned and meet not in known:
        return meet
    if sure not in known:
        return sure
    behind = min(t for t in known if t > sure)
    corner = _meet(known[sure][0], known[behind][0])
    if corner is not None and sure < corner < behind:
        return corner
    return (sure + behind) / 2


def _meet(one: Line, other: Line) -> Fraction | None:
    if one.slope == other.slope:
        return None
    return Fraction(other.value - one.value, one.slope - other.slope)


def _sure(known: Known) -> Fraction | None:
    """Up to where no chord of ``other`` is below every line of ``stay``; ``None`` where that is so to the end."""
    lines = {stay for stay, _ in known.values()}
    points = sorted(known)
    if len(points) == 1:
        return None
    for a, b in itertools.pairwise(points):
        low, high = a, b
        first, last = known[a][1].at(a), known[b][1].at(b)
        rise = (last - first) / (b - a)
        for line in lines:
            above, tilt = (
                first - line.at(a),
                rise - line.slope,
            )  # the chord less the line: above + tilt·(t − a)
            if tilt == 0:
                high = high if above < 0 else low
            elif tilt > 0:
                high = min(high, a - above / tilt)
            else:
                low = max(low, a - above / tilt)
        if low < high:
            return low
    return None
