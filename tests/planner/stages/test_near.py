"""An explanation of a few people or villages looks at a part of the scenario, and says what the whole one would."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib import import_module
from itertools import product
from typing import Any

import numpy as np
import polars as pl
import pytest

from planner.stage import Context
from planner.stages.cadres import STAGE
from planner.stages.cadres.build import read_model
from planner.stages.cadres.near import near
from planner.stages.cadres.reach import within_reach
from tests.planner.cadre_land import PLAIN, REGIONS, cadre, first, members
from tests.planner.tiny import context, network, solve

WEIGHTS = {"keep_weight": 2.0, "skill_weight": 3.0, "language_weight": 4.0, "own_county_weight": 5.0, "profile_weight": 1.0}  # fmt: skip
LENDER = {"id": "u", "name": "u", "kind": "university", "home_region": "b1", "profile": "industry;health"}


def a_land(seed: int, **values: Any) -> Context:
    """Ten people of four counties' places and a unit that helps b1 too, some of them in place; seven rows of posts."""
    rng = np.random.default_rng(seed)
    homes = ["a1", "a2", "b1", "P", None]
    people = [
        cadre(
            f"c{k}",
            homes[int(rng.integers(5))],
            **({"unit": "u"} if rng.random() < 0.4 else {}),
            skill=["industry", "health", "general"][int(rng.integers(3))],
            roles=["first_secretary;member", "member"][int(rng.integers(2))],
            available_until=[None, date(2017, 6, 1), date(2016, 1, 1)][
                int(rng.choice(3, p=[0.7, 0.15, 0.15]))
            ],
        )
        for k in range(10)
    ]
    posts = [first(f"v{k}", minimum=0, skill="health") for k in range(4)]
    posts += [members(f"v{k}", 0, int(rng.integers(1, 3)), skill="industry") for k in (0, 2, 3)]
    began = [date(2012, 1, 1), date(2016, 6, 1)]
    held = [
        {
            "cadre": f"c{k}",
            "village": f"v{int(rng.integers(4))}",
            "post": "fs",
            "since": began[int(rng.integers(2))],
            "ended_because": [None, None, "illness"][int(rng.integers(3))],
        }
        for k in range(0, 10, 2)
    ]
    groups = [
        {"village": f"v{k}", "year": 2015, "group": "g", "cause": "illness", "households": 3} for k in (0, 3)
    ]
    net = network(
        regions=REGIONS, cadres=people, village_posts=posts, postings=held, units=[LENDER], household_groups=groups,
        relations=[{"kind": "designated", "supporter": "u", "recipient": r} for r in ("a2", "b1")],
        region_tags=[{"region": "b1", "tag": "deep_poverty"}],
    )  # fmt: skip
    return context(STAGE, net, **{**PLAIN, **WEIGHTS, "team_led": False, "team_minimum": "off", **values})


def asked() -> list[tuple[str, ...]]:
    """Every cadre, every village, every cadre at every village and in every county."""
    people, villages = [f"c{k}" for k in range(10)], [f"v{k}" for k in range(4)]
    pairs = product(people, [*villages, "a1", "B"])
    return [*((c,) for c in people), *((v,) for v in villages), *pairs]


def explained(seen: Context, tables: Mapping[str, pl.DataFrame]) -> list[list[dict[str, Any]]]:
    """What is told of every subject."""
    return [[e.as_dict() for e in STAGE.explain(seen, tables, keys)] for keys in asked()]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("area", ["prefecture", "county"])
def test_the_part_says_what_the_whole_says(seed: int, area: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = a_land(seed, posting_area=area)
    tables = solve(STAGE, seen).tables
    found = explained(seen, tables)
    monkeypatch.setattr(import_module("planner.stages.cadres.explain"), "near", lambda context, *_: context)
    assert found == explained(seen, tables)
    assert any(len(one[0]["options"]) > 1 for one in found if one)


def test_the_part_is_smaller_than_the_whole() -> None:
    """Whoever is of county a2 and no unit goes to A alone: nothing of B is looked at."""
    people = [cadre("c0", "a2"), cadre("c1", "b1"), cadre("c2", "b1")]
    posts = [first(f"v{k}") for k in range(4)]
    since = date(2016, 6, 1)
    held = [{"cadre": c, "village": v, "post": "fs", "since": since} for c, v in (("c1", "v0"), ("c2", "v3"))]
    seen = context(
        STAGE, network(regions=REGIONS, cadres=people, village_posts=posts, postings=held), **PLAIN
    )
    nobody = solve(STAGE, seen).tables["postings"].clear()
    part = near(seen, nobody, ["c0"], []).network
    assert part.frame("village_posts")["village"].to_list() == ["v0", "v1", "v2"]
    assert part.frame("cadres")["id"].to_list() == ["c0", "c1"]  # c1 holds a seat there
    assert "b1" in part.parents and "v3" not in part.parents  # where c1 is from; what nobody asks about
    village = near(seen, nobody, [], ["v3"]).network
    assert village.frame("cadres")["id"].to_list() == ["c1", "c2"]  # both are of B
    assert village.frame("village_posts")["village"].to_list() == ["v0", "v3"]  # and c1 is in a term at v0


@pytest.mark.parametrize(
    "values",
    [
        {"posting_area": "off"},
        {"unit_release_share": 0.5},
        {"team_one_unit": True},
        {"team_language": True},
        {"spouses_together": "county"},
    ],
)
def test_where_people_are_tied_over_the_country_the_whole_is_read(values: dict[str, Any]) -> None:
    seen = a_land(1, **{"posting_area": "prefecture", **values})
    none = solve(STAGE, seen).tables["postings"].clear()
    assert near(seen, none, ["c0"], []) is seen
    assert near(a_land(1), none, ["c0"], []) is not seen


def test_a_unit_reaches_its_own_counties_besides_its_area() -> None:
    seen = a_land(0)
    model = read_model(seen)
    table = pl.DataFrame(
        {"home_region": ["a1", "a1", None], "unit": ["u", None, None]}, schema_overrides={"unit": pl.String}
    )
    rows = dict(model.places.rows.select("code", pl.col("row").cast(pl.Int64)).iter_rows())
    own = {"u": np.array([rows["a2"], rows["b1"]])}
    reaches, which = within_reach(seen, model.places, table, own)
    told_rows = [None if r is None else set(r.tolist()) for r in (reaches[n] for n in which.tolist())]
    assert told_rows == [{rows["A"], rows["a2"], rows["b1"]}, {rows["A"]}, None]


def test_a_place_and_what_is_below_it() -> None:
    net = network(regions=REGIONS)
    assert net.within("A") == {"A", "a1", "a2", "v0", "v1", "v2"}
    assert net.within("v3") == {"v3"} and net.within("c1") == {"c1"}
