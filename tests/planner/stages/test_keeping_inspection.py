"""Visits beside a published plan: each rule bites and then does not; brute force; what could not be kept."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import polars as pl
import pytest

from graph.schema import RESULTS
from planner.stage import Context
from planner.stages.inspection import STAGE
from planner.stages.inspection.model import find_work
from planner.verify.inspection import check
from tests.planner.inspection_land import BASE, FEW, TEAMS, sent
from tests.planner.kept import beside, changed, checked, cost, rule
from tests.planner.tiny import context, network, resolved, solve


def inspections(made: list[tuple[str, str]], year: int = 2017) -> dict[str, pl.DataFrame]:
    """Visits of the kind ``check`` by team and county."""
    rows = [
        {
            "kind": "check",
            "year": year,
            "team": t,
            "region": c,
            "days": 3,
            "sample": "{}",
            "cost": 0.0,
            "terms": "{}",
        }
        for t, c in made
    ]
    return {"inspections": pl.DataFrame(rows, schema=RESULTS["inspections"].dtypes)}


def see(
    made: list[tuple[str, str]], given: dict[str, Any] | None = None, year: int = 2017, **values: Any
) -> Context:
    seen = context(STAGE, network(**{**BASE, **(given or {})}), **{**FEW, **values})
    return beside(STAGE, seen, inspections(made, year))


FAR = [("tC", "A1"), ("tA", "B2"), ("tB", "C1")]
"""A and B are near to one another, C is farther away. Which county of a province was drawn then is no matter."""


def test_a_limit_on_changes_bites_and_does_not() -> None:
    free, _ = checked(STAGE, see(FAR), check)
    assert changed(free) > 2
    kept, found = checked(STAGE, see(FAR, published_changes_max=0), check)
    assert sent(kept) == {("tC", "A"), ("tA", "B"), ("tB", "C")} and cost(kept) > cost(free)
    assert rule(found, "published_changes_max").state == "binding"
    two, _ = checked(STAGE, see(FAR, published_changes_max=2), check)
    assert changed(two) == 2 and cost(kept) > cost(two) >= cost(free)
    _, found = checked(STAGE, see(FAR, published_changes_max=7), check)
    assert rule(found, "published_changes_max").state == "slack"


def test_a_price_is_a_part_of_the_objective() -> None:
    free = solve(STAGE, see(FAR))
    dear, _ = checked(STAGE, see(FAR, published_change_weight=100.0), check)
    assert changed(dear) == 0 and len(dear.composition.parts) == 0
    cheap, found = checked(STAGE, see(FAR, published_change_weight=0.001), check)
    assert cost(cheap) == cost(free) + changed(cheap)
    assert rule(found, "published_change_weight").state == "binding"
    rows = float(cheap.tables["inspections"]["cost"].sum())
    assert [p.objective for p in cheap.composition.parts] == pytest.approx([rows, changed(cheap) / 1000])


def test_frozen_until_a_day_or_a_year() -> None:
    """The visits are those of 2017."""
    for entry, holds in (
        ("B", True),
        ("B<2017-05-01", True),
        ("B<2016-05-01", False),
        ("B<=2017", True),
        ("B<=2016", False),
    ):
        outcome, found = checked(STAGE, see(FAR, published_frozen=[entry]), check)
        assert (("tA", "B") in sent(outcome)) is holds or not holds
        assert rule(found, "published_frozen").state == ("binding" if holds else "slack")


def test_of_equally_good_plans_the_one_with_fewest_changes() -> None:
    for made in ([("u1", "A1"), ("u2", "B1")], [("u2", "A1"), ("u1", "B1")]):
        seen = see(made, {"inspection_teams": TEAMS[3:]}, travel_weight=0, no_repeat=False)
        assert set(made) <= {(t, c + "1") for t, c in sent(checked(STAGE, seen, check)[0])}


def test_what_could_not_be_kept_is_no_change_and_is_named() -> None:
    """tA is from A, t9 is gone, Z is not inspected."""
    seen = see([("tA", "A1"), ("t9", "B1"), ("u1", "Z"), ("u1", "C1")], published_changes_max=2)
    found, _ = checked(STAGE, seen, check)
    told = "\n".join(w.en for w in found.warnings)
    assert "1 kept, 2 new, 0 ended; 3 could not be kept" in told
    assert "inspection.no_own forbids it): tA → Province A" in told
    assert "the team is there no more): t9 → Province B" in told
    assert "the visit is not due): u1 → Capital" in told
    last, _ = checked(STAGE, see([("u1", "C1")], year=2016), check)
    assert any("it is of another year" in w.en for w in last.warnings)


def test_the_check_finds_what_breaks_the_rules() -> None:
    free = solve(STAGE, see(FAR))
    seen = see(FAR, published_changes_max=1, published_frozen=["*"], published_change_weight=1.0)
    found = check(resolved(STAGE, seen), free.tables, {})
    assert {b.rule for b in found.broken} == {"published_changes_max", "published_frozen"}
    assert found.objective == cost(free) + 1000 * changed(free)


@pytest.mark.parametrize("seed", range(4))
def test_a_limit_is_optimal_and_monotone(seed: int) -> None:
    """Each limit against every choice of one team for each of three visits."""
    draw = np.random.default_rng(seed)
    homes = [str(draw.choice(["A", "B", "C", "Z"])) for _ in range(4)]
    teams = [
        {"id": f"t{i}", "unit": "u1" if h == "Z" else h, "home_region": h, "size": 8, "days_max": 60}
        for i, h in enumerate(homes)
    ]
    made = [(f"t{draw.integers(4)}", f"{p}1") for p in "ABC"]
    given, costs, free = {"inspection_teams": teams}, [], {"no_reciprocal": False, "no_repeat": False}
    for most in range(7):
        seen = see(made, given, published_changes_max=most, **free)
        work = find_work(seen)
        index = {t: i for i, t in enumerate(work.teams.ids)}
        regions = [v.region for v in work.visits]
        known = {
            (index[t], regions.index(c[0])) for t, c in made if work.allowed[index[t], regions.index(c[0])]
        }
        best = (10**9, 0)
        for picked in itertools.product(range(4), repeat=3):
            mine = {(t, v) for v, t in enumerate(picked)}
            if all(work.allowed[t, v] for t, v in mine) and len(mine ^ known) <= most:
                best = min(best, (sum(int(work.cost[t, v]) for t, v in mine), len(mine ^ known)))
        if best[0] == 10**9:
            assert solve(STAGE, seen).status == "INFEASIBLE"
            continue
        outcome, _ = checked(STAGE, seen, check)
        assert (outcome.objective, changed(outcome)) == best
        costs.append(cost(outcome))
    assert costs == sorted(costs, reverse=True) and costs


def test_own_scores_keep_visits_too() -> None:
    scores = [{"stage": "inspection", "supporter": t, "recipient": r, "cost": c, "load": 1}
              for t, r, c in (("tA", "B", 1.0), ("tC", "B", 1.0), ("u1", "B", 0.5))]  # fmt: skip
    for made, values, right in (
        ("tC", {"published_changes_max": 1}, "tC"),
        ("tA", {"published_frozen": ["B"]}, "tA"),
        ("tA", {}, "u1"),
    ):
        seen = context(STAGE, network(**{**BASE, "pair_scores": scores}), objective="scores", **values)
        outcome, _ = checked(STAGE, beside(STAGE, seen, inspections([(made, "B")])), check)
        assert outcome.tables["inspections"]["team"].to_list() == [right]
