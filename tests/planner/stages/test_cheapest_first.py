"""The baseline of own scores: one recipient after another takes its cheapest supporter with room."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from planner.stages.designation import cheapest_first
from planner.stages.pairs import Pairs


def listed(supporter: list[int], recipient: list[int], cost: list[int], load: list[int]) -> Pairs:
    n, m = max(supporter) + 1, max(recipient) + 1
    ids = [f"s{i}" for i in range(n)], [f"r{j}" for j in range(m)]
    arrays = (np.array(a, dtype=np.int64) for a in (supporter, recipient, cost, load))
    return Pairs(*ids, *arrays, np.zeros(len(cost), bool))


def test_by_hand() -> None:
    pairs = listed([0, 1, 0, 1, 0], [0, 0, 1, 1, 2], [5, 3, 9, 2, 1], [1, 2, 1, 1, 2])
    assert cheapest_first(pairs, np.array([2.0, 2.0])).tolist() == [
        1,
        2,
    ]  # s1 is full then; s0 has room for 1, not for 2


@given(st.integers(0, 10_000))
def test_as_one_looks_at_each_in_turn(seed: int) -> None:
    draw = np.random.default_rng(seed)
    every = draw.permutation(12)[: draw.integers(1, 13)]
    cost, load = draw.integers(-2, 3, len(every)), draw.integers(0, 4, len(every))
    pairs = listed((every // 4).tolist(), (every % 4).tolist(), cost.tolist(), load.tolist())
    room = draw.integers(0, 6, len(pairs.supporters)).astype(float)
    left, wanted = room.tolist(), []
    for recipient in range(len(pairs.recipients)):
        mine = [
            p
            for p in range(pairs.size)
            if pairs.recipient[p] == recipient and left[pairs.supporter[p]] >= load[p]
        ]
        if mine:
            taken = min(mine, key=lambda p: cost[p])
            left[pairs.supporter[taken]] -= load[taken]
            wanted.append(taken)
    assert cheapest_first(pairs, room).tolist() == wanted
