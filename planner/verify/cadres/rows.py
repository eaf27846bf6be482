"""Rows of `postings` as columns: who stands where, and whether role and cost are right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.language import Text
from planner.verify.cadres.book import Book
from planner.verify.cadres.fit import SCALE, Fit
from planner.verify.codes import Codes, rank_within
from planner.verify.outcome import Broken

TABLE = "postings"
NEAR_HALF = 1e-4  # thousandths: a term this near the half between two whole numbers may be rounded either way

Finding = tuple[str, str, np.ndarray, Callable[[int], Text], Callable[[int], tuple[str, ...]] | None]
"""Rule, column, (k,) bool of the broken rows, what is wrong there, and the stages it rests on."""


@dataclass(frozen=True)
class Rows:
    """The k postings of known cadres at known posts.

    Attributes
    ----------
    number : ndarray
        (k,) int64 row in the stored table, from 1.
    cadre, post : ndarray
        (k,) int64.
    stays : ndarray
        (k,) bool: the cadre is in place there and may stay.
    cost : ndarray
        (k,) float64 whole numbers: the cost in 1/scale as the table says.
    """

    number: np.ndarray
    cadre: np.ndarray
    post: np.ndarray
    stays: np.ndarray
    cost: np.ndarray

    def __len__(self) -> int:
        return len(self.number)

    def only(self, rows: np.ndarray) -> Rows:
        """Some of the rows, given by number or as bool."""
        return Rows(self.number[rows], self.cadre[rows], self.post[rows], self.stays[rows], self.cost[rows])


def read_rows(book: Book, fit: Fit, table: pl.DataFrame) -> tuple[Rows, list[Broken], dict[str, int]]:
    """Rows of the table; what is wrong with each for itself; each term's sum in 1/scale."""
    who, at = book.row_of.of(table["cadre"]), book.post_of(table)
    known = (who >= 0) & (at >= 0)
    given = table["cost"].to_numpy()[known]
    rows = Rows(np.flatnonzero(known) + 1, who[known], at[known], book.people.post[who[known]] == at[known],
                np.rint(given * SCALE))  # fmt: skip
    if not np.isfinite(rows.cost).all():
        raise ValueError(f"{TABLE}: cost")
    terms = fit.terms(rows.cadre, rows.post, book.people.here[rows.cadre] == rows.post)
    names, posts = table["cadre"].filter(known), book.posts
    role = Codes(pl.Series(posts.roles, dtype=pl.String)).of(table["role"].filter(known))
    costs = _Costs(book, rows, terms, given)
    right = posts.role[rows.post]
    what = Text("没有这名干部或这个岗位", "there is no such cadre or post")
    broken = [
        Broken("known", TABLE, i + 1, "cadre" if who[i] < 0 else "post", what)
        for i in np.flatnonzero(~known).tolist()
    ]
    broken += tell(rows, [
        ("one_post", "cadre", rank_within(rows.cadre) > 0,
         lambda i: Text(f"{names[i]} 派到两处", f"{names[i]} is posted twice"), None),
        ("role", "role", role != right,
         lambda i: Text(f"应为 {posts.roles[right[i]]}", f"should be {posts.roles[right[i]]}"), None),
        ("cost", "cost", costs.wrong, costs.words, costs.rests),
    ])  # fmt: skip
    broken.sort(key=lambda b: b.row or 0)
    return rows, broken, {name: int(np.rint(v * SCALE).sum()) for name, v in terms.items()}


class _Costs:
    """What each row should cost, and whether it does."""

    def __init__(self, book: Book, rows: Rows, terms: dict[str, np.ndarray], given: np.ndarray) -> None:
        self.right, either = np.zeros((2, len(rows)))
        for term in terms.values():  # each is rounded for itself
            self.right += np.rint(term * SCALE)
            either += np.abs(term * SCALE - np.floor(term * SCALE) - 0.5) < NEAR_HALF
        exact = given == rows.cost / SCALE
        self.wrong = (np.abs(rows.cost - self.right) > either) | ~exact
        own = np.rint(book.weight["own_county_weight"] * SCALE) * np.where(terms["own_county"] != 0, -1, 1)
        other = exact & (np.abs(rows.cost - self.right - own) <= either)
        self._rests = other & (book.people.unit[rows.cadre] >= 0)

    def words(self, i: int) -> Text:
        """What it should be."""
        right = self.right[i] / SCALE
        return Text(f"成本应为 {right:.3f}", f"the cost should be {right:.3f}")

    def rests(self, i: int) -> tuple[str, ...]:
        """Right, were the county its unit's, or were it not: that is what `designation` decides."""
        return ("designation",) if self._rests[i] else ()


def tell(rows: Rows, findings: Iterable[Finding]) -> list[Broken]:
    """Broken rows in the order of the table; of one row in the order of ``findings``."""
    told = sorted(_each(rows, findings), key=lambda found: found[:2])
    return [broken for _, _, broken in told]


def _each(rows: Rows, findings: Iterable[Finding]) -> Iterator[tuple[int, int, Broken]]:
    for order, (rule, column, wrong, words, rests) in enumerate(findings):
        for i in np.flatnonzero(wrong).tolist():
            stages = () if rests is None else rests(i)
            yield i, order, Broken(rule, TABLE, int(rows.number[i]), column, words(i), stages)
