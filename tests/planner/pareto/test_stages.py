"""Fronts of cadres, exit and inspection: exactly the best of everything that the independent checks let pass."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
import pytest

from graph.errors import UsageError
from planner.pareto.checked import broken_rules, terms_of
from planner.pareto.grounds import ground_of
from planner.stage import Context
from planner.stages.cadres import STAGE as CADRES
from planner.stages.cadres.build import read_model
from planner.stages.cadres.hand_out import postings_table
from planner.stages.cadres.terms import term_parts
from planner.stages.exit.model import find_parts
from planner.stages.exit.tables import exits_table
from planner.stages.inspection import STAGE as INSPECTION
from planner.stages.inspection.model import find_work
from planner.stages.inspection.results import inspection_table
from tests.planner import exit_land
from tests.planner.cadre_land import PLAIN, REGIONS, cadre, first, members
from tests.planner.inspection_land import BASE, FEW
from tests.planner.pareto.tried import aims_of, best_of, checked_front, holding
from tests.planner.tiny import context, network


def years(seed: int, **values: Any) -> Context:
    """Two counties and a village by drawn incidences, and a pledge in counties."""
    draw = np.random.default_rng(seed)
    share = [float(s) for s in draw.choice([0.015, 0.025, 0.03, 0.05], 3)]
    net = exit_land.land(
        {"a": share[0]}, {"b": share[1]}, {"v": ("a", share[2])}, deep=["a", "b"],
        pledges=[{"region": "E", "year": 2017, "measure": "counties", "amount": 1}],
    )  # fmt: skip
    rules = {
        "deadline": "off",
        "horizon_years": 3,
        "pledge_levels": ["province"],
        "village_first_share": "off",
    }
    return exit_land.see(net, **{**rules, **values})


def all_years(seen: Context) -> Iterator[pl.DataFrame]:
    """Every year, or none, for every county and village."""
    parts = find_parts(seen)
    t, n = len(parts.places.years), len(parts.places.listed)
    for chosen in itertools.product(range(-1, t), repeat=n + len(parts.villages.codes)):
        yield exits_table(seen, parts, np.array(chosen[:n]), np.array(chosen[n:], dtype=np.int64))


@pytest.mark.parametrize(
    ("seed", "keys"),
    [
        (0, ("late", "early")),
        (1, ("early", "short")),
        (3, ("risk", "late", "early")),
        (2, ("village_late", "village_early")),
    ],
)
@pytest.mark.parametrize(
    "values", [{}, {"line": "off", "line_west": "off", "village_line": "off", "standard": "off"}]
)
def test_exits_tried_one_by_one(seed: int, keys: tuple[str, ...], values: dict[str, Any]) -> None:
    seen, aims = years(seed, **values), aims_of("exit", keys)
    wanted = best_of(holding(seen, aims, all_years(seen)))
    front = checked_front(seen, aims)
    assert front.status == "complete"
    assert {p.values for p in front.points} == wanted


def test_exit_by_hand() -> None:
    """One county in deep poverty, ready in the first of three years: each year of waiting costs 3 in one aim and saves 2 in the other."""
    seen = exit_land.see(exit_land.land({"a": 0.015}, deep=["a"]), deadline=2019)
    front = checked_front(seen, aims_of("exit", ("late", "early")))
    assert [p.values for p in front.points] == [(0, 4000), (3000, 2000), (6000, 0)]


def test_inspections_tried_one_by_one() -> None:
    """Three visits, each by nobody or by any team."""
    seen = context(INSPECTION, network(**BASE), **{**FEW, "teams_per_visit": [0, 1]})
    work = find_work(seen)
    n, m = len(work.teams.ids), len(work.visits)

    def tables() -> Iterator[pl.DataFrame]:
        for teams in itertools.product(range(-1, n), repeat=m):
            pairs = [(t, v) for v, t in enumerate(teams) if t >= 0]
            yield inspection_table(seen, work, *np.array(pairs, dtype=np.int64).reshape(-1, 2).T)

    idle = checked_front(seen, aims_of("inspection", ("travel", "days")))
    assert [p.values for p in idle.points] == [(0, 0)]  # nobody has to go
    asked = context(INSPECTION, network(**BASE), **FEW)
    allowed = [terms_of(asked, "inspection", t) for t in tables() if not broken_rules(asked, "inspection", t)]
    for keys in (("travel", "days"), ("days", "cost"), ("travel", "visits")):
        wanted = best_of({tuple(t.get(k, 0) for k in keys) for t in allowed})
        assert {p.values for p in checked_front(asked, aims_of("inspection", keys)).points} == wanted


def test_a_far_team_with_fewer_days_is_another_point() -> None:
    """A large team is quicker with the households, but comes from further away."""
    counties = [{"code": "Z", "name": "Z", "level": "province", "lon": 100.0, "lat": 30.0},
                {"code": "A", "name": "A", "level": "province", "lon": 104.0, "lat": 30.0},
                {"code": "A1", "name": "A1", "level": "county", "parent": "A", "lon": 104.0, "lat": 30.0},
                {"code": "A1v", "name": "v", "level": "village", "parent": "A1"}]  # fmt: skip
    teams = [{"id": name, "unit": name, "home_region": home, "size": size, "days_max": 60}
             for name, home, size in (("near", "A", 5), ("far", "Z", 60))]  # fmt: skip
    tables = {**BASE, "regions": counties, "inspection_teams": teams,
              "region_tags": [{"region": "A1", "tag": "poor_county_832"}],
              "units": [{"id": "near", "kind": "party", "home_region": "A"}, {"id": "far", "kind": "party", "home_region": "Z"}],
              "household_groups": [{"village": "A1v", "year": 2016, "households": 400}],
              "assessments": [{"region": "A", "year": 2016, "category": "plain"}]}  # fmt: skip
    values = {**FEW, "no_own": False, "households_per_village": {"check": 300}}
    seen = context(INSPECTION, network(**tables), **values)
    front = checked_front(seen, aims_of("inspection", ("travel", "days")))
    assert len(front.points) == 2
    assert front.points[0].values[0] == 0


def postings(seed: int, **values: Any) -> Context:
    """Three cadres, one of them in place, and four posts, their seats drawn."""
    draw = np.random.default_rng(seed)
    homes = [str(h) for h in draw.choice(["a1", "a2", "b1"], 3)]
    cadres = [cadre(f"c{i}", h, skill=str(draw.choice(["industry", "general"]))) for i, h in enumerate(homes)]
    posts = [
        first("v0", skill="industry"), members("v0", int(draw.integers(0, 2)), 2), first("v2", tier=2),
        first("v3", minimum=int(draw.integers(0, 2))),
    ]  # fmt: skip
    held = [
        {
            "cadre": "c0",
            "village": "v2",
            "post": "fs",
            "role": "first_secretary",
            "since": str(draw.choice(["2013-01-01", "2016-06-01"])),
        }
    ]
    rows = [{**h, "since": _day(h["since"])} for h in held]
    rules = {**PLAIN, "posting_area": "off", "must_fill_tier": "off", "skill_weight": 4.0, "keep_weight": 6.0}
    net = network(regions=REGIONS, cadres=cadres, village_posts=posts, postings=rows)
    return context(CADRES, net, **{**rules, **values})


def _day(text: str) -> Any:
    return pl.Series([text]).str.to_date()[0]


def all_postings(seen: Context) -> Iterator[pl.DataFrame]:
    """Everybody at every post, or at none; a leader who has not served the minimum term stays."""
    model = read_model(seen)
    n, m, people = model.people.table.height, model.posts.table.height, model.people
    leads = model.posts.leads[people.post]
    may = [[int(people.post[i])] if people.fixed[i] and leads[i] else range(-1, m) for i in range(n)]
    one = [
        [int(sum(v[0] for v in term_parts(seen, model, [i], [j]).values())) for j in range(m)]
        for i in range(n)
    ]
    for slots in itertools.product(*may):
        cost = np.array([one[i][j] if j >= 0 else 0 for i, j in enumerate(slots)], dtype=np.int64)
        yield postings_table(model.people.table, model.posts.table, np.array(slots), cost)


@pytest.mark.parametrize(
    ("seed", "keys", "values"),
    [
        (0, ("open", "distance"), {}),
        (1, ("must", "further", "cost"), {"team_led": False}),
        (2, ("open", "new"), {"team_minimum": 2}),
        (3, ("distance", "skill_language", "open"), {"must_fill_tier": 1}),
    ],
)
def test_postings_tried_one_by_one(seed: int, keys: tuple[str, ...], values: dict[str, Any]) -> None:
    seen, aims = postings(seed, **values), aims_of("cadres", keys)
    wanted = best_of(holding(seen, aims, all_postings(seen)))
    front = checked_front(seen, aims)
    assert front.status == ("complete" if wanted else "infeasible")
    assert {p.values for p in front.points} == wanted


@pytest.mark.parametrize("keys", [("open", "distance"), ("must", "cost")])
def test_who_waits_for_a_leader_stays_only_if_one_comes(keys: tuple[str, ...]) -> None:
    """A member in the minimum term in a village without a leader; whoever leads must come from far."""
    member = {"cadre": "c0", "village": "v0", "post": "m", "role": "member", "since": _day("2016-06-01")}
    cadres = [cadre("c0", "a1", roles="member"), cadre("c1", "b1"), cadre("c2", "a2")]
    posts = [first("v0"), members("v0", 1, 2), first("v3", minimum=0)]
    net = network(regions=REGIONS, cadres=cadres, village_posts=posts, postings=[member])
    seen = context(
        CADRES, net, **{**PLAIN, "posting_area": "off", "must_fill_tier": "off", "keep_weight": 1.0}
    )
    aims = aims_of("cadres", keys)
    wanted = best_of(holding(seen, aims, all_postings(seen)))
    assert len(wanted) > 1
    assert {p.values for p in checked_front(seen, aims).points} == wanted


def test_rules_on_whole_teams_are_named() -> None:
    with pytest.raises(UsageError, match="team_one_unit"):
        ground_of(postings(0, team_one_unit=True), "cadres")


def test_too_many_pairs_of_a_class_and_a_post_are_counted_and_placed(monkeypatch: pytest.MonkeyPatch) -> None:
    context = postings(0)
    model = ground_of(context, "cadres").model
    assert model.n_columns
    monkeypatch.setattr("planner.pareto.people.MOST_COLUMNS", 0)
    with pytest.raises(UsageError) as error:
        ground_of(context, "cadres")
    found = read_model(context)
    reached = sum(len(found.reach.slots[g]) for g in found.reach.group.tolist() if g >= 0)
    (told,) = re.findall(r"and here are ([0-9,]+), in", error.value.text.en)
    assert 0 < int(told.replace(",", "")) <= reached
    assert "that share no people; the largest (" in error.value.text.en
    assert "--table village_posts" in error.value.text.en
