"""Ways out of every kind of clash: each is solved and checked, the least change of its kind, and never one that must not give."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.cli.repair import price_words
from planner.clash.edits import Cell, Put, TakeOut, edited
from planner.clash.smallest import smallest_clash
from planner.clash.trial import Trials
from planner.repair.search import Repair, Search, broken, solved
from planner.solve.pool import InProcess
from planner.stage import Context, Limits, Stage
from planner.stages import STAGES
from tests.planner.clash.infeasible_cases import cadres_of, case, designation_of, every_case


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
