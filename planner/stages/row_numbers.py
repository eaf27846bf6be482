"""Ids are strings outside, row numbers inside: from the one to the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl


def row_numbers(column: pl.Series, ids: Sequence[Any]) -> np.ndarray:
    """(n,) int64: the place of each id of a column among ``ids``; every one must be there."""
    found = column.replace_strict(ids, list(range(len(ids))), return_dtype=pl.Int64).to_numpy()
    return np.asarray(found, dtype=np.int64)  # of no id at all polars makes no numbers
