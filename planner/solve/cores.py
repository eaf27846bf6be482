"""Rows that cannot hold together, shown by a Farkas certificate that NumPy checks, and no larger than needed.

A solver's word is not enough here: a core reaches a planner as the reason why nothing can be done. So

- that the rows clash is shown by multipliers ``y`` of the rows: ``(yᵀA)x`` is at least what the rows ask for, and at
  most what the columns' bounds allow; where the second is below the first, no ``x`` is left;
- that a row is needed is shown by a point that keeps all the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csr_matrix

from planner.solve import mip
from planner.solve.task import Arrays

TOLERANCE = 1e-9
"""Of the sum of the sizes of all that is added up: a contradiction smaller than this could be rounding, and is none."""
TRIALS = 300
"""Rows that are tried one by one; beyond that a core is told as not minimal."""


@dataclass(frozen=True)
class Core:
    """Rows that cannot hold together.

    Parameters
    ----------
    rows : ndarray
        (k,) int64 numbers of the rows, ascending; empty where nothing is proved.
    minimal : bool
        Whether each of them was shown to be needed.
    """

    rows: np.ndarray
    minimal: bool


def find_core(arrays: Arrays) -> Core:
    """A checked core of the linear relaxation; without rows where only integrality is in the way.

    HiGHS's IIS is tried first. Where its rows are not shown to clash, all rows are filtered instead: what the ray
    of the relaxation does not use is left out, then row after row.
    """
    named = iis_rows(arrays)
    proved = clashing(arrays, named) if named.size else None
    if proved is None:
        proved = clashing(arrays, np.arange(len(arrays["row_lower"])))
    return Core(np.zeros(0, dtype=np.int64), True) if proved is None else _filtered(arrays, proved)


def iis_rows(arrays: Arrays) -> np.ndarray:
    """HiGHS's IIS of the linear relaxation, (k,) row numbers, not checked; empty where it is feasible."""
    h = mip.highs(_relaxed(arrays), {})
    h.setOptionValue("iis_strategy", 2)  # 2: from the LP, not only from bounds of single rows
    h.run()
    if h.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
        return np.zeros(0, dtype=np.int64)
    _, iis = h.getIis()
    return np.array(sorted(iis.row_index_), dtype=np.int64)


def clashing(arrays: Arrays, rows: np.ndarray) -> np.ndarray | None:
    """Those of ``rows`` that a checked certificate uses; ``None`` where none shows that they clash."""
    part = row_part(arrays, rows)
    ray = farkas_ray(part)
    if ray is None or not contradicts(part, ray):
        return None
    used = np.flatnonzero(ray)
    large = np.flatnonzero(np.abs(ray) > TOLERANCE * np.abs(ray).max())
    return np.asarray(rows[large if contradicts(row_part(part, large), ray[large]) else used])


def contradicts(arrays: Arrays, ray: np.ndarray) -> bool:
    """Whether multipliers ``ray`` (n_rows,) of the rows leave no point within the columns' bounds.

    A row with a positive multiplier counts with its lower side, one with a negative with its upper side. Entries of
    ``yᵀA`` that rounding could have made are taken for 0 where the column has no bound there.
    """
    sides = np.where(ray > 0, arrays["row_lower"], arrays["row_upper"])
    if not ray.any() or not np.isfinite(ray).all() or not np.isfinite(sides[ray != 0]).all():
        return False
    asked = ray[ray != 0] * sides[ray != 0]
    entries = arrays["data"] * np.repeat(ray, np.diff(arrays["indptr"]))
    n = len(arrays["lower"])
    weight = np.bincount(arrays["indices"], entries, n)
    size = np.bincount(arrays["indices"], np.abs(entries), n)
    bound = np.where(weight > 0, arrays["upper"], arrays["lower"])
    counted = weight != 0
    free = counted & ~np.isfinite(bound)
    if (np.abs(weight[free]) > TOLERANCE * size[free]).any():
        return False
    counted &= ~free
    allowed = weight[counted] * bound[counted]
    total = np.abs(asked).sum() + np.sum(size[counted] * np.abs(bound[counted]))
    return bool(asked.sum() - allowed.sum() > TOLERANCE * total)


