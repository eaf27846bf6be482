"""Corners of a front of money: the corners of the hull of every allocation that the checks let pass."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from graph.errors import UsageError
from planner.pareto.checked import broken_rules, terms_of, wrong_points, wrong_stretches
from planner.pareto.corners import find_corners
from planner.pareto.front import Front
from planner.pareto.hull import Hull, weighed
from planner.pareto.money import for_aims, money_model
from planner.solve.pool import InProcess
from planner.stage import Context, Limits
from planner.stages.funds import STAGE
from planner.stages.funds.reading import allocation_table
from planner.stages.funds.stage import seen
from tests.planner.money_land import money, need, two_counties
from tests.planner.pareto.tried import Values, aims_of, best_of
from tests.planner.tiny import context

PLAIN: dict[str, Any] = {
    "stability": "off",
    "deep_poverty_share": "off",
    "household_size": 1.0,
    "microcredit_loan_max": "off",
}


SOURCES = [
    {"id": "g", "name": "拨款", "level": "central", "instrument": "grant"},
    {"id": "m", "name": "小额", "level": "social", "instrument": "microcredit", "programmes": "industry"},
]


def land(**values: Any) -> Context:
    """A grant and a small lender; county a is deep in poverty and little in need."""
    net = two_counties(
        region_tags=[{"region": "a", "tag": "deep_poverty"}],
        needs=[need("a", "industry", 2), need("b", "industry", 2), need("b", "education", 1)],
        fund_sources=SOURCES,
        fund_budgets=[money("g", 3), money("m", 1)],
        region_facts=[{"region": c, "year": 2016, "measure": "poverty_incidence", "value": v} for c, v in (("a", 0.05), ("b", 0.4))],
    )  # fmt: skip
    return context(STAGE, net, **{**PLAIN, **values})


def steps(times: int = 1) -> Context:
    """A grant for one need in each of two counties, of which the one deep in poverty is little in need."""
    net = two_counties(
        region_tags=[{"region": "a", "tag": "deep_poverty"}],
        needs=[need("a", "industry", 6 * times), need("b", "industry", 7 * times)],
        fund_budgets=[money("g", 7 * times)],
        region_facts=[{"region": c, "year": 2016, "measure": "poverty_incidence", "value": v} for c, v in (("a", 0.05), ("b", 0.15))],
    )  # fmt: skip
    return context(STAGE, net, **PLAIN)


def front_of(base: Context, keys: tuple[str, ...], most: int = 1000) -> Front:
    """The corners of two aims or three; each is proved, read again and right."""
    aims = aims_of("funds", keys)
    asked = for_aims(base, aims)
    model = money_model(asked, aims)
    front = find_corners(model, InProcess().run, Limits(), most)
    assert wrong_points(asked, aims, front, [model.table(p.x) for p in front.points]) == []
    return front


def all_money(asked: Context) -> Iterator[pl.DataFrame]:
    """Every number of yuan from each source for each need."""
    facts = seen(asked)[0]
    arcs = np.argwhere(facts.allowed[:, :, :, None] & (facts.need > 0)[None])
    s, c, p, t = arcs.T
    tops = np.minimum(facts.need[c, p, t], facts.budget[s, t]).tolist()
    for amounts in itertools.product(*(range(n + 1) for n in tops)):
        yield allocation_table(facts, s, c, p, t, np.array(amounts, dtype=np.int64))


def corners_of(values: set[Values]) -> list[Values]:
    """Corners of the lower left hull, by turning left at each."""
    hull: list[Values] = []
    for v in sorted(values):
        while len(hull) > 1 and _turn(hull[-2], hull[-1], v) <= 0:
            hull.pop()
        hull.append(v)
    least = min(v[1] for v in hull)
    return hull[: next(i for i, v in enumerate(hull) if v[1] == least) + 1]


def _turn(a: Values, b: Values, c: Values) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


LOANS = [("met", "microcredit"), ("fair", "microcredit"), ("deep", "microcredit")]
STEPS = [("worth", "deep"), ("worth", "fair"), ("deep", "fair")]


def tried(base: Context) -> list[Mapping[str, int]]:
    """What all allocations come to that break no rule; fairness is none."""
    return [terms_of(base, "funds", t) for t in all_money(base) if not broken_rules(base, "funds", t)]


@pytest.mark.parametrize(("base", "every"), [(land(), LOANS), (steps(), STEPS)])
def test_corners_of_all_allocations(base: Context, every: list[tuple[str, str]]) -> None:
    allowed = tried(base)
    for keys in every:
        wanted = corners_of({tuple(t[k] for k in keys) for t in allowed})
        _compare(front_of(base, keys), wanted)


def _compare(front: Front, wanted: list[Values]) -> None:
    assert front.status == "corners"
    found = [p.values for p in front.points]
    assert set(wanted) <= set(found)
    assert corners_of(set(found)) == wanted  # and what else was found lies on the lines between them
    assert all(_turn(a, b, v) == 0 for v in set(found) - set(wanted) for a, b in _around(wanted, v))
    assert all(s.exact for s in front.between)


def _around(wanted: list[Values], value: Values) -> list[tuple[Values, Values]]:
    return [(a, b) for a, b in itertools.pairwise(wanted) if a < value < b]


def test_several_corners() -> None:
    assert [len(front_of(steps(), keys).points) for keys in STEPS] == [4, 1, 4]


def test_by_hand() -> None:
    """100 yuan are granted and 50 can be lent, of 200 that are wanted: each yuan of credit meets one."""
    net = two_counties(fund_sources=SOURCES, fund_budgets=[money("g", 100), money("m", 50)])
    front = front_of(context(STAGE, net, **PLAIN), ("met", "microcredit"))
    assert [p.values for p in front.points] == [(-150, 50), (-100, 0)]
    (stretch,) = front.between
    assert stretch.exact and stretch.solve is not None
    assert stretch.points == (0, 1)
    assert stretch.weights == (1, 1)
    assert stretch.solve.bound == -100


def test_fewer_points_are_cut_and_keep_the_ends() -> None:
    whole = front_of(steps(10), ("worth", "fair"))
    cut = front_of(steps(10), ("worth", "fair"), 2)
    assert cut.status == "cut"
    assert cut.points == (whole.points[0], whole.points[-1])
    (stretch,) = cut.between
    assert stretch.solve is None and not stretch.exact
    assert cut.points[0].end_of == (0,)


def surroundings() -> Context:
    """Loans, a county that comes first, and less than is wanted: three aims against each other."""
    net = two_counties(
        region_tags=[{"region": "a", "tag": "deep_poverty"}],
        needs=[need("a", "industry", 4), need("b", "industry", 4)],
        fund_sources=SOURCES,
        fund_budgets=[money("g", 3), money("m", 3)],
        region_facts=[{"region": c, "year": 2016, "measure": "poverty_incidence", "value": v} for c, v in (("a", 0.05), ("b", 0.4))],
    )  # fmt: skip
    return context(STAGE, net, **PLAIN)


THREE = [("worth", "deep", "microcredit"), ("met", "fair", "microcredit"), ("worth", "fair", "deep")]


@pytest.mark.parametrize("keys", THREE)
@pytest.mark.parametrize("base", [land(), steps(), surroundings()])
def test_three_aims_against_all_allocations(base: Context, keys: tuple[str, ...]) -> None:
    every = {tuple(t[k] for k in keys) for t in tried(base)}
    front = front_of(base, keys)
    found = [p.values for p in front.points]
    assert front.status == "corners"
    assert set(found) <= best_of(every)
    assert Hull(found).facets == Hull(sorted(every)).facets  # all corners are there, and nothing lies below
    assert all(s.exact for s in front.between)
    for stretch in front.between:
        assert stretch.solve is not None and stretch.solve.proved
        assert {weighed(found[n], stretch.weights) for n in stretch.points} == {stretch.solve.objective}
        assert min(weighed(v, stretch.weights) for v in every) == stretch.solve.objective


def test_three_aims_have_planes_and_fewer_points_keep_the_ends() -> None:
    keys = ("worth", "deep", "microcredit")
    whole, cut = front_of(surroundings(), keys), front_of(surroundings(), keys, 3)
    assert len(whole.points) > 4
    assert any(len(s.points) > 2 and all(s.weights) for s in whole.between)
    assert any(0 in s.weights for s in whole.between)
    assert cut.status == "cut"
    assert len(cut.points) == 3
    assert {j for p in cut.points for j in p.end_of} == {0, 1, 2}
    assert any(s.solve is None for s in cut.between)


def test_what_is_wrong_between_points_is_found() -> None:
    front = front_of(surroundings(), THREE[0])
    assert wrong_stretches(front) == []
    first = next(s for s in front.between if all(s.weights))
    assert first.solve is not None
    others = tuple(s for s in front.between if s is not first)
    (told,) = wrong_stretches(replace(front, between=others))
    assert "not all is told" in told
    higher = replace(first.solve, objective=first.solve.objective + 1, bound=first.solve.bound + 1)
    found = wrong_stretches(replace(front, between=(*others, replace(first, solve=higher))))
    assert any("but a point is" in told for told in found)
    assert any("not all points come to" in told for told in found)
    unproved = replace(first, solve=replace(first.solve, status="FEASIBLE"))
    assert any("there is no proof" in t for t in wrong_stretches(replace(front, between=(*others, unproved))))
    unasked = replace(first, solve=None, exact=False)
    (told,) = wrong_stretches(replace(front, between=(*others, unasked)))
    assert "nothing was asked" in told
    assert wrong_stretches(replace(front, status="cut", between=(*others, unasked))) == []


def test_three_weights_too_large_for_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.pareto.corners.LARGEST", 2**20)
    front = front_of(surroundings(), THREE[0])
    assert front.status == "corners"
    assert not all(s.exact for s in front.between)
    for stretch in front.between:
        assert stretch.solve is not None and stretch.solve.proved
        assert all(weighed(p.values, stretch.weights) >= stretch.solve.objective for p in front.points)


def test_weights_too_large_for_the_solver_are_told_as_not_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for weights of one digit alone the points stay proved, and what is known between them says by which weights."""
    monkeypatch.setattr("planner.pareto.corners.LARGEST", 2**20)
    front = front_of(steps(), ("worth", "deep"))
    assert front.status == "corners"
    assert not all(s.exact for s in front.between)
    for stretch in front.between:
        assert stretch.solve is not None and stretch.solve.proved
        assert all(weighed(p.values, stretch.weights) >= stretch.solve.objective for p in front.points)


def test_rules_that_are_no_network_are_named() -> None:
    with pytest.raises(UsageError, match="smallest_project"):
        front_of(land(smallest_project=2), ("worth", "deep"))
    with pytest.raises(UsageError, match="deep_poverty_share"):
        front_of(land(deep_poverty_share=0.1, deep_poverty_of="spent"), ("worth", "deep"))
