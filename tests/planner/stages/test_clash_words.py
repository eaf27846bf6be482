"""What cannot hold is told with names and numbers, in pairing and inspection too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from graph.language import Text
from planner.solve import engines
from planner.stage import Context, Limits
from planner.stages import STAGES
from planner.stages.inspection import STAGE as INSPECTION
from planner.stages.pairing import STAGE as PAIRING
from planner.stages.words import clash, conflict_words, of_rules_in_force
from tests.planner import inspection_land, pairing_land
from tests.planner.tiny import context, network, policy, solve


def by_engine(stage: Any, seen: Context) -> str:
    """Words of the conflict engine about rules that counting lets pass."""
    assert stage.count(seen) == []
    [task], built = stage.tasks(seen, Limits())
    answer = engines.run("conflict", task.arrays, {}, lambda m: None)
    assert answer.status == "INFEASIBLE"
    told = conflict_words(stage, built, seen, answer)
    assert not any("True" in c.en + c.zh for c in told)
    return "\n".join(c.en for c in told)


def scores(stage: str, supporters: str, loads: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"stage": stage, "supporter": s, "recipient": r, "cost": 1, "load": load}
        for s in supporters for r, load in loads.items()
    ]  # fmt: skip


def paired(capacity: int, loads: dict[str, int]) -> Context:
    units = [{"id": u, "name": u, "capacity": capacity} for u in "uv"]
    return context(
        PAIRING, network(units=units, pair_scores=scores("pairing", "uv", loads)), objective="scores",
        supporter_capacity=True,
    )  # fmt: skip


def test_supporters_that_can_carry_too_few_recipients() -> None:
    [told] = PAIRING.count(paired(10, {"A": 6, "B": 6, "C": 6}))
    assert "the 2 supporters can take 2 recipients in all at most, but at least 3" in told.en
    assert "u can carry 10: at most 1 recipient" in told.en
    [told] = PAIRING.count(paired(10, {"A": 1, "B": 12}))
    assert told.en.startswith(
        "B needs 12, but the largest of the supporters that may take it, u, can carry 10"
    )
    words = by_engine(PAIRING, paired(10, {"A": 7, "B": 5, "C": 4, "D": 4}))
    assert "supporter_capacity = true): u can carry 10: at most 2 recipients" in words


def test_a_recipient_too_large_for_those_that_may_share_it() -> None:
    """W1 has 300 of 400 poor people; with one partner only E1 could take them on, if its share were larger."""
    regions = [{"region": r, "year": 2016, "measure": "fiscal_revenue", "value": 100.0} for r in ("E1", "E2")]
    poor = [f for f in pairing_land.FACTS if f["measure"] == "poor_population"]
    net = network(**pairing_land.tables(region_facts=regions + poor))
    tight = {"cover_ethnic": "off", "fair_load_tolerance": 0.0, "partners_per_recipient": [1, 1]}
    [told] = PAIRING.count(context(PAIRING, net, **tight))
    assert told.en.startswith(
        "West one has 300 poor people, and the largest 1 supporter that it may have can take on 200 (East one)"
    )
    assert "fair_load_tolerance" in told.en
    assert PAIRING.count(context(PAIRING, net, **{**tight, "partners_per_recipient": [1, 2]})) == []


def test_rules_on_partners_are_told_by_name() -> None:
    """Two changes are needed for a second partner of both, one is allowed."""
    seen = context(
        PAIRING, network(**pairing_land.tables()), cover_ethnic="off", partners_per_recipient=[2, 2], changes_max=1,
        fair_load_tolerance="off", least_part="off", county_pairs="off",
    )  # fmt: skip
    told = "\n".join(c.en for c in solve(PAIRING, seen).clashes)
    assert "partners_per_recipient = [2, 2]): 2 recipients: West one, West two" in told
    assert "changes_max = 1): 2 pairs in force" in told


def inspected(days: tuple[int, int], loads: dict[str, int]) -> Context:
    teams = [{"id": t, "days_max": d} for t, d in zip("uv", days, strict=True)]
    return context(
        INSPECTION, network(inspection_teams=teams, pair_scores=scores("inspection", "uv", loads)), objective="scores",
        team_days=True,
    )  # fmt: skip


def test_teams_with_too_few_days_under_own_scores() -> None:
    [told] = INSPECTION.count(inspected((10, 10), {"A": 6, "B": 6, "C": 6}))
    assert "the 2 teams can take 2 regions in all at most, but at least 3" in told.en
    assert (
        "u can spend 10 days: at most 1 region" in told.en
        and "loads: A 6 days, B 6 days, C 6 days" in told.en
    )
    words = by_engine(INSPECTION, inspected((10, 10), {"A": 7, "B": 5, "C": 4, "D": 4}))
    assert "team_days = true): u can spend 10 days: at most 2 regions" in words
    assert "teams_per_visit = [1, 1]): A 7 days" in words


def test_a_visit_too_long_for_every_team_comes_before_the_total() -> None:
    short = [{**t, "days_max": 2} for t in inspection_land.TEAMS]
    seen = context(
        INSPECTION, network(**{**inspection_land.BASE, "inspection_teams": short}), **inspection_land.FEW
    )
    [told] = INSPECTION.count(seen)
    assert told.en.startswith(
        "Province A (check) needs 4 days, but the largest of the teams that may take it, tB, can spend 2 days; Province B"
    )


@pytest.mark.parametrize("rule", ["team_days", "balance_tolerance", "teams_per_visit"])
def test_rows_of_the_model_are_told_by_team_and_visit(rule: str) -> None:
    seen = context(
        INSPECTION, network(**inspection_land.BASE), **{**inspection_land.FEW, "balance_tolerance": 1.0}
    )
    _, built = INSPECTION.tasks(seen, Limits())
    first = int(np.flatnonzero(np.concatenate(built.model.row_rule) == built.model.rules.index(rule))[0])
    told = built.places(rule, np.array([first]))
    assert told.en.startswith("Province A (" if rule == "teams_per_visit" else "tA can spend ")
    assert all(c.isascii() for c in told.en)


def test_rules_that_are_off_are_no_parties_to_a_clash() -> None:
    told = clash(Text("甲", "one"), "bans", "distance_max_km", "units_per_county")
    values = policy(STAGES["designation"], bans="off", distance_max_km=800.0)
    assert of_rules_in_force(told, values).en == "one (rules: distance_max_km, units_per_county)"
    everything_off = policy(STAGES["designation"], bans="off", distance_max_km="off", units_per_county="off")
    assert of_rules_in_force(told, everything_off) == told
    assert of_rules_in_force(Text("乙", "two"), values).en == "two"
