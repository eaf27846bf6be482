from __future__ import annotations

import polars as pl
import pytest

from planner.decisions import DECIDED_BY, looked_at, merge, of_stages, seen_by
from planner.stages import NAMES, STAGES
from planner.verify.rests import RESTS


def pairs(*stages: str) -> pl.DataFrame:
    return pl.DataFrame({"stage": list(stages), "supporter": [f"s{i}" for i, _ in enumerate(stages)]})


ONE = pl.DataFrame({"a": [1]})
TABLES = {"pairs": pairs("pairing", "designation", "pairing"), **dict.fromkeys(DECIDED_BY, ONE)}


def test_a_stage_sees_what_it_looks_at_and_no_more() -> None:
    decided = of_stages(TABLES)
    assert seen_by("pairing", NAMES, decided) == {}
    assert seen_by("cadres", NAMES, decided)["pairs"]["stage"].to_list() == ["designation"]
    assert seen_by("funds", NAMES, decided)["pairs"].height == 3
    found = seen_by("exit", NAMES, decided)
    assert list(found) == ["pairs", "postings", "allocations"]
    assert found["pairs"]["stage"].to_list() == ["pairing", "pairing", "designation"]
    assert list(seen_by("inspection", NAMES, decided)) == ["pairs"]


def test_only_what_ran_before_is_seen() -> None:
    order = ("funds", "exit", "pairing")
    assert looked_at("funds", order) == ()
    assert looked_at("exit", order) == ("funds",)
    assert list(seen_by("exit", order, of_stages(TABLES))) == ["allocations"]
    assert seen_by("exit", ("funds", "exit"), {}) == {}


@pytest.mark.parametrize("stage", NAMES)
def test_a_stage_looks_at_earlier_ones_and_its_check_rests_on_the_same(stage: str) -> None:
    assert set(STAGES[stage].sees) <= set(NAMES[: NAMES.index(stage)])
    assert set(RESTS.get(stage, {})) == set(STAGES[stage].sees)


def test_merge_stacks() -> None:
    assert merge({"pairs": ONE}, {"pairs": ONE, "exits": ONE})["pairs"].height == 2
