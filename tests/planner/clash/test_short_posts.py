"""Posts that people are too few for, read off the cut: as many as are needed, each of them needed, on random small lands."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from planner.clash import members
from planner.clash.members import not_short, rules_of, taken_out
from planner.clash.short_posts import MUST, needed_posts
from planner.clash.smallest import smallest_clash
from planner.clash.trial import Trials
from planner.repair import search
from planner.solve.pool import InProcess
from planner.stage import Context, Limits
from planner.stages import STAGES
from tests.planner import cadre_land, tiny

STAGE = STAGES["cadres"]
HOMES = ("a1", "a2", "b1")


def random_context(seed: int) -> Context:
    """Two to five people and posts with one or two seats; who may go where is drawn."""
    rng = np.random.default_rng(seed)
    people = [cadre_land.cadre(f"c{i}", HOMES[rng.integers(3)]) for i in range(rng.integers(2, 6))]
    posts: list[dict[str, Any]] = [cadre_land.first(f"v{k}", tier=1) for k in range(4)]
    posts += [
        cadre_land.members(f"v{k}", int(rng.integers(1, 3)), 3, tier=1)
        for k in range(4)
        if rng.random() < 0.5
    ]
    rows: dict[str, Any] = {"regions": cadre_land.REGIONS, "cadres": people, "village_posts": posts}
    area = ["county", "prefecture", "off"][rng.integers(3)]
    values = {**cadre_land.PLAIN, MUST: 1, "posting_area": area, "own_county_area": "off"}
    return tiny.context(STAGE, tiny.network(**rows), **{**values, "team_led": "off", "team_minimum": "off"})


def all_posts(context: Context) -> set[tuple[str, str]]:
    return set(context.network.frame("village_posts").select("village", "post").iter_rows())


@pytest.mark.parametrize("seed", range(25))
def test_each_post_is_needed(seed: int) -> None:
    context = random_context(seed)
    trials = Trials(STAGE, context, InProcess(), Limits())
    rules = rules_of(STAGE, context)
    few = needed_posts(trials, context, rules, all_posts(context), [])
    if trials.holds([]):
        assert few is None
        return
    if few is None:  # a post asks for several people: then they are tried one by one
        assert context.network.frame("village_posts")["minimum"].max() == 2
        return
    assert trials.holds(not_short(context, few)) is False
    for post in few:
        assert trials.holds(not_short(context, few - {post})) is True, post


@pytest.mark.parametrize("seed", range(12))
def test_so_many_seats_are_given_up_at_least_as_are_lacking(seed: int) -> None:
    context = random_context(seed)
    trials = Trials(STAGE, context, InProcess(), Limits())
    lacking, posts = trials.seats_lacking([]), all_posts(context)
    asked = {(v, p): n for v, p, n in context.network.frame("village_posts").select("village", "post", "minimum").iter_rows()}  # fmt: skip
    enough = [
        sum(asked[p] for p in given)
        for n in range(4)
        for given in combinations(sorted(posts), n)
        if trials.holds(not_short(context, posts - {*given}))
    ]
    assert all(n >= lacking for n in enough)
    assert (lacking == 0) == trials.holds([])


def test_no_joint_way_out_is_looked_for_where_too_many_posts_are_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    posts = [cadre_land.first(f"v{k}", tier=1) for k in range(4)]
    rows: dict[str, Any] = {
        "regions": cadre_land.REGIONS, "cadres": [cadre_land.cadre("c", "a1")], "village_posts": posts,
    }  # fmt: skip
    anywhere = dict.fromkeys(("team_led", "team_minimum", "own_county_area", "posting_area"), "off")
    context = tiny.context(STAGE, tiny.network(**rows), **{**cadre_land.PLAIN, MUST: 1, **anywhere})
    found = smallest_clash(STAGE, context, InProcess(), Limits(), posts=all_posts(context))
    lead = next(m for m in found.members if m.table)
    looked = search.Search(STAGE, context, InProcess(), Limits(), found.members)
    monkeypatch.setattr(search, "TOGETHER", 3)  # three posts are short: after one of them two
    assert len(list(looked._joint(lead))) == 1
    monkeypatch.setattr(search, "TOGETHER", 2)
    monkeypatch.delattr(search, "smallest_clash")  # not asked for
    assert not list(looked._joint(lead))


def test_rules_on_teams_are_left_to_trials() -> None:
    context = random_context(1)
    trials = Trials(STAGE, context, InProcess(), Limits())
    rules = rules_of(STAGE, context)
    must = [m for m in rules if m.key == MUST]
    assert needed_posts(trials, context, [m for m in rules if m not in must], all_posts(context), []) is None
    led = tiny.context(STAGE, context.network, **{**context.policy.values, "team_led": True})
    assert needed_posts(trials, led, rules_of(STAGE, led), all_posts(context), []) is None


def test_many_posts_are_one_member_in_words_and_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "MOST_SINGLE", 2)
    rows: dict[str, Any] = {
        "regions": cadre_land.REGIONS, "cadres": [cadre_land.cadre(f"c{i}") for i in range(2)],
        "village_posts": [cadre_land.first(f"v{k}", tier=1) for k in range(3)],
    }  # fmt: skip
    context = tiny.context(STAGE, tiny.network(**rows), **{**cadre_land.PLAIN, MUST: 1})
    found = smallest_clash(STAGE, context, InProcess(), Limits(), posts=all_posts(context))
    (one,) = found.members
    assert one.key == MUST and not one.table and found.irreducible
    assert "3 posts together (tier 1: 3) in v0, v1, v2" in one.text.en and "合起来的 3 个岗位" in one.text.zh
    trials = Trials(STAGE, context, InProcess(), Limits())
    rules = rules_of(STAGE, context)
    kept = [m for m in rules if m.key == MUST]
    assert trials.holds(taken_out(rules, kept)) is False and trials.holds(taken_out(rules, [])) is True
