"""Conditions on key figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from graph.errors import UsageError
from planner.acceptance import accept, parse
from planner.plan import Plan


def with_figure(plan: Plan, key: str, value: float | None, **more: Any) -> Plan:
    """The plan with another figure."""
    kpis = [
        k | ({"plan": value, **more} if k["key"] == key else {}) for k in plan.stages["designation"]["kpis"]
    ]
    stages = {"designation": plan.stages["designation"] | {"kpis": kpis}}
    return replace(plan, head={**plan.head, "stages": stages})


def verdict(plan: Plan, value: float | None, condition: str, base: float = 100.0) -> bool | None:
    old, new = (
        with_figure(plan, "cost", base, baseline=150.0),
        with_figure(plan, "cost", value, baseline=150.0),
    )
    (found,) = accept(old, new, [f"designation.cost{condition}"])
    return found.passed


@pytest.mark.parametrize(
    ("condition", "passes", "fails"),
    [
        ("", 100, 100.001),
        (" <= base", 100, 101),
        ("<base", 99.9, 100),
        (" >= base - 5%", 95, 94.9),
        (" <= base + 5%", 105, 105.1),
        (" <= base * 1.1", 110, 110.1),
        (" <= base * 110%", 110, 110.1),
        (" < base + 3", 102, 103),
        (" = 7", 7, 8),
        (" == 7.5", 7.5, 7),
        (" != base", 1, 100),
        (" <= baseline", 150, 151),
        (" > -2", 0, -2),
    ],
)
def test_each_form_where_it_holds_and_where_not(
    small_plan: Plan, condition: str, passes: float, fails: float
) -> None:
    assert verdict(small_plan, passes, condition) is True
    assert verdict(small_plan, fails, condition) is False


def test_a_percentage_of_a_negative_figure_is_room_in_the_same_direction(small_plan: Plan) -> None:
    assert verdict(small_plan, -95, " <= base + 5%", base=-100.0) is True
    assert verdict(small_plan, -94, " <= base + 5%", base=-100.0) is False


def test_a_missing_figure_passes_nothing(small_plan: Plan) -> None:
    assert verdict(small_plan, None, " <= base") is None
    assert verdict(small_plan, None, "") is None


def test_without_conditions_no_figure_may_be_worse(small_plan: Plan) -> None:
    assert all(v.passed for v in accept(small_plan, small_plan))
    judged = accept(small_plan, with_figure(small_plan, "kept", -1.0))
    assert [v.condition.key for v in judged if not v.passed] == ["kept"]
    directed = {k["key"] for k in small_plan.stages["designation"]["kpis"] if k["better"]}
    assert {v.condition.key for v in judged} == directed


@pytest.mark.parametrize(
    "words", ["cost", "a.b <= c", "a.b <> 3", "a.b <= base ** 2", "a.b <= 3 4", "", "a.b <="]
)
def test_what_cannot_be_read_is_refused(words: str) -> None:
    with pytest.raises(UsageError, match=r"cannot read|看不懂"):
        parse(words)


def test_an_unknown_figure_and_one_without_direction(small_plan: Plan) -> None:
    with pytest.raises(UsageError) as told:
        accept(small_plan, small_plan, ["designation.csot"])
    assert "designation.cost" in told.value.text.en
    plain = with_figure(small_plan, "cost", 1.0, better="")
    with pytest.raises(UsageError, match=r"designation\.cost <= base"):
        accept(plain, plain, ["designation.cost"])


def test_a_stage_that_the_candidate_does_not_decide_is_missing(small_plan: Plan) -> None:
    """By default its figures are held against the base's; whoever names conditions is asked about these alone."""
    half = replace(small_plan, head={**small_plan.head, "stages": {}})
    lost = accept(small_plan, half)
    assert {v.condition.name for v in lost} >= {"designation.cost", "designation.counties_covered"}
    assert all(v.passed is None and v.candidate is None and v.base == v.limit for v in lost)
    assert accept(half, small_plan) == []
    with pytest.raises(UsageError):
        accept(small_plan, half, ["designation.cost"])
