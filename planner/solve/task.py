"""One piece of work for an engine, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Task:
    """Work for an engine.

    Parameters
    ----------
    engine : str
        A name in ``planner.solve.engines.ENGINES``.
    arrays : mapping of str to ndarray
        As that engine's docstring says.
    options : mapping
        JSON-ready; ``time_limit`` (seconds or None), ``threads``, ``work``, and the engine's own.
    label : str
        What to call it in progress lines.
    like : str
        Tasks of the same name are nearly the same: an engine that can begin with the answer of one saves time with the
        other. It gets that answer's arrays, ``before_`` before their names, and answers as it would without.
    """

    engine: str
    arrays: Arrays
    options: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""
    like: str = ""


@dataclass(frozen=True)
class Answer:
    """What an engine answers.

    Parameters
    ----------
    status : str
        ``OPTIMAL``, ``FEASIBLE``, ``INFEASIBLE``, ``NO_SOLUTION_IN_TIME`` or ``UNBOUNDED``.
    arrays : mapping of str to ndarray
        As that engine's docstring says.
    facts : mapping
        JSON-ready: ``objective``, ``bound``, iterations …
    seconds : float
        Wall time inside the engine; goes to ``run.json`` only.
    """

    status: str
    arrays: Arrays
    facts: Mapping[str, Any]
    seconds: float = 0.0
