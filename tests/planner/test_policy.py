"""Policy values: what a setting takes, what a rule that is off reads as, what own scores switch off."""

from __future__ import annotations

from typing import Any

import pytest

from planner.policy import Origin, Policy, Setting, resolve
from planner.stages import STAGES


def setting(form: Any, default: Any = "off", **more: Any) -> Setting:
    return Setting("key", form, default, "中文", "English", **more)


@pytest.mark.parametrize("form, more, right, wrong", [
    ("boolean", {}, [True, False], [1, "true", None]),
    ("text", {}, ["x", ""], [1, None, ["x"]]),
    ("integer", {"minimum": 0, "maximum": 9}, [0, 9], [-1, 10, 1.5, True, "1"]),
    ("number", {"minimum": 0}, [0, 0.5, 10**9], [-0.1, float("nan"), float("inf"), True, "1"]),
    ("share", {}, [0, 0.5, 1.0], [-0.01, 1.01, "0.5"]),
    ("share", {"minimum": 0.2, "maximum": 3.0}, [0.2, 2.5], [0.1, 3.1]),
    ("range", {"minimum": 0}, [[0, 0], [1, 3]], [[3, 1], [1], [1, 2, 3], [-1, 2], [1.0, 2], "1-2", {"a": 1}]),
    ("choice", {"choices": ("a", "b")}, ["a", "b"], ["c", 1, ["a"], None]),
    ("texts", {}, [[], ["a"]], ["a", [1], {"a": 1}]),
    ("texts", {"choices": ("a", "b")}, [[], ["a", "b"]], [["a", "c"]]),
    ("numbers", {"minimum": 0, "maximum": 5}, [{}, {"a": 5}], [{"a": "x"}, {"a": -1}, {"a": 6}, {"a": True}, [1]]),
    ("numbers", {"choices": ("a", "b")}, [{"a": 1}], [{"c": 1}]),
])  # fmt: skip
def test_forms(form: Any, more: Any, right: list[Any], wrong: list[Any]):
    declared = setting(form, **more)
    assert [v for v in right if declared.problem(v) is not None] == []
    assert [v for v in wrong if declared.problem(v) is None] == []


def test_only_rules_can_be_off():
    assert setting("integer", 3).problem("off") is None
    for form in ("integer", "text", "texts", "choice"):
        fixed = setting(form, 3, rule=False).problem("off")
        assert fixed is not None and "cannot be switched off" in fixed.en
    assert setting("integer", "off", rule=False).problem("off") is None  # off by default


def test_a_problem_says_what_would_be_right():
    assert setting("choice", choices=("a", "b")).problem("c") == (
        "应为其中之一：a | b",
        "must be one of: a | b",
    )
    assert setting("texts", choices=("a", "b")).problem(["c"]) == (
        "c 不在可选之列：a | b",
        "c is none of: a | b",
    )
    assert setting("integer", minimum=2).problem(1) == ("不得小于 2", "must be at least 2")


def test_off_reads_as_nothing_and_zero_is_in_force():
    policy = Policy({"off": "off", "false": False, "true": True, "zero": 0, "none": 0.0, "listed": []})
    assert policy["off"] is None and policy.weight("off") == 0.0
    assert [k for k in policy.values if policy.on(k)] == ["true", "zero", "none", "listed"]


def test_given_over_default_and_origins_of_what_was_given():
    declared = [setting("integer", 3), Setting("other", "number", 1.5, "", "")]
    found = resolve(declared, {"key": 4}, {"key": Origin("f", 2), "other": Origin("g", 1)})
    assert found.values == {"key": 4, "other": 1.5}
    assert found.origins == {"key": Origin("f", 2)}


def test_own_scores_switch_off_what_nobody_set():
    declared = [
        Setting("objective", "choice", "cost", "", "", rule=False, choices=("cost", "scores")),
        Setting("capacity", "boolean", True, "", "", with_scores=True),
        Setting("kinds", "integer", 2, "", ""),
        Setting("share", "share", 0.8, "", ""),
        Setting("tag", "text", "t", "", "", rule=False),
    ]
    assert resolve(declared, {}, {}).values == {
        "objective": "cost",
        "capacity": True,
        "kinds": 2,
        "share": 0.8,
        "tag": "t",
    }
    scored = resolve(declared, {"objective": "scores", "share": 0.5}, {})
    assert scored.values == {
        "objective": "scores",
        "capacity": True,
        "kinds": "off",
        "share": 0.5,
        "tag": "t",
    }


@pytest.mark.parametrize("name", list(STAGES))
def test_every_default_is_right_and_said_in_both_languages(name: str):
    for declared in STAGES[name].settings:
        assert declared.problem(declared.default) is None, declared.key
        assert declared.with_scores == "off" or declared.problem(declared.with_scores) is None, declared.key
        assert declared.zh and declared.en, declared.key
        assert bool(declared.note_zh) == bool(declared.note_en), declared.key
    keys = [s.key for s in STAGES[name].settings]
    assert len(set(keys)) == len(keys)


def test_numbers_and_weights_end_where_sums_would_no_longer_be_exact():
    """What a setting says itself goes before."""
    weight = Setting("x_weight", "number", 1.0, "重", "weight")
    assert weight.problem(1e6) is None and weight.problem(-1e15) is None  # no least of its own
    told = weight.problem(1_000_001)
    assert told is not None and told.en == "must be at most 1e+06"
    larger = Setting("x_weight", "number", 1.0, "重", "weight", maximum=2e6)
    assert larger.problem(2e6) is None and larger.problem(2_000_001) is not None
    for form, right, wrong in (
        ("number", 1e15, 1e16),
        ("integer", 10**15, 10**16),
        ("integer", -(10**15), -(10**16)),
        ("range", [0, 10**15], [0, 10**16]),
        ("numbers", {"a": 1e15}, {"a": 1e300}),
    ):
        assert setting(form).problem(right) is None and setting(form).problem(wrong) is not None, wrong


@pytest.mark.parametrize("name", list(STAGES))
def test_a_price_of_changes_is_per_one(name: str):
    """Points per pair, not per pairs."""
    most, price = (next(s for s in STAGES[name].settings if s.key == k)
                   for k in ("published_changes_max", "published_change_weight"))  # fmt: skip
    one = {"pairs": "pair", "persons": "person", "yuan": "yuan", "places": "place", "visits": "visit"}[
        most.unit
    ]
    assert price.unit == f"points per {one}"
