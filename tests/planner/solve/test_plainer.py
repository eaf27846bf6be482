"""Plainer rows: the same answers, and what becomes an assignment by them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.solve import choose, mip
from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.generalised import recognise
from planner.solve.mip import violated
from planner.solve.plainer import plainer
from planner.solve.task import Arrays
from tests.planner.solve.models import brute_force, random_model

M, N = 3, 4


def grid(
    seed: int, m: int = M, n: int = N, listed: float = 1.0
) -> tuple[ChoiceModel, np.ndarray, np.ndarray]:
    """A model whose columns are pairs, each recipient by exactly one; (model, supporter, recipient)."""
    draw = np.random.default_rng(seed)
    i, j = np.nonzero(draw.random((m, n)) < listed)
    model = ChoiceModel()
    model.columns(draw.integers(-9, 20, len(i)))
    model.rows("one", j, np.arange(len(i)), 1.0, 1.0, 1.0, n)
    return model, i, j


def points(arrays: Arrays) -> set[tuple[int, ...]]:
    """Every choice that the rows and the columns' bounds allow."""
    every = itertools.product((0, 1), repeat=len(arrays["cost"]))
    low, high = arrays["lower"], arrays["upper"]
    return {
        p for p in every if (p >= low).all() and (p <= high).all() and not violated(arrays, np.array(p)).size
    }


@given(st.integers(0, 10_000))
def test_no_model_has_other_answers_by_plainer_rows(seed: int) -> None:
    arrays = random_model(seed).arrays()
    assert points(plainer(arrays)) == points(arrays)


@given(
    st.integers(0, 10_000), st.integers(2, 3), st.integers(2, 4), st.floats(0.6, 1.0),
    st.sets(st.sampled_from(["cover", "load", "loads", "number", "square", "pins"])),
)  # fmt: skip
def test_rules_beside_an_assignment_have_the_same_answers(
    seed: int, m: int, n: int, listed: float, rules: set[str]
) -> None:
    draw = np.random.default_rng(seed)
    model, i, j = grid(seed, m, n, listed)
    column = np.arange(len(i))
    if "cover" in rules:
        model.rows("cover", j, column, 1.0, 1.0, INFINITY, n)
    if "load" in rules:
        model.rows("load", i, column, 3.0, -INFINITY, draw.integers(2, 12, m).astype(float), m)
    if "loads" in rules:
        loads = draw.integers(1, 6, len(i)).astype(float)
        model.rows("loads", i, column, loads, -INFINITY, draw.integers(3, 9, m).astype(float), m)
    if "number" in rules:
        model.rows("number", i, column, 1.0, 0.0, float(draw.integers(1, 3)), m)
    if "square" in rules:
        model.rows("square", i, column, 1.0, 1.0, float(draw.integers(1, 3)), m)
    if "pins" in rules and len(i):
        pinned = np.unique(draw.integers(0, len(i), int(draw.integers(1, 3))))
        model.rows("pins", np.arange(len(pinned)), pinned, 1.0, 1.0, 1.0, len(pinned))
    arrays = model.arrays()
    assert points(plainer(arrays)) == points(arrays)
    answer = choose.solve(arrays, {}, lambda _: None)
    assert answer.facts.get("objective") == brute_force(arrays)


def limited(kind: str) -> ChoiceModel:
    model, i, _ = grid(1, 3, 3)
    column = np.arange(len(i))
    if kind == "cover":
        model.rows("cover", np.tile(np.arange(3), 3), column, 1.0, 1.0, INFINITY, 3)
    elif kind == "number beside equal loads":
        model.rows("capacity", i, column, 2.0, -INFINITY, 5.0, 3)
        model.rows("number", i, column, 1.0, 0.0, 1.0, 3)
    elif kind == "one beside loads":
        model.rows("capacity", i, column, np.arange(9.0) % 4 + 1, -INFINITY, 4.0, 3)
        model.rows("number", i, column, 1.0, 0.0, 1.0, 3)
    elif kind == "two beside loads":
        model.rows("capacity", i, column, np.arange(9.0) % 4 + 1, -INFINITY, 4.0, 3)
        model.rows("number", i, column, 1.0, 0.0, 2.0, 3)
    elif kind == "as many":
        model.rows("number", i, column, 1.0, 1.0, 2.0, 3)
    elif kind == "pin":
        model.rows("pins", np.arange(1), column[4:5], 1.0, 1.0, 1.0, 1)
    elif kind == "two pins on one":
        model.rows("pins", np.arange(2), column[[1, 4]], 1.0, 1.0, 1.0, 2)
    elif kind == "at least one for two of three":
        model.rows("number", i[:6], column[:6], 1.0, 1.0, 2.0, 2)
    return model


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("cover", True),
        ("number beside equal loads", True),
        ("one beside loads", True),
        ("two beside loads", False),
        ("as many", True),
        ("pin", True),
        ("two pins on one", False),
        ("at least one for two of three", False),
    ],
)
def test_what_becomes_an_assignment_and_what_does_not(kind: str, seen: bool) -> None:
    arrays = limited(kind).arrays()
    assert (recognise(arrays) is not None) == seen
    answer, plain = (solve(arrays, {}, lambda _: None) for solve in (choose.solve, mip.solve))
    assert answer.status == plain.status and answer.facts.get("objective") == plain.facts.get("objective")


def test_a_plain_assignment_is_left_as_it_is() -> None:
    model, i, _ = grid(2)
    model.rows("number", i, np.arange(len(i)), 1.0, 0.0, 2.0, M)
    arrays = model.arrays()
    assert plainer(arrays) is arrays
