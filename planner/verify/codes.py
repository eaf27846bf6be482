"""Names as whole numbers, so that checks can work on whole columns."""

from __future__ import annotations

from operator import mul
from typing import Any

import numpy as np
import polars as pl


class Codes:
    """Numbers of names: the place of each in ``names``; of a name that stands twice the last one.

    Parameters
    ----------
    names : Series of str
        Missing names have no number.
    """

    def __init__(self, names: pl.Series) -> None:
        numbered = pl.DataFrame({"name": names, "number": np.arange(len(names))}).drop_nulls("name")
        if numbered["name"].n_unique() < numbered.height:
            numbered = numbered.unique("name", keep="last")
        self._names, self._numbers = numbered["name"], numbered["number"]

    def of(self, column: pl.Series) -> np.ndarray:
        """(n,) int64 number of each name; −1 where it is missing or unknown."""
        found = column.replace_strict(self._names, self._numbers, default=-1, return_dtype=pl.Int64)
        return found.cast(pl.Int64).to_numpy()


def distinct(column: pl.Series) -> tuple[list[Any], np.ndarray]:
    """The k different values of a column in the order in which they appear, and (n,) int64 in 0 … k−1."""
    values = column.unique(maintain_order=True)
    codes = column.replace_strict(values, np.arange(len(values)), return_dtype=pl.Int64)
    return values.to_list(), codes.cast(pl.Int64).to_numpy()


def rank_within(group: np.ndarray) -> np.ndarray:
    """(n,) int64: how many rows before this one are of the same group."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))  # groups are numbers from 0
    sizes = np.diff(starts, append=len(group))
    found = np.empty(len(group), dtype=np.int64)
    found[order] = np.arange(len(group)) - np.repeat(starts, sizes)
    return found


def exact_sum(values: np.ndarray, times: np.ndarray | None = None) -> int:
    """Σ values (· times) in whole numbers of any size; 64 bits need not hold it."""
    if times is None:
        return sum(values.tolist())
    return sum(map(mul, values.tolist(), times.tolist()))
