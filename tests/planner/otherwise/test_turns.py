"""What swaps a pair as a number changes: as all answers, tried one by one, say at values all over its range."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from planner.otherwise.choice import Asking
from planner.otherwise.choices import Choices, pair_choices
from planner.otherwise.numbers import numbers_of
from planner.otherwise.turn_words import never_words, turn_words
from planner.otherwise.turns import Turn, made_at, turns_of
from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import read_scenario
from planner.solve.mip import violated
from planner.solve.pool import InProcess
from tests.planner.pairing_land import FREE, tables
from tests.planner.planned import planned
from tests.planner.small import FILE, TABLES, write_small
from tests.planner.tiny import network

ROUNDED = 8
"""Thousandths by which costs that are rounded anew may differ from those that are drawn on in a line."""
INCIDENCE = "region,year,measure,value\n" + "".join(
    f"{c},2016,poverty_incidence,{v}\n" for c, v in zip("ABCD", (0.1, 0.3, 0.2, 0.05), strict=True)
)
DEEP = TABLES["region_tags"] + "B,deep_poverty,\n"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Four counties, three units; B comes first and asks for a unit of strength 0.5."""
    folder = tmp_path_factory.mktemp("turns")
    text = FILE.replace('deep_poverty_strength = "off"', 'deep_poverty_strength = 0.5\nkeep_share = "off"')
    where = write_small(folder / "scenario", text, region_facts=INCIDENCE, region_tags=DEEP)
    return make_plan(read_scenario(where), folder / "plans", executor=InProcess(), reuse=False)


PAIRS = [(unit, county) for unit in ("u1", "u2", "u3") for county in "AD"]


@pytest.fixture(scope="module")
def told(plan: Plan) -> dict[tuple[str, str], list[Turn]]:
    """The turns of some pairs."""
    asking = Asking(plan, "designation", InProcess())
    return {pair: turns_of(asking, pair_choices(asking), 0, pair) for pair in PAIRS}


def every_answer(found: Choices) -> list[np.ndarray]:
    arrays = found.model.arrays()
    points = (np.array(p) for p in itertools.product((0, 1), repeat=found.model.n_columns))
    return [x for x in points if not violated(arrays, x).size]


def gain(asking: Asking, turn: Turn, value: float, pair: tuple[str, str], answers: list[np.ndarray]) -> int:
    """Thousandths by which the best with the pair swapped is better at a value; negative where it is worse."""
    (found,) = made_at(asking, turn.number.at(value))
    (column,) = np.flatnonzero(found.named([pair]))
    costs: dict[int, list[int]] = {0: [], 1: []}
    for x in answers:
        costs[int(x[column])].append(int(found.pairs.cost @ x))
    now = int(found.chosen[column])
    return min(costs[now]) - min(costs[1 - now])


@pytest.mark.parametrize("pair", PAIRS)
def test_all_answers_say_the_same(
    plan: Plan, told: dict[tuple[str, str], list[Turn]], pair: tuple[str, str]
) -> None:
    asking = Asking(plan, "designation", InProcess())
    (found,) = pair_choices(asking)
    answers = every_answer(found)
    (column,) = np.flatnonzero(found.named([pair]))
    if len({x[column] for x in answers}) == 1:
        assert {t.state for t in told[pair]} == {"never"}
        return
    for turn in told[pair]:
        number, sign = turn.number, 1 if turn.up else -1
        for share in np.linspace(0, 1, 9):  # as far as it is said to stay it does
            value = number.now + share * (turn.sure - number.now)
            assert gain(asking, turn, value, pair, answers) <= ROUNDED
        if turn.state == "never":
            for value in (number.low, number.high) if not number.open or not turn.up else (number.high * 50,):
                assert (value - number.now) * sign < 0 or gain(asking, turn, value, pair, answers) <= ROUNDED
        elif turn.state == "turns":
            assert turn.at == turn.sure and turn.beside is not None
            before, behind = turn.beside
            assert sign * before < sign * turn.at < sign * behind
            assert gain(asking, turn, before, pair, answers) <= 0 < gain(asking, turn, behind, pair, answers)
            assert turn.instead or turn.ended
            assert turn.margins is not None and turn.margins[0] >= 0 and turn.margins[1] > 0
            margins = [-gain(asking, turn, before, pair, answers), gain(asking, turn, behind, pair, answers)]
            assert [round(1000 * m) for m in turn.margins] == margins
        elif turn.state == "even":  # a tie is only what is equal, up to the last value that was looked at
            assert turn.beside is not None and gain(asking, turn, turn.beside[1], pair, answers) == 0


