"""Own scores as columns: the same as one pair after another in Python's own numbers, also very large ones."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.stages.designation import STAGE
from planner.verify.pair_rows import PairRow
from planner.verify.score_book import ScoreBook, exact, smallest_scale, whole_numbers
from planner.verify.scored_bound import proved_bound
from tests.planner.tiny import context, network, resolved


def book_of(scores: list[dict[str, Any]], **values: Any) -> tuple[ScoreBook, Any]:
    rows = [{"stage": "designation", **row} for row in scores]
    ids = sorted({row["supporter"] for row in scores})
    units = [{"id": u, "name": u, "capacity": 5} for u in ids]
    found = resolved(
        STAGE, context(STAGE, network(units=units, pair_scores=rows), objective="scores", **values)
    )
    return ScoreBook(found, "designation"), found


def score(supporter: str, recipient: str, cost: float, load: int = 1) -> dict[str, Any]:
    return {"supporter": supporter, "recipient": recipient, "cost": cost, "load": load}


def test_a_book_by_hand() -> None:
    listed = [score("u2", "x", 1.5, 3), score("u1", "y", -2.0, 2), score("u1", "x", 0.25, 0)]
    book, _ = book_of(listed)
    assert book.scale == 100
    assert (book.supporters, book.recipients) == (["u1", "u2"], ["x", "y"])
    assert sorted(book) == [("u1", "x"), ("u1", "y"), ("u2", "x")]
    assert book.find([("u1", "y"), ("u2", "y")]) == {("u1", "y"): (-2.0, -200, 2)}
    assert book.smallest_loads() == {"u1": 2, "u2": 3}
    rows = [PairRow(1, "u1", "y", 0, -2.0, 2, {}), PairRow(2, "u2", "y", 0, 1.0, 1, {}),
            PairRow(3, "u1", "y", 0, -2.1, 1, {})]  # fmt: skip
    assert [(b.rule, b.row, b.column) for b in book.check(rows)] == [
        ("pair_scores", 2, "recipient"),
        ("key", 3, "recipient"),
        ("pair_scores", 3, "cost"),
        ("pair_scores", 3, "load"),
    ]
    assert book.objective(rows) == -400


@given(st.lists(st.integers(-(10**7), 10**7), min_size=1, max_size=8), st.integers(0, 6))
def test_the_scale_is_the_smallest_power_of_ten_that_makes_all_whole(values: list[int], digits: int) -> None:
    scores = np.array([v / 10**digits for v in values])
    exactly = [Fraction(v, 10**digits) for v in values]
    wanted = next(10**d for d in range(7) if all((f * 10**d).denominator == 1 for f in exactly))
    assert smallest_scale(scores) == wanted
    assert whole_numbers(scores * wanted).tolist() == [int(f * wanted) for f in exactly]


def test_numbers_that_int64_would_not_hold_exactly() -> None:
    assert whole_numbers(np.array([1e19, -1e19])).tolist() == [10**19, -(10**19)]
    near = np.full(3, 2**61)
    assert exact(near, 3).sum() == 3 * 2**61
    assert exact(np.array([1, 2]), 2).dtype == np.int64


def best_set(values: list[tuple[int, int]], room: int) -> int:
    subsets = itertools.chain.from_iterable(itertools.combinations(values, k) for k in range(len(values) + 1))
    return min(sum(v for v, _ in s) for s in subsets if sum(load for _, load in s) <= room)


@given(st.integers(0, 10_000), st.sampled_from([1, 10**6, 2**45, 2**60]), st.sampled_from(["min", "max"]))
def test_any_prices_bound_as_every_set_does(seed: int, size: int, sense: str) -> None:
    draw = np.random.default_rng(seed)
    listed = [score(f"u{i}", f"c{j}", int(draw.integers(-9, 9)), int(draw.integers(0, 5)))
              for i in range(2) for j in range(4) if i == 0 or draw.random() < 0.7]  # fmt: skip
    book, found = book_of(listed, sense=sense)
    prices = draw.integers(-9_000, 9_000, 4) * size
    sign = -1 if sense == "max" else 1
    total = sum(prices.tolist())
    for unit in ("u0", "u1"):
        mine = [(sign * int(s["cost"]) * 1000 - int(prices[int(s["recipient"][1])]), s["load"])
                for s in listed if s["supporter"] == unit]  # fmt: skip
        total += best_set(mine, 5)
    told = proved_bound(found, "designation", book, prices, dict.fromkeys(("u0", "u1"), 5.0))
    assert told == sign * -(-total // 1000)


@pytest.mark.parametrize("load", [0, 2])
def test_pairs_of_one_load_beside_one_that_never_fits(load: int) -> None:
    book, found = book_of(
        [score("u0", "c0", -1, load), score("u0", "c1", -2, load), score("u0", "c2", -9, 7)]
    )
    told = proved_bound(found, "designation", book, np.zeros(3, np.int64), {"u0": 5.0})
    assert told == -3
