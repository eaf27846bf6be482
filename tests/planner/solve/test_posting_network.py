"""The network of classes, hubs and slots: it stands for the dense table, and so do the smaller networks made of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from planner.solve.posting_network import (
    NEVER,
    equal_columns,
    merged,
    read_network,
    slot_types,
    without_costs,
)
from tests.planner.solve.posting_cases import dense, hubs, land, table_of


@given(st.integers(0, 10_000))
def test_both_networks_stand_for_the_dense_table(seed: int) -> None:
    """Each allowed pair has one hub, at the pair's cost; no other pair has any; and no pair costs more than is said."""
    case = land(seed)
    for wanted in (True, False):
        with hubs(wanted):
            network = case.network()
        assert np.array_equal(table_of(network), case.table)
        assert network.most_cost() >= case.table.max(where=case.table < NEVER, initial=0)
        assert network.hubs == sum(b.rows * b.wishes for b in network.blocks)


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_equal_columns(seed: int, rows: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 3, (rows, int(rng.integers(1, 9))))
    first, number = equal_columns(table)
    assert np.array_equal(table[:, first][:, number], table)
    assert len(first) == len({tuple(c) for c in table.T.tolist()})
    assert np.array_equal(number[first], np.arange(len(first)))


@given(st.integers(0, 10_000))
def test_slots_of_one_type_differ_in_costs_and_seats_alone(seed: int) -> None:
    """The same type exactly where gains agree, and in every block reach, wish and the fences of every table."""
    network = land(seed, gains=(300, 400)).network()
    of_type = slot_types(network)
    gain = network.seats.gain.T.tolist()
    signature = [[tuple(g)] for g in gain]
    for block in network.blocks:
        at = {int(s): k for k, s in enumerate(block.slots)}
        for slot, known in enumerate(signature):
            k = at.get(slot)
            known.append(
                () if k is None else (int(block.wish[k]), *(tuple(t[:, k] >= NEVER) for t in block.tables))
            )
    numbers = {tuple(s): int(t) for s, t in zip(signature, of_type, strict=True)}
    assert [numbers[tuple(s)] for s in signature] == of_type.tolist()
    assert sorted(numbers.values()) == list(range(len(numbers)))


@given(st.integers(0, 10_000), st.booleans())
def test_clusters_of_slots_keep_seats_and_average_their_costs(seed: int, wanted: bool) -> None:
    case = land(seed, gains=(300, 400), stays=True)
    with hubs(wanted):
        network = case.network()
    zone = np.random.default_rng(seed).integers(0, 2, network.slots)
    cluster = np.unique(np.stack([slot_types(network), zone]), axis=1, return_inverse=True)[1].ravel()
    small = merged(network, cluster)
    seats, table = small.seats, table_of(small)
    assert small.slots == cluster.max() + 1 and small.hubs == network.hubs
    assert np.array_equal(seats.supply, network.seats.supply)
    assert np.array_equal(small.stays.slot, cluster[network.stays.slot])
    for c in range(small.slots):
        mine = cluster == c
        assert np.array_equal(seats.count[:, c], network.seats.count[:, mine].sum(axis=1))
        assert (network.seats.gain[:, mine] == seats.gain[:, [c]]).all()
        costs = case.table[:, mine]
        shut = costs >= NEVER
        assert (shut == shut[:, :1]).all()  # one type: open to all of it or to none
        assert np.array_equal(table[:, c] >= NEVER, shut[:, 0])
        mean, found = costs[~shut[:, 0]].mean(axis=1), table[~shut[:, 0], c]
        assert (found <= mean).all() and (found > mean - 3).all()  # each of three tables rounds down
    for block, whole in zip(small.blocks, network.blocks, strict=True):
        for table, own in zip(block.tables, whole.tables, strict=True):
            for k, c in enumerate(block.slots):
                mine = own[:, cluster[whole.slots] == c]
                assert (mine.min(axis=1) <= table[:, k]).all()
                assert (table[:, k] <= np.minimum(mine.max(axis=1), NEVER)).all()


def test_clusters_of_one_slot_each_change_nothing() -> None:
    network = land(4).network()
    small = merged(network, np.arange(network.slots))
    assert np.array_equal(table_of(small), table_of(network))
    assert np.array_equal(small.seats.count, network.seats.count)


@given(st.integers(0, 10_000))
def test_without_costs_only_fences_and_the_order_of_gains_are_left(seed: int) -> None:
    case = land(seed, gains=(600, 900), further=300, stays=True)
    network = case.network()
    bare = without_costs(network)
    assert np.array_equal(table_of(bare), np.where(case.table < NEVER, 0, NEVER))
    assert np.array_equal(bare.seats.gain * 300, network.seats.gain)
    assert not bare.stays.cost.any() and np.array_equal(bare.stays.room, network.stays.room)


def test_no_stay_costs_more_than_is_said() -> None:
    stay = {"listed_class": [0], "listed_slot": [0], "listed_room": [1], "listed_cost": [-90]}
    assert dense(np.full((1, 1), 80), [1], [1], [0], **stay).network().most_cost() == 90


def test_gains_of_nothing_have_no_measure() -> None:
    network = dense(np.ones((1, 1)), [1], [1], [0]).network()
    nothing = replace(network, seats=replace(network.seats, gain=np.zeros((2, 1), np.int64)))
    assert without_costs(nothing).seats.gain.tolist() == [[0], [0]]


def test_a_group_without_classes_or_without_slots_has_no_block() -> None:
    """Group 0 has a class and no slot, group 1 a slot and no class."""
    arrays = dense(np.zeros((1, 1)), [1], [1], [0]).arrays
    arrays |= {"slot_ptr": np.array([0, 0, 1]), **{f"t{k}_ptr": np.array([0, 0, 1]) for k in range(3)}}
    network = read_network(arrays)
    assert not network.blocks and not network.hubs and not len(network.offer_cost)
