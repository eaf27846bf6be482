"""Amounts laid along what members of an owner hold, in order: how flows are handed out."""

from __future__ import annotations

import numpy as np


def along(
    owner: np.ndarray, size: np.ndarray, wanted: np.ndarray, amount: np.ndarray
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Lay ``amount`` (k,) of owners ``wanted`` along what their members hold (``owner``, ``size``), in order.

    Returns the member of each piece, and the number in ``amount`` and the size of each piece. Per owner at most as much
    may be wanted as its members hold.
    """
    by = np.argsort(owner, kind="stable")
    held, at = np.cumsum(size[by]), np.argsort(wanted, kind="stable")
    sums = np.bincount(owner, size, int(max(owner.max(initial=-1), wanted.max(initial=-1))) + 1)
    start = np.concatenate([[0], np.cumsum(sums)]).astype(np.int64)
    inside = np.cumsum(amount[at])
    first = np.searchsorted(wanted[at], wanted[at])
    begin = start[wanted[at]] + (inside - amount[at]) - (inside - amount[at])[first]
    end = begin + amount[at]
    cuts = np.unique(np.concatenate([begin, end, held]))
    low, high = cuts[:-1], cuts[1:]
    order = np.argsort(begin, kind="stable")
    piece = (
        order[np.clip(np.searchsorted(begin[order], low, side="right") - 1, 0, None)]
        if len(begin)
        else low[:0]
    )
    low, high = (low, high) if len(begin) else (low[:0], high[:0])
    real = (begin[piece] <= low) & (high <= end[piece])
    member = by[np.searchsorted(held, low[real], side="right")]
    return member, (at[piece[real]], (high - low)[real])
