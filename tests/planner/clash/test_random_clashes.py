"""Random small designations: a set is found exactly where there is no plan, and leaving out one rule after the other agrees."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from planner.clash.members import rules_of, taken_out
from planner.clash.smallest import smallest_clash
from planner.clash.trial import Trials
from planner.solve.pool import InProcess
from planner.stage import Context, Limits
from planner.stages import STAGES
from tests.planner import tiny
from tests.planner.clash.infeasible_cases import designation_of

STAGE = STAGES["designation"]


def random_context(rng: np.random.Generator) -> Context:
    def pairs() -> list[str]:
        return sorted({f"u{rng.integers(1, 4)}>{rng.choice(list('ABC'))}" for _ in range(rng.integers(1, 4))})

    least = int(rng.integers(0, 3))
    values: dict[str, Any] = {
        "units_per_county": [least, least + int(rng.integers(0, 2))],
        "same_kind_max": int(rng.integers(1, 3)) if rng.random() < 0.5 else "off",
        "counties_per_unit": [0, int(rng.integers(1, 3))] if rng.random() < 0.5 else "off",
        "pins": pairs() if rng.random() < 0.7 else "off",
        "bans": pairs() if rng.random() < 0.5 else "off",
    }
    return designation_of(**values)


@pytest.mark.parametrize("seed", range(12))
def test_found_where_there_is_no_plan_and_every_member_needed(seed: int) -> None:
    context = random_context(np.random.default_rng(seed))
    rules = rules_of(STAGE, context)
    trials = Trials(STAGE, context, InProcess(), Limits())
    solvable = tiny.solve(STAGE, context).status != "INFEASIBLE" if not STAGE.count(context) else False
    assert trials.holds([]) is solvable
    if solvable:
        return
    found = smallest_clash(STAGE, context, InProcess(), Limits())
    assert found.members
    keys = {m.key for m in found.members}
    whole = [m for m in rules if m.key in keys]
    assert trials.holds(taken_out(rules, whole)) is False
    for rule in whole:  # without it nothing is left that clashes
        assert trials.holds(taken_out(rules, [m for m in whole if m is not rule])) is True
