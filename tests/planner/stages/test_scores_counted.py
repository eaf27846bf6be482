"""Own scores that cannot be met, counted before any solver: by hand, against the solver, and said where nothing is counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from graph.errors import InputError
from planner.stage import Context
from planner.stages.cadres import STAGE as CADRES
from planner.stages.designation import STAGE as DESIGNATION
from planner.stages.pairing import STAGE as PAIRING
from planner.stages.words import Uncounted
from tests.planner import tiny

Rows = list[dict[str, Any]]
REGIONS: Rows = [{"code": "d", "name": "一县", "level": "county"}] + [
    {"code": v, "name": name, "level": "village", "parent": "d"} for v, name in (("v", "东村"), ("w", "西村"))
]
POSTS: Rows = [
    {"village": v, "post": "fs", "role": "first_secretary", "minimum": 1, "target": 1} for v in ("v", "w")
]


def of_cadres(posts: Rows, *pairs: tuple[str, str]) -> Context:
    scores = [{"stage": "cadres", "supporter": c, "recipient": p, "cost": 1.0} for c, p in pairs]
    people = [{"id": f"c{i}"} for i in range(6)]
    net = tiny.network(regions=REGIONS, cadres=people, village_posts=posts, pair_scores=scores)
    return tiny.context(CADRES, net, objective="scores")


def told(stage: Any, context: Context) -> tuple[list[str], list[str]]:
    """Clashes, and what is said not to be counted."""
    found = stage.count_ahead(context, ())
    return [t.en for t in found if not isinstance(t, Uncounted)], [
        t.en for t in found if isinstance(t, Uncounted)
    ]


def test_two_posts_and_one_cadre_listed_for_both() -> None:
    short = of_cadres(POSTS, ("c0", "v/fs"), ("c0", "w/fs"))
    (found,), said = told(CADRES, short)
    assert found.startswith("for 2 seats that must be filled pair_scores lists only 1 cadre: 东村, 西村")
    assert "(rules: village_posts.minimum, pair_scores)" in found and not said
    assert tiny.solve(CADRES, short).status == "INFEASIBLE"
    enough = of_cadres(POSTS, ("c0", "v/fs"), ("c0", "w/fs"), ("c1", "w/fs"))
    assert told(CADRES, enough) == ([], []) and tiny.solve(CADRES, enough).status == "OPTIMAL"


def test_one_post_that_asks_for_more_than_are_listed_is_named_alone() -> None:
    posts = [POSTS[0], POSTS[1] | {"post": "m", "role": "member", "minimum": 3, "target": 3}]
    (found,), _ = told(CADRES, of_cadres(posts, ("c0", "v/fs"), ("c1", "w/m"), ("c2", "w/m")))
    assert "for 3 seats" in found and "only 2 cadres: the post m of 西村" in found and "东村" not in found


def test_posts_that_nobody_is_listed_for_are_said_to_stay_open() -> None:
    clashes, (said,) = told(CADRES, of_cadres(POSTS, ("c0", "v/fs")))
    assert not clashes and said.startswith("1 post has a minimum") and said.endswith("西村")


def test_without_minima_it_is_said_that_nothing_is_counted() -> None:
    free = [p | {"minimum": 0} for p in POSTS]
    clashes, (said,) = told(CADRES, of_cadres(free, ("c0", "v/fs")))
    assert not clashes and "nothing to count ahead" in said


def test_a_table_without_rows_of_the_stage_is_refused() -> None:
    with pytest.raises(InputError, match="pair_scores"):
        CADRES.count_ahead(of_cadres(POSTS), ())


def test_what_is_counted_has_no_plan_and_most_of_what_has_none_is_counted() -> None:
    counted = infeasible = 0
    for seed in range(150):
        draw = np.random.default_rng(seed)
        posts = [{"village": v, "post": p, "role": "member", "minimum": int(draw.integers(0, 3)), "target": 2}
                 for v in ("v", "w") for p in ("a", "b")]  # fmt: skip
        keys = [f"{p['village']}/{p['post']}" for p in posts]
        pairs = [(f"c{i}", key) for i in range(6) for key in keys if draw.random() < 0.4]
        context = of_cadres(posts, *(pairs or [("c0", keys[0])]))
        clashes, status = told(CADRES, context)[0], tiny.solve(CADRES, context).status
        assert not clashes or status == "INFEASIBLE", (seed, clashes)
        counted, infeasible = counted + bool(clashes), infeasible + (status == "INFEASIBLE")
    assert 0.7 * infeasible < counted <= infeasible < 150


def of_pairs(stage: Any, loads: tuple[float, float], **values: Any) -> Context:
    """One supporter of capacity 5 that is listed for both recipients."""
    scores = [{"stage": stage.name, "supporter": "u", "recipient": r, "cost": 1.0, "load": load}
              for r, load in zip(("x", "y"), loads, strict=True)]  # fmt: skip
    units = [{"id": "u", "name": "单位", "capacity": 5.0}]
    return tiny.context(stage, tiny.network(units=units, pair_scores=scores), objective="scores", **values)


@pytest.mark.parametrize("stage", [PAIRING, DESIGNATION], ids=lambda s: s.name)
def test_loads_of_pairs_against_capacity(stage: Any) -> None:
    short = of_pairs(stage, (3, 4))
    (found,), said = told(stage, short)
    assert "5" in found and "7" in found and not said
    assert tiny.solve(stage, short).status == "INFEASIBLE"
    enough = of_pairs(stage, (2, 3))
    assert told(stage, enough) == ([], []) and tiny.solve(stage, enough).status == "OPTIMAL"


@pytest.mark.parametrize(
    ("stage", "off"),
    [(PAIRING, {"partners_per_recipient": "off", "cover_recipients": "off"}), (DESIGNATION, {"units_per_county": "off"})],
    ids=["pairing", "designation"],
)  # fmt: skip
def test_without_a_rule_that_asks_for_pairs_it_is_said_that_nothing_is_counted(
    stage: Any, off: dict[str, Any]
) -> None:
    clashes, (said,) = told(stage, of_pairs(stage, (3, 4), **off))
    assert not clashes and "nothing to count ahead" in said
