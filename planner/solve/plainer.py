"""The same choice model with plainer rows, so that an assignment inside it is seen.

Four things are said in more rows than needed where own scores come with further rules, and none changes the answer:

- rows over the same columns that count them (``cover`` beside ``[1, 1]``, a number beside a capacity for equal loads)
  are one row with the tighter limits;
- where a count allows one column at most, a sum of loads over the same columns only says which of them fit;
- a row that holds one column at 1 (a pin) is a bound of that column;
- where the least numbers of the other side add up to exactly what is to be taken (as many supporters as
  recipients, one each), they are the largest numbers too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.solve.task import Arrays

ROWS = ("row_lower", "row_upper", "row_rule")


@dataclass(frozen=True)
class _Rows:
    """Rows in compressed form; ``lower`` and ``upper`` are the columns' bounds."""

    lower: np.ndarray
    upper: np.ndarray
    indptr: np.ndarray
    indices: np.ndarray
    data: np.ndarray
    row_lower: np.ndarray
    row_upper: np.ndarray
    row_rule: np.ndarray

    @property
    def length(self) -> np.ndarray:
        """(n_rows,) entries of each row."""
        return np.diff(self.indptr)

    @property
    def row(self) -> np.ndarray:
        """(n_entries,) the row of each entry."""
        return np.repeat(np.arange(len(self.row_lower)), self.length)

    def columns(self, row: int) -> np.ndarray:
        """The columns of a row, in order."""
        return self.indices[self.indptr[row] : self.indptr[row + 1]]

    def without(self, gone: np.ndarray) -> _Rows:
        """The same without the rows ``gone`` (n_rows,) bool."""
        entry = ~gone[self.row]
        indptr = np.concatenate([[0], np.cumsum(self.length[~gone])])
        kept = {name: getattr(self, name)[~gone] for name in ROWS}
        return replace(self, indptr=indptr, indices=self.indices[entry], data=self.data[entry], **kept)


def plainer(arrays: Arrays) -> Arrays:
    """The model's arrays with plainer rows; columns and their costs stay as they are."""
    rows = _Rows(*(arrays[k] for k in ("lower", "upper", "indptr", "indices", "data", *ROWS)))
    merged = _pinned(_filled(_fitting(_merged(rows)), len(arrays["cost"])))
    return arrays if merged is rows else {**arrays, **vars(merged)}


class _Alike:
    """Finds a row over the same columns among those that were added."""

    def __init__(self, rows: _Rows) -> None:
        self._rows = rows
        self._added: dict[tuple[int, int, int], list[int]] = {}

    def add(self, row: int) -> None:
        """Let ``row`` be found from now on."""
        self._added.setdefault(self._key(row), []).append(row)

    def find(self, row: int) -> int | None:
        """The first row that was added with the columns of ``row``."""
        mine = self._rows.columns(row)
        like = self._added.get(self._key(row), ())
        return next((other for other in like if np.array_equal(self._rows.columns(other), mine)), None)

    def _key(self, row: int) -> tuple[int, int, int]:
        mine = self._rows.columns(row)
        return int(mine[0]), int(mine[-1]), len(mine)


def _merged(rows: _Rows) -> _Rows:
    """Rows that count the same columns become the first of them."""
    some, least, most = _extremes(rows)
    counting = (least == most) & (most > 0)
    factor, gone = np.ones(len(rows.row_lower)), np.zeros(len(rows.row_lower), dtype=bool)
    factor[some[counting]] = most[counting]
    into, alike = np.arange(len(gone)), _Alike(rows)
    for row in some[counting].tolist():
        other = alike.find(row)
        if other is None:
            alike.add(row)
        else:
            into[row], gone[row] = other, True
    if not gone.any():
        return rows
    touched = np.isin(into, into[gone])
    low, high = rows.row_lower.copy(), rows.row_upper.copy()
    low[touched] = np.ceil(low[touched] / factor[touched])
    high[touched] = np.floor(high[touched] / factor[touched])
    np.maximum.at(low, into[gone], low[gone])
    np.minimum.at(high, into[gone], high[gone])
    data = np.where(touched[rows.row], 1.0, rows.data)
    return replace(rows, data=data, row_lower=low, row_upper=high).without(gone)


def _fitting(rows: _Rows) -> _Rows:
    """Loads of columns of which one at most is taken: those above the limit are shut, and the row goes."""
    some, least, most = _extremes(rows)
    alike = _Alike(rows)
    for row in some[(least == 1) & (most == 1) & (rows.row_upper[some] == 1)].tolist():
        alike.add(row)
    gone, upper = np.zeros(len(rows.row_lower), dtype=bool), rows.upper.copy()
    for row in some[(least >= 0) & (least < most) & (rows.row_lower[some] <= 0)].tolist():
        if alike.find(row) is not None:
            heavy = rows.data[rows.indptr[row] : rows.indptr[row + 1]] > rows.row_upper[row]
            upper[rows.columns(row)[heavy]] = 0.0
            gone[row] = True
    return replace(rows, upper=upper).without(gone) if gone.any() else rows


def _extremes(rows: _Rows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows with entries (k,), and the least and the largest entry of each."""
    some = np.flatnonzero(rows.length)
    if not some.size:
        return some, np.zeros(0), np.zeros(0)
    starts = rows.indptr[some]
    return some, np.minimum.reduceat(rows.data, starts), np.maximum.reduceat(rows.data, starts)


def _exactly_one(rows: _Rows) -> np.ndarray:
    return np.asarray((rows.row_lower == 1) & (rows.row_upper == 1))


def _filled(rows: _Rows, n: int) -> _Rows:
    """Least numbers that add up to what the first rule's rows take become the largest, and are least no more."""
    one = _exactly_one(rows)
    if not one.any():
        return rows
    mine = rows.row_rule == rows.row_rule[np.argmax(one)]
    some = (rows.row_lower > 0) & (
        rows.length != 1
    )  # a pin is a row of one column, of a rule that has no others
    asking = ~mine & (rows.row_lower > 0) & np.isin(rows.row_rule, rows.row_rule[some])
    taken = rows.indices[mine[rows.row]]
    asked = rows.indices[asking[rows.row]]
    counted = (rows.data[(mine | asking)[rows.row]] == 1).all()
    once = all((np.bincount(side, minlength=n) == 1).all() for side in (taken, asked))
    if not (one[mine].all() and asking.any() and counted and once):
        return rows
    if rows.row_lower[asking].sum() != mine.sum() or (rows.row_lower > rows.row_upper)[asking].any():
        return rows
    high = np.where(asking, rows.row_lower, rows.row_upper)
    return replace(rows, row_lower=np.where(asking, -np.inf, rows.row_lower), row_upper=high)


def _pinned(rows: _Rows) -> _Rows:
    """A row that holds one column at 1 becomes the column's bound, where a longer such row has the column too."""
    one, length = _exactly_one(rows), rows.length
    longer = np.zeros(len(rows.lower), dtype=bool)
    longer[rows.indices[(one & (length > 1))[rows.row]]] = True
    single = one & (length == 1)
    at = np.flatnonzero(single)
    entry = rows.indptr[at]
    at = at[longer[rows.indices[entry]] & (rows.data[entry] == 1)]
    if not at.size:
        return rows
    gone = np.zeros(len(one), dtype=bool)
    gone[at] = True
    lower = rows.lower.copy()
    lower[rows.indices[rows.indptr[at]]] = 1.0
    return replace(rows, lower=lower).without(gone)
