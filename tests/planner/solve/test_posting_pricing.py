"""Pricing against every pair, one by one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.solve import posting_network, posting_pricing
from planner.solve.posting_graph import FAR
from planner.solve.posting_network import NEVER, Network
from planner.solve.posting_pricing import NONE, Seen, hub_worths, in_balance, price
from tests.planner.solve.posting_cases import hubs, land, table_of

Way = tuple[int, int]


def ways_of(network: Network) -> dict[Way, tuple[int, tuple[int, int]]]:
    """Every allowed way (hub, slot): its cost, and its row of costs (block and row there)."""
    found = {}
    for number, block in enumerate(network.blocks):
        cost = block.costs(0, block.rows)
        for row, column in np.argwhere(cost < NEVER).tolist():
            hub = block.first + row * block.wishes + int(block.wish[column])
            found[hub, int(block.slots[column])] = int(cost[row, column]), (number, row)
    return found


@given(st.integers(0, 10_000), st.booleans(), st.integers(1, 4), st.integers(0, 3), st.integers(-20, 80))
def test_the_least_of_each_row_and_of_each_slot(
    seed: int, wanted: bool, many: int, few: int, limit: int
) -> None:
    """In blocks of few pairs; all ways under the limit are counted, and the least of each slot is told."""
    rng = np.random.default_rng(seed)
    with hubs(wanted), pytest.MonkeyPatch.context() as patch:
        patch.setattr(posting_network, "BLOCK", 9)
        network = land(seed).network()
        hub, slot = rng.integers(0, 50, network.hubs), rng.integers(0, 120, network.slots)
        if not few:  # many equals
            blocks = [replace(b, tables=tuple(t // 30 for t in b.tables)) for b in network.blocks]
            network, hub, slot = replace(network, blocks=blocks), 0 * hub, 0 * slot
        found = price(network, hub, slot, many, few, limit)
    allowed = ways_of(network)
    reduced = {(h, s): cost + int(hub[h]) - int(slot[s]) for (h, s), (cost, _) in allowed.items()}
    under = {way for way, r in reduced.items() if r < limit}
    assert found.count == len(under)
    chosen = set(zip(found.ways.hub.tolist(), found.ways.slot.tolist(), strict=True))
    assert chosen <= under
    for h, s, cost in zip(found.ways.hub, found.ways.slot, found.ways.cost, strict=True):
        assert cost == allowed[h, s][0]
    by_row, by_slot = defaultdict(list), defaultdict(list)
    for way, r in reduced.items():
        by_slot[way[1]].append(r)
        by_row[allowed[way][1]].append((r, way))
    for s in range(network.slots):
        assert found.least[s] == min(by_slot[s], default=NONE)
        got = sorted(reduced[w] for w in chosen if w[1] == s)
        assert got[:few] == sorted(r for r in by_slot[s] if r < limit)[:few]
    for ways in by_row.values():
        got = sorted(r for r, w in ways if w in chosen)
        assert got[:many] == sorted(r for r, _ in ways if r < limit)[:many]
        assert few or len(got) <= many  # among equals, too
    assert found.worst == max(0, -min(reduced.values(), default=0))
    assert len(chosen) <= many * len(by_row) + few * network.slots


@given(st.integers(0, 10_000), st.booleans())
def test_a_hub_is_worth_what_makes_the_best_of_its_classes_indifferent(seed: int, wanted: bool) -> None:
    """So that the least reduced cost over hubs is the least over classes, at each slot."""
    rng = np.random.default_rng(seed)
    case = land(seed)
    with hubs(wanted):
        network = case.network()
    person, slot = rng.integers(0, 99, len(case.table)), rng.integers(0, 199, network.slots)
    hub = hub_worths(network, person)
    assert (hub[network.offer_hub] <= person[network.offer_class] + network.offer_cost).all()
    least = price(network, hub, slot, 1, 1, 0).least
    table = table_of(network)
    for s in range(network.slots):
        reduced = (table[:, s] + person - slot[s])[table[:, s] < NEVER]
        assert least[s] == reduced.min(initial=NONE)


def test_hubs_without_classes_and_slots_without_worth_have_no_part() -> None:
    """A hub that no class may use is worth FAR and has no ways; a slot that is worth −FAR draws nobody."""
    case = land(11, classes=30)
    with hubs(True):
        network = case.network()
    hub = hub_worths(network, np.zeros(len(case.table), np.int64))
    idle = np.setdiff1d(np.arange(network.hubs), network.offer_hub)
    assert idle.size and (hub[idle] == FAR).all()
    slot = np.zeros(network.slots, np.int64)
    found = price(network, hub, slot, 99, 99, NONE).ways
    assert not np.isin(found.hub, idle).any() and np.isin(ways_hubs(network), idle).any()
    assert 0 in found.slot
    slot[0] = -FAR
    assert 0 not in price(network, hub, slot, 99, 99, 10**6).ways.slot


def ways_hubs(network: Network) -> list[int]:
    return [hub for hub, _ in ways_of(network)]


@given(st.integers(0, 10_000), st.booleans(), st.sampled_from([0, 8]))
def test_ways_in_balance_as_first_seen_or_looked_at_again(seed: int, wanted: bool, kept: int) -> None:
    """What was seen at other worths is looked at again; few or many kept, they are the same, in the same order."""
    rng = np.random.default_rng(seed)
    with hubs(wanted), pytest.MonkeyPatch.context() as patch:
        patch.setattr(posting_network, "BLOCK", 9)
        patch.setattr(posting_pricing, "FEW_IN_BALANCE", kept)
        network = land(seed).network()
        hub = rng.integers(0, 50, network.hubs)
        least = price(network, hub, np.zeros(network.slots, np.int64), 1, 0, 0).least
        slot = np.where(least < NONE, least, 0)  # as much as it can be worth
        seen = Seen()
        other = slot - rng.integers(0, 2, network.slots) * rng.integers(0, 9, network.slots)
        price(network, hub, other, 1, 0, 0, seen=seen)
        price(network, hub, slot + rng.integers(0, 2, network.slots), 1, 0, 0, seen=seen)
        price(network, hub, slot, 1, 0, 0, seen=seen)
        found = in_balance(network, hub, slot, 10**6, seen)
        plain = in_balance(network, hub, slot, 10**6)
    assert found is not None and plain is not None
    assert all(np.array_equal(getattr(found, k), getattr(plain, k)) for k in ("hub", "slot", "cost"))
    level = {way for way, (cost, _) in ways_of(network).items() if cost + hub[way[0]] == slot[way[1]]}
    assert set(zip(found.hub.tolist(), found.slot.tolist(), strict=True)) == level
    assert in_balance(network, hub, slot, len(level)) is not None
    assert not level or in_balance(network, hub, slot, len(level) - 1) is None
    if ways_of(network):
        with pytest.raises(ArithmeticError, match="below nothing"):
            in_balance(network, hub, slot + 10**6, 10**6, seen)
