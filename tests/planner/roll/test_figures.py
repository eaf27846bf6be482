"""What a roll is told to be worth: the money of partners counts where pairs were decided, not where they were in force."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from graph.schema import RESULTS
from planner.roll.figures import points_of
from planner.roll.money import SPENT
from planner.scenario import Scenario
from tests.planner.money_land import money, need, region, two_counties
from tests.planner.roll.lands import FUNDS, rolled, scenario_of

STEPS = {"0.5": 1.0, "1.0": 0.2}
"""The first half of a need counts 1 a yuan, the second 0.2."""


def land(ties: tuple[str, ...] = (), **policies: dict[str, object]) -> Scenario:
    """S pays 100 yuan to those it is paired with: P with county a, or Q with county b, which need 100 each."""
    tags = [{"region": "S", "tag": "supporter"}, {"region": "P", "tag": "recipient"}]
    net = two_counties(
        regions=[*(region(p, level="province") for p in "SPQ"), region("a", "P"), region("b", "Q")],
        needs=[need("a", "industry", 100), need("b", "industry", 100)],
        fund_sources=[{"id": "s", "name": "s", "level": "east_west", "instrument": "grant", "owner_region": "S"}],
        fund_budgets=[money("s", 100)],
        relations=[{"id": f"r{r}", "kind": "east_west", "supporter": "S", "recipient": r} for r in ties],
        region_tags=tags,
    )  # fmt: skip
    return scenario_of(net, funds={**FUNDS, "return_steps": STEPS}, **policies)


def pairs(*recipients: str) -> dict[str, pl.DataFrame]:
    rows = [
        {**dict.fromkeys(RESULTS["pairs"].dtypes), "stage": "pairing", "supporter": "S", "recipient": r}
        for r in recipients
    ]
    return {"pairs": pl.DataFrame(rows, schema=RESULTS["pairs"].dtypes)}


SPENT_ON_A = pl.DataFrame([("s", "a", "industry", 2017, 80, 80)], schema=SPENT, orient="row")


@pytest.mark.parametrize(
    ("ties", "decided", "points"),
    [
        ((), pairs("P"), 56),  # 50 at 1 and 30 at 0.2
        ((), pairs("Q"), 0),
        ((), {}, 0),
        (("P",), {}, 56),  # nobody decided: those in force
        (("Q",), pairs("P"), 56),
        (("P",), pairs("Q"), 0),
        ((), pairs("P", "Q"), 56),
    ],
)
def test_by_hand(ties: tuple[str, ...], decided: dict[str, pl.DataFrame], points: int) -> None:
    assert points_of(land(ties), SPENT_ON_A, decided) == points


def test_nothing_spent_or_no_money_planned_has_no_points() -> None:
    assert points_of(land(), pl.DataFrame(schema=SPENT), pairs("P")) is None
    assert points_of(scenario_of(land().network, pairing={}), SPENT_ON_A, pairs("P")) is None


def test_a_roll_counts_by_the_pairs_that_it_decided(tmp_path: Path) -> None:
    """No pair is in force at the start; the first plan pairs S with P, so that a gets 100: 50 at 1 and 50 at 0.2."""
    paired = {"recipients_tag": "recipient", "county_pairs": False}
    roll = rolled(land(pairing=paired), tmp_path, outcome="expected", until=2017)
    assert {h: t["points"] for h, t in roll.totals.items()} == {"myopic": 60, "rolling": 60, "full": 60}
    assert roll.years["yuan_spent"].to_list() == [100, 100, 100]
