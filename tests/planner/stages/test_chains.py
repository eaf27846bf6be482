"""Chains of moves: each prices a post as the forced solve of the whole component does, or no higher where a team rule is in its way."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from planner.otherwise.posting_chains import moved_by
from planner.solve.pool import InProcess
from planner.stage import Context, Limits
from planner.stages.cadres import STAGE
from planner.stages.cadres.chains import Search, Unproved, holds
from planner.stages.cadres.forced import force, keep_from, whole_task
from planner.stages.cadres.plan_flow import Flow
from planner.stages.cadres.shut_out import shut_out
from planner.stages.cadres.standing import Standing, read_standing
from tests.planner.cadre_land import PLAIN, REGIONS, cadre, first, members
from tests.planner.tiny import context, network, solve

ALONE: dict[str, Any] = {
    **PLAIN,
    "team_led": False,
    "team_minimum": "off",
    "tiers": "off",
    "posting_area": "off",
}
HOMES = ("a1", "a2", "b1")
AGO = {"since": date(2013, 1, 1)}


def standing_of(seen: Context) -> Standing | None:
    """The stage's own answer against its model; ``None`` where it is no flow."""
    found = solve(STAGE, seen)
    if found.status != "OPTIMAL":
        return None
    standing = read_standing(seen, found.tables["postings"], found.certificates, found.details["components"])
    return standing if standing.is_flow(0) else None


def forced(standing: Standing, row: int, slot: int) -> int | None:
    """Thousandths by the forced solve; ``None`` where that is not possible."""
    whole = whole_task(standing.model, row)
    assert whole is not None
    held = force(standing.context, standing.model, whole, row, slot, Limits())
    assert held is not None
    (answer,) = InProcess().run([held.task])
    if answer.status not in ("OPTIMAL", "FEASIBLE"):
        return None
    assert answer.status == "OPTIMAL" or standing.context.policy.on("team_led")
    return int(answer.facts["objective"]) - int(standing.components[whole.number]["objective"])


POSTS = [first("v0"), members("v0", 1, 2), members("v1", 0, 2), first("v2"), members("v2", 1, 1), first("v3")]
TEAMS = [first("v0", tier=1), members("v0", 1, 1, tier=1), first("v2", tier=2), first("v3", tier=2)]


def drawn(seed: int, posts: list[dict[str, Any]] = POSTS, size: int = 7, **values: Any) -> Context:
    """A land with people alike, people in place, units that release few, seats that must and seats that may be filled."""
    rng = np.random.default_rng(seed)
    cadres = [
        cadre(f"c{k}", str(rng.choice(HOMES)), unit=f"u{rng.integers(3)}",
              roles="member" if rng.random() < 0.3 else "first_secretary;member")
        for k in range(size)
    ]  # fmt: skip
    held = [
        {"cadre": f"c{k}", "village": p["village"], "post": p["post"], **AGO}
        for k, p in enumerate(posts[:size]) if rng.random() < 0.5
    ]  # fmt: skip
    own = {"keep_weight": 2.0, "unit_release_share": float(rng.choice([0.4, 0.7, 1.0]))}
    net = network(regions=REGIONS, cadres=cadres, village_posts=posts, postings=held)
    published = None
    if rng.random() < 0.5:
        where = [(f"c{k}", posts[(k * 2) % len(posts)]) for k in rng.permutation(size)[:3].tolist()]
        rows = [
            {"cadre": c, "village": p["village"], "post": p["post"], "role": p["role"], "cost": 0.0}
            for c, p in where
        ]
        published = {"postings": pl.DataFrame(rows)}
        own["published_change_weight"] = 1.5
    return context(STAGE, net, published=published, **{**ALONE, **own, **values})


@pytest.mark.parametrize("seed", range(24))
def test_every_post_is_priced_as_the_forced_solve_does(seed: int) -> None:
    standing = standing_of(drawn(seed))
    assert standing is not None
    flow = Flow(standing)
    for row in standing.model.crowd.rows.tolist():
        slots = standing.open_seats(row)
        slots = slots[slots != standing.before[row]]
        search, told = Search(flow, row, slots), list[tuple[int, int]]()
        while (chain := search.best()) is not None:
            assert holds(flow, row, chain)
            told.append((chain.change, chain.slot))
        assert told == sorted(told, key=lambda t: t[0]) and {s for _, s in told} == set(slots.tolist())
        assert {s: c for c, s in told} == {s: forced(standing, row, s) for s in slots.tolist()}


