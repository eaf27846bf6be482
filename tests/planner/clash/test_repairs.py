"""Ways out of every kind of clash: each is solved and checked, the least change of its kind, and never one that must not give."""

from __future__ import annotations

from planner.clash.edits import Cell, Put, edited
from planner.clash.smallest import smallest_clash
from planner.clash.trial import Trials
from planner.repair.search import Repair, Search, broken, solved
from planner.solve.pool import InProcess
from planner.stage import Context, Limits, Stage
from planner.stages import STAGES
from tests.planner.clash.infeasible_cases import cadres_of, case, every_case


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
