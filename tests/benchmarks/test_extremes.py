"""The values that the benchmark of extremes tries are allowed, and are no defaults."""

from __future__ import annotations

from benchmarks.extremes import TOGETHER, extreme_values
from planner.policy import Setting
from planner.stages import STAGES


def test_both_ends_of_each_form() -> None:
    assert extreme_values(Setting("k", "integer", 3, "k", "k", minimum=1, maximum=20)) == [1, 20]
    assert extreme_values(Setting("k", "share", 0.5, "k", "k")) == [0.0, 1.0]
    assert extreme_values(Setting("k", "range", [1, 2], "k", "k", minimum=0)) == [[0, 0], [2000, 2000]]
    assert extreme_values(Setting("k", "boolean", True, "k", "k")) == [False]
    assert extreme_values(Setting("k", "choice", "a", "k", "k", choices=("a", "b"))) == ["b"]
    numbers = Setting("k", "numbers", {"a": 2, "b": 1}, "k", "k", minimum=0)
    assert extreme_values(numbers) == [{"a": 0, "b": 0}, {"a": 2000, "b": 2000}]


def test_every_value_is_allowed_and_none_is_the_default() -> None:
    for stage in STAGES.values():
        for setting in stage.settings:
            for value in extreme_values(setting):
                assert setting.problem(value) is None
                assert value != setting.default
        keys = {f"{stage.name}.{s.key}" for s in stage.settings}
        assert all(item.partition("=")[0] in keys for some in TOGETHER.get(stage.name, []) for item in some)
