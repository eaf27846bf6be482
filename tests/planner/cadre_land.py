"""A small land for the stage `cadres`: two counties of one prefecture, villages 10 km apart, and another prefecture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from planner.stage import Outcome
from planner.stages.cadres import STAGE
from planner.verify.cadres import check
from planner.verify.cadres.shortage import check_shortage
from planner.verify.outcome import StageCheck
from tests.planner.tiny import assert_told, context, network, resolved, solve

Rows = Sequence[Mapping[str, Any]]
DEGREE = 0.0899322  # of longitude on the equator: 10 km

REGIONS: Rows = [
    {"code": "P", "name": "P", "level": "province", "lon": 0.0, "lat": 0.0},
    {"code": "A", "name": "A", "level": "prefecture", "parent": "P", "lon": 0.0, "lat": 0.0},
    {"code": "B", "name": "B", "level": "prefecture", "parent": "P", "lon": 10 * DEGREE, "lat": 0.0},
    {"code": "a1", "name": "a1", "level": "county", "parent": "A", "lon": 0.0, "lat": 0.0},
    {"code": "a2", "name": "a2", "level": "county", "parent": "A", "lon": 3 * DEGREE, "lat": 0.0},
    {"code": "b1", "name": "b1", "level": "county", "parent": "B", "lon": 10 * DEGREE, "lat": 0.0},
    *({"code": f"v{k}", "name": f"v{k}", "level": "village", "parent": c, "lon": x * DEGREE, "lat": 0.0}
      for k, (c, x) in enumerate((("a1", 0), ("a1", 1), ("a2", 3), ("b1", 10)))),
]  # fmt: skip
PLAIN: dict[str, Any] = {"distance_weight": 1.0, "keep_weight": 0.0, "skill_weight": 0.0, "language_weight": 0.0,
                         "own_county_weight": 0.0, "profile_weight": 0.0}  # fmt: skip


def first(village: str, **more: Any) -> dict[str, Any]:
    """A first-secretary post that must be filled."""
    return {"village": village, "post": "fs", "role": "first_secretary", "minimum": 1, "target": 1, **more}


def members(village: str, minimum: int, target: int, **more: Any) -> dict[str, Any]:
    """Member posts."""
    return {"village": village, "post": "m", "role": "member", "minimum": minimum, "target": target, **more}


def cadre(name: str, home: str | None = "a1", **more: Any) -> dict[str, Any]:
    """A cadre who may take any role."""
    return {"id": name, "home_region": home, "unit": home, "roles": "first_secretary;member", **more}


def decide(
    cadres: Rows,
    posts: Rows,
    tables: Mapping[str, Rows] | None = None,
    published: Mapping[str, pl.DataFrame] | None = None,
    **values: Any,
) -> Outcome:
    """The stage's outcome; verify must find nothing, and prove the bound that is told where no search went beyond, or that people are too few."""
    net = network(**{"regions": REGIONS, "cadres": cadres, "village_posts": posts, **(tables or {})})
    seen = context(STAGE, net, published=published, **{**PLAIN, **values})
    outcome = solve(STAGE, seen)
    if outcome.shortage is not None:
        assert check_shortage(resolved(STAGE, seen), {}, outcome.shortage) == []
    if outcome.status in ("OPTIMAL", "FEASIBLE"):
        found = check(resolved(STAGE, seen), outcome.tables, outcome.certificates)
        assert [b.text.en for b in found.broken] == []
        assert_told(found)
        assert found.objective == outcome.objective
        assert found.bound is not None and outcome.bound is not None and found.objective is not None
        assert found.bound <= outcome.bound <= found.objective
        assert (found.bound < outcome.bound) == (outcome.details.get("bound_by") == "search")
        states = {r.rule: r.state for r in found.rules}
        for setting in STAGE.settings:
            if setting.rule and seen.policy[setting.key] is None:
                assert states[setting.key] == "off"
    return outcome


def verdict(
    cadres: Rows,
    posts: Rows,
    postings: pl.DataFrame,
    tables: Mapping[str, Rows] | None = None,
    published: Mapping[str, pl.DataFrame] | None = None,
    **values: Any,
) -> StageCheck:
    """The check of hand-made postings."""
    net = network(**{"regions": REGIONS, "cadres": cadres, "village_posts": posts, **(tables or {})})
    seen = context(STAGE, net, published=published, **{**PLAIN, **values})
    return check(resolved(STAGE, seen), {"postings": postings}, {})


def placed(outcome: Outcome) -> dict[str, str]:
    """Cadre → ``village/post``."""
    rows = outcome.tables["postings"].select("cadre", "village", "post").iter_rows()
    return {c: f"{v}/{p}" for c, v, p in rows}
