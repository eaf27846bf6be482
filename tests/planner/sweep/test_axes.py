"""What may be varied and how it is typed; whatever is wrong is told before any run."""

from __future__ import annotations

import itertools
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import UsageError
from planner.scenario import Scenario, read_scenario
from planner.stages import STAGES
from planner.sweep.axes import read_axes
from planner.sweep.design import METHODS, design_of
from planner.sweep.member import scenario_at
from planner.sweep.values import RANGE, fraction, listed
from tests.planner.small import FILE, write_small

OWN = """
[enums]
programme = ["books"]
[titles.programme]
books = { zh = "课本", en = "textbooks" }
"""


def values(small: Scenario, word: str) -> list[Any]:
    design = design_of(small, [word])
    return [next(iter(design.point(i).values())) for i in range(design.runs)]


def test_evenly_spaced_numbers_are_the_decimal_ones(small: Scenario) -> None:
    assert values(small, "designation.distance_weight=0.1:0.7:7") == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
    assert values(small, "designation.distance_weight=2:0:3") == [2, 1, 0]
    assert all(isinstance(v, int) for v in values(small, "designation.distance_weight=2:0:3"))
    assert values(small, "units[id=u2].capacity=1:5:3") == [1, 3, 5]
    assert values(small, "units[].capacity*=0.5:1:2") == [0.5, 1.0]


@given(st.integers(-50, 50), st.integers(1, 20), st.integers(2, 9))
def test_integer_steps_are_whole_or_refused(small: Scenario, low: int, step: int, count: int) -> None:
    low = abs(low)
    word = f"units[id=u2].capacity={low}:{low + step}:{count}"
    if step % (count - 1):
        with pytest.raises(UsageError, match=r"only whole numbers are right here|只能取整数"):
            design_of(small, [word])
    else:
        found = values(small, word)
        assert found == list(range(low, low + step + 1, step // (count - 1)))
        assert all(isinstance(v, int) for v in found)


def test_the_number_of_values_that_is_named_fits(small: Scenario) -> None:
    with pytest.raises(UsageError) as found:
        design_of(small, ["units[id=u2].capacity=1:11:4"])
    assert "3.33333 apart" in found.value.text.en
    assert "(such as 3)" in found.value.text.en
    assert values(small, "units[id=u2].capacity=1:11:3") == [1, 6, 11]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("off,0.25,0.5", ("off", 0.25, 0.5)),
        ("[1,2],[1, 3]", ([1, 2], [1, 3])),
        ('"a,b",c', ("a,b", "c")),
        ("2016-12-31,true", (date(2016, 12, 31), True)),
        ('{ a = 1, b = 2 },"x:y"', ({"a": 1, "b": 2}, "x:y")),
    ],
)
def test_listed_values_are_as_in_toml(text: str, found: tuple[Any, ...]) -> None:
    assert listed(text).values == found


@given(st.decimals(-1000, 1000, places=3), st.decimals(-1000, 1000, places=3), st.integers(2, 99))
def test_ranges_are_read_exactly(low: Any, high: Any, count: int) -> None:
    match = RANGE.fullmatch(f" {low}:{high}:{count} ")
    assert match is not None
    assert (float(fraction(match[1])), float(fraction(match[2])), int(match[3])) == (
        float(low),
        float(high),
        count,
    )