def test_numbers_of_a_pair(plan: Plan) -> None:
    """u3 is weak and may not become strong here: that is another rule's. B is the poorest: all are measured by it."""
    asking = Asking(plan, "designation", InProcess())
    (found,) = pair_choices(asking)
    weak = {n.key: n for n in numbers_of(asking, found, ("u3", "A"))}
    assert weak["units.strength"].high < 0.5 and weak["units.strength"].low == 0
    assert weak["region_facts.poverty_incidence"].high == pytest.approx(0.3)
    assert weak["designation.change_weight"].open and weak["designation.change_weight"].high == 24
    strong = {n.key: n for n in numbers_of(asking, found, ("u1", "B"))}
    assert strong["units.strength"].low == 0.5 and "region_facts.poverty_incidence" not in strong


def test_something_turns_here_and_is_told_in_words(
    plan: Plan, told: dict[tuple[str, str], list[Turn]]
) -> None:
    chosen = set(plan.table("pairs").select("supporter", "recipient").iter_rows())
    by_state = {turn.state: (turn, pair in chosen) for pair, turns in told.items() for turn in turns}
    assert {"turns", "never"} <= by_state.keys()
    words = turn_words(*by_state["turns"], plan.network.label)
    assert "各重解一次" in words.zh and "the other plan is better by" in words.en
    turn, has = by_state["never"]
    for told_ones, only in (([turn, turn], ""), ([turn], " upwards" if turn.up else " downwards")):
        assert never_words(told_ones, has).en.endswith(f"({turn.number.key}){only}")
    json = by_state["turns"][0].as_dict()
    assert json["confirmed"] and json["state"] == "turns" and json["direction"] in ("more", "less")


def test_own_scores_are_made_of_no_numbers(tmp_path: Path) -> None:
    from tests.planner.every_row.test_pairs import SCORES, made

    asking = Asking(made(tmp_path, SCORES, 1), "designation", InProcess())
    models = pair_choices(asking)
    assert turns_of(asking, models, 0, ("u1", "B")) == []


def test_county_pairs_are_told_as_far_as_the_region_pairs_stay(tmp_path: Path) -> None:
    """E1 is kept for W1 for the sake of the 10 points of a change: with less the region pairs change, and the county pairs with them."""
    values = {**FREE, "cover_recipients": True, "county_pairs": True, "partners_per_recipient": [1, 1],
              "county_partners_per_recipient": [1, 1], "county_partners_per_supporter": "off", "tie_weight": 0.0}  # fmt: skip
    asking = Asking(planned(tmp_path, network(**tables()), pairing=values), "pairing", InProcess())
    models = pair_choices(asking)
    assert len(models) == 2
    county = next(e for e in map(models[1].ends, np.flatnonzero(models[1].chosen).tolist()) if e[1] == "W1a")
    of_region = {(t.number.key, t.up): t for t in turns_of(asking, models, 0, ("E1", "W1"))}
    of_county = {(t.number.key, t.up): t for t in turns_of(asking, models, 1, county)}
    key = ("pairing.change_weight", False)
    assert of_region[key].state == "turns"
    assert of_county[key].state == "regions" and of_county[key].at == pytest.approx(of_region[key].at)
    assert "region pairs themselves change" in turn_words(of_county[key], True, str).en