def farkas_ray(arrays: Arrays) -> np.ndarray | None:
    """HiGHS's dual ray of the linear relaxation, (n_rows,), turned so that it contradicts; ``None`` where it has none."""
    return ray_or_point(arrays)[0]


def ray_or_point(arrays: Arrays) -> tuple[np.ndarray | None, np.ndarray | None]:
    """A dual ray of the linear relaxation (n_rows,), turned so that it contradicts, or a vertex of it (n,); neither is checked."""
    h: Any = mip.highs(_relaxed(arrays), {})  # the stubs do not know getDualRay
    for option, value in (("presolve", "off"), ("solver", "simplex")):  # what is presolved away has no ray
        h.setOptionValue(option, value)
    h.run()
    if h.getModelStatus() == highspy.HighsModelStatus.kOptimal:
        return None, np.array(h.getSolution().col_value, dtype=np.float64)
    if h.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
        return None, None
    _, there, values = h.getDualRay()
    if not there:
        return None, None
    ray = np.asarray(values, dtype=np.float64)
    return (ray if contradicts(arrays, ray) else -ray), None


def holds_together(arrays: Arrays) -> bool:
    """Whether a point keeps all rows and bounds, checked row by row; no where none was found."""
    h = mip.highs(_relaxed(arrays), {})
    h.run()
    if h.getModelStatus() not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty):
        return False
    x = np.array(h.getSolution().col_value, dtype=np.float64)
    return not mip.violated(arrays, np.clip(x, arrays["lower"], arrays["upper"])).size


def row_part(arrays: Arrays, rows: np.ndarray) -> dict[str, np.ndarray]:
    """The same model with the rows of these numbers only, in this order."""
    starts, lengths = arrays["indptr"][rows], np.diff(arrays["indptr"])[rows]
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    entries = np.repeat(starts - indptr[:-1], lengths) + np.arange(indptr[-1])
    rowwise = {k: arrays[k][rows] for k in ("row_lower", "row_upper", "row_rule") if k in arrays}
    return {
        **arrays,
        **rowwise,
        "indptr": indptr,
        "indices": arrays["indices"][entries],
        "data": arrays["data"][entries],
    }


def _filtered(arrays: Arrays, rows: np.ndarray) -> Core:
    """Deletion filter: a row without which the others are shown to clash still goes."""
    part = merged(row_part(arrays, rows))
    kept, minimal = np.arange(len(rows)), len(rows) <= TRIALS
    for row in range(min(TRIALS, len(rows))):
        others = kept[kept != row]
        if len(others) == len(kept):
            continue  # went with another one
        smaller = clashing(part, others) if len(others) else None
        if smaller is not None:
            kept = smaller
        elif not holds_together(row_part(part, others)):
            minimal = False  # neither shown: it stays, and is not called needed
    return Core(np.sort(rows[kept]), minimal)


def merged(arrays: Arrays) -> dict[str, np.ndarray]:
    """The relaxation with columns that have the very same entries put together, their bounds added up: it clashes as before.

    Few rows of a large model know few columns apart.
    """
    shape = len(arrays["row_lower"]), len(arrays["lower"])
    matrix = csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape)
    marks = np.random.default_rng(0).random(shape[0])  # a product with them tells columns apart
    _, first, group = np.unique(matrix.T @ marks, return_index=True, return_inverse=True)
    group = group.ravel()
    small = csr_matrix(matrix[:, first])
    if (matrix != small[:, group]).nnz:
        return dict(arrays)
    small.sort_indices()
    found = {k: arrays[k] for k in ("row_lower", "row_upper", "row_rule") if k in arrays}
    sides = {k: np.bincount(group, arrays[k], len(first)) for k in ("lower", "upper")}
    return {
        **found,
        **sides,
        "cost": np.zeros(len(first), np.int64),
        "integer": np.zeros(len(first), np.bool_),
        "indptr": small.indptr.astype(np.int64),
        "indices": small.indices.astype(np.int64),
        "data": small.data,
    }


def _relaxed(arrays: Arrays) -> dict[str, np.ndarray]:
    """Without integrality, without costs."""
    zeros = {k: np.zeros_like(arrays[k]) for k in ("integer", "cost")}
    return {k: v for k, v in {**arrays, **zeros}.items() if k != "start"}
