"""What adoption changes of money, exits and visits, by hand; and parts of a plan."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from planner.office.effects import effects, narrowed
from tests.graph.store.small_networks import rows
from tests.graph.store.small_plans import result
from tests.planner.office.tiny import BEFORE, ON, after, decided, network, pairs, planned_seats, tie


def allotted(source: str, region: str, programme: str, amount: int, year: int = 2016) -> dict[str, Any]:
    """One planned allocation."""
    return {"source": source, "region": region, "programme": programme, "year": year, "amount": amount}


def test_money() -> None:
    flow = {"year": 2016, "stage": "allotted", "date": BEFORE}
    before = rows(
        "fund_flows",
        {"source": "f", "region": "A", "amount": 7} | flow,  # replaced by the sum
        {"source": "f", "region": "B", "amount": 8} | flow,  # the plan gives nothing of it there any more
        {"source": "g", "region": "A", "amount": 9} | flow,  # another budget
        {"source": "f", "region": "A", "amount": 10} | flow | {"year": 2015},  # another year
        {"source": "f", "region": "A", "amount": 11} | flow | {"stage": "spent"},  # has happened
    )
    plan = result(
        "allocations",
        allotted("f", "A", "industry", 30),
        allotted("f", "A", "education", 12),
        allotted("f", "B", "industry", 0),
    )
    there = network(fund_flows=before)
    changes = effects(decided(allocations=plan), there)
    found = after(changes, there, "fund_flows").select("source", "region", "year", "stage", "amount", "date")
    assert sorted(found.rows()) == sorted(
        [
            ("f", "A", 2016, "allotted", 42, ON),
            ("g", "A", 2016, "allotted", 9, BEFORE),
            ("f", "A", 2015, "allotted", 10, BEFORE),
            ("f", "A", 2016, "spent", 11, BEFORE),
        ]
    )


def exits(*years: tuple[str, int]) -> pl.DataFrame:
    """Planned exits: region, year."""
    return result(
        "exits", *({"region": r, "year": y, "announced_year": y + 1, "cost": 0.0} for r, y in years)
    )


def tag(
    region: str, value: str, since: date, until: date | None = None, name: str = "exit_planned"
) -> dict[str, Any]:
    """A tag."""
    return {"region": region, "tag": name, "since": since, "until": until, "value": value}


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ([], [("A", "2018", ON, None)]),
        ([tag("A", "2018", BEFORE)], [("A", "2018", BEFORE, None)]),  # as planned before
        (
            [tag("A", "2019", BEFORE)],
            [("A", "2019", BEFORE, ON), ("A", "2018", ON, None)],
        ),  # another year before
        ([tag("A", "2019", ON)], [("A", "2018", ON, None)]),  # an earlier plan of the same day
        (
            [tag("A", "2019", BEFORE, ON)],
            [("A", "2019", BEFORE, ON), ("A", "2018", ON, None)],
        ),  # over already
        (
            [tag("B", "2019", BEFORE)],
            [("B", "2019", BEFORE, None), ("A", "2018", ON, None)],
        ),  # not in the plan
        (
            [tag("A", "2019", BEFORE, name="pilot")],
            [("A", "2019", BEFORE, None), ("A", "2018", ON, None)],
        ),  # another tag
    ],
)
def test_exits(before: list[dict[str, Any]], found: list[tuple[object, ...]]) -> None:
    there = network(region_tags=rows("region_tags", *before))
    changes = effects(decided(exits=exits(("A", 2018))), there)
    columns = ["region", "value", "since", "until"]
    assert sorted(after(changes, there, "region_tags").select(columns).rows(), key=str) == sorted(
        found, key=str
    )


def test_visits() -> None:
    visit = {"team": "t", "region": "A", "year": 2016, "kind": "cross_check"}
    plan = result("inspections", *(visit | {"region": r, "days": 3, "cost": 0.0} for r in "AB"))
    there = network(inspection_visits=rows("inspection_visits", visit | {"source": "doc"}))
    changes = effects(decided(inspections=plan), there)
    found = after(changes, there, "inspection_visits").select("region", "source").rows()
    assert sorted(found) == [("A", "doc"), ("B", "plan p")]
    assert changes.removed == {}


def test_nothing_decided_changes_nothing() -> None:
    there = network(relations=rows("relations", tie("r", "u", "A")))
    assert not effects(decided(pairs=pairs(), postings=planned_seats()), there)


MIXED = {
    "pairs": pl.concat(
        [pairs("u>A", "u>B"), pairs("z>A", kind="east_west").with_columns(stage=pl.lit("pairing"))]
    ),
    "postings": planned_seats(("c1", "vA"), ("c2", "vB")),
    "exits": exits(("A", 2018), ("B", 2019)),
}


@pytest.mark.parametrize(
    ("stages", "regions", "without", "found"),
    [
        ([], [], [], {"pairs": "uAuBzA", "postings": "vAvB", "exits": "AB"}),
        (["designation"], [], [], {"pairs": "uAuB"}),
        (["pairing", "exit"], [], [], {"pairs": "zA", "exits": "AB"}),
        ([], ["A"], [], {"pairs": "uAzA", "postings": "vA", "exits": "A"}),  # the village below it, too
        ([], ["vA"], [], {"pairs": "", "postings": "vA", "exits": ""}),
        ([], ["P"], [], {"pairs": "uAuBzA", "postings": "vAvB", "exits": "AB"}),
        ([], [], ["A"], {"pairs": "uB", "postings": "vB", "exits": "B"}),
        ([], [], ["cadres", "B"], {"pairs": "uAzA", "exits": "A"}),
        ([], ["P"], ["A", "exit"], {"pairs": "uB", "postings": "vB"}),
        (["cadres"], ["B"], [], {"postings": "vB"}),
        (["funds"], [], [], {}),
    ],
)
def test_narrowed(stages: list[str], regions: list[str], without: list[str], found: dict[str, str]) -> None:
    kept = narrowed(MIXED, network(), stages=stages, regions=regions, without=without)
    told = {
        table: "".join(frame["supporter"][n] + frame["recipient"][n] if table == "pairs" else frame["village" if table == "postings" else "region"][n] for n in range(frame.height))
        for table, frame in kept.items()
    }  # fmt: skip
    assert {t: "".join(sorted(w)) for t, w in told.items()} == {
        t: "".join(sorted(w)) for t, w in found.items()
    }
