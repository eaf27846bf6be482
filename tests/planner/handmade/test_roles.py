from __future__ import annotations

import polars as pl

from graph.schema import RESULTS
from planner.handmade.checking import with_roles
from tests.planner.tiny import network


def test_a_role_that_is_not_written_is_that_of_the_post() -> None:
    posts = [
        {"village": "v", "post": "1", "role": "first_secretary"},
        {"village": "v", "post": "2", "role": "member"},
    ]
    rows = [("c1", "v", "1", None), ("c2", "v", "2", "first_secretary"), ("c3", "w", "9", None)]
    given = pl.DataFrame(
        [dict(zip(RESULTS["postings"].dtypes, (*r, None), strict=True)) for r in rows],
        schema=RESULTS["postings"].dtypes,
    )
    filled = with_roles(network(village_posts=posts), given)
    assert filled["role"].to_list() == ["first_secretary", "first_secretary", None]
    assert filled.columns == given.columns
