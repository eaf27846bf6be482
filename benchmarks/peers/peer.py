"""What a peer is: how it takes an instance, how it solves it, how its answer is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Piece = Mapping[str, Any]
"""An instance or one of its independent parts, in the form that a peer takes."""

FOREVER = 1e6  # seconds given to peers that do not stop themselves: their parent ends them
NO, DUALS, WORD, YES = "no", "duals, floating point", "the solver's word", "yes"


class GaveUp(Exception):
    """The peer has no answer: ``time``, or why."""


@dataclass(frozen=True)
class Found:
    """A peer's raw answer.

    Parameters
    ----------
    x : ndarray or None
        In the form's own meaning, as it came.
    objective, bound : int, float or None
        As the peer tells them; the objective only where there is no ``x``.
    """

    x: np.ndarray | None = None
    objective: float | int | None = None
    bound: float | int | None = None


@dataclass(frozen=True)
class Judged:
    """An answer after it was checked: exact where it is ``whole``."""

    objective: float | int
    whole: bool
    bound: float | int | None = None

    def plus(self, other: Judged) -> Judged:
        """Of two independent parts together."""
        bound = None if self.bound is None or other.bound is None else self.bound + other.bound
        return Judged(self.objective + other.objective, self.whole and other.whole, bound)


@dataclass(frozen=True)
class Peer:
    """One line of a table.

    Parameters
    ----------
    name : str
        As shown.
    form : callable
        Pieces of a written instance in the form that the peer takes; not measured.
    work : callable
        From a piece to an answer within so many seconds; measured.
    judge : callable
        Checks the answer; not measured.
    proof : str
        :data:`YES`, :data:`NO`, :data:`DUALS` or :data:`WORD`.
    exact : bool
        Works in whole numbers, so that another objective than ours is an error.
    imports : tuple of str
        Packages loaded before the clock starts.
    stops_itself : bool
        Answers with the best that it has when time is up.
    ours, floor : bool
        Ours; the bare flow over our own final arcs, which is no peer.
    most : int or None
        Largest size that it is asked, where more would only cost the reader's time.
    """

    name: str
    form: Callable[[Path], Iterator[Piece]]
    work: Callable[[Any, float], Found]
    judge: Callable[[Any, Found], Judged]
    proof: str = NO
    exact: bool = True
    imports: tuple[str, ...] = ()
    stops_itself: bool = False
    ours: bool = False
    floor: bool = False
    most: int | None = None
