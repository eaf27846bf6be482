"""Whole, led teams by default: small lands where the flow breaks them, decided to the optimum or told as what they are."""

from __future__ import annotations

from datetime import date

import pytest

from planner.solve import posting_exact, posting_fill, posting_keep
from planner.stage import Outcome
from planner.stages.cadres import STAGE
from tests.planner.cadre_land import PLAIN, REGIONS, Rows, cadre, decide, first, members, placed
from tests.planner.tiny import context, network, solve

THREE = [cadre(f"c{k}") for k in range(3)]
FIVE = [cadre(f"c{k}") for k in range(5)]


def way(outcome: Outcome) -> str:
    (told,) = outcome.details["components"]
    return str(told["way"])


def villages(outcome: Outcome) -> list[str]:
    return sorted(p.split("/")[0] for p in placed(outcome).values())


def posts_of(*two: tuple[int, int, int]) -> Rows:
    """v0 and v1: tier, least and most members, with a first secretary each."""
    return [
        post
        for k, (tier, least, most) in enumerate(two)
        for post in (first(f"v{k}", tier=tier), members(f"v{k}", least, most, tier=tier))
    ]


def test_a_hard_village_gets_the_people_of_a_later_tier() -> None:
    """The flow leads both villages and fills neither; all three together are the only plan that keeps the rule."""
    found = decide(THREE, posts_of((1, 0, 2), (2, 2, 2)), must_fill_tier=1)
    assert (found.status, villages(found), way(found)) == ("OPTIMAL", ["v0"] * 3, "exact over teams")
    assert found.details["bound_by"] == "search"


def test_a_hard_village_without_enough_people_is_infeasible() -> None:
    """One cadre less: the post can be filled, a whole team cannot be made up."""
    found = decide(THREE[:2], posts_of((1, 0, 2), (2, 2, 2)), must_fill_tier=1)
    assert found.status == "INFEASIBLE" and "no led and whole teams fill" in found.clashes[0].en
    assert "v0" in found.clashes[0].en and "v1" not in found.clashes[0].en
    alone = decide(THREE[:2], posts_of((1, 0, 2), (2, 2, 2)), must_fill_tier=1, team_minimum=2)
    assert alone.status == "OPTIMAL" and villages(alone) == ["v0", "v0"]


def test_hard_villages_that_are_possible_only_one_by_one_are_named_together() -> None:
    found = decide(FIVE, posts_of((1, 0, 2), (1, 0, 2)), must_fill_tier=1)
    assert found.status == "INFEASIBLE"
    six = decide([*FIVE, cadre("c5")], posts_of((1, 0, 2), (1, 0, 2)), must_fill_tier=1)
    assert six.status == "OPTIMAL" and villages(six) == ["v0"] * 3 + ["v1"] * 3


@pytest.mark.parametrize("posts", [posts_of((1, 1, 2), (2, 0, 2)), posts_of((1, 0, 2), (1, 0, 2))])
def test_a_plan_that_cannot_be_better_is_told_as_optimal(posts: Rows) -> None:
    found = decide(THREE, posts)
    assert found.status == "OPTIMAL" and len(set(villages(found))) == 1 and len(villages(found)) == 3


def test_where_the_flow_keeps_whole_teams_nothing_is_searched() -> None:
    found = decide(THREE, posts_of((1, 2, 2), (2, 0, 0))[:2])
    assert way(found) == "flow" and "bound_by" not in found.details
    assert "proved" not in found.details["components"][0]


def test_where_team_rules_bite_the_sum_of_the_worths_decides() -> None:
    """Tier 1 asks for a first secretary in v0, tier 2 for a whole team in v1: five people fill five must-seats (11 steps), or one
    and three further seats (10)."""
    posts = posts_of((1, 0, 3), (2, 4, 4))
    assert villages(decide(FIVE, posts)) == ["v1"] * 5
    assert villages(decide(FIVE, posts_of((1, 0, 4), (2, 3, 3)))) == ["v0"] * 5
    free = decide(FIVE, posts, team_minimum="off", team_led=False)  # the flow: the first tier comes first
    assert "v0" in villages(free)


def test_who_would_leave_counts() -> None:
    """Two members in their term in v0: a leader for them is worth more than a new post in v1."""
    people = [cadre("lead"), cadre("c1", roles="member"), cadre("c2", roles="member")]
    held = {
        "postings": [
            {"cadre": f"c{k}", "village": "v0", "post": "m", "since": date(2016, 1, 1)} for k in (1, 2)
        ]
    }
    posts = [first("v0", minimum=0), members("v0", 2, 2), first("v1")]
    found = decide(people, posts, held)
    assert villages(found) == ["v0"] * 3 and way(found) == "flow"
    gone = decide(people[1:], posts, held)
    assert placed(gone) == {} and gone.status == "OPTIMAL"  # nobody can lead them, whatever is decided


def test_a_search_that_ends_without_a_plan_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is shown where only a few pairs were looked at: no plan within the limit, and not infeasible."""
    monkeypatch.setattr(posting_fill, "MOST_PAIRS", -1)
    monkeypatch.setattr(posting_keep, "MOST_PAIRS", -1)
    monkeypatch.setattr(posting_keep, "ROUNDS", 0)
    seen = context(STAGE, network(regions=REGIONS, cadres=THREE, village_posts=posts_of((1, 0, 2), (2, 2, 2))), **PLAIN, must_fill_tier=1)  # fmt: skip
    found = solve(STAGE, seen)
    assert found.status == "NO_SOLUTION_IN_TIME"
    assert (
        "nor is it shown that there is none: v0" in found.clashes[0].en
        and "没有证明无解" in found.clashes[0].zh
    )


def test_the_limit_of_work_leaves_an_honest_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting_exact, "CHECKS", 0)
    posts = posts_of((1, 0, 2), (2, 2, 2))
    found = decide(FIVE, posts)
    assert found.bound is not None and found.objective is not None
    monkeypatch.undo()
    best = decide(FIVE, posts).objective
    assert best is not None and found.bound <= best <= found.objective