@pytest.mark.parametrize(
    ("word", "en"),
    [
        ("designation.distance_wieght=1:2:2", "no key distance_wieght; did you mean distance_weight?"),
        ("designaton.distance_weight=1:2:2", "no stage designaton; did you mean designation?"),
        ("funds.later_discount=0:0.1:2", "stage funds is not among those that are planned: designation"),
        ("unit[id=u2].capacity=1:2:2", "no table unit; did you mean units?"),
        ("units[id=u2].capacty=1:2:2", "no column of units capacty; did you mean capacity?"),
        ("units[idd=u2].capacity=1:2:2", "no column of units idd; did you mean id?"),
        ("units[id=u9].capacity=1:2:2", "no row of units matches {'id': 'u9'}"),
        ("units[id=U1].capacity=1:2:2", "no row of units matches {'id': 'U1'}; did you mean u1?"),
        ("units[kind=bnak].capacity=1:2:2", "kind has no value bnak; did you mean bank?"),
        ("units[id=u2].kind=bank,bnak", "units[id=u2].kind=bnak: “bnak” is no known value; did you mean bank?"),
        ("units[id=u2].profile=education,agricultur", "did you mean agriculture?"),
        ("units[id=u2].id=u7,u8", "id is part of the key of units and stays"),
        ("units[id=u2].capacity=-1:3:3", "must be at least 0"),
        ("units[id=u2].capacity=1.5:3:2", "must be whole numbers"),
        ("units[id=u2].capacity=many,2", "capacity cannot be 'many': it must be a whole number"),
        ("units[id=u2].name*=1:2:2", "name cannot be scaled by 1"),
        ("units[id].capacity=1:2:2", "must be COLUMN=VALUE"),
        ("units[id=u2]capacity=1:2:2", "must be TABLE[COLUMN=VALUE,…].COLUMN"),
        ("units.capacity=1:2:2", "units is a table: write units[column=value].capacity"),
        ("designation.distance_weight*=1:2:2", "only cells of a table are scaled"),
        ("designation.distance_weight=-1:2:2", "must be at least 0"),
        ("designation.keep_share=0:1.5:4", "must be at most 1"),
        ("designation.units_per_county=1:2:2", "must be [at least, at most], two integers"),
        ("designation.distance_weight=1:2", "how many values? write 1:2:n, or draw some with --sample"),
        ("designation.distance_weight=1:1:3", "two different values at least"),
        ("designation.distance_weight=1:2:1", "two different values at least"),
        ("designation.distance_weight=1,2,1", "lists a value twice"),
        ("designation.distance_weight=1,,2", "there is nothing between two commas"),
        ("designation.distance_weight", "must be KEY=VALUES"),
        ("distance_weight=1:2:2", "must be STAGE.KEY, or TABLE[COLUMN=VALUE].COLUMN"),
    ],
)  # fmt: skip
def test_wrong_axes_are_told(small: Scenario, word: str, en: str) -> None:
    with pytest.raises(UsageError) as found:
        design_of(small, [word])
    assert en in found.value.text.en
    assert found.value.text.en.startswith("--vary ")
    assert found.value.text.zh.startswith("--vary ")
    assert "[[change]]" not in "".join(found.value.text)


@pytest.mark.parametrize(
    ("word", "en"),
    [
        ("funds.programme_weights={ indutsry = 2.0 },{ industry = 1.0 }", "no programme indutsry; did you mean industry?"),
        ("funds.programme_weights={ textboks = 2.0 },{ industry = 1.0 }", "no programme textboks; did you mean books?"),
        ("funds.slot_caps=off,{ turism = 3 }", "no programme turism; did you mean tourism?"),
        ('exit.pledge_levels=["village"],["vilage"]', "no level vilage; did you mean village?"),
        ("exit.counties_tag=key_county_592,key_conty_592", "no tag key_conty_592; did you mean key_county_592?"),
        ("cadres.leader_role=first_secretary,first_secretry", "no role first_secretry; did you mean first_secretary?"),
    ],
)  # fmt: skip
def test_names_in_policy_values_are_looked_at_before_any_run(tmp_path: Path, word: str, en: str) -> None:
    """A weight of a programme that is none would weigh nothing, in every run; a title is a name, too."""
    scenario = read_scenario(write_small(tmp_path / "own", FILE + OWN), stages=list(STAGES))
    with pytest.raises(UsageError) as found:
        design_of(scenario, [word])
    assert en in found.value.text.en


def test_own_programmes_may_be_varied(tmp_path: Path) -> None:
    scenario = read_scenario(write_small(tmp_path / "own", FILE + OWN), stages=list(STAGES))
    assert values(scenario, "funds.programme_weights={ books = 2.0 },{ industry = 1.0 }") == [
        {"books": 2.0},
        {"industry": 1.0},
    ]
    assert values(scenario, "funds.slot_caps=off,{ books = 3 }") == ["off", {"books": 3}]


def test_two_axes_that_change_the_same_are_refused(small: Scenario) -> None:
    with pytest.raises(UsageError, match=r"given twice|给出了两次"):
        design_of(small, ["designation.distance_weight=1,2", "designation.distance_weight=3,4"])
    with pytest.raises(UsageError) as found:
        design_of(small, ["units[id=u2].capacity=1,2", "units[kind=bank].capacity*=1,2"])
    assert (
        "units[kind=bank].capacity*: capacity of units u2 is changed by an earlier --vary, too"
        in found.value.text.en
    )
    assert "已被前面的 --vary 改过" in found.value.text.zh
    design_of(small, ["units[id=u2].capacity=1,2", "units[id=u1].capacity*=1,2"])


def test_a_grid_has_every_combination_once_the_last_axis_fastest(small: Scenario) -> None:
    words = [
        "designation.distance_weight=1:3:3",
        "units[id=u1].capacity=1,2",
        "designation.keep_share=off,0.5",
    ]
    design = design_of(small, words)
    assert design.runs == 12
    found = [tuple(design.point(i).values()) for i in range(12)]
    assert found == list(itertools.product([1, 2, 3], [1, 2], ["off", 0.5]))


def test_a_million_million_runs_are_counted_without_being_built(small: Scenario) -> None:
    words = ["designation.distance_weight=0:1:1000000", "designation.need_weight=0:1:1000000"]
    design = design_of(small, words)
    assert design.runs == 10**12
    assert design.point(10**12 - 1) == {"designation.distance_weight": 1.0, "designation.need_weight": 1.0}


