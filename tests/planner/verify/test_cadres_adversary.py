"""An adversary who tells rows, costs and objective consistently is caught by what the prices of posts prove."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.schema import RESULTS
from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import read_scenario
from planner.stage import Outcome
from planner.stages.cadres import STAGE
from planner.verify import verify_stages
from planner.verify.cadres import check
from planner.verify.outcome import StageCheck
from tests.planner.cadre_land import DEGREE, PLAIN, REGIONS, Rows, cadre, decide, first, members, verdict
from tests.planner.small import MORE, TWO, write_small
from tests.planner.tiny import context, network, resolved

AT = {r["code"]: round(r["lon"] / DEGREE) for r in REGIONS}  # 10 km each: one point
FREE = {"posting_area": "off", "team_minimum": "off", "team_led": False}


def row(who: str, village: str, post: str, cost: float) -> dict[str, Any]:
    role = {"fs": "first_secretary", "m": "member"}[post]
    return {"cadre": who, "village": village, "post": post, "role": role, "cost": cost}


def table(rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    filled = [{c.name: given.get(c.name, c.default) for c in RESULTS["postings"].columns} for given in rows]
    return pl.DataFrame(filled, schema=RESULTS["postings"].dtypes)


def judged(people: Rows, posts: Rows, rows: Sequence[dict[str, Any]], prices: np.ndarray) -> StageCheck:
    net = network(regions=REGIONS, cadres=people, village_posts=posts)
    seen = context(STAGE, net, **{**PLAIN, **FREE})
    return check(resolved(STAGE, seen), {"postings": table(rows)}, {"worth_post": prices})


def told(check: StageCheck) -> dict[str, Any]:
    """What an adversary says of such a plan: that nothing is better."""
    return {"sense": "min", "objective": check.objective, "bound": check.objective}


lands = st.tuples(
    st.lists(st.sampled_from(["a1", "a2", "b1"]), min_size=1, max_size=7),
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3)), min_size=4, max_size=4),
)


def drawn(land: tuple[list[str], list[tuple[int, int]]]) -> tuple[Rows, Rows]:
    homes, seats = land
    people = [cadre(f"c{k}", home) for k, home in enumerate(homes)]
    return people, [members(f"v{k}", *counts) for k, counts in enumerate(seats)]


def optimum(people: Rows, posts: Rows) -> tuple[Outcome, list[dict[str, Any]]]:
    found = decide(people, posts, **FREE)
    assert found.status == "OPTIMAL"
    return found, found.tables["postings"].to_dicts()


@given(lands, st.data())
@settings(max_examples=40, deadline=None)
def test_a_plan_one_step_worse_is_not_optimal(
    land: tuple[list[str], list[tuple[int, int]]], data: st.DataObject
) -> None:
    """Two people swapped, one moved, one left at home: right costs, right objective, and yet no proof."""
    people, posts = drawn(land)
    best, rows = optimum(people, posts)
    home = {p["id"]: p["home_region"] for p in people}
    moved = [dict(r) for r in rows]
    step = data.draw(st.sampled_from(["swap", "move", "leave"]))
    a, b = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, len(rows) - 1))
    if step == "swap":
        moved[a]["village"], moved[b]["village"] = rows[b]["village"], rows[a]["village"]
    elif step == "move":
        moved[a]["village"] = data.draw(st.sampled_from(["v0", "v1", "v2", "v3"]))
    else:
        del moved[a]
    for r in moved:
        r["cost"] = float(abs(AT[r["village"]] - AT[home[r["cadre"]]]))
    found = judged(people, posts, moved, best.certificates["worth_post"])
    if any(b.rule == "target" for b in found.broken):
        return
    assert list(found.broken) == []
    assert best.objective is not None and found.objective is not None and found.bound == best.bound
    assert found.objective >= best.objective
    assert found.proves(told(found)) == (found.objective == best.objective)


def test_shifted_prices_prove_less() -> None:
    people = [cadre(f"c{k}", home) for k, home in enumerate(["a1", "a1", "a2", "b1", "b1"])]
    posts = [members("v1", 1, 1), members("v2", 1, 2)]
    best, rows = optimum(people, posts)
    right = best.certificates["worth_post"]
    assert judged(people, posts, rows, right).bound == best.objective
    for shift in (-1_000_000, 10**12, np.array([50_000, 0]), np.array([0, -50_000])):
        found = judged(people, posts, rows, right + shift)
        assert found.bound is not None and best.objective is not None and found.bound < best.objective
        assert not found.proves(told(found))


def test_a_class_hidden_from_the_planner_shows() -> None:
    """Whoever plans without the people who live nearby has prices at which they would gain."""
    near, far = [cadre("n0", "a2"), cadre("n1", "a2")], [cadre("f0", "b1"), cadre("f1", "b1")]
    posts = [members("v2", 1, 1), members("v3", 1, 1)]
    hidden, rows = optimum(far, posts)
    full, _ = optimum([*near, *far], posts)
    found = judged([*near, *far], posts, rows, hidden.certificates["worth_post"])
    assert list(found.broken) == [] and found.objective == hidden.objective  # as told, and every row is right
    assert not found.proves(told(found))
    assert found.bound is not None and full.objective is not None and found.bound <= full.objective


def test_a_village_left_out_shows() -> None:
    people = [cadre("c0", "a1"), cadre("c1", "a2"), cadre("c2", "b1")]
    posts = [members("v1", 1, 1), members("v2", 1, 1), members("v3", 1, 1)]
    best, rows = optimum(people, posts)
    prices = best.certificates["worth_post"]
    short = judged(people, posts, [r for r in rows if r["village"] != "v2"], prices)
    assert short.objective is not None and best.objective is not None and short.objective > best.objective
    assert not short.proves(told(short))
    without = judged(people, [p for p in posts if p["village"] != "v2"], rows, prices)
    assert {(b.rule, b.column) for b in without.broken} == {("known", "post")}
    assert without.bound is None  # prices for other posts prove nothing


TERMS = {"distance": 3.0, "skill": 4.0, "language": 6.0, "own_county": 5.0, "profile": 1.5, "keep": 7.0}


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("by", [0.002, -0.002, None])
def test_a_term_that_is_left_out_or_altered_is_named(term: str, by: float | None) -> None:
    """A posting that bears every term; one of them is told a little different, or not at all."""
    people = [cadre("c", "a1", unit="u", skill="law", languages="yi")]
    tables = {
        "units": [{"id": "u", "name": "u", "home_region": "a1", "profile": "health"}],
        "region_tags": [{"region": "a2", "tag": "language:lisu"}],
        "relations": [{"id": "r", "kind": "designated", "supporter": "u", "recipient": "a1"}],
        "household_groups": [
            {"village": "v2", "year": 2016, "cause": "illness", "households": 1},
            {"village": "v2", "year": 2016, "cause": "no_funds", "households": 3},
        ],
    }
    values = {**{f"{t}_weight": w for t, w in TERMS.items()}, "distance_weight": 1.0, "profile_weight": 2.0}
    right = sum(TERMS.values())
    told = right + by if by is not None else right - TERMS[term]
    posts = [first("v2", skill="health")]
    for cost, rules in ((right, []), (told, ["cost"])):
        plan = table([row("c", "v2", "fs", cost)])
        found = verdict(people, posts, plan, tables, posting_area="province", **values)
        assert [b.rule for b in found.broken] == rules
    costs = {b.what.en for b in found.broken}
    assert costs == {f"the cost should be {right:.3f}"}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = write_small(tmp_path_factory.mktemp("two") / "two", TWO, **MORE)
    return make_plan(read_scenario(folder), tmp_path_factory.mktemp("plans"))


def test_a_worse_plan_told_as_optimal_lacks_its_certificate(two: Plan, tmp_path: Path) -> None:
    """One posting fewer, with the objective that this comes to: all that is wrong is the bound."""
    folder = tmp_path / two.id
    shutil.copytree(two.folder, folder)
    file = folder / "tables" / "postings.parquet"
    pl.read_parquet(file)[1:].write_parquet(file)
    bad = verify_stages(Plan(folder, two.head))["cadres"]
    assert "objective" in {b.rule for b in bad.broken}
    stages = {
        **two.stages,
        "cadres": {**two.stages["cadres"], "objective": bad.objective, "bound": bad.objective},
    }
    worse = verify_stages(Plan(folder, {**two.head, "stages": stages}))["cadres"]
    assert {b.rule for b in worse.broken} == {"certificate"}
