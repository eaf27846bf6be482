"""What regions can be coloured by: what is not known is missing, never 0."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from graph.errors import UsageError
from graph.language import Text
from graph.network import Network
from graph.questions.measured import Measured, measured
from graph.questions.measures import measures
from graph.questions.rules import Rule
from tests.graph.questions.conftest import REGIONS, RELATIONS, UNITS

FACTS = [
    {
        "region": "P1",
        "year": 2015,
        "measure": "poor_population",
        "value": 9.0,
        "mark": "synthetic",
        "source": "a page",
    },
    {"region": "P1", "year": 2016, "measure": "poor_population", "value": 0.0},
    {"region": "P2", "year": 2015, "measure": "poor_population", "value": 4.0},
    {"region": "P", "year": 2018, "measure": "gdp", "value": 5.0},
    {"region": "P1a", "year": 2016, "measure": "exit_year", "value": 2016.0},
    {"region": "P1b", "year": 2018, "measure": "exit_year", "value": 2018.0},
]
LEDGER = [
    {"relation": "ew2", "year": 2016, "item": "fiscal_funds", "delivered": 80, "mark": "synthetic"},
    {"relation": "d1", "year": 2016, "item": "money_put_in", "delivered": 5},
    {"relation": "d1", "year": 2016, "item": "officials_sent", "delivered": 3},
    {"relation": "d2", "year": 2016, "item": "money_put_in", "pledged": 5},
    {"relation": "ew2", "year": 2017, "item": "fiscal_funds", "delivered": 1},
]


@pytest.fixture
def known(make: Callable[..., Network]) -> Network:
    """The small network with some figures and a rule of its own."""
    rule = Rule("mine", Text("县", "small places"), kinds=("designated",), level="small")
    stated = [{"rule": "mine", "region": "P1b", "complete": "yes"}]
    regions = [
        *REGIONS,
        {"code": "P1c", "name": "Bare", "level": "small", "parent": "P1"},
        {"code": "X", "name": "no place", "level": "middle", "parent": "P", "pseudo": True},
    ]
    net = make(
        regions=regions,
        units=UNITS,
        relations=[r for r in RELATIONS if r["id"] != "d2"],
        region_facts=FACTS,
        ledger=LEDGER,
        coverage=stated,
    )
    return replace(net, rules=(rule,))


def values(found: Measured) -> dict[str, Any]:
    """Region → value or state."""
    return {row["region"]: row["state"] or row["value"] for row in found.to_dict()["values"]}


def test_figures_are_of_one_year_and_what_is_missing_is_not_there(known: Network) -> None:
    before = measured(known, "poor_population", "middle", year=2015)
    assert values(before) == {"P1": 9.0, "P2": 4.0} and (before.regions, before.missing) == (4, 2)
    first = before.to_dict()["values"][0]
    assert first == {"region": "P1", "value": 9.0, "state": None, "mark": "synthetic", "source": "a page"}
    now = measured(known, "poor_population", "middle")
    assert values(now) == {"P1": 0.0} and now.year == 2016, "a known nought is one"
    assert values(measured(known, "poor_population", "big")) == {}


def test_without_a_year_the_newest_up_to_the_day_else_the_newest(known: Network) -> None:
    assert measured(known, "poor_population", "middle", at=date(2015, 6, 1)).year == 2015
    assert measured(known, "gdp", "big").year == 2018
    assert measured(known, "gdp", "small").year == 2016


def test_years_of_exit_are_the_last_told_and_their_status_says_by_when(known: Network) -> None:
    assert values(measured(known, "exit_year", "small", year=2018)) == {"P1a": 2016.0, "P1b": 2018.0}
    assert values(measured(known, "exit_year", "small", year=2017)) == {"P1a": 2016.0}
    assert values(measured(known, "exit_status", "small", year=2015)) == {"P1a": "not_yet", "P1b": "not_yet"}
    found = measured(known, "exit_status", "small", year=2017)
    assert values(found) == {"P1a": "exited", "P1b": "not_yet"} and found.missing == 1
    assert {s["state"]: s["title"]["en"] for s in found.to_dict()["states"]} == {
        "exited": "exited",
        "not_yet": "not yet",
    }


def test_supporters_are_those_in_force_of_a_place_and_what_lies_in_it(known: Network) -> None:
    found = measured(known, "supporters", "middle")
    assert values(found) == {"P1": 2.0} and found.to_dict()["values"][0]["mark"] == "recalled"
    assert values(measured(known, "supporters", "middle", at=date(2016, 5, 31))) == {"P1": 1.0}
    assert values(measured(known, "supporters", "big", year=2009)) == {"P": 2.0}
    assert values(measured(known, "supporters", "big")) == {"P": 3.0}


def test_money_is_what_came_in_the_year(known: Network) -> None:
    assert values(measured(known, "money_received", "middle")) == {"P1": 85.0}
    assert values(measured(known, "money_received", "small")) == {"P1a": 5.0}
    assert values(measured(known, "money_received", "big", year=2017)) == {"P": 1.0}
    assert measured(known, "money_received", "middle").to_dict()["values"][0]["mark"] == "synthetic"


def test_coverage_tells_the_kinds_of_nothing_apart(known: Network) -> None:
    found = measured(known, "coverage:mine", "small")
    assert values(found) == {"P1a": "covered", "P1b": "uncovered", "P1c": "not_in_data"}
    assert found.title.en == "small places" and set(found.states) == {"covered", "uncovered", "not_in_data"}
    assert values(measured(known, "coverage:mine", "big")) == {}


@pytest.mark.parametrize(
    ("measure", "level", "says"),
    [("poor_popluation", "big", "no measure poor_popluation; did you mean poor_population"), ("gdp", "galaxy", "no level"), ("coverage:mind", "big", "no rule mind; did you mean mine")],
)  # fmt: skip
def test_what_there_is_not_is_told(known: Network, measure: str, level: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        measured(known, measure, level)


def test_the_list_says_where_each_is_there(known: Network) -> None:
    told = {one["measure"]: one for one in (m.to_dict() for m in measures(known))}
    assert list(told)[:3] == ["poor_population", "gdp", "exit_year"]
    assert told["poor_population"]["levels"] == [
        {"level": "middle", "years": [2015, 2016], "regions": 2, "marks": ["synthetic"]}
    ]
    assert (told["gdp"]["unit"], told["gdp"]["of"], told["gdp"]["title"]["en"]) == ("yuan", "fact", "GDP")
    assert [(level["level"], level["regions"]) for level in told["coverage:mine"]["levels"]] == [("small", 3)]
    assert told["money_received"]["levels"][0]["years"] == [2016, 2017]
    assert told["supporters"]["levels"][0]["years"] == list(range(2010, 2018))
    assert [level["level"] for level in told["exit_status"]["levels"]] == ["small"]
    assert "coverage:autonomous_prefectures" not in told, "no place bears the tag"


def test_every_measure_of_the_list_can_be_asked(china: Network) -> None:
    for one in measures(china):
        for level in one.levels:
            found = measured(china, one.measure, level.level, year=level.years[-1])
            assert found.unit == one.unit and 0 <= found.missing <= found.regions
            assert set(found.values["region"]) <= set(china.level_of)


def test_a_network_without_anything_has_no_measures(make: Callable[..., Network]) -> None:
    assert measures(make(regions=REGIONS)) == []
