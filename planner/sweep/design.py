"""Which runs a sweep has: every combination of its axes' values, or a sample of them. A run is made from its number alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, cast, get_args

import numpy as np

from graph.errors import UsageError
from graph.language import Text
from graph.tables.suggest import unknown
from planner.scenario import Scenario
from planner.sweep.axes import read_axes
from planner.sweep.axis import Axis
from planner.sweep.each_row import RowAxis, read_row_axes
from planner.sweep.values import Span

Method = Literal["lhs", "sobol", "random"]
METHODS: tuple[Method, ...] = get_args(Method)
MOST_SAMPLED = 10_000_000
MOST_SOBOL = 21_201
"""Dimensions of SciPy's Sobol sequences."""


@dataclass(frozen=True)
class Design:
    """The runs of a sweep, none of which is built before it is asked for.

    Parameters
    ----------
    axes : tuple of Axis
        What is varied.
    sample : int or None
        How many runs are drawn; ``None``: every combination.
    method : {"lhs", "sobol", "random"}
        How they are drawn: a Latin hypercube, a scrambled Sobol sequence, or independently.
    seed : int
        Of the draw.
    words : tuple of str
        How the axes were typed, so that another process can read them again.
    each_row : tuple of RowAxis
        What is uncertain: cells that are drawn row by row. Only where runs are drawn.
    row_words : tuple of str
        How these were typed.
    """

    axes: tuple[Axis, ...]
    sample: int | None = None
    method: Method = "lhs"
    seed: int = 0
    words: tuple[str, ...] = ()
    each_row: tuple[RowAxis, ...] = ()
    row_words: tuple[str, ...] = ()

    @property
    def runs(self) -> int:
        """How many there are."""
        if self.sample is not None:
            return self.sample
        return math.prod(a.values.count for a in self.axes if not isinstance(a.values, Span))

    def point(self, number: int) -> dict[str, Any]:
        """Values of a run, by the axes' keys; runs are counted from 0, the last axis changing fastest."""
        if self.sample is not None:
            shares = self._shares[number]
            return {a.key: a.values.drawn(float(s)) for a, s in zip(self.axes, shares, strict=True)}
        found: dict[str, Any] = {}
        for axis in reversed(self.axes):
            assert not isinstance(axis.values, Span)
            number, index = divmod(number, axis.values.count)
            found[axis.key] = axis.values.at(index)
        return {a.key: found[a.key] for a in self.axes}

    def row_shares(self, number: int) -> list[np.ndarray]:
        """Of a run, for each of ``each_row`` the shares (rows,) float64 from 0 to 1 at which its rows are drawn."""
        ends = np.cumsum([a.keys.height for a in self.each_row])
        return np.split(self._row_shares[number], ends[:-1])

    @cached_property
    def _row_shares(self) -> np.ndarray:
        """(runs, rows of all) float64: drawn after the axes, so that these are the same whatever is uncertain."""
        return self._drawn(sum(a.keys.height for a in self.each_row), 1)

    @cached_property
    def _shares(self) -> np.ndarray:
        """(runs, axes) float64, each from 0 to 1."""
        return self._drawn(len(self.axes), 0)

    def _drawn(self, width: int, part: int) -> np.ndarray:
        """(runs, width) float64, each from 0 to 1; ``part`` 0 draws from the seed itself, another from the seed and it."""
        assert self.sample is not None
        from scipy.stats import qmc

        if not width:
            return np.zeros((self.sample, 0))
        seed = [self.seed, part] if part else self.seed
        draw = np.random.Generator(np.random.PCG64(seed))
        if self.method == "random":
            return draw.random((self.sample, width))
        if self.method == "lhs":
            return cast(np.ndarray, qmc.LatinHypercube(width, seed=draw).random(self.sample))
        whole = qmc.Sobol(width, seed=draw).random_base2(
            math.ceil(math.log2(self.sample)) if self.sample > 1 else 0
        )
        return cast(np.ndarray, whole[: self.sample])

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        how = {"kind": "grid"} if self.sample is None else {"kind": self.method, "seed": self.seed}
        rows = {"each_row": [a.to_dict() for a in self.each_row]} if self.each_row else {}
        return {**how, "runs": self.runs, **rows}


def design_of(
    scenario: Scenario,
    words: Sequence[str],
    *,
    sample: int | None = None,
    method: str = "lhs",
    seed: int = 0,
    each_row: Sequence[str] = (),
) -> Design:
    """A design from the words of the command line.

    Parameters
    ----------
    scenario : Scenario
        What is varied.
    words : sequence of str
        See :func:`planner.sweep.axes.read_axes`.
    sample : int, optional
        How many runs are drawn; every combination where it is not given.
    method : {"lhs", "sobol", "random"}
        How.
    seed : int
        Of the draw, not below 0.
    each_row : sequence of str
        See :func:`planner.sweep.each_row.read_row_axes`; only with ``sample``. Where there are some, ``words`` may be empty.

    Raises
    ------
    UsageError
        When an axis is wrong, ``method`` is unknown or cannot draw so many cells, or the size or the seed cannot be.
    """
    if method not in METHODS:
        raise UsageError(*unknown(Text("没有抽样方法", "no method"), method, METHODS))
    if sample is not None and not 1 <= sample <= MOST_SAMPLED:
        raise UsageError(
            f"--sample {sample}：应为 1 到 {MOST_SAMPLED:,}",
            f"--sample {sample}: must be from 1 to {MOST_SAMPLED:,}",
        )
    if seed < 0:
        raise UsageError("--seed 不得小于 0", "--seed must be at least 0")
    axes = read_axes(scenario, words, sample is not None) if words or not each_row else ()
    rows = _each_row(scenario, each_row, sample, method)
    return Design(axes, sample, method, seed, tuple(words), rows, tuple(each_row))


def _each_row(
    scenario: Scenario, words: Sequence[str], sample: int | None, method: str
) -> tuple[RowAxis, ...]:
    if words and sample is None:
        raise UsageError(
            "逐行抽取（--uncertain）需要 --sample",
            "cells that are drawn row by row (--uncertain) need --sample",
        )
    found = read_row_axes(scenario, words) if words else ()
    width = sum(a.keys.height for a in found)
    if method == "sobol" and width > MOST_SOBOL:
        raise UsageError(
            f"Sobol 序列至多 {MOST_SOBOL:,} 个单元格，这里有 {width:,} 个；请用 --method lhs",
            f"a Sobol sequence has at most {MOST_SOBOL:,} cells, and there are {width:,}; take --method lhs",
        )
    return found
