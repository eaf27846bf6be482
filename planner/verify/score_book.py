"""Own scores of a stage as whole columns, exact: what `pairing`, `designation`, `cadres` and `inspection` look up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from graph.language import Text
from planner.verify.outcome import Broken, Resolved
from planner.verify.pair_rows import PairRow

DIGITS_MOST = 6
SAFE = 2**52
"""Scores in ``1/scale`` up to here are held as int64, larger ones as Python's integers."""


class Score(NamedTuple):
    """A listed pair: ``cost`` as given, ``whole`` in ``1/scale``."""

    cost: float
    whole: int
    load: int


class ScoreBook:
    """Own scores of a stage.

    Attributes
    ----------
    supporters, recipients : list of str
        Ids that are listed, sorted.
    supporter, recipient : ndarray
        (n,) row numbers in these lists, one per listed pair.
    whole : ndarray
        (n,) scores in ``1/scale``: int64, or Python's integers where some are very large.
    load : ndarray
        (n,) int64.
    scale : int
        The smallest power of ten that makes every score whole.
    """

    def __init__(self, resolved: Resolved, stage: str) -> None:
        frame = resolved.network.frame("pair_scores").filter(pl.col("stage") == stage)
        if "load" not in frame.columns:  # a stage that plans without loads does not read them
            frame = frame.with_columns(load=pl.lit(1, dtype=pl.Int64))
        frame = frame.select("supporter", "recipient", "cost", "load")
        cost = frame["cost"].to_numpy()
        self.supporters, self.supporter = _numbered(frame["supporter"])
        self.recipients, self.recipient = _numbered(frame["recipient"])
        self.scale = smallest_scale(cost)
        self.whole = whole_numbers(cost * self.scale)
        self.load = frame["load"].to_numpy()
        self._frame = frame

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Every listed pair."""
        yield from self._frame.select("supporter", "recipient").iter_rows()

    def find(self, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Score]:
        """Those of ``pairs`` that are listed."""
        at = self.numbers(pairs)
        rows = zip(self._frame[at].iter_rows(), self.whole[at].tolist(), strict=True)
        return {(s, r): Score(cost, int(whole), load) for (s, r, cost, load), whole in rows}

    def numbers(self, pairs: Iterable[tuple[str, str]]) -> np.ndarray:
        """(k,) int64 numbers of those of ``pairs`` that are listed, in the order of the list."""
        wanted = set(pairs)
        if not wanted:
            return np.zeros(0, dtype=np.int64)
        s, r = ({v: i for i, v in enumerate(ids)} for ids in (self.supporters, self.recipients))
        code = sorted(s[a] * len(r) + r[b] for a, b in wanted if a in s and b in r)
        every = self.supporter * len(r) + self.recipient
        return np.flatnonzero(np.isin(every, np.array(code, dtype=np.int64)))

    def smallest_loads(self) -> dict[str, int]:
        """Supporter → the smallest load above nothing among its pairs; who has none such is never full."""
        some = self._frame.filter(pl.col("load") > 0).group_by("supporter").agg(pl.col("load").min())
        return dict.fromkeys(self.supporters, 0) | dict(some.iter_rows())

    def check(self, rows: list[PairRow]) -> list[Broken]:
        """Rows that are not in the list, stand twice, or bear another cost or load than it says."""
        broken: list[Broken] = []
        seen: set[tuple[str, str]] = set()
        listed = self.find((r.supporter, r.recipient) for r in rows)
        for row in rows:
            pair = (row.supporter, row.recipient)
            if pair in seen:
                what = Text("同一对出现两次", "the pair stands twice")
                broken.append(Broken("key", "pairs", row.number, "recipient", what))
            seen.add(pair)
            score = listed.get(pair)
            if score is None:
                what = Text("pair_scores 中没有这一对", "pair_scores does not list this pair")
                broken.append(Broken("pair_scores", "pairs", row.number, "recipient", what))
                continue
            if row.given != score.whole / self.scale:
                what = Text(f"成本应为 {score.cost}", f"the cost should be {score.cost}")
                broken.append(Broken("pair_scores", "pairs", row.number, "cost", what))
            if row.load != score.load:
                what = Text(f"负载应为 {score.load}", f"the load should be {score.load}")
                broken.append(Broken("pair_scores", "pairs", row.number, "load", what))
        return broken

    def objective(self, rows: list[PairRow]) -> int:
        """Sum of the listed scores of the chosen pairs, in ``1/scale``."""
        pairs = [(r.supporter, r.recipient) for r in rows]
        listed = self.find(pairs)
        return sum(listed[pair].whole for pair in pairs if pair in listed)


def smallest_scale(scores: np.ndarray) -> int:
    """Smallest power of ten that makes every score whole; as docs/scores.md says."""
    for digits in range(DIGITS_MOST):
        scaled = scores * 10**digits
        size = np.abs(scaled)
        if (np.abs(scaled - np.rint(scaled)) <= np.maximum(1e-9, 4 * np.spacing(size))).all():
            return int(10**digits)
    return int(10**DIGITS_MOST)


def whole_numbers(scaled: np.ndarray) -> np.ndarray:
    """Rounded, half to even: int64, or Python's integers where some would not be exact further on."""
    if np.abs(scaled).max(initial=0.0) <= SAFE:
        return np.asarray(np.rint(scaled).astype(np.int64))
    return np.array([round(v) for v in scaled.tolist()], dtype=object)


def exact(values: np.ndarray, most: int) -> np.ndarray:
    """Values of which up to ``most`` are added up: as they are, or as Python's integers where int64 might overflow."""
    if values.dtype == object or not values.size:
        return values
    largest = max(abs(int(values.min())), abs(int(values.max())))
    return values if largest * max(1, most) < 2**62 else values.astype(object)


def _numbered(column: pl.Series) -> tuple[list[str], np.ndarray]:
    """The different ids, sorted, and each row's number among them."""
    ids = column.unique().sort()
    numbers = column.cast(pl.Enum(ids)).to_physical().cast(pl.Int64).to_numpy()
    return ids.to_list(), numbers
