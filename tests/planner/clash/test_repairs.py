"""Ways out of every kind of clash: each is solved and checked, the least change of its kind, and never one that must not give."""

from __future__ import annotations

from planner.clash.edits import edited
from planner.clash.smallest import smallest_clash
from planner.repair.search import Repair, Search, broken, solved
from planner.solve.pool import InProcess
from planner.stage import Context, Limits, Stage
from tests.planner.clash.infeasible_cases import case, every_case


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
        print(name, [w.en for w in repair.words], round(repair.size, 3), repair.objective)
