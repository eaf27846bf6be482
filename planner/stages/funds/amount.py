"""An amount that is to be priced: held in the money network whatever it is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.stages.funds.built import Built
from planner.stages.funds.facts import Facts
from planner.stages.funds.known import Known


@dataclass(frozen=True)
class Amount:
    """An amount in whole yuan.

    Parameters
    ----------
    county, year : int
        Row numbers.
    yuan : int
        What the county is to get in the year.
    programme : int, optional
        Row number; for this programme alone.
    source : int, optional
        Row number; from this grant alone, for one programme.
    """

    county: int
    year: int
    yuan: int
    programme: int | None = None
    source: int | None = None


def hold_amount(built: Built, held: Amount) -> None:
    """Narrow the bounds that stand for the amount.

    A programme's steps are worth less and less, so that money fills them in their order: each is held at what falls to it.
    """
    model, index = built.model, built.index
    if held.source is not None:
        atom = int(built.atom[held.county])
        model.fix("pay", _rows(index["pay"], held.source, atom, held.programme, held.year), held.yuan)
    elif held.programme is None:
        model.fix("county", _rows(index["county"], held.county, held.year), held.yuan)
    else:
        rows = _rows(index["step"][:, 1:], held.county, held.programme, held.year)
        rows = rows[np.argsort(index["step"][rows, 0], kind="stable")]
        size = built.known.steps[index["step"][rows, 0], held.county, held.programme, held.year]
        before = np.cumsum(size) - size
        model.fix("step", rows, np.clip(held.yuan - before, 0, size))


def most_of(facts: Facts, known: Known, held: Amount) -> int:
    """What fits at most by need and what can be used, other rules aside; 0 where the source may not pay for it."""
    if held.programme is None:
        return int(known.cell[held.county, :, held.year].sum())
    if held.source is not None and not facts.allowed[held.source, held.county, held.programme]:
        return 0
    return int(known.cell[held.county, held.programme, held.year])


def county_money(built: Built, flow: np.ndarray) -> np.ndarray:
    """(C, T) int64 yuan that each county gets in each year."""
    found = np.zeros(built.county_node.shape, np.int64)
    np.add.at(found, tuple(built.index["step"][:, [1, 3]].T), flow[built.model.families["step"]])
    return found


def _rows(index: np.ndarray, *wanted: int | None) -> np.ndarray:
    return np.flatnonzero((index == np.array([w for w in wanted if w is not None])).all(axis=1))
