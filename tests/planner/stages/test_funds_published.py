"""Money planned again where it is published: the least is moved among equals; a price on each yuan moved; a freeze."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from graph.errors import ScenarioError
from graph.network import Network
from graph.schema import RESULTS
from planner.stage import Outcome
from planner.stages.funds import STAGE
from planner.verify.funds import check
from tests.planner.money_land import PLAIN, money, need, random_country, random_values, two_counties
from tests.planner.tiny import assert_told, context, resolved, solve

STEPS = {"0.5": 1.0, "1.0": 0.5}


def rows(*given: tuple[str, str, str, int, int]) -> dict[str, pl.DataFrame]:
    """Published allocations: source, region, programme, year, yuan."""
    found = [(s, r, p, y, a, None) for s, r, p, y, a in given]
    return {"allocations": pl.DataFrame(found, schema=RESULTS["allocations"].dtypes, orient="row")}


def again(net: Network, published: dict[str, pl.DataFrame] | None, **values: Any) -> Outcome:
    """The plan, which verify must find right and prove."""
    seen = context(STAGE, net, published=published, **{**PLAIN, **values})
    outcome = solve(STAGE, seen)
    if "allocations" in outcome.tables:
        found = check(resolved(STAGE, seen), outcome.tables, outcome.certificates)
        assert [b.text.en for b in found.broken] == []
        assert_told(found)
        assert found.objective == outcome.objective
        if not outcome.details["crossing"] and "smallest_project" not in values:
            assert found.bound == outcome.bound == found.objective
    return outcome


def paid(outcome: Outcome) -> dict[tuple[str, str], int]:
    """Source and county → yuan."""
    table = outcome.tables["allocations"].group_by("source", "region").agg(pl.col("amount").sum())
    return {(s, r): a for s, r, a in table.sort("source", "region").iter_rows()}


def two_grants(**more: Any) -> Network:
    """Two counties that two grants of 60 may pay alike; each needs 100."""
    sources = [{"id": s, "name": s, "level": "social", "instrument": "grant"} for s in ("g", "h")]
    return two_counties(**{"fund_sources": sources, "fund_budgets": [money("g", 60), money("h", 60)], **more})


@pytest.mark.parametrize("a", [20, 45, 60, 100])
def test_among_equals_nothing_moves(a: int):
    g = min(a, 60)
    given = [("g", "a", g), ("h", "a", a - g), ("g", "b", 60 - g), ("h", "b", 60 - (a - g))]
    before = rows(*((s, r, "industry", 2017, x) for s, r, x in given if x))
    found = again(two_grants(), before)
    assert paid(found) == {(s, r): x for s, r, x in given if x}
    assert found.details["published"] == {
        "plan": "published",
        "changes": 0,
        "rows_changed": 0,
        "not_kept": [],
    }


def test_rows_are_kept_where_sums_must_change():
    # h loses 20: of the 60 that it gave b, 40 stay, and no other row moves
    before = rows(("g", "a", "industry", 2017, 60), ("h", "b", "industry", 2017, 60))
    found = again(two_grants(fund_budgets=[money("g", 60), money("h", 40)]), before)
    assert paid(found) == {("g", "a"): 60, ("h", "b"): 40}
    assert found.details["published"]["changes"] == 20


def test_a_price_holds_what_would_be_better_elsewhere():
    # all 100 yuan are published for a, of which the second 50 are worth half of what b's first 50 are
    before = rows(("g", "a", "industry", 2017, 100))
    moved = again(two_counties(), before, return_steps=STEPS)
    assert (paid(moved), moved.details["published"]["changes"]) == ({("g", "a"): 50, ("g", "b"): 50}, 50)
    assert moved.objective == 100 * 1000
    for weight, changes, objective in ((0.4, 50, 100_000 + 50 * 400), (0.6, 0, 75_000 + 100 * 600)):
        found = again(two_counties(), before, return_steps=STEPS, published_change_weight=weight)
        assert (found.details["published"]["changes"], found.objective) == (changes, objective)
        weighted = {k.key: k.value for k in STAGE.measure(context(STAGE, two_counties(), published=before, **{**PLAIN, "return_steps": STEPS}), found.tables)}  # fmt: skip
        assert weighted["points"] == (100 if changes else 75)


def test_a_freeze_holds_a_county_and_nothing_comes_to_it():
    before = rows(("g", "a", "industry", 2017, 30), ("g", "b", "industry", 2017, 10))
    for value, expected in ((["a"], {"a": 30, "b": 70}), (["P"], {"a": 30, "b": 10}), (["a<2017-05-01"], {"a": 30, "b": 70}),
                            (["b", "a<2016-12-31"], {"a": 90, "b": 10})):  # fmt: skip
        found = again(two_counties(), before, published_frozen=value)
        assert {r: a for (_, r), a in paid(found).items()} == expected


def test_a_freeze_that_cannot_be_is_told():
    before = rows(("g", "a", "industry", 2017, 80))
    found = again(two_counties(fund_budgets=[money("g", 50)]), before, published_frozen=["a"])
    assert found.status == "INFEASIBLE"
    assert "名a" in found.clashes[0].en
    assert "published_frozen" in found.clashes[0].en
    assert "30 yuan short" in found.clashes[0].en


def test_what_a_need_can_no_longer_take_is_told_and_does_not_count():
    before = rows(
        ("g", "a", "industry", 2017, 90), ("g", "b", "health", 2017, 10), ("old", "b", "industry", 2017, 5)
    )
    smaller = two_counties(needs=[need("a", "industry", 60), need("b", "industry", 100)])
    found = again(smaller, before, published_frozen=["a"])
    assert found.details["published"]["changes"] == 0
    assert found.details["published"]["not_kept"] == [
        {"region": "a", "programme": "industry", "year": 2017, "yuan": 30}, {"region": "b", "programme": "health", "year": 2017, "yuan": 10}]  # fmt: skip
    assert any("40 yuan of the published money cannot be kept" in w.en for w in found.warnings)


def test_wrong_values_are_refused():
    before = rows(("g", "a", "industry", 2017, 90))
    with pytest.raises(ScenarioError, match="no region or unit aa"):
        again(two_counties(), before, published_frozen=["aa"])
    price = next(s for s in STAGE.settings if s.key == "published_change_weight")
    wrong = price.problem(1001)
    assert wrong is not None and "at most 1000" in wrong.en and price.problem(1000) is None


def test_verify_names_what_a_freeze_forbids_and_counts_the_price():
    before = rows(("g", "a", "industry", 2017, 30))
    table = rows(("g", "a", "industry", 2017, 20), ("g", "b", "industry", 2017, 80))
    for frozen, broken in (
        (["a"], [("published_frozen", 1)]),
        (["b"], [("published_frozen", 2)]),
        (["P<2000-01-01"], []),
    ):
        seen = context(STAGE, two_counties(), published=before, **{**PLAIN, "published_frozen": frozen})
        assert [(b.rule, b.row) for b in check(resolved(STAGE, seen), table, {}).broken] == broken
    seen = context(STAGE, two_counties(), published=before, **{**PLAIN, "published_change_weight": 0.5})
    assert check(resolved(STAGE, seen), table, {}).objective == 100 * 1000 + 20 * 500


@pytest.mark.parametrize("seed", range(6))
def test_random_countries_keep_all_that_is_published_and_as_good(seed: int):
    """Planned again with nothing changed, no yuan moves, whatever flow was found; with a budget less, the plan is as good as any."""
    rng = np.random.default_rng(seed)
    net, values = random_country(rng), random_values(rng)
    first = again(net, None, **values)
    if "allocations" not in first.tables or first.details["crossing"]:
        return
    same = again(net, first.tables, **values)
    assert same.objective == first.objective
    assert same.details["published"] == {"plan": "published", "changes": 0, "rows_changed": 0, "not_kept": []}
    assert same.tables["allocations"].equals(first.tables["allocations"])
    budgets = net.frame("fund_budgets").with_columns(amount=pl.col("amount") * 9 // 10)
    less = Network({**net.frames, "fund_budgets": budgets}, net.settings, name=net.name, on=net.on)
    plain, near = again(less, None, **values), again(less, first.tables, **values)
    assert (plain.status, plain.objective) == (near.status, near.objective)
    if "allocations" in near.tables:
        assert near.details["published"]["changes"] <= taken(first, plain)


def taken(first: Outcome, later: Outcome) -> int:
    """Yuan that needs lose from one plan to the other."""
    key = ["region", "programme", "year"]
    sums = [o.tables["allocations"].group_by(key).agg(pl.col("amount").sum()) for o in (first, later)]
    both = sums[0].join(sums[1], on=key, how="left", suffix="_later")
    return int(both.select((pl.col("amount") - pl.col("amount_later").fill_null(0)).clip(0).sum()).item())


def test_fairness_and_prices_go_with_it():
    before = rows(("g", "a", "industry", 2017, 100))
    for fairness in ("proportional", "leximin"):
        found = again(two_counties(), before, fairness=fairness, published_change_weight=0.2)
        assert found.status == "OPTIMAL"
        assert found.details["published"]["changes"] == 50


@pytest.mark.parametrize(
    ("most", "changes", "points"), [(0, 0, 75), (20, 20, 85), (49, 49, 99.5), (50, 50, 100), (80, 50, 100)]
)
def test_a_limit_on_changes_is_kept_and_used(most: int, changes: int, points: float):
    before = rows(("g", "a", "industry", 2017, 100))
    found = again(two_counties(), before, return_steps=STEPS, published_changes_max=most)
    assert (found.details["published"]["changes"], found.objective) == (changes, round(1000 * points))
    assert found.status == "OPTIMAL"


def test_a_limit_that_is_too_small_is_told_with_what_it_takes():
    before = rows(("g", "a", "industry", 2017, 80))
    less = two_counties(fund_budgets=[money("g", 50)])
    found = again(less, before, published_changes_max=29)
    assert found.status == "INFEASIBLE"
    assert (
        found.clashes[0].en
        == "the other rules need 30 yuan to be moved at least (rules: published_changes_max)"
    )
    assert again(less, before, published_changes_max=30).details["published"]["changes"] == 30


def test_a_limit_beside_rules_that_cross_is_a_row():
    before = rows(("g", "a", "industry", 2017, 100))
    values = {"return_steps": STEPS, "deep_poverty_of": "spent", "deep_poverty_share": 0.0}
    found = again(two_counties(), before, published_changes_max=20, **values)
    assert "published_changes_max" in found.details["crossing"]
    assert found.details["published"]["changes"] == 20


def test_what_does_not_go_with_a_limit_is_refused():
    before = rows(("g", "a", "industry", 2017, 100))
    for values, words in (
        ({"smallest_project": 10}, "smallest_project"),
        ({"fairness": "leximin"}, "published_changes_max"),
    ):
        with pytest.raises(ScenarioError, match=words):
            again(two_counties(), before, published_changes_max=20, **values)


@pytest.mark.parametrize("seed", range(8))
def test_random_countries_never_change_more_than_allowed(seed: int):
    rng = np.random.default_rng(100 + seed)
    net, values = random_country(rng), random_values(rng)
    first = again(net, None, **values)
    if "allocations" not in first.tables or first.details["crossing"]:
        return
    budgets = net.frame("fund_budgets").with_columns(
        amount=pl.col("amount") * pl.Series(rng.integers(5, 15, net.frame("fund_budgets").height)) // 10
    )
    other = Network({**net.frames, "fund_budgets": budgets}, net.settings, name=net.name, on=net.on)
    free = again(other, first.tables, **values)
    if "allocations" not in free.tables:
        return
    wanted = free.details["published"]["changes"]
    for most in {0, wanted // 2, wanted}:
        found = again(other, first.tables, **values, published_changes_max=most)
        if "allocations" in found.tables:
            assert found.details["published"]["changes"] <= most
            assert found.objective is not None and free.objective is not None
            assert found.objective <= free.objective
        else:
            assert most < wanted
    assert again(other, first.tables, **values, published_changes_max=wanted).objective == free.objective


def test_any_other_price_of_the_limit_proves_less():
    before, values = (
        rows(("g", "a", "industry", 2017, 100)),
        {"return_steps": STEPS, "published_changes_max": 20},
    )
    seen = context(STAGE, two_counties(), published=before, **{**PLAIN, **values})
    outcome = solve(STAGE, seen)
    right = int(outcome.certificates["change_price"][0])
    assert right == 500  # thousandths: half a point for each yuan that would move
    for price in (0, 100, 499, 501, 9999, -7):
        told = {**outcome.certificates, "change_price": np.array([price])}
        found = check(resolved(STAGE, seen), outcome.tables, told)
        assert found.bound is not None and found.objective is not None
        assert found.bound > found.objective == outcome.objective


@pytest.mark.parametrize("fairness", ["weighted", "proportional", "leximin"])
def test_with_a_price_the_objective_says_what_of_it_is_money_that_stays(fairness: str):
    """100 yuan published for a: at 0.4 points each, half of them move to b; without a price nothing is said of them."""
    before = rows(("g", "a", "industry", 2017, 100))
    found = again(two_counties(), before, return_steps=STEPS, fairness=fairness, published_change_weight=0.4)
    parts = {p.title.en: p.objective for p in found.composition.parts}
    assert "published_change_weight" in found.composition.words.en and found.objective == 120_000 + (
        0 if fairness != "proportional" else round(1000 * parts["fairness × 10,000"])
    )
    if fairness == "leximin":
        assert (
            parts[
                "weighted need met, and each yuan that stays where it is published (published_change_weight)"
            ]
            == 120
        )
        return
    assert parts["weighted need met"] == 100
    assert parts["the 100 yuan published, 0.4 each"] == 40 and parts["less those that are moved"] == -20
    assert round(1000 * sum(parts.values())) == found.objective
    plain = again(two_counties(), before, return_steps=STEPS, fairness=fairness)
    assert "published" not in plain.composition.words.en
    assert [p.title.en for p in plain.composition.parts if "yuan" in p.title.en] == []


def moved_rows(first: Outcome, later: Outcome) -> int:
    """Yuan that a source no longer gives to a need for which it gave them."""
    key = ["source", "region", "programme", "year"]
    both = first.tables["allocations"].join(
        later.tables["allocations"], on=key, how="left", suffix="_later", nulls_equal=True
    )
    return int(both.select((pl.col("amount") - pl.col("amount_later").fill_null(0)).clip(0).sum()).item())


def test_a_small_change_of_budgets_swaps_no_rows_that_a_plain_plan_leaves() -> None:
    """Planned again as well as without a published plan; never more is moved than a plain plan moves, neither from needs nor from sources."""
    less, plainly, beside = 0, 0, 0
    for seed in range(40, 48):
        rng = np.random.default_rng(seed)
        net, values = random_country(rng), {**PLAIN, "return_steps": STEPS}
        first = solve(STAGE, context(STAGE, net, **values))
        by = pl.Series(rng.integers(-2, 3, net.frame("fund_budgets").height))
        budgets = net.frame("fund_budgets").with_columns(amount=(pl.col("amount") + by).clip(0))
        other = Network({**net.frames, "fund_budgets": budgets}, net.settings, name=net.name, on=net.on)
        plain = solve(STAGE, context(STAGE, other, **values))
        near = solve(STAGE, context(STAGE, other, published=dict(first.tables), **values))
        assert (near.status, near.objective) == (plain.status, plain.objective)
        assert taken(first, near) == near.details["published"]["changes"] <= taken(first, plain)
        assert (
            moved_rows(first, near) == near.details["published"]["rows_changed"] <= moved_rows(first, plain)
        )
        plainly, beside = plainly + moved_rows(first, plain), beside + moved_rows(first, near)
        less += moved_rows(first, near) < moved_rows(first, plain)
    assert less > 4 and beside * 4 < plainly


CROSSING: dict[str, Any] = {
    **PLAIN,
    "return_steps": STEPS,
    "deep_poverty_share": 0.05,
    "deep_poverty_of": "spent",
}


def test_among_equals_nothing_moves_where_rules_cross() -> None:
    """Both grants pay for both counties alike; the rule that crosses leaves room."""
    net = two_grants(region_tags=[{"region": "a", "tag": "deep_poverty"}])
    for a in (20, 45, 100):
        g = min(a, 60)
        given = [("g", "a", g), ("h", "a", a - g), ("g", "b", 60 - g), ("h", "b", 60 - (a - g))]
        found = again(net, rows(*((s, r, "industry", 2017, x) for s, r, x in given if x)), **{**CROSSING, "return_steps": "off"})  # fmt: skip
        assert found.details["crossing"] and paid(found) == {(s, r): x for s, r, x in given if x}


def test_where_rules_cross_a_plan_beside_the_published_one_is_as_good_and_moves_less() -> None:
    plainly = beside = 0
    for seed in range(60, 68):
        net = random_country(np.random.default_rng(seed))
        first = again(net, None, **CROSSING)
        if "allocations" not in first.tables:
            continue
        budgets = net.frame("fund_budgets").with_columns(amount=pl.col("amount") * 98 // 100)
        other = Network({**net.frames, "fund_budgets": budgets}, net.settings, name=net.name, on=net.on)
        plain, near = again(other, None, **CROSSING), again(other, dict(first.tables), **CROSSING)
        assert near.details["crossing"]
        assert near.objective is not None and plain.objective is not None and near.bound is not None
        assert near.objective == plain.objective
        assert near.details["published"]["changes"] <= taken(first, plain)
        plainly, beside = plainly + moved_rows(first, plain), beside + moved_rows(first, near)
    assert beside * 2 < plainly
