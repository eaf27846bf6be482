"""Put snapshots of one table on one another: of rows with the same place the latest stands, all in order of places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

FEW_RUNS = 1_000
"""Up to so many pieces a table is put together from slices; else row by row."""


@dataclass(frozen=True)
class Layer:
    """Rows of one snapshot.

    Parameters
    ----------
    rows : DataFrame
        All of them.
    places : ndarray
        (n,) int64, ascending.
    stands : ndarray
        (k,) int64 numbers of the rows about whose place no later snapshot says anything, ascending.
    """

    rows: pl.DataFrame
    places: np.ndarray
    stands: np.ndarray


def standing(places: np.ndarray, touched: np.ndarray) -> np.ndarray:
    """Numbers of the rows, (k,) int64, whose place is not among those ``touched``; both ascending."""
    at = np.searchsorted(places, touched)
    inside = at < places.size
    hit = at[inside][places[at[inside]] == touched[inside]]
    return np.delete(np.arange(places.size), hit)


def in_order(layers: list[Layer]) -> tuple[pl.DataFrame, np.ndarray]:
    """Rows of all layers that stand, and their places, (n,) int64, ascending. The first layer is the large one."""
    base, upper = layers[0], layers[1:]
    if not any(layer.stands.size for layer in upper):
        return _taken([base.rows], base.stands), base.places[base.stands]
    upon = pl.concat([layer.rows[layer.stands] for layer in upper], rechunk=True)
    place = np.concatenate([layer.places[layer.stands] for layer in upper])
    order = np.argsort(place)
    below = base.places[base.stands]
    where = np.searchsorted(below, place[order])
    numbers = np.insert(base.stands, where, order + base.rows.height)
    return _taken([base.rows, upon], numbers), np.insert(below, where, place[order])


def _taken(frames: list[pl.DataFrame], numbers: np.ndarray) -> pl.DataFrame:
    """Rows by their numbers in frames under one another; whole runs of them are cut out at once."""
    ends = np.flatnonzero(np.diff(numbers) != 1) + 1
    heights = np.cumsum([0, *(f.height for f in frames)])
    if ends.size > FEW_RUNS:
        return pl.concat(frames, rechunk=True)[pl.Series(numbers)]
    pieces = [frames[0].clear()]
    for run in np.split(numbers, ends) if numbers.size else []:
        for frame, begin in zip(frames, heights, strict=False):
            first, last = max(run[0] - begin, 0), min(run[-1] - begin + 1, frame.height)
            if first < last:
                pieces.append(frame[int(first) : int(last)])
    return pieces[1] if len(pieces) == 2 else pl.concat(pieces, rechunk=True)
