"""A model's linear relaxation made small by what is alike in it, to show quickly that no point is left.

Columns with the same bounds that stand alike in alike rows may as well have the same value: rows and columns are coloured until every
row of a colour has the same sum of coefficients in each colour of columns, and every column the same in each colour of rows. The
model of one column for each colour has a point exactly where the relaxation has one (colour refinement; M. Grohe, K. Kersting, M. Mladenov
and E. Selman, Dimension Reduction via Colour Refinement, ESA 2014). What comes of it is not taken on trust: the multipliers of the
small model's rows are spread over the rows of each colour and checked on the whole model.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from planner.solve.cores import contradicts, ray_or_point
from planner.solve.task import Arrays

ROUNDS = 50
"""Of colouring at most; where more are needed the small model would be hardly smaller."""
EPS = 1e-9
"""Below it a column is not used."""
SMALLER = 4
"""The small model must have so many times fewer columns, else it is not worth the while."""


def impossible_or_used(arrays: Arrays) -> tuple[bool, np.ndarray | None]:
    """Whether a checked certificate shows that no point keeps all rows; else the columns (n,) bool that a vertex uses.

    Both are found in the small model; neither says anything where hardly anything is alike.
    """
    rows, columns = colours(arrays)
    if rows is None or columns is None or not len(rows):
        return False, None
    ray, point = ray_or_point(_small(arrays, rows, columns))
    if ray is not None:
        return contradicts(arrays, (ray / np.bincount(rows))[rows]), None
    return False, None if point is None else (point > EPS)[columns]


def colours(arrays: Arrays) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Colours of rows (m,) and columns (n,), numbered from 0; ``None`` twice where hardly anything is alike."""
    n = len(arrays["lower"])
    row = np.repeat(np.arange(len(arrays["row_lower"])), np.diff(arrays["indptr"]))
    column, values = arrays["indices"], arrays["data"].view(np.uint64)
    columns = _numbered(arrays["lower"].view(np.uint64), arrays["upper"].view(np.uint64))
    rows = _numbered(arrays["row_lower"].view(np.uint64), arrays["row_upper"].view(np.uint64))
    for _ in range(ROUNDS):
        seen = rows.max(initial=0), columns.max(initial=0)
        rows = _numbered(rows.astype(np.uint64), _sums(row, _mixed(columns[column], values), len(rows)))
        columns = _numbered(columns.astype(np.uint64), _sums(column, _mixed(rows[row], values), n))
        if SMALLER * int(columns.max(initial=0) + 1) > n:
            return None, None
        if seen == (rows.max(initial=0), columns.max(initial=0)):
            return rows, columns
    return None, None


def _small(arrays: Arrays, rows: np.ndarray, columns: np.ndarray) -> dict[str, np.ndarray]:
    """One row and one column for each colour."""
    whole = csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), (len(rows), len(columns)))
    row, column = np.unique(rows, return_index=True)[1], np.unique(columns, return_index=True)[1]
    gathered = csr_matrix((np.ones(len(columns)), (np.arange(len(columns)), columns)))
    small = csr_matrix(whole[row] @ gathered)
    small.sort_indices()
    return {
        "cost": np.zeros(len(column), np.int64),
        "lower": arrays["lower"][column],
        "upper": arrays["upper"][column],
        "integer": np.zeros(len(column), np.bool_),
        "indptr": small.indptr.astype(np.int64),
        "indices": small.indices.astype(np.int64),
        "data": small.data,
        "row_lower": arrays["row_lower"][row],
        "row_upper": arrays["row_upper"][row],
    }


def _numbered(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """(n,) int64: equal numbers where both are equal, from 0."""
    order = np.lexsort((second, first))
    a, b = first[order], second[order]
    new = np.concatenate([[False], (a[1:] != a[:-1]) | (b[1:] != b[:-1])])[: len(order)]
    found = np.empty(len(order), np.int64)
    found[order] = np.cumsum(new)
    return found


def _mixed(colour: np.ndarray, value: np.ndarray) -> np.ndarray:
    """(k,) uint64 hashes of a colour and a coefficient (splitmix64)."""
    x = colour.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ value
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)))


def _sums(at: np.ndarray, value: np.ndarray, n: int) -> np.ndarray:
    """(n,) uint64 sums of ``value`` by ``at``, which wrap around."""
    order = np.argsort(at, kind="stable")
    total = np.concatenate([np.zeros(1, np.uint64), np.cumsum(value[order], dtype=np.uint64)])
    ends = np.searchsorted(at[order], np.arange(n + 1))
    return np.asarray(total[ends[1:]] - total[ends[:-1]])
