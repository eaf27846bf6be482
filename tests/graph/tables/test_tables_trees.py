"""Circles of parents, told apart from what merely hangs on them."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from graph.tables.check_trees import on_circle


@st.composite
def parents(draw):
    n = draw(st.integers(1, 12))
    return draw(st.lists(st.none() | st.integers(0, n - 1), min_size=n, max_size=n))


@given(parents())
def test_a_row_is_on_a_circle_exactly_when_its_ancestors_come_back_to_it(above):
    def comes_back(start: int) -> bool:
        at = above[start]
        for _ in above:
            if at is None or at == start:
                break
            at = above[at]
        return at == start

    assert on_circle(pl.Series(above, dtype=pl.Int64)) == [i for i in range(len(above)) if comes_back(i)]


def test_each_row_of_a_circle_is_named_once(errors):
    found = errors(regions="code,parent\nA,B\nB,C\nC,A\nD,A\nE,\n")
    assert [(f.code, f.row, f.value) for f in found] == [
        ("parent-cycle", 2, "B"), ("parent-cycle", 3, "C"), ("parent-cycle", 4, "A")]  # fmt: skip
    assert "A → B → C → A" in found[0].what.en


def test_policies_are_a_tree_too(errors):
    assert [f.code for f in errors(policies="id,title,parent\np,x,p\n")] == ["parent-cycle"]


def test_a_parent_of_no_wider_level_is_remarked(remarks):
    found = remarks(regions="code,level,parent\nA,county,\nB,prefecture,A\nC,county,\n")
    assert [(f.code, f.row) for f in found] == [("level-order", 3)]
