"""Rules on teams and households in arrays: what is taken back, pairs one by one, the search beside the flow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from planner.solve import posting_keep
from planner.solve.clock import Clock
from planner.solve.posting import optimum
from planner.solve.posting_exact import Problem, best
from planner.solve.posting_graph import Worths
from planner.solve.posting_network import NEVER, Network
from planner.solve.posting_pairs import list_pairs, nearest
from planner.solve.posting_pricing import NONE, hub_worths
from planner.solve.posting_rules import Rules, read_rules
from planner.solve.posting_sent import Sent, people_sent
from planner.solve.posting_teams import Teams
from planner.solve.posting_ties import read_marks
from planner.solve.task import Answer
from tests.planner.solve.posting_cases import Land, answer, cost_of, hubs, land


def ruled(seed: int, **more: Any) -> Land:
    """A land with all three rules, at random; its classes of households are one person each."""
    case = land(seed, units=True, stays=True, teams=True, **more)
    a, rng = dict(case.arrays), np.random.default_rng([seed, 1])
    n, v = len(a["supply"]), len(a["there"])
    household = np.where(rng.random(n) < 0.4, rng.integers(0, 2, n), -1)
    a["supply"] = np.where(household >= 0, np.minimum(a["supply"], 1), a["supply"])
    table = rng.random((3, 2)) < 0.4
    a |= {"rule_sender": rng.integers(0, 2, n), "rule_tongue": rng.integers(0, 3, n), "rule_asks": rng.integers(0, 2, v),
          "rule_table": table, "rule_spoken": rng.random(v) < 0.4, "rule_household": household,
          "rule_place": rng.integers(0, 2, v), "rule_bound_to": rng.choice([-2, -1, -1, 0, 1], 2),
          "rule_lost_worth": np.zeros(v, np.int64), "rule_lost_cost": np.zeros(v, np.int64), "rule_lost_hard": np.zeros(v, np.bool_)}  # fmt: skip
    return Land(a, case.table)


def rules_of(case: Land) -> Rules:
    a = case.arrays
    found = read_rules(a, Teams(*(a[k] for k in ("village", "leads", "there", "led", "wanted"))))
    assert found is not None
    return found


def sent_of(found: Answer) -> Sent:
    of_class, slot, count, stays = (found.arrays[f"arc_{k}"] for k in ("class", "slot", "count", "listed"))
    return Sent(of_class, slot, count, np.zeros(len(slot), np.int64), stays)


def nothing_known(network: Network) -> Worths:
    person = np.zeros(len(network.seats.supply), np.int64)
    return Worths(
        person, hub_worths(network, person), np.zeros(network.slots, np.int64), np.zeros(2, np.int64)
    )


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("with_hubs", [True, False])
def test_pairs_are_those_of_the_table(seed: int, with_hubs: bool) -> None:
    case = ruled(seed)
    with hubs(with_hubs):
        network = case.network()
    here = np.arange(network.slots) % 2 == 0
    for limit in (NONE, 40):
        found = list_pairs(network, nothing_known(network), here, limit, 10**6)
        assert found is not None
        told = {
            (c, s): x
            for c, s, x, old in zip(found.of_class, found.slot, found.cost, found.stays, strict=True)
            if not old
        }
        seats = case.arrays["must"] + case.arrays["further"]
        open_ = (
            (case.table < NEVER)
            & (case.table <= limit)
            & (here & (seats > 0))
            & (case.arrays["supply"] > 0)[:, None]
        )
        assert told == {(i, j): case.table[i, j] for i, j in zip(*np.nonzero(open_), strict=True)}
        assert len(told) < 2 or list_pairs(network, nothing_known(network), here, limit, 1) is None
        few = nearest(found, 1, np.zeros(len(found.cost), np.bool_), np.zeros(len(found.cost), np.bool_))
        for slot in np.unique(found.slot[~found.stays]):
            mine = ~found.stays & (found.slot == slot)
            assert few.cost[(few.slot == slot)].min() <= found.cost[mine].min()


@pytest.mark.parametrize("seed", range(40))
def test_what_is_kept_breaks_nothing(seed: int) -> None:
    case = ruled(seed)
    network, rules = case.network(), rules_of(case)
    flow = optimum(network, case.arrays["zone"], read_marks(case.arrays), lambda told: None)
    sent = people_sent(network, flow.ways, flow.flow, read_marks(case.arrays))
    kept = rules.kept(sent, network.slots)
    assert not rules.broken(kept, network.slots)
    assert len(kept.count) == len(sent.count) or rules.broken(sent, network.slots)


@pytest.mark.parametrize("seed", range(40))
def test_the_search_keeps_the_rules_within_the_bound(seed: int) -> None:
    """Over all pairs, around teams, and the flow: the first is the best, and no bound is above it."""
    case = ruled(seed)
    whole = answer(case.arrays)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posting_keep, "MOST_PAIRS", -1)
        around = answer(case.arrays)
    assert whole.status == "OPTIMAL"
    assert around.facts["bound"] <= whole.facts["objective"] <= around.facts["objective"]
    assert whole.facts["proved"] <= whole.facts["bound"] == whole.facts["objective"]
    for found in (whole, around):
        assert cost_of(case, found) == found.facts["objective"]
        assert not rules_of(case).broken(sent_of(found), case.table.shape[1])


@pytest.mark.parametrize("seed", range(15))
def test_without_rules_the_programme_is_the_flow(seed: int) -> None:
    """Teams of any size, everybody speaks, one unit, no household: HiGHS finds what the flow proves."""
    case = ruled(seed)
    a = dict(case.arrays)
    n, v = len(a["supply"]), len(a["there"])
    a |= {"wanted": np.zeros(v, np.int64), "rule_sender": np.zeros(n, np.int64), "rule_spoken": np.ones(v, np.bool_),
          "rule_household": np.full(n, -1)}  # fmt: skip
    free = Land(a, case.table)
    found = answer(a)
    assert found.facts["way"] == "flow" and found.status == "OPTIMAL"
    network = free.network()
    pairs = list_pairs(network, nothing_known(network), np.ones(case.table.shape[1], np.bool_), NONE, 10**6)
    assert pairs is not None
    problem = Problem(network.seats, a["hard"], rules_of(free), pairs, np.ones(v, np.bool_))
    exact = best(problem, None, {}, Clock())
    assert exact.sent is not None
    assert problem.value(exact.sent) == exact.bound == found.facts["objective"]


@pytest.mark.parametrize("seed", range(20))
def test_hard_seats_are_filled_or_told(seed: int) -> None:
    case = ruled(seed, hard=True)
    found = answer(case.arrays)
    if found.status == "INFEASIBLE":
        return
    if found.status == "NO_SOLUTION_IN_TIME":
        assert found.arrays["hard_open"].any()
        return
    there = np.bincount(found.arrays["arc_slot"], found.arrays["arc_count"], case.table.shape[1])
    assert (there >= case.arrays["must"])[case.arrays["hard"]].all()
