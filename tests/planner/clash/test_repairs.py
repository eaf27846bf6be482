"""Ways out of every kind of clash: each is solved and checked, the least change of its kind, and never one that must not give."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api.cli.repair import price_words, size_words
from planner.clash.edits import Cell, Put, TakeOut, edited
from planner.clash.smallest import smallest_clash
from planner.clash.trial import Trials
from planner.repair.search import Repair, Search
from planner.repair.solving import broken, solved
from planner.solve.pool import InProcess
from planner.stage import Context, Limits, Stage
from planner.stages import STAGES
from tests.planner.clash.infeasible_cases import cadres_of, case, designation_of, every_case
from tests.planner.inspection_land import BASE, FEW, TEAMS
from tests.planner.tiny import context as tiny
from tests.planner.tiny import network


def repairs(stage: Stage, context: Context) -> list[Repair]:
    found = smallest_clash(stage, context, InProcess(), Limits())
    return Search(stage, context, InProcess(), Limits(), found.members).repairs()


@every_case
def test_every_repair_is_enough_and_gives_no_more_than_it_must(name: str) -> None:
    stage, context, _ = case(name)
    found = repairs(stage, context)
    assert 1 <= len(found) <= 5
    assert found == sorted(found, key=lambda r: r.order)
    never = {s.key for s in stage.settings if s.never_relax}
    for repair in found:
        after = edited(context, repair.edits)
        outcome = solved(stage, after, InProcess(), Limits())
        assert outcome.status in ("OPTIMAL", "FEASIBLE") and broken(stage, after, outcome) == []
        assert all(w.zh and w.en for w in repair.words) and len(repair.words) == len(repair.edits)
        assert not any(getattr(e, "key", "") in never for e in repair.edits)


def test_where_no_single_change_is_enough_several_are_found_together() -> None:
    """Three posts for two people in one prefecture, and a fourth post where nobody may go: two of them stay open."""
    stage, context = STAGES["cadres"], cadres_of(2, 4)
    found = repairs(stage, context)
    assert found and all(len(r.edits) == 2 for r in found)
    columns = {e.column for r in found for e in r.edits if isinstance(e, Cell)}
    assert columns <= {"minimum"}
    for repair in found:
        trials = Trials(stage, context, InProcess(), Limits())
        assert trials.holds(repair.edits) is True
        assert not any(trials.holds([e]) for e in repair.edits)


def test_the_least_change_of_a_number_is_found() -> None:
    """Two counties, 100 yuan: a floor of 50 is the highest that can be paid."""
    stage, context, _ = case("funds: floors above the money")
    assert [r.edits for r in repairs(stage, context)] == [(Put("county_floor", 50),)]
    trials = Trials(stage, context, InProcess(), Limits())
    assert trials.holds([Put("county_floor", 51)]) is False


@pytest.mark.parametrize("most", [1, 5])
def test_a_way_out_that_leaves_nothing_to_decide_comes_last_and_says_so(most: int) -> None:
    """One county, one unit, which is banned: to have the county wait costs nothing, but then there is no pair at all."""
    context = designation_of(bans=["u1>A", "u2>A", "u3>A"])
    one = context.network.with_frames({"region_tags": context.network.frame("region_tags").head(1)})
    stage, context = STAGES["designation"], replace(context, network=one)
    found = smallest_clash(stage, context, InProcess(), Limits())
    ways = Search(stage, context, InProcess(), Limits(), found.members).repairs(most)
    assert [w.decides for w in ways] == ([True] if most == 1 else [True, True, True, False])
    assert all(isinstance(w.edits[0], TakeOut) for w in ways if w.decides)
    assert "; but then the stage decides nothing" not in price_words(ways[0]).en
    if most > 1:
        assert ways[-1].edits == (Put("units_per_county", [0, 1]),)
        assert ways[-1].objective < ways[0].objective and not ways[-1].as_dict()["decides"]
        assert "; but then the stage decides nothing" in price_words(ways[-1]).en


def inspected(**values: Any) -> Context:
    """Two kinds of inspection by two teams of 8 in three provinces, each visit led by anybody."""
    kinds = {"kinds": ["check", "unannounced"], "counties_per_visit": {"check": 1, "unannounced": 1}}
    return tiny(STAGES["inspection"], network(**BASE), **{**FEW, **kinds, **values})


def first_way(context: Context) -> Repair:
    return repairs(STAGES["inspection"], context)[0]


def test_several_numbers_of_a_table_are_changed_each_as_little_as_suffices() -> None:
    """Teams are of 8: both kinds ask for more, so that no single one is enough; a third one that asks for little stays."""
    context = inspected(team_size={"check": 5000, "unannounced": 9, "tour": 3})
    found = repairs(STAGES["inspection"], context)
    assert found[0].edits == (Put("team_size", {"check": 8, "unannounced": 8, "tour": 3}),)
    assert found[0].size == pytest.approx(4992 / 5000 + 1 / 9)
    (words,) = found[0].words
    assert words.en.endswith("(inspection.team_size): check from 5000 to 8, unannounced from 9 to 8")
    assert words.en.startswith("lower") and words.zh.startswith("降低")
    assert all(e.value != "off" for r in found for e in r.edits if isinstance(e, Put))


def test_one_number_of_a_table_is_enough_where_one_asks_too_much() -> None:
    way = first_way(inspected(team_size={"check": 5000, "unannounced": 8}))
    assert way.edits == (Put("team_size", {"check": 8, "unannounced": 8}),)


def test_days_that_no_team_has_are_lowered_not_abolished() -> None:
    """A team has 60 days, and a visit goes to one county."""
    context = inspected(days_per_county={"check": 4000, "unannounced": 500})
    found = repairs(STAGES["inspection"], context)
    edits = [e for r in found for e in r.edits if isinstance(e, Put)]
    lowered = next(e.value for e in edits if e.key == "days_per_county")
    assert all(0 < days <= 60 for days in lowered.values())
    assert not [e for e in edits if e.key == "team_days"]
    read = ("counties_per_visit", "villages_per_county", "households_per_village")
    assert all(
        n >= 1 for e in edits if e.key in read for n in e.value.values()
    )  # without any there is no inspection
    assert all(w.decides for w in found[:1])


def test_an_entry_of_a_list_is_taken_out_where_that_is_enough() -> None:
    """Units lead nothing here; tours are not planned."""
    units = [{**t, "unit": None, "home_region": None} for t in TEAMS]
    net = network(**{**BASE, "inspection_teams": units})
    values = {**FEW, "led_by": ["check>region", "tour>unit"]}
    stage, context = STAGES["inspection"], tiny(STAGES["inspection"], net, **values)
    found = repairs(stage, context)
    assert TakeOut("led_by", "check>region") in [e for r in found for e in r.edits]
    (words,) = next(r.words for r in found if r.edits == (TakeOut("led_by", "check>region"),))
    assert words.en.startswith("take check>region out of ")
    assert "去掉 check>region" in words.zh


def test_large_sizes_are_told_as_multiples() -> None:
    assert [size_words(s).en for s in (0.5, 1.0, 9.99, 929.0)] == [
        "50%",
        "100%",
        "999%",
        "929 times the old values",
    ]
    assert size_words(929.0).zh == "原值的 929 倍"
