"""The baseline of own scores for cadres: post after post takes the best who are left, minima first."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from planner.stages.cadres import STAGE
from planner.stages.cadres.scored import read_scores, scored_greedy
from tests.planner.tiny import context, network


def slow(listed: list[tuple[int, int, int]], minimum: list[int], target: list[int]) -> set[tuple[int, int]]:
    """One pair after another; ``listed`` holds cadre, post, cost."""
    chosen: set[tuple[int, int]] = set()
    for only_gain, seats in ((False, minimum), (True, target)):
        for post, most in enumerate(seats):
            for cost, cadre in sorted((cost, cadre) for cadre, p, cost in listed if p == post):
                full = sum(p == post for _, p in chosen) >= most
                if not full and (cost < 0 or not only_gain) and cadre not in {c for c, _ in chosen}:
                    chosen.add((cadre, post))
    return chosen


@given(st.integers(0, 10_000))
def test_as_one_pair_after_another(seed: int) -> None:
    draw = np.random.default_rng(seed)
    cadres, posts = int(draw.integers(1, 6)), int(draw.integers(1, 5))
    listed = [
        (c, p, int(draw.integers(-3, 4))) for c in range(cadres) for p in range(posts) if draw.random() < 0.7
    ]
    listed = listed or [(0, 0, 1)]
    minimum, further = draw.integers(0, 2, posts), draw.integers(0, 3, posts)
    named = {p for _, p, _ in listed}
    least = [int(minimum[p]) if p in named else 0 for p in range(posts)]
    most = [int(minimum[p] + further[p]) if p in named else 0 for p in range(posts)]
    rows: list[dict[str, Any]] = [
        {"stage": "cadres", "supporter": f"k{c}", "recipient": f"v{p}/head", "cost": float(cost)}
        for c, p, cost in draw.permutation(np.array(listed)).tolist()
    ]
    net = network(
        cadres=[{"id": f"k{c}"} for c in range(cadres)],
        village_posts=[
            {
                "village": f"v{p}",
                "post": "head",
                "minimum": int(minimum[p]),
                "target": int(minimum[p] + further[p]),
            }
            for p in range(posts)
        ],
        pair_scores=rows,
    )
    seen = context(STAGE, net, objective="scores")
    found = scored_greedy(seen, read_scores(seen))
    got = {(int(c[1:]), int(v[1:])) for c, v in found.select("cadre", "village").iter_rows()}
    assert got == slow(listed, least, most)
