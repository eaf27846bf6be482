"""A freeze that cannot hold beside a pin: each stage names the entry, and lifting it is a way out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planner.clash.edits import TakeOut
from planner.clash.smallest import smallest_clash
from planner.published import FROZEN
from planner.repair.search import Search
from planner.solve.pool import InProcess
from planner.stage import Context, Limits
from planner.stages import STAGES
from tests.planner.stages import test_keeping_designation as designation
from tests.planner.stages import test_keeping_exit as exits
from tests.planner.stages import test_keeping_pairing as pairing

Case = tuple[str, Callable[[], Context], str]
CASES: list[Case] = [
    ("designation", lambda: designation.see(designation.FAR, published_frozen=["A", "C"], pins=["u1>A"]), "A"),
    ("pairing", lambda: pairing.see(pairing.FAR, [], published_frozen=["W2", "W1"], pins=["E2>W1"],
                                    partners_per_recipient=[1, 1]), "W1"),
    ("exit", lambda: exits.against(exits.LATE, published_frozen=["b", "a"], pins={"a": 2017}), "a"),
]  # fmt: skip


@pytest.mark.parametrize("name, make, entry", CASES, ids=[c[0] for c in CASES])
def test_a_freeze_is_named_and_can_be_lifted(name: str, make: Callable[[], Context], entry: str) -> None:
    stage, context = STAGES[name], make()
    found = smallest_clash(stage, context, InProcess(), Limits())
    assert (FROZEN, entry) in {(m.key, m.entry) for m in found.members}
    assert all(m.entry == entry for m in found.members if m.key == FROZEN)
    ways = Search(stage, context, InProcess(), Limits(), found.members).repairs()
    assert (TakeOut(FROZEN, entry),) in {w.edits for w in ways}
