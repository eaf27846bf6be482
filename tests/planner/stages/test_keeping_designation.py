"""Designation beside a published plan: each rule bites and then does not; brute force; what could not be kept."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import polars as pl
import pytest

from graph.errors import ScenarioError
from planner.stage import Context
from planner.stages.designation import STAGE, eligible_pairs
from planner.verify.designation import check
from tests.planner.kept import beside, changed, checked, cost, pairs_table, rule
from tests.planner.tiny import context, network, resolved, solve

BARE: dict[str, Any] = {
    "units_per_county": [1, 1], "same_kind_max": "off", "keep_share": "off", "deep_poverty_strength": "off",
    "profile_weight": 0, "need_weight": 0, "change_weight": 0, "unit_capacity": "off",
}  # fmt: skip
PLACES = {"A": 100.0, "B": 101.0, "C": 102.0, "H": 100.0, "M": 101.0, "F": 110.0}
COUNTIES = "ABC"


def land(homes: dict[str, str] | None = None, tagged: str = COUNTIES) -> dict[str, Any]:
    """Three counties in province P; each unit at its home."""
    homes = homes or {"u1": "H", "u2": "M", "u3": "F"}
    regions: list[dict[str, Any]] = [{"code": "P", "name": "Province", "level": "province"}]
    regions += [{"code": c, "name": f"County {c}", "level": "county", "lon": lon, "lat": 30.0,
                 **({"parent": "P"} if c in "AB" else {})} for c, lon in PLACES.items()]  # fmt: skip
    return {
        "regions": regions,
        "region_tags": [{"region": c, "tag": "key_county_592"} for c in tagged],
        "units": [{"id": u, "name": u, "home_region": h, "capacity": 3} for u, h in homes.items()],
    }


def see(published: list[str], given: dict[str, Any] | None = None, **values: Any) -> Context:
    """Pairs are written ``u1A``."""
    seen = context(STAGE, network(**(given or land())), **{**BARE, **values})
    table = pairs_table("designation", [(p[:2], p[2:]) for p in published], "designated")
    return beside(STAGE, seen, {"pairs": table})


def chosen(outcome: Any) -> set[str]:
    return {s + r for s, r in outcome.tables["pairs"].select("supporter", "recipient").iter_rows()}


FAR = ["u3A", "u3B", "u3C"]


def test_a_limit_on_changes_bites_and_does_not() -> None:
    """Without a limit the near units take all three; two changes move the one county that gains most."""
    free, _ = checked(STAGE, see(FAR), check)
    assert chosen(free) == {"u1A", "u2B", "u2C"} and changed(free) == 6
    held, found = checked(STAGE, see(FAR, published_changes_max=2), check)
    assert len(chosen(held) & set(FAR)) == 2 and changed(held) == 2
    assert rule(found, "published_changes_max").state == "binding"
    _, loose = checked(STAGE, see(FAR, published_changes_max=7), check)
    assert rule(loose, "published_changes_max").state == "slack"
    assert rule(loose, "published_frozen").state == "off"


def test_a_limit_of_one_allows_no_exchange() -> None:
    kept, _ = checked(STAGE, see(FAR, published_changes_max=1), check)
    assert chosen(kept) == set(FAR) and changed(kept) == 0


def test_a_price_stops_what_is_not_worth_it_and_adds_up() -> None:
    """u3 to A is 963 km, u1 0 km: two changes gain 9.628 points; at 5 points each they are not worth it, at 4 they are."""
    kept, found = checked(STAGE, see(["u3A"], land(tagged="A"), published_change_weight=5.0), check)
    assert chosen(kept) == {"u3A"} and rule(found, "published_change_weight").state == "slack"
    moved, found = checked(STAGE, see(["u3A"], land(tagged="A"), published_change_weight=4.0), check)
    assert chosen(moved) == {"u1A"} and moved.objective == 8000
    assert rule(found, "published_change_weight").state == "binding"
    rows = float(moved.tables["pairs"]["cost"].sum())
    assert rows == 4.0 and '"published":4000' in moved.tables["pairs"]["terms"][0]
    assert [p.objective for p in moved.composition.parts] == [
        4.0,
        4.0,
    ]  # the new pair, and the pair that ends


def test_a_frozen_region_stays_with_all_below_until_its_day() -> None:
    held, found = checked(STAGE, see(FAR, published_frozen=["P"]), check)
    assert chosen(held) == {"u3A", "u3B", "u2C"}
    assert rule(found, "published_frozen").state == "binding" and rule(found, "published_frozen").at == ("P",)
    before, _ = checked(STAGE, see(FAR, published_frozen=["P<2017-05-01"]), check)
    assert chosen(before) == chosen(held)
    after, found = checked(
        STAGE, see(FAR, published_frozen=["P<2016-12-31"]), check
    )  # the day of planning itself
    assert chosen(after) == {"u1A", "u2B", "u2C"} and rule(found, "published_frozen").state == "slack"


def test_everywhere_until_a_year_is_the_window_of_what_is_published() -> None:
    assert chosen(checked(STAGE, see(FAR, published_frozen=["*<=2016"]), check)[0]) == set(FAR)
    assert chosen(checked(STAGE, see(FAR, published_frozen=["*<=2015"]), check)[0]) == {"u1A", "u2B", "u2C"}


def test_no_new_pair_in_a_frozen_region_either() -> None:
    found, _ = checked(STAGE, see(["u3A"], published_frozen=["A"], units_per_county=[1, 2]), check)
    assert {p for p in chosen(found) if p.endswith("A")} == {"u3A"}


def test_of_equally_good_plans_the_one_with_fewest_changes() -> None:
    """Both units are in the same place: every plan costs as much."""
    same = land({"u1": "H", "u2": "H"})
    assert chosen(checked(STAGE, see(["u1A", "u2B", "u1C"], same), check)[0]) == {"u1A", "u2B", "u1C"}
    assert chosen(checked(STAGE, see(["u2A", "u1B", "u2C"], same), check)[0]) == {"u2A", "u1B", "u2C"}


def test_what_could_not_be_kept_is_no_change_and_is_named() -> None:
    """u9 is gone, D never was listed, u2A is banned: three are told; the limit of 0 cannot hold as A needs a new pair."""
    seen = see(["u9B", "u2A", "u2B", "u2C", "u1H"], published_changes_max=1, bans=["u2>A"])
    found, _ = checked(STAGE, seen, check)
    assert chosen(found) == {"u1A", "u2B", "u2C"} and changed(found) == 1
    told = "\n".join(w.en for w in found.warnings)
    assert "2 kept, 1 new, 0 ended; 3 could not be kept" in told
    assert "the supporter takes no part any more): u9 → County B" in told
    assert "not listed any more): u1 → County H" in told
    assert "designation.bans forbids it): u2 → County A" in told


def test_a_freeze_against_a_pin_cannot_hold_and_is_named() -> None:
    seen = see(FAR, published_frozen=["P"], pins=["u1>A"])
    assert solve(STAGE, seen).status == "INFEASIBLE"


@pytest.mark.parametrize(
    "entry, said", [("X", "no region or unit X"), ("P<may", "must be CODE"), ("P<2017-13-01", "must be CODE")]
)
def test_a_wrong_entry_is_told(entry: str, said: str) -> None:
    with pytest.raises(ScenarioError) as told:
        solve(STAGE, see(FAR, published_frozen=[entry]))
    assert said in told.value.text.en


def test_the_check_finds_what_breaks_the_rules() -> None:
    """A plan of the free optimum breaks a limit and a freeze that it was not made under."""
    free = solve(STAGE, see(FAR))
    seen = see(FAR, published_changes_max=3, published_frozen=["P"])
    broken = check(resolved(STAGE, seen), free.tables, {}).broken
    assert {b.rule for b in broken} == {"published_changes_max", "published_frozen"}
    assert sorted(b.what.en for b in broken if b.rule == "published_frozen") == [
        "P is frozen: u1 > A is new", "P is frozen: u2 > B is new", "P is frozen: u3 > A ended", "P is frozen: u3 > B ended",
    ]  # fmt: skip


def brute_force(seen: Context, published: set[str], most: int, high: int) -> tuple[int, int]:
    """Least cost, and fewest changes at that cost, over all assignments of one to ``high`` units to each county."""
    eligible = eligible_pairs(seen)
    price = {eligible.supporters[s] + eligible.recipients[r]: int(c)
            for s, r, c in zip(eligible.supporter, eligible.recipient, eligible.cost, strict=True)}  # fmt: skip
    each = [
        [
            combo
            for n in range(1, high + 1)
            for combo in itertools.combinations([p for p in price if p.endswith(c)], n)
        ]
        for c in eligible.recipients
    ]
    best = (10**9, 0)
    for picked in itertools.product(*each):
        mine = {p for combo in picked for p in combo}
        changes = len(mine ^ (published & price.keys()))
        if changes <= most:
            best = min(best, (sum(price[p] for p in mine), changes))
    return best


@pytest.mark.parametrize("seed", range(6))
def test_a_limit_is_optimal_and_monotone(seed: int) -> None:
    """Every limit against brute force; a plan never changes more than it may, and never more than it must for its cost."""
    draw = np.random.default_rng(seed)
    homes = {f"u{i}": str(draw.choice(list(PLACES))) for i in range(1, 4)}
    given = land(homes)
    published = [f"{draw.choice(list(homes))}{c}" for c in COUNTIES]
    costs = []
    for most in range(7):
        seen = see(published, given, published_changes_max=most, units_per_county=[1, 2])
        outcome, _ = checked(STAGE, seen, check)
        assert (outcome.objective, changed(outcome)) == brute_force(seen, set(published), most, 2)
        assert changed(outcome) <= most
        costs.append(cost(outcome))
    assert costs == sorted(costs, reverse=True)
    free = solve(STAGE, see(published, given, units_per_county=[1, 2]))
    plain = solve(STAGE, context(STAGE, network(**given), **{**BARE, "units_per_county": [1, 2]}))
    assert free.objective == plain.objective
    again = plain.tables["pairs"].select("supporter", "recipient")
    assert changed(free) <= len({s + r for s, r in again.iter_rows()} ^ set(published))


def test_own_scores_keep_pairs_too() -> None:
    """Both orders score 3: the published one is taken; a limit of 0 keeps a dearer one."""
    scores = [{"stage": "designation", "supporter": u, "recipient": c, "cost": cost, "load": 1}
              for u, c, cost in (("u1", "A", 1.0), ("u1", "B", 2.0), ("u2", "A", 1.0), ("u2", "B", 2.0))]  # fmt: skip
    given = {**land(), "pair_scores": scores}
    own: dict[str, Any] = {"objective": "scores", "unit_capacity": True}
    seen = context(STAGE, network(**given), **own)
    for published in ([("u1", "A"), ("u2", "B")], [("u2", "A"), ("u1", "B")]):
        outcome, _ = checked(
            STAGE, beside(STAGE, seen, {"pairs": pairs_table("designation", published, "designated")}), check
        )
        assert set(outcome.tables["pairs"].select(pl.col("supporter"), "recipient").iter_rows()) == set(
            published
        )