@pytest.mark.parametrize("method", METHODS)
def test_samples_fill_their_ranges(small: Scenario, method: str) -> None:
    words = ["designation.distance_weight=1:3", "units[id=u1].capacity=1:4", "designation.keep_share=off,0.5"]
    design = design_of(small, words, sample=64, method=method, seed=5)
    again = design_of(small, words, sample=64, method=method, seed=5)
    other = design_of(small, words, sample=64, method=method, seed=6)
    points = [design.point(i) for i in range(64)]
    assert points == [again.point(i) for i in range(64)]
    assert points != [other.point(i) for i in range(64)]
    weights = np.array([p["designation.distance_weight"] for p in points])
    assert weights.min() >= 1 and weights.max() <= 3
    capacities = [p["units[id=u1].capacity"] for p in points]
    assert set(capacities) == {1, 2, 3, 4} and all(isinstance(c, int) for c in capacities)
    if method != "random":  # each of 64 equal parts has one run; so each capacity has 16, each share 32
        assert sorted(((weights - 1) / 2 * 64).astype(int)) == list(range(64))
        assert [capacities.count(c) for c in (1, 2, 3, 4)] == [16] * 4
        assert sum(p["designation.keep_share"] == "off" for p in points) == 32


def test_a_sobol_sample_of_any_size_is_the_beginning_of_a_longer_one(small: Scenario) -> None:
    words = ["designation.distance_weight=0:1"]
    some, more = (design_of(small, words, sample=n, method="sobol") for n in (5, 8))
    assert [some.point(i) for i in range(5)] == [more.point(i) for i in range(5)]
    assert design_of(small, words, sample=1, method="sobol").point(0)


@pytest.mark.parametrize(("more", "en"), [
    ({"sample": 0}, "must be from 1 to"), ({"method": "best"}, "no method best; there are: lhs, sobol, random"),
    ({"seed": -1}, "--seed must be at least 0"),
])  # fmt: skip
def test_wrong_designs_are_told(small: Scenario, more: dict[str, Any], en: str) -> None:
    with pytest.raises(UsageError) as found:
        design_of(small, ["designation.distance_weight=0,1"], **more)
    assert en in found.value.text.en


def test_a_sampled_range_needs_a_width(small: Scenario) -> None:
    with pytest.raises(UsageError, match=r"must be below|应小于"):
        design_of(small, ["designation.distance_weight=2:1"], sample=4)
    with pytest.raises(UsageError, match=r"nothing is varied|没有要变的值"):
        design_of(small, [])


def test_a_run_changes_what_it_says_and_nothing_else(small: Scenario) -> None:
    words = [
        "designation.keep_share=off,0.5",
        "units[id=u2].capacity=0,4",
        "units[home_region=A].strength*=0.5,1",
    ]
    design = design_of(small, words)
    found = scenario_at(small, design, 2)
    assert design.point(2) == {
        "designation.keep_share": "off",
        "units[id=u2].capacity": 4,
        "units[home_region=A].strength*": 0.5,
    }
    before, after = (s.network.frame("units").sort("id") for s in (small, found))
    assert after["capacity"].to_list() == [2, 4, 2]
    assert after["strength"].to_list() == pytest.approx([0.45, 0.5, 0.3])
    assert before.drop("capacity", "strength", "source").equals(after.drop("capacity", "strength", "source"))
    assert found.policies["designation"]["keep_share"] is None
    changed = {
        k
        for k, v in found.policies["designation"].values.items()
        if v != small.policies["designation"].values[k]
    }
    assert changed == {"keep_share"} or small.policies["designation"].values["keep_share"] == "off"
    assert all(f.equals(small.network.frame(t)) for t, f in found.network.frames.items() if t != "units")


def test_axes_are_told_as_json(small: Scenario) -> None:
    design = design_of(small, ["designation.distance_weight=0.5:1:2", "units[id=u2].capacity=1,2"])
    told = json.loads(json.dumps([a.to_dict() for a in design.axes]))
    assert told[0] == {
        "key": "designation.distance_weight",
        "from": "1/2",
        "to": "1",
        "count": 2,
        "whole": False,
    }
    assert told[1] == {"key": "units[id=u2].capacity", "values": [1, 2]}


def test_a_factor_turns_no_sign(small: Scenario) -> None:
    """Shares may be doubled (what comes of it is checked where it is applied), amounts not be made negative."""
    for word, right in (
        ("units[id=u2].strength*=0.5,2", True),
        ("units[id=u2].strength*=-1,2", False),
        ("needs[region=A].amount*=0,3", True),
        ("needs[region=A].amount*=-0.5,3", False),
        ("regions[code=A].lon*=-1,1", True),
    ):
        if right:
            assert read_axes(small, [word])[0].scale
            continue
        with pytest.raises(UsageError, match=r"must be at least 0|不得小于 0"):
            read_axes(small, [word])
