"""From which point on something is an alert."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Thresholds:
    """When something is worth an alert.

    Parameters
    ----------
    months : int
        Terms that end within so many months.
    places : int
        A supporter that is the only one of at least so many places; a node whose loss cuts off so many others.
    years : int
        Deliveries missed in the last so many years that are over.
    waiting_days : int
        Requests that have stood as they are for so many days.
    minimum_years : float or None
        Minimum term of a posting (years): one that has served it is told within ``months``, too; ``None``: only ends of their own.
    """

    months: int = 3
    places: int = 10
    years: int = 3
    waiting_days: int = 14
    minimum_years: float | None = None