def worth_of(standing: Standing, moved: list[tuple[int, int, int]]) -> int:
    """Thousandths that these moves change by themselves, person by person and seat by seat."""
    posts, m = standing.model.posts, len(standing.seats)
    there = np.bincount(standing.before[standing.before >= 0], minlength=m)
    then, cost = there.copy(), 0
    for row, one, other in moved:
        for slot, sign in ((one, -1), (other, 1)):
            if slot >= 0:
                cost += sign * int(standing.alone(row, np.array([slot]))[0])
                then[slot] += sign
    must, further = posts.minimum, posts.target - posts.minimum
    for count, sign in ((there, -1), (then, 1)):
        open_must = np.maximum(must - count, 0)
        open_further = further - np.maximum(count - must, 0)
        cost += sign * int(open_must @ posts.worth[0] + open_further @ posts.worth[1])
    return cost


def test_whoever_a_chain_moves_changes_what_is_told() -> None:
    """People of one class who are in place, published or neither are told apart; more move than the chain says only for those."""
    seen = Counter[bool]()
    for seed in range(40):
        standing = standing_of(drawn(seed, size=9))
        assert standing is not None
        flow = Flow(standing)
        for row in standing.model.crowd.rows.tolist():
            slots = standing.open_seats(row)
            placed = bool(standing.before[row] >= 0)
            search = Search(flow, row, slots[slots != standing.before[row]], home=placed)
            while (chain := search.best()) is not None:
                moved = moved_by(flow, row, chain)
                assert moved[0] == (row, int(standing.before[row]), chain.slot)
                assert worth_of(standing, moved) == chain.change
                back = sum(
                    by > 0 for places in chain.taken.values() for (_, stays), by in places.items() if stays
                )
                assert chain.moves + 1 <= len(moved) <= chain.moves + 1 + back
                seen[len(moved) > chain.moves + 1] += 1
    assert seen[True] and seen[False]


@pytest.mark.parametrize("teams", [False, True])
def test_away_from_a_village_is_priced_as_the_forced_solve_does(teams: bool) -> None:
    """Anywhere else, or nowhere: where no rule on teams is broken by it."""
    rules = {"team_led": True, "team_minimum": 2, "tiers": "deep_poverty"} if teams else {}
    seen = Counter[bool]()
    for seed in range(12):
        standing = standing_of(drawn(seed, TEAMS if teams else POSTS, 2 + seed % 4, **rules))
        if standing is None:
            continue
        flow = Flow(standing)
        for row in standing.model.crowd.rows.tolist():
            if standing.before[row] < 0:
                continue
            here = standing.model.posts.village[[standing.before[row]]]
            slots = standing.open_seats(row)
            slots = slots[~np.isin(standing.model.posts.village[slots], here)]
            chain = Search(flow, row, slots, home=True).best()
            exact = kept_away(standing, row, here)
            if chain is not None and holds(flow, row, chain):
                assert exact == chain.change
                seen[chain.slot < 0] += 1
            else:
                assert chain is None or exact is None or exact >= chain.change
    assert seen[True] and seen[False]  # nowhere, and elsewhere


def kept_away(standing: Standing, row: int, villages: np.ndarray) -> int | None:
    """Thousandths by the second solve with the person kept from villages; ``None`` where that is not possible."""
    whole = whole_task(standing.model, row)
    assert whole is not None
    held = keep_from(standing.context, standing.model, whole, row, villages, Limits())
    (answer,) = InProcess().run([held.task])
    if answer.status not in ("OPTIMAL", "FEASIBLE"):
        return None
    return int(answer.facts["objective"]) - int(standing.components[whole.number]["objective"])


def test_where_teams_are_in_the_way_a_chain_is_a_bound() -> None:
    rules = {"team_led": True, "team_minimum": 2, "tiers": "deep_poverty", "unit_release_share": 1.0}
    seen = Counter[bool]()
    for seed in range(20):
        standing = standing_of(drawn(seed, TEAMS, 2 + seed % 4, **rules))
        if standing is None:
            continue
        flow = Flow(standing)
        for row in standing.model.crowd.rows.tolist():
            slots = standing.open_seats(row)
            search = Search(flow, row, slots[slots != standing.before[row]])
            while (chain := search.best()) is not None:
                right, exact = holds(flow, row, chain), forced(standing, row, chain.slot)
                assert exact == chain.change if right else exact is None or exact >= chain.change
                seen[right] += 1
    assert seen[True] and seen[False]  # either was met


