"""Recommended choices: each change is that of a forced second solve, and none that is left out is better."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from graph.errors import UsageError
from planner.otherwise.choice import Asking
from planner.otherwise.posting_chains import flow_of
from planner.otherwise.posting_prices import Place, forced_posting
from planner.otherwise.posting_ranks import takers_of
from planner.otherwise.postings import places_of, standing_of
from planner.recommend import recommend
from planner.solve.pool import InProcess
from planner.stages.cadres.chains import Search
from planner.stages.cadres.forced import whole_task
from planner.stages.cadres.takers import Takers
from planner.stages.funds.amount import Amount
from planner.stages.funds.stage import seen
from planner.stages.funds.tasks import task_of
from tests.planner import money_land
from tests.planner.cadre_land import cadre, first, members
from tests.planner.otherwise.test_postings import made
from tests.planner.planned import planned


@pytest.mark.parametrize("seed", range(6))
def test_the_best_posts_of_a_cadre_are_all_that_forced_solves_find(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    homes = rng.choice(["a1", "a2", "b1"], size=5)
    cadres = [cadre(f"c{k}", str(h), unit=f"u{k % 2}") for k, h in enumerate(homes)]
    rules = {"team_led": True, "team_minimum": 2} if seed % 2 else {}
    plan = made(tmp_path, cadres, [first("v0"), members("v0", 1, 2), first("v2"), first("v3")], **rules)
    asking = Asking(plan, "cadres", InProcess())
    standing = standing_of(asking)
    for row, one in enumerate(cadres):
        whole = whole_task(standing.model, row)
        assert whole is not None
        places = [p for p in places_of(standing, row) if p.slot != standing.before[row]]
        solved = [forced_posting(asking, standing, whole, p) for p in places]
        forced = [None if s is None else s.change for s in solved]
        best = sorted(c for c in forced if c is not None)[:2]
        told = recommend(plan, one["id"], 2, executor=InProcess())
        assert [t.change for t in told if t.change is not None] == best
        for place, change in zip(places, forced, strict=True):
            assert change is None or place.least <= round(
                change * 1000
            )  # what the worths prove is never too much


@pytest.mark.parametrize("seed", range(8))
def test_one_search_from_a_post_tells_of_everybody_what_their_own_searches_tell(
    tmp_path: Path, seed: int
) -> None:
    """Of each cadre no more than it costs, the least first; and the best for a village are all that forced solves find."""
    rng = np.random.default_rng(seed)
    homes = rng.choice(["a1", "a2", "b1"], size=6)
    cadres = [cadre(f"c{k}", str(h), unit=f"u{k % 2}") for k, h in enumerate(homes)]
    plan = made(tmp_path, cadres, [first("v0"), members("v0", 1, 2), first("v2"), first("v3")])
    asking = Asking(plan, "cadres", InProcess())
    standing = standing_of(asking)
    flow = flow_of(standing)
    for slot in range(len(standing.model.posts.village)):
        rows = np.sort(takers_of(standing, slot))
        takers, order, least = Takers(flow, slot, rows), list[tuple[int, int]](), dict[int, tuple[int, int]]()
        while (found := takers.best()) is not None:
            order.append(found[:2])
            least[found[2]] = found[:2]
        assert order == sorted(order) and not takers.rest().size
        for row in rows.tolist():
            chain = Search(flow, row, np.array([slot])).best()
            assert (chain is None) or least[row] <= (chain.change, chain.moves)
            assert chain is None or least[row][0] == chain.change  # nobody is in place here: the same network
    for village in ("v0", "v2"):
        here = np.flatnonzero((standing.model.posts.table["village"] == village).to_numpy())
        changes = []
        for slot in here.tolist():
            for row in takers_of(standing, slot).tolist():
                whole = whole_task(standing.model, row)
                assert whole is not None
                told = forced_posting(asking, standing, whole, Place(row, slot, 0))
                changes += [told.change] if told is not None and told.change is not None else []
        told_of = recommend(plan, village, 3, executor=InProcess())
        assert [t.change for t in told_of if t.change is not None] == sorted(changes)[:3]


def test_the_best_people_for_a_village_by_hand(tmp_path: Path) -> None:
    """Three cadres at 0, 30 and 100 km from v0: the next after the one who is there costs 3 points, the last 10."""
    cadres = [cadre("c1", "a1"), cadre("c2", "a2"), cadre("c3", "b1")]
    plan = made(tmp_path, cadres, [first("v0")])
    assert plan.table("postings")["cadre"].to_list() == ["c1"]
    told = recommend(plan, "v0", executor=InProcess())
    assert [(t.moves[0].who, t.change) for t in told] == [("c2", 3.0), ("c3", 10.0)]
    with pytest.raises(UsageError, match=r"没有可推荐的|nothing to recommend"):
        recommend(plan, "P", executor=InProcess())


def test_money_is_ranked_by_what_a_step_more_is_worth(tmp_path: Path) -> None:
    """a's need is the first half open at 1, b's is half full: the next yuan is worth 1 in a and ½ in b."""
    values = {**money_land.PLAIN, "return_steps": {"0.5": 1.0, "1.0": 0.5}, "price_step": 10}
    tables = {
        "needs": [money_land.need("a", "industry", 100), money_land.need("b", "health", 100)],
        "fund_sources": [
            {"id": "g", "name": "拨款", "level": "central", "instrument": "grant", "programmes": "health"},
            {
                "id": "h",
                "name": "小拨款",
                "level": "central",
                "instrument": "grant",
                "programmes": "industry;health",
            },
        ],
        "fund_budgets": [money_land.money("g", 60), money_land.money("h", 20)],
    }
    plan = planned(tmp_path, money_land.two_counties(**tables), funds=values)
    (first_told, second) = recommend(plan, "h", executor=InProcess())
    assert "名a" in first_told.what.zh and "名b" in second.what.zh
    assert (first_told.change, second.change) == (10.0, 5.0)
    assert [t.change for t in recommend(plan, "g", executor=InProcess())] == [5.0]
    assert [t.change for t in recommend(plan, "a", executor=InProcess())] == [10.0]


def test_the_unmet_need_is_what_a_second_solve_confirms(tmp_path: Path) -> None:
    """b gets nothing, as a's yuan is worth more: a yuan for b loses what it gains a less."""
    values = {**money_land.PLAIN, "need_weight": 1.0}
    facts = [money_land.fact("a", "poverty_incidence", 0.2), money_land.fact("b", "poverty_incidence", 0.1)]
    plan = planned(tmp_path, money_land.two_counties(region_facts=facts), funds=values)
    asking = Asking(plan, "funds", InProcess())
    known = seen(asking.context)
    task, _ = task_of(asking.context, *known, asking.limits, Amount(1, 0, 10))
    answer = InProcess().run([task])[0]
    assert -int(answer.facts["objective"]) < plan.stages["funds"]["objective"]


