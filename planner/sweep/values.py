"""Values of one axis: evenly spaced, listed, or a range from which a sample draws. None of them is built before it is asked for."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from planner.policy import typed_value

Form = Literal["whole", "number", "other"]
"""What may stand on an axis: whole numbers, any numbers, or anything else (listed only)."""
NUMBER = r"[-+]?\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d{1,3})?"
RANGE = re.compile(rf"\s*({NUMBER})\s*:\s*({NUMBER})\s*(?::\s*(\d[\d_]*)\s*)?")
OPENING, CLOSING = "[{(", "]})"


@dataclass(frozen=True)
class Listed:
    """Values as they were listed."""

    values: tuple[Any, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.values)

    def at(self, index: int) -> Any:
        """One of them, from 0."""
        return self.values[index]

    def drawn(self, share: float) -> Any:
        """The value at a share from 0 to 1, each having an equal part."""
        return self.at(min(int(share * self.count), self.count - 1))

    def ends(self) -> tuple[Any, ...]:
        """Values that are right if all are: here each of them."""
        return self.values


@dataclass(frozen=True)
class Spaced:
    """``count`` numbers from ``low`` to ``high``, evenly spaced, as near to the decimal ones as a number can be."""

    low: Fraction
    high: Fraction
    count: int
    whole: bool

    def at(self, index: int) -> float | int:
        """One of them, from 0."""
        steps = max(1, self.count - 1)
        return as_number(self.low + (self.high - self.low) * index / steps, self.whole)

    def drawn(self, share: float) -> float | int:
        """The value at a share from 0 to 1, each having an equal part."""
        return self.at(min(int(share * self.count), self.count - 1))

    def ends(self) -> tuple[Any, ...]:
        """The least and the greatest."""
        return self.at(0), self.at(self.count - 1)


@dataclass(frozen=True)
class Span:
    """A range from which a sample draws evenly; whole numbers have equal parts."""

    low: Fraction
    high: Fraction
    whole: bool

    def drawn(self, share: float) -> float | int:
        """The value at a share from 0 to 1."""
        if self.whole:
            parts = int(self.high - self.low) + 1
            return int(self.low) + min(int(share * parts), parts - 1)
        return float(self.low) + (float(self.high) - float(self.low)) * share

    def ends(self) -> tuple[Any, ...]:
        """The least and the greatest."""
        return as_number(self.low, self.whole), as_number(self.high, self.whole)


Values = Listed | Spaced | Span


def as_number(value: Fraction, whole: bool) -> float | int:
    """A fraction as a number; whole where whole numbers were asked for."""
    return int(value) if whole else float(value)


def fraction(text: str) -> Fraction | None:
    """A decimal number as it was typed, exactly; ``None`` where it is larger than a number can be."""
    found = Fraction(text.replace("_", ""))
    return found if abs(found) <= Fraction(sys.float_info.max) else None


def listed(text: str) -> Listed:
    """``v1,v2,…``, each as in TOML; a word that is no TOML is taken as text."""
    return Listed(tuple(typed_value(part) for part in parts(text)))


def parts(text: str, at: str = ",") -> Iterator[str]:
    """What stands between commas that are in no brackets and no quotes."""
    depth, quote, begun = 0, "", 0
    for i, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in OPENING:
            depth += 1
        elif letter in CLOSING:
            depth -= 1
        elif letter == at and not depth:
            yield text[begun:i]
            begun = i + 1
    yield text[begun:]
