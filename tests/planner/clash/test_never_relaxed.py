"""A rule that must not give is named where it clashes, and never offered: each of them in turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from planner.clash.edits import Cell
from planner.clash.smallest import smallest_clash
from planner.repair.search import Search
from planner.solve.pool import InProcess
from planner.stage import Context, Limits
from planner.stages import STAGES
from tests.planner import exit_land, inspection_land, pairing_land, tiny
from tests.planner.clash.infeasible_cases import case

TWO = inspection_land.TEAMS


def _inspection(**tables: Any) -> Context:
    """Nobody but the given teams may inspect; three provinces are due."""
    net = tiny.network(**{**inspection_land.BASE, **tables})
    return tiny.context(STAGES["inspection"], net, **inspection_land.FEW)


def _tied(kind: str) -> Context:
    """The only team is bound to a place in C."""
    place = {"supervision": "C", "designated": "C1"}.get(kind, "C")
    return _inspection(inspection_teams=TWO[3:4], **inspection_land.related(kind, "u1", place))


def _paired() -> Context:
    """Teams of A alone, and A supports B; what is A's own is inspected by the capital's, which may go nowhere else."""
    ties = [
        {"id": "1", "kind": "east_west", "supporter": "A", "recipient": "B"},
        *({"id": f"s{p}", "kind": "supervision", "supporter": "u1", "recipient": p} for p in "BC"),
    ]
    return _inspection(inspection_teams=[TWO[0], TWO[3]], relations=ties)


def _reciprocal() -> Context:
    """Teams of A and B alone; whoever goes where, A and B would inspect each other."""
    ties = [{"id": f"s{p}", "kind": "supervision", "supporter": "u1", "recipient": p} for p in "AB"]
    return _inspection(inspection_teams=[*TWO[:2], TWO[3]], relations=ties)


def _ethnic() -> Context:
    """The prefecture, its province and its county are all forbidden to both supporters."""
    net = tiny.network(
        **pairing_land.tables(regions=pairing_land.PREFECTURE, region_tags=pairing_land.ETHNIC)
    )
    values: Mapping[str, Any] = {
        **pairing_land.FREE, "cover_ethnic": True, "changes_max": 0, "pins": ["E1>W1"], "distance_weight": 1.0,
    }  # fmt: skip
    return tiny.context(STAGES["pairing"], net, **values)


def _kept() -> Context:
    """Its only pair ends in 2018, and it has to exit in 2017."""
    ties = [{"id": "1", "kind": "east_west", "supporter": "W", "recipient": "a", "until": tiny.DAY.replace(year=2018)}]  # fmt: skip
    return exit_land.see(
        exit_land.land({"a": 0.01}, relations=ties), pins={"a": 2017}, line="off", standard="off"
    )


CASES: dict[str, tuple[str, Callable[[], Context]]] = {
    "cover_ethnic": ("pairing", _ethnic),
    "budgets": ("funds", lambda: case("funds: floors above the money")[1]),
    "standard": ("exit", lambda: case("exit: a line that the centre does not know")[1]),
    "keep_after_exit": ("exit", _kept),
    "no_own": ("inspection", lambda: case("inspection: no team may go")[1]),
    "no_paired": ("inspection", _paired),
    "no_designated": ("inspection", lambda: _tied("designated")),
    "no_supervising": ("inspection", lambda: _tied("supervision")),
    "no_reciprocal": ("inspection", _reciprocal),
}


def test_every_rule_that_must_not_give_has_its_case() -> None:
    never = {s.key for stage in STAGES.values() for s in stage.settings if s.rule and s.never_relax}
    assert never == set(CASES)


@pytest.mark.parametrize("key", list(CASES))
def test_it_is_named_and_never_offered(key: str) -> None:
    name, make = CASES[key]
    stage, context = STAGES[name], make()
    found = smallest_clash(stage, context, InProcess(), Limits())
    by_key = {m.key: m for m in found.members}
    assert key in by_key and by_key[key].never_relax, sorted(by_key)
    never = {s.key for s in stage.settings if s.never_relax}
    search = Search(stage, context, InProcess(), Limits(), found.members)
    for way in search.ways():
        for edit in way.edits:
            assert isinstance(edit, Cell) or edit.key not in never
    alone = [m for m in found.members if m.never_relax]
    assert Search(stage, context, InProcess(), Limits(), alone).repairs() == []
