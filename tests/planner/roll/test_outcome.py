"""Draws hang on names and years alone; what is learnt later is taken off, plans for later are not."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from planner.roll.outcome import NOTHING_KNOWN, Chances, Luck, without_later
from tests.planner.roll.lands import busy, scenario_of
from tests.planner.tiny import frame


def test_a_draw_hangs_on_its_name_year_subject_and_seed_alone() -> None:
    luck, names = Luck(Chances(), 7), [f"c{i}" for i in range(2000)]
    drawn = luck.draw("pace", 2017, names)
    assert drawn[::-1].tolist() == luck.draw("pace", 2017, names[::-1]).tolist()
    assert luck.draw("pace", 2017, ["c5"])[0] == drawn[5]
    assert drawn.min() >= 0 and drawn.max() < 1
    assert abs(drawn.mean() - 0.5) < 0.03 and len(set(drawn.tolist())) == 2000
    others = (
        luck.draw("pace", 2018, names),
        luck.draw("listed", 2017, names),
        Luck(Chances(), 8).draw("pace", 2017, names),
    )
    assert all(abs(np.corrcoef(drawn, other)[0, 1]) < 0.1 for other in others)


def test_what_is_learnt_later_is_taken_off_and_plans_stay() -> None:
    land = busy()
    facts: list[dict[str, Any]] = [
        *land.network.frame("region_facts").to_dicts(),
        {"region": "c0", "year": 2017, "measure": "exit_year", "value": 2017.0},
        {"region": "c0", "year": 2018, "measure": "gdp", "value": 5.0},
    ]
    changes: list[dict[str, Any]] = [
        {"village": "c0", "date": date(2016, 6, 1), "kind": "exited", "persons": 1},
        {"village": "c0", "date": date(2017, 6, 1), "kind": "exited", "persons": 2},
        {"village": "c0", "date": None, "kind": "listed", "persons": 4},
    ]
    network = land.network.with_frames(
        {"region_facts": frame("region_facts", facts), "register_changes": frame("register_changes", changes)}
    )
    start, records = without_later(scenario_of(network, exit={}))
    kept = start.network
    assert "exit_year" not in kept.frame("region_facts")["measure"].to_list()
    assert "gdp" in kept.frame("region_facts")["measure"].to_list()
    assert kept.frame("register_changes")["persons"].to_list() == [1, 4]
    assert kept.frame("ledger")["delivered"].to_list() == [400, None]
    assert kept.frame("fund_budgets").height == network.frame("fund_budgets").height
    assert records.facts_of(2017, "exit_year") == {"c0": 2017.0}
    assert records.changes_of(2017) == {"c0": {"exited": 2}}
    assert records.counts(2017) == {
        "exit_year": 1,
        "poor_population": 0,
        "poverty_incidence": 0,
        "register_changes": 1,
    }
    assert set(NOTHING_KNOWN.counts(2017).values()) == {0}