def test_in_a_larger_component_the_next_post_is_the_best_of_all() -> None:
    """150 people for 60 posts in one component, 20 of them in place: chains of several moves."""
    rng = np.random.default_rng(5)
    places = [(f"w{k}", float(rng.uniform(0, 1)), float(rng.uniform(0, 1))) for k in range(60)]
    regions = [
        *REGIONS,
        *(
            {"code": c, "name": c, "level": "village", "parent": "a1", "lon": x, "lat": y}
            for c, x, y in places
        ),
    ]
    regions += [{"code": f"h{k}", "name": f"h{k}", "level": "county", "parent": "A", "lon": float(rng.uniform(0, 1)),
                 "lat": float(rng.uniform(0, 1))} for k in range(40)]  # fmt: skip
    cadres = [cadre(f"c{k}", f"h{k % 40}", unit=f"u{k % 9}") for k in range(150)]
    held = [{"cadre": f"c{k}", "village": f"w{k}", "post": "fs", **AGO} for k in range(20)]
    net = network(
        regions=regions, cadres=cadres, village_posts=[first(c) for c, _, _ in places], postings=held
    )
    standing = standing_of(context(STAGE, net, **{**ALONE, "unit_release_share": 0.5}))
    assert standing is not None and len(standing.components) == 1
    flow, lengths = Flow(standing), list[int]()
    for row in rng.choice(standing.model.crowd.rows, 6, replace=False).tolist():
        slots = standing.open_seats(row)
        search = Search(flow, row, slots[slots != standing.before[row]])
        chains = [search.best() for _ in range(4)]
        for chain in chains:
            assert chain is not None and chain.change == forced(standing, row, chain.slot)
            lengths.append(len(chain.taken))
        listed = {c.slot for c in chains if c is not None}
        (other,) = rng.choice(np.setdiff1d(search.slots, list(listed)), 1).tolist()
        (last,) = [c.change for c in chains[-1:] if c is not None]
        assert (forced(standing, row, other) or 0) >= last
    assert max(lengths) > 2


def test_what_is_no_cheapest_flow_is_not_priced() -> None:
    standing = standing_of(drawn(1))
    assert standing is not None
    worse = standing.worth_post.copy()
    worse[:] = 0  # worths that prove nothing
    broken = Standing(
        standing.context, standing.model, standing.before, standing.worth_cadre, worse, standing.components
    )
    row = int(standing.model.crowd.rows[0])
    search = Search(Flow(broken), row, standing.open_seats(row))
    with pytest.raises(Unproved):
        while search.best() is not None:
            pass


@pytest.mark.parametrize(
    "values", [{}, {"posting_area": "county", "distance_max_km": 40, "minimum_term_years": 2}]
)
def test_whom_rules_keep_away_many_at_once_as_one_by_one(values: dict[str, Any]) -> None:
    seen = drawn(3, **values)
    cadres = seen.network.frame("cadres").with_columns(
        available_from=pl.when(pl.col("id") == "c0").then(date(2018, 1, 1)).otherwise(None)
    )
    late = seen.network.frame("postings").with_columns(since=pl.lit(date(2016, 6, 1)))
    frames = {**seen.network.frames, "cadres": cadres, "postings": late}
    net = network(**{n: f.to_dicts() for n, f in frames.items()})
    standing = standing_of(context(STAGE, net, **{**ALONE, **values}))
    assert standing is not None
    n, m = standing.model.people.table.height, len(standing.model.posts.village)
    rows, slots = np.repeat(np.arange(n), m), np.tile(np.arange(m), n)
    one_by_one = [
        tuple(sorted(standing.barred(r, s))) for r, s in zip(rows.tolist(), slots.tolist(), strict=True)
    ]
    at_once: list[tuple[str, ...]] = [()] * len(rows)
    for group in shut_out(standing, rows, slots):
        for k in group.at.tolist():
            at_once[k] = tuple(sorted(group.rules))
    assert at_once == one_by_one and any(one_by_one)


def test_any_chain_that_keeps_the_rules_costs_what_the_forced_solve_does_or_more() -> None:
    """With worths that prove nothing: what is told is what some way of making room costs."""
    rules = {"team_led": True, "team_minimum": 2, "tiers": "deep_poverty", "unit_release_share": 1.0}
    seen = Counter[bool]()
    for seed in range(6):
        standing = standing_of(drawn(seed, TEAMS, 4, **rules) if seed % 2 else drawn(seed, POSTS, 5))
        if standing is None:
            continue
        draw = np.random.default_rng(seed)
        worth = draw.integers(0, 9000, len(standing.worth_post))
        cadre_worth = draw.integers(0, 9000, len(standing.worth_cadre))[0] + np.zeros_like(
            standing.worth_cadre
        )
        wrong = replace(standing, worth_post=worth, worth_cadre=cadre_worth)
        flow = Flow(wrong)
        for row in standing.model.crowd.rows.tolist():
            for slot in standing.open_seats(row).tolist():
                if slot == standing.before[row]:
                    continue
                chain = Search(flow, row, np.array([slot]), loose=True).best()
                exact = forced(standing, row, slot)
                if chain is None or not holds(flow, row, chain):
                    continue
                assert chain.slot == slot and exact is not None and chain.change >= exact
                seen[chain.change == exact] += 1
    assert seen[True] and seen[False]
