"""Numbers told with a clash on the fair load: recipients that are too many for all who may support them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from planner.solve import engines
from planner.stage import Limits
from planner.stages.pairing import STAGE
from planner.stages.pairing.members import fair_caps
from planner.stages.pairing.regions import eligible_regions
from planner.stages.pairing.tight import tight_places
from planner.stages.words import conflict_words
from tests.planner import pairing_land, tiny
from tests.planner.stages.test_keeping_pairing import see

COVERED = {**pairing_land.FREE, "cover_recipients": True}


def test_what_a_freeze_leaves_shows_in_the_numbers() -> None:
    """E1 may keep W2 alone, so that the 300 of W1 are left to E2, whose share of 400 is 100, and 225 with the tolerance."""
    values = {**COVERED, "fair_load_tolerance": 1.25}
    context = see([("E1", "W2")], [], published_frozen=["E1"], **values)
    assert STAGE.count(context) == []
    [task], built = STAGE.tasks(context, Limits())
    answer = engines.run("conflict", task.arrays, {}, lambda _: None)
    told = [t.en for t in conflict_words(STAGE, built, context, answer)]
    wanted = "West one has 300 poor people, and only East two may support them: 225 at most"
    assert any(wanted in line for line in told), told
    free = see([("E1", "W2")], [], **values)
    assert STAGE.tasks(free, Limits())[1].places("fair_load_tolerance", np.zeros(0)).en.find("only") < 0


@pytest.mark.parametrize("seed", range(40))
def test_numbers_are_told_where_some_recipients_are_too_many_and_show_it(seed: int) -> None:
    """By trying all sets of recipients: their people against the shares of all who may support one of them."""
    rng = np.random.default_rng(seed)
    facts = [{"region": r, "year": 2016, "measure": m, "value": float(rng.integers(1, 9) * 50)}
             for r, m in (("E1", "fiscal_revenue"), ("E2", "fiscal_revenue"), ("W1", "poor_population"), ("W2", "poor_population"))]  # fmt: skip
    net = tiny.network(**pairing_land.tables(region_facts=facts, relations=[]))
    tolerance = float(rng.choice([0.0, 0.2, 1.0]))
    context = tiny.context(STAGE, net, **{**COVERED, "fair_load_tolerance": tolerance})
    members, pairs = eligible_regions(context)
    shut, caps = rng.random(pairs.size) < 0.4, fair_caps(context, members)
    told = tight_places(context, members, pairs, "fair_load_tolerance", (), shut).en
    short = []
    for k in (1, 2):
        for some in combinations(range(2), k):
            who = np.unique(pairs.supporter[~shut & np.isin(pairs.recipient, some)])
            short.append(members.poor[list(some)].sum() - caps[who].sum())
    assert ("may support" in told) == (max(short) > 0), (told, short)
