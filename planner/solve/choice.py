"""A choice model: integer columns, rows grouped by the rule they come from.

``minimise cost·x`` subject to ``row_lower ≤ A x ≤ row_upper`` and ``lower ≤ x ≤ upper``, x integer where marked.
Everything is held as whole arrays; a rule's rows are added in one call.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from planner.solve.task import Arrays

INFINITY = np.inf
FEASIBLE = 1e-6
"""By so much a row may be broken that an engine calls kept."""
PER_COLUMN = ("lower", "upper", "integer", "cost", "start")
AHEAD = "~"
"""Behind a rule's name: rows that look ahead at what a later model decides about it. They may give where it may."""
SMALL = 2**16  # rows of one rule whose numbers 16 bits hold


@dataclass
class ChoiceModel:
    """Collects columns and rows; :meth:`arrays` hands them to an engine.

    ``named``: the arrays tell what the rows are called, too (``rules``, ``about``), as where rows may be broken.
    """

    cost: list[np.ndarray] = field(default_factory=list)
    lower: list[np.ndarray] = field(default_factory=list)
    upper: list[np.ndarray] = field(default_factory=list)
    integer: list[np.ndarray] = field(default_factory=list)
    entries: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = field(default_factory=list)
    row_lower: list[np.ndarray] = field(default_factory=list)
    row_upper: list[np.ndarray] = field(default_factory=list)
    row_rule: list[np.ndarray] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    about: list[np.ndarray] = field(default_factory=list)
    named: bool = False
    n_columns: int = 0
    n_rows: int = 0

    def columns(
        self,
        cost: np.ndarray,
        lower: np.ndarray | float = 0.0,
        upper: np.ndarray | float = 1.0,
        integer: bool = True,
    ) -> np.ndarray:
        """Add columns; returns their numbers, shape ``(len(cost),)``. ``cost`` is int64."""
        n = len(cost)
        self.cost.append(np.asarray(cost, dtype=np.int64))
        self.lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), (n,)))
        self.upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), (n,)))
        self.integer.append(np.full(n, integer))
        self.n_columns += n
        return np.arange(self.n_columns - n, self.n_columns)

    def rows(
        self,
        rule: str,
        row: np.ndarray,
        column: np.ndarray,
        coefficient: np.ndarray | float,
        lower: np.ndarray | float,
        upper: np.ndarray | float,
        n: int,
        about: Sequence[str] | None = None,
    ) -> np.ndarray:
        """Add ``n`` rows of one rule.

        ``row`` (0 … n−1), ``column`` and ``coefficient`` are the non-zero entries, one each. ``about``: ids of what each row
        is about, ``a>b`` for two together; a row about the whole country has none. Returns the numbers of the rows, shape ``(n,)``.
        """
        if rule not in self.rules:
            self.rules.append(rule)
        row = np.asarray(row, dtype=np.int64)
        values = np.broadcast_to(np.asarray(coefficient, dtype=np.float64), row.shape)
        column = np.asarray(column, dtype=np.int64)
        order = _by_row(row, column, n)
        if order is not None:
            row, column, values = row[order], column[order], values[order]
        self.entries.append((row + self.n_rows, column, values))
        self.row_lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), (n,)))
        self.row_upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), (n,)))
        self.row_rule.append(np.full(n, self.rules.index(rule), dtype=np.int64))
        self.about.append(np.array([""] * n if about is None else about, dtype=np.str_))
        self.n_rows += n
        return np.arange(self.n_rows - n, self.n_rows)

    def arrays(self, start: np.ndarray | None = None) -> Arrays:
        """All of it as arrays: rows in compressed form (``indptr``, ``indices``, ``data``)."""
        row, column, data = _stack(
            self.entries
        )  # in order: each rule's rows come after those of the one before
        indptr = np.zeros(self.n_rows + 1, dtype=np.int64)
        np.cumsum(np.bincount(row, minlength=self.n_rows), out=indptr[1:])
        found = {
            "cost": _join(self.cost, np.int64),
            "lower": _join(self.lower, np.float64),
            "upper": _join(self.upper, np.float64),
            "integer": _join(self.integer, np.bool_),
            "indptr": indptr,
            "indices": column,
            "data": data,
            "row_lower": _join(self.row_lower, np.float64),
            "row_upper": _join(self.row_upper, np.float64),
            "row_rule": _join(self.row_rule, np.int64),
        }
        if self.named:
            found["rules"] = np.array(self.rules, dtype=np.str_)
            found["about"] = _join(self.about, np.str_)
        if start is not None:
            found["start"] = np.asarray(start, dtype=np.float64)
        return found


def only(arrays: Arrays, columns: np.ndarray) -> dict[str, np.ndarray]:
    """A choice model's arrays with these columns alone, all others being 0; the rows stay."""
    found = dict(arrays) | {k: arrays[k][columns] for k in PER_COLUMN if k in arrays}
    number = np.full(len(arrays["cost"]), -1)
    number[columns] = np.arange(len(columns))
    row = np.repeat(np.arange(len(arrays["row_lower"])), np.diff(arrays["indptr"]))
    kept = number[arrays["indices"]] >= 0
    count = np.bincount(row[kept], minlength=len(arrays["row_lower"]))
    found["indptr"] = np.append(0, np.cumsum(count)).astype(np.int64)
    found["indices"], found["data"] = number[arrays["indices"][kept]], arrays["data"][kept]
    return found


def _by_row(row: np.ndarray, column: np.ndarray, n: int) -> np.ndarray | None:
    """Order of entries by row, then column; ``None`` where they are in order."""
    ahead = np.diff(column) > 0
    step = np.diff(row)
    if ((step > 0) | ((step == 0) & ahead)).all():
        return None
    if (
        ahead.all() and n <= SMALL
    ):  # the usual case; short numbers are sorted by counting, in a tenth of the time
        return np.argsort(row.astype(np.uint16), kind="stable")
    return np.lexsort((column, row))


def _join(parts: list[np.ndarray], dtype: type) -> np.ndarray:
    return np.concatenate(parts).astype(dtype, copy=False) if parts else np.zeros(0, dtype=dtype)


def _stack(
    entries: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (
        _join([e[0] for e in entries], np.int64),
        _join([e[1] for e in entries], np.int64),
        _join([e[2] for e in entries], np.float64),
    )