def test_a_cut_list_says_of_how_many(tmp_path: Path) -> None:
    cadres = [cadre(f"c{k}", home) for k, home in enumerate(("a1", "a1", "a2", "b1"))]
    plan = made(tmp_path, cadres, [first("v0"), first("v1"), first("v2")])
    unplaced = ({"c0", "c1", "c2", "c3"} - set(plan.table("postings")["cadre"].to_list())).pop()
    told = recommend(plan, unplaced, 2, executor=InProcess())
    (ranked,) = told.ranked.values()
    assert (len(told), ranked.of, ranked.more, ranked.least) == (2, 3, 1, None)
    assert [(t["rank"], t["of"]) for t in told.as_list()] == [(1, 3), (2, 3)]
    assert recommend(plan, unplaced, 3, executor=InProcess()).ranked["cadres"].more == 0


def test_where_work_ends_it_is_said_what_the_others_cost_at_least(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under a rule on whole teams each post takes a solve; with few allowed, of the others only their bounds are known."""
    cadres = [cadre(f"c{k}", home) for k, home in enumerate(("a1", "a2", "b1", "b1"))]
    plan = made(tmp_path, cadres, [first(f"v{k}") for k in range(4)], team_one_unit=True)
    everything = recommend(plan, "c0", 3, executor=InProcess())
    assert everything.ranked["cadres"].least is None and len(everything) == 3
    monkeypatch.setattr("planner.otherwise.posting_ranks.work_for", lambda wanted: 1)
    monkeypatch.setattr("planner.otherwise.posting_ranks.SMALL", 0)
    told = recommend(plan, "c0", 3, executor=InProcess())
    assert [t.change for t in told] == [everything[0].change]
    least = told.ranked["cadres"].least
    assert least is not None and all(t.change is not None and t.change >= least for t in everything[1:])


def test_a_village_to_which_nobody_may_come_tells_why(tmp_path: Path) -> None:
    cadres = [cadre("c1"), cadre("c2", "b1", roles="member"), cadre("c3", "a2", roles="member")]
    plan = made(tmp_path, cadres, [first("v0")], posting_area="prefecture")
    told = recommend(plan, "v0", executor=InProcess())
    assert {t.status for t in told} == {"INFEASIBLE"} and told.ranked["cadres"].of == 0
    rules = {str(t.what.en): [r.en.split("(")[1].split(" ")[0] for r in t.forbidden] for t in told}
    assert rules == {
        "with c3 at v0/fs": ["cadres.role_allowed"],
        "with c2 at v0/fs": ["cadres.posting_area", "cadres.role_allowed"],
    }
    assert "scenario.toml:" in told[1].forbidden[0].en  # with value and origin


def test_where_solves_are_dear_few_are_made_and_ranges_are_told_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if nothing were proved of the plan's people: one post is solved for, of the others a way is known, and what they cost at least."""
    cadres = [cadre(f"c{k}", home) for k, home in enumerate(("a1", "a2", "b1", "b1"))]
    plan = made(tmp_path, cadres, [first(f"v{k}") for k in range(4)])
    exact = {t.what.en: t.change for t in recommend(plan, "c0", 3, executor=InProcess())}
    monkeypatch.setattr("planner.stages.cadres.standing.Standing.is_flow", lambda self, component: False)
    monkeypatch.setattr("planner.otherwise.posting_ranks.FEW", 1)
    small = recommend(plan, "c0", 3, executor=InProcess())
    assert {t.what.en: t.change for t in small} == exact and small.ranked["cadres"].least is None
    monkeypatch.setattr("planner.otherwise.posting_ranks.SMALL", 0)
    told = recommend(plan, "c0", 3, executor=InProcess())
    assert len(told) == 3 and {t.what.en for t in told} == set(exact)
    assert [t.change for t in told] == sorted(t.change for t in told if t.change is not None)
    for one in told:
        change, true = one.change, exact[one.what.en]
        assert change is not None and true is not None and one.moves
        if one.status == "OPTIMAL":
            assert change == true and one.least is None
        else:
            assert one.least is not None and one.least <= true <= change
    assert told.ranked["cadres"].least is not None
