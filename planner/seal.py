"""Seals: find the very cell of a table that was changed after the plan was written.

For each column and each block of 1,024 rows the seal keeps 11 sums (modulo 2**64) of the cells' hashes: over all
rows, and over the rows whose number within the block has bit k set. One changed cell changes the first sum by
some d, and sum k by d or by nothing; these bits spell its row. Several changed cells of one block are told
as the block's rows.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

BLOCK = 1024
BITS = 10
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1, _M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_ODD = 0x100000001B3  # FNV's prime; odd, so that it has an inverse modulo 2**64
NULL = np.uint64(0x6A696564756C)


@dataclass(frozen=True)
class Change:
    """A place where a table differs from its seal: rows ``first`` to ``last``, counted from 1."""

    column: str | None
    first: int | None
    last: int | None


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal(frame: pl.DataFrame) -> np.ndarray:
    """Seal of a table, shape ``(columns, blocks, 11)`` uint64."""
    blocks = -(-frame.height // BLOCK) if frame.height else 0
    sums = np.zeros((frame.width, blocks, BITS + 1), dtype=np.uint64)
    hashes = np.zeros(blocks * BLOCK, dtype=np.uint64)  # what is beyond the last row adds nothing
    for c, name in enumerate(frame.columns):
        hashes[: frame.height] = cell_hashes(frame[name])
        left = hashes.reshape(blocks, BLOCK)
        for k in range(
            BITS
        ):  # rows with bit k set are every second; then two that differ in that bit alone become one
            sums[c, :, k + 1] = left[:, 1::2].sum(axis=1)
            left = left[:, ::2] + left[:, 1::2]
        sums[c, :, 0] = left[:, 0]
    return sums


def differences(frame: pl.DataFrame, sealed: np.ndarray, columns: list[str], height: int) -> list[Change]:
    """Where ``frame`` differs from the table that was sealed with ``columns`` and ``height`` rows."""
    if frame.columns != columns or frame.height != height:
        return [Change(None, None, None)]
    now = seal(frame)
    found: list[Change] = []
    for c, b in np.argwhere((now != sealed).any(axis=2)):
        found.append(_locate(columns[c], int(b), now[c, b] - sealed[c, b], height))
    return found


def _locate(column: str, block: int, delta: np.ndarray, height: int) -> Change:
    total, bits = delta[0], delta[1:]
    if total != 0 and np.all((bits == 0) | (bits == total)):
        row = block * BLOCK + int(((bits == total).astype(np.int64) << np.arange(BITS)).sum()) + 1
        if row <= height:
            return Change(column, row, row)
    return Change(column, block * BLOCK + 1, min((block + 1) * BLOCK, height))


def cell_hashes(column: pl.Series) -> np.ndarray:
    """Hash of each cell, shape ``(n,)`` uint64; the same on every machine and library version."""
    empty = column.is_null().to_numpy()
    if column.dtype == pl.String:
        hashes = _repeated_hashes(column.fill_null(""))
    elif column.dtype.is_float():
        values = column.fill_null(0.0).to_numpy().astype(np.float64) + 0.0  # −0.0 and 0.0 are one number
        hashes = values.view(np.uint64)
    elif column.dtype == pl.Boolean:
        hashes = column.fill_null(False).to_numpy().astype(np.uint64)
    else:
        hashes = column.to_physical().cast(pl.Int64).fill_null(0).to_numpy().view(np.uint64)
    return _mix(np.where(empty, NULL, _mix(hashes)))


def _repeated_hashes(column: pl.Series) -> np.ndarray:
    """As :func:`_text_hashes`; of texts that stand in many cells each one is hashed once."""
    few = column.unique()
    if 2 * len(few) > len(column):
        return _text_hashes(column)
    number = column.cast(pl.Enum(few)).to_physical().to_numpy()
    return np.asarray(_text_hashes(few)[number])


def _text_hashes(column: pl.Series) -> np.ndarray:
    """Polynomial hash of each text's bytes, all at once: prefix sums of byte × powerᵖᵒˢⁱᵗⁱᵒⁿ."""
    lengths = column.str.len_bytes().to_numpy().astype(np.int64)
    text = np.frombuffer(column.str.join("").item().encode(), dtype=np.uint8).astype(np.uint64) + np.uint64(1)
    powers = _powers(_ODD, len(text) + 1)
    inverse = _powers(pow(_ODD, -1, 2**64), len(text) + 1)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(text * powers[: len(text)], dtype=np.uint64)])
    ends = np.cumsum(lengths)
    starts = ends - lengths
    found: np.ndarray = (sums[ends] - sums[starts]) * inverse[starts] + lengths.astype(np.uint64)
    return found


def _powers(base: int, n: int) -> np.ndarray:
    """``base**0 … base**(n−1)`` modulo 2**64, by doubling."""
    found = np.ones(n, dtype=np.uint64)
    done = 1
    while done < n:
        step = min(done, n - done)
        found[done : done + step] = found[:step] * np.uint64(pow(base, done, 2**64))
        done += step
    return found


def _mix(values: np.ndarray) -> np.ndarray:
    """splitmix64 (Steele, Lea, Flood 2014)."""
    z = values + _GOLDEN
    z = (z ^ (z >> np.uint64(30))) * _M1
    z = (z ^ (z >> np.uint64(27))) * _M2
    return np.asarray(z ^ (z >> np.uint64(31)))
