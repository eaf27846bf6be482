"""Marks: numbers of 64 bits that a thing keeps whatever else there is, drawn from its own names.

They decide between equally good answers, so that no alphabet, no order of a table and no other thing does; and by them a
thing is recognised in an earlier answer.
"""

from __future__ import annotations

import hashlib

import numpy as np
import polars as pl

from planner.solve.mix import mixed

WIDTH = 8  # bytes


def marks(names: pl.Series) -> np.ndarray:
    """(n,) uint64 of texts; 0 for null."""
    distinct = names.cast(pl.String).drop_nulls().unique()
    found = [hashlib.blake2b(n.encode(), digest_size=WIDTH).digest() for n in distinct.to_list()]
    table = pl.DataFrame({"name": distinct, "mark": np.frombuffer(b"".join(found), "<u8")})
    joined = pl.DataFrame({"name": names.cast(pl.String)}).join(
        table, on="name", how="left", maintain_order="left"
    )
    return joined["mark"].fill_null(0).to_numpy().astype(np.uint64)


def told_apart(mark: np.ndarray) -> np.ndarray:
    """(n,) the same where they differ; of equal ones the second, third … get a mark drawn from it and their number."""
    order = np.argsort(mark, kind="stable")
    again = np.empty(len(mark), np.uint64)
    again[order] = np.arange(len(mark)) - np.searchsorted(mark[order], mark[order])
    return np.where(again > 0, mixed(mark, again), mark)
