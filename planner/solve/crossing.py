"""Where one lower envelope first dips below another: the smallest change of a number that turns a choice.

A cost that is linear in a number ``t`` makes of every answer a line, and of the best of many answers a concave function of ``t``.
Let ``stay(t)`` be the best with a choice as it is, ``other(t)`` the best with it turned. Asked at some ``t``, both tell their value and
the line of an answer that has it. Lines lie above ``stay``; chords between values lie below ``other``: where no chord is below all
lines, nothing turns. Where the lines that are known cross, the next look pays (Newton's method on pieces, Dinkelbach 1967); as there
are finitely many pieces, it ends at the first crossing itself, a fraction.
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
        t = _next(known, sure)
        known[t] = ask(t)


Known = dict[Fraction, tuple[Line, Line]]


def _turned(known: Known, t: Fraction) -> bool:
    stay, other = known[t]
    return other.at(t) < stay.at(t)


def _straight(known: Known, at: Fraction, turned: Fraction) -> bool:
    """Whether both lines from the turned point are those of the values at ``at``: then both functions are straight in between."""
    return all(known[turned][k].at(at) == known[at][k].at(at) for k in (0, 1))


def _next(known: Known, sure: Fraction) -> Fraction:
    """Where to look: where the known lines of ``other`` dip below those of ``stay``, else where proof ends, else inside the piece behind it."""
    dip = _dip(known, sure)
    if dip is not None and dip not in known:
        return dip
    corner = _corner(known, sure)
    if corner is not None:
        return corner
    if sure not in known:
        return sure
    behind = min(t for t in known if t > sure)
    corners = [_meet(known[sure][k], known[behind][k]) for k in (0, 1)]
    return min((c for c in corners if c is not None and sure < c < behind), default=(sure + behind) / 2)


def _corner(known: Known, sure: Fraction) -> Fraction | None:
    """The highest meeting of two ``stay`` lines in the piece where proof ends, not looked at yet: what touches, touches there."""
    lines = sorted({stay for stay, _ in known.values()}, key=lambda line: (line.slope, line.value))
    behind = min(t for t in known if t > sure)
    meets = {_meet(one, other) for one, other in itertools.combinations(lines, 2)}
    inside = [t for t in meets if t is not None and sure < t < behind]
    on = {t: min(line.at(t) for line in lines) for t in sorted(inside)}
    return max(on, key=lambda t: on[t], default=None)


def _dip(known: Known, sure: Fraction) -> Fraction | None:
    """The least ``t`` from ``sure`` on right beyond which a known line of ``other`` is below all known ones of ``stay``."""
    lines, end = {stay for stay, _ in known.values()}, max(known)
    found = []
    for other in {line for _, line in known.values()}:
        low, high = sure, end
        for line in lines:
            low, high = _below(other.at(sure) - line.at(sure), other.slope - line.slope, sure, (low, high))
        if low < high:
            found.append(low)
    return min(found, default=None)


def _below(
    above: Fraction, tilt: Fraction | int, begin: Fraction, within: tuple[Fraction, Fraction]
) -> tuple[Fraction, Fraction]:
    """The part of an interval in which ``above + tilt·(t − begin)`` is below 0; empty where its ends are out of order."""
    low, high = within
    if tilt == 0:
        return (low, high) if above < 0 else (low, low)
    zero = begin - above / tilt
    return (low, min(high, zero)) if tilt > 0 else (max(low, zero), high)


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
        for line in lines:  # the chord less the line
            low, high = _below(first - line.at(a), rise - line.slope, a, (low, high))
        if low < high:
            return low
    return None
