"""A year of the register, and who exits in it, as plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

INTO = ("listed", "missed", "relapsed")
"""Kinds of the register's changes that add persons."""


@dataclass(frozen=True)
class Register:
    """A year of the register, by county.

    Parameters
    ----------
    codes : list of str
        Places of the counties' level.
    known : ndarray
        (p,) bool: whether the tables say how many poor persons there are.
    before : ndarray
        (p,) int64 persons at the start of the year.
    into : mapping of str to ndarray
        Kind → (p,) int64 persons added.
    exited : ndarray
        (p,) int64 persons who leave.
    start, end : ndarray
        (p,) float64 incidence at the start and the end of the year.
    """

    codes: list[str]
    known: np.ndarray
    before: np.ndarray
    into: Mapping[str, np.ndarray]
    exited: np.ndarray
    start: np.ndarray
    end: np.ndarray

    @property
    def after(self) -> np.ndarray:
        """(p,) int64 persons at the end: start + in − out."""
        return np.asarray(self.before + sum(self.into.values()) - self.exited)


@dataclass(frozen=True)
class Exits:
    """Which places leave the list in a year.

    Parameters
    ----------
    planned, happened, missed : list of str
        Counties: as the plan says; those that did; planned ones that did not.
    left : list of str
        Counties still on the list.
    villages_planned, villages : list of str
        Villages as planned, and those that did.
    examined : mapping of str to float
        County that was examined → its missed share.
    """

    planned: list[str]
    happened: list[str]
    missed: list[str]
    left: list[str]
    villages_planned: list[str]
    villages: list[str]
    examined: Mapping[str, float]
