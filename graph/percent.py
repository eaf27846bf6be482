"""Shares as per cent, for people."""

from __future__ import annotations


def percent(share: float, digits: int = 1, *, sign: bool = False) -> str:
    """A share with so many digits behind the point; with ``sign`` a plus before what is more than nothing.

    What rounds to nothing has no sign at all: there is no ``-0.0%``.
    """
    told = f"{share:z.{digits}%}"
    rounds_to_nothing = not any(c in "123456789" for c in told)
    return f"+{told}" if sign and share > 0 and not rounds_to_nothing else told
