"""What adoption changes, by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from graph.network import Network
from graph.schema import TABLES
from graph.store.changes import Changes
from planner.office.effects import Decided, effects, narrowed
from tests.graph.store.small_networks import ABOUT, rows
from tests.graph.store.test_contract_proposals import result

ON = date(2016, 12, 31)
BEFORE, AFTER = ON - timedelta(days=400), ON + timedelta(days=20)
REGIONS = rows(
    "regions",
    {"code": "P", "name": "P", "level": "province"},
    {"code": "A", "name": "A", "level": "county", "parent": "P"},
    {"code": "B", "name": "B", "level": "county", "parent": "P"},
    {"code": "vA", "name": "vA", "level": "village", "parent": "A"},
    {"code": "vB", "name": "vB", "level": "village", "parent": "B"},
)


def network(**tables: pl.DataFrame) -> Network:
    """Regions and what else there is."""
    return ABOUT.network({"regions": REGIONS, **tables}, "tiny")


def after(changes: Changes, network: Network, table: str) -> pl.DataFrame:
    """A table once the changes are made."""
    key = list(TABLES[table].key)
    frame = network.frame(table)
    for part in (changes.put_rows(table).select(key), changes.removed_rows(table)):
        frame = frame.join(part, on=key, how="anti", nulls_equal=True)
    return pl.concat([frame, changes.put_rows(table)])


def decided(announced: int = 0, on: date = ON, plan: str = "p", **tables: pl.DataFrame) -> Decided:
    """A plan's decisions."""
    return Decided(plan, on, announced, tables)


def tie(
    id: str,
    supporter: str,
    recipient: str,
    since: date | None = BEFORE,
    until: date | None = None,
    kind: str = "designated",
) -> dict[str, Any]:
    """A relation."""
    return {
        "id": id,
        "kind": kind,
        "supporter": supporter,
        "recipient": recipient,
        "since": since,
        "until": until,
    }


def pairs(*ends: str, kind: str = "designated") -> pl.DataFrame:
    """Pairs, each written ``supporter>recipient``."""
    return result("pairs", *({"stage": "designation", "supporter": e[0], "recipient": e[2:], "cost": 0.0, "load": 1, "kind": kind} for e in ends))  # fmt: skip


def ties(changes: Changes, there: Network) -> dict[str, tuple[str, str, date | None, date | None]]:
    """Id → supporter, recipient, since, until, once the changes are made."""
    frame = after(changes, there, "relations").select("id", "supporter", "recipient", "since", "until")
    return {row[0]: row[1:] for row in frame.rows()}


@pytest.mark.parametrize(
    ("before", "planned", "announced", "found"),
    [
        # kept; its row is not touched
        ([tie("r", "u", "A")], ["u>A"], 0, {"r": ("u", "A", BEFORE, None)}),
        ([tie("r", "u", "A", None)], ["u>A"], 0, {"r": ("u", "A", None, None)}),
        # begun, under a name of its own
        ([], ["u>A"], 0, {"designated:u:A": ("u", "A", ON, None)}),
        # ended, as another takes its place
        ([tie("r", "u", "A")], ["w>A"], 0, {"r": ("u", "A", BEFORE, ON), "designated:w:A": ("w", "A", ON, None)}),
        # one of two ends, the other stays
        ([tie("r", "u", "A"), tie("s", "w", "A")], ["w>A"], 0, {"r": ("u", "A", BEFORE, ON), "s": ("w", "A", BEFORE, None)}),
        # a recipient whom the plan does not name keeps its supporters, whoever else loses that supporter
        ([tie("r", "u", "A"), tie("s", "u", "B")], ["w>A"], 0, {"r": ("u", "A", BEFORE, ON), "s": ("u", "B", BEFORE, None), "designated:w:A": ("w", "A", ON, None)}),
        # another kind is no matter of this plan
        ([tie("r", "u", "A", kind="east_west")], ["w>A"], 0, {"r": ("u", "A", BEFORE, None), "designated:w:A": ("w", "A", ON, None)}),
        # what has ended stays ended; its name is taken
        ([tie("designated:u:A", "u", "A", BEFORE, ON)], ["u>A"], 0, {"designated:u:A": ("u", "A", BEFORE, ON), "designated:u:A:2016-12-31": ("u", "A", ON, None)}),
        ([tie("designated:u:A", "x", "B"), tie("designated:u:A:2016-12-31", "y", "B")], ["u>A"], 0,
         {"designated:u:A": ("x", "B", BEFORE, None), "designated:u:A:2016-12-31": ("y", "B", BEFORE, None), "designated:u:A:2016-12-31:2": ("u", "A", ON, None)}),
        # with an end to come it still runs: it is kept, or ends earlier
        ([tie("r", "u", "A", BEFORE, AFTER)], ["u>A"], 0, {"r": ("u", "A", BEFORE, AFTER)}),
        ([tie("r", "u", "A", BEFORE, AFTER)], ["w>A"], 0, {"r": ("u", "A", BEFORE, ON), "designated:w:A": ("w", "A", ON, None)}),
        # announced, and seen by the plan: kept, or never begun
        ([tie("r", "u", "A", AFTER)], ["u>A"], 30, {"r": ("u", "A", AFTER, None)}),
        ([tie("r", "u", "A", AFTER)], ["w>A"], 30, {"designated:w:A": ("w", "A", ON, None)}),
        # announced for later than the plan looked: not its matter
        ([tie("r", "u", "A", AFTER)], ["w>A"], 10, {"r": ("u", "A", AFTER, None), "designated:w:A": ("w", "A", ON, None)}),
        # begun on the very day: it never held
        ([tie("r", "u", "A", ON)], ["w>A"], 0, {"designated:w:A": ("w", "A", ON, None)}),
    ],
)  # fmt: skip
def test_relations(
    before: list[dict[str, Any]], planned: list[str], announced: int, found: dict[str, object]
) -> None:
    there = network(relations=rows("relations", *before))
    changes = effects(decided(announced, pairs=pairs(*planned)), there)
    assert ties(changes, there) == found
    again = network(relations=after(changes, there, "relations"))
    assert ties(effects(decided(announced, pairs=pairs(*planned)), again), again) == found


def test_a_relation_that_begins_says_why_and_one_that_ends_keeps_its_source() -> None:
    old = rows("relations", tie("r", "u", "A") | {"source": "doc", "mark": "recalled"})
    changes = effects(decided(pairs=pairs("w>A")), network(relations=old))
    put = changes.put["relations"]
    assert put.select("source", "mark").rows() == [
        ("doc", "recalled"),
        ("plan p", TABLES["relations"].by_name["mark"].default),
    ]
    assert put.columns == list(TABLES["relations"].by_name)


def post(
    cadre: str,
    village: str,
    seat: str = "fs",
    since: date | None = BEFORE,
    until: date | None = None,
    why: str | None = None,
) -> dict[str, Any]:
    """A posting."""
    return {
        "cadre": cadre,
        "village": village,
        "post": seat,
        "since": since,
        "until": until,
        "ended_because": why,
    }


def planned_seats(*seats: tuple[str, str]) -> pl.DataFrame:
    """Planned postings: cadre, village."""
    return result(
        "postings",
        *({"cadre": c, "village": v, "post": "fs", "role": "first_secretary", "cost": 0.0} for c, v in seats),
    )


@pytest.mark.parametrize(
    ("before", "planned", "found"),
    [
        # kept
        ([post("c1", "vA")], [("c1", "vA")], [("c1", "vA", "fs", BEFORE, None, None)]),
        # begun
        ([], [("c1", "vA")], [("c1", "vA", "fs", ON, None, None)]),
        # moved from elsewhere
        ([post("c1", "vB")], [("c1", "vA")], [("c1", "vA", "fs", ON, None, None), ("c1", "vB", "fs", BEFORE, ON, "term_over")]),
        # moved from another seat of the same village
        ([post("c1", "vA", "m")], [("c1", "vA")], [("c1", "vA", "fs", ON, None, None), ("c1", "vA", "m", BEFORE, ON, "term_over")]),
        # yields the seat to another; why it was to end before is kept
        ([post("c2", "vA")], [("c1", "vA")], [("c1", "vA", "fs", ON, None, None), ("c2", "vA", "fs", BEFORE, ON, "term_over")]),
        ([post("c2", "vA", until=AFTER, why="illness")], [("c1", "vA")], [("c1", "vA", "fs", ON, None, None), ("c2", "vA", "fs", BEFORE, ON, "illness")]),
        # another seat of the village is not the plan's
        ([post("c2", "vA", "m")], [("c1", "vA")], [("c1", "vA", "fs", ON, None, None), ("c2", "vA", "m", BEFORE, None, None)]),
        # two change places
        ([post("c1", "vA"), post("c2", "vB")], [("c2", "vA"), ("c1", "vB")],
         [("c1", "vA", "fs", BEFORE, ON, "term_over"), ("c1", "vB", "fs", ON, None, None), ("c2", "vA", "fs", ON, None, None), ("c2", "vB", "fs", BEFORE, ON, "term_over")]),
        # over already
        ([post("c2", "vA", until=ON)], [("c1", "vA")], [("c1", "vA", "fs", ON, None, None), ("c2", "vA", "fs", BEFORE, ON, None)]),
        # begun on the very day, and no more: it never held
        ([post("c2", "vA", since=ON)], [("c1", "vA")], [("c1", "vA", "fs", ON, None, None)]),
        # since unknown
        ([post("c2", "vA", since=None)], [("c1", "vA")], [("c1", "vA", "fs", ON, None, None), ("c2", "vA", "fs", None, ON, "term_over")]),
    ],
)  # fmt: skip
def test_postings(
    before: list[dict[str, Any]], planned: list[tuple[str, str]], found: list[tuple[object, ...]]
) -> None:
    there = network(postings=rows("postings", *before))
    changes = effects(decided(postings=planned_seats(*planned)), there)
    columns = ["cadre", "village", "post", "since", "until", "ended_because"]
    assert sorted(after(changes, there, "postings").select(columns).rows(), key=str) == sorted(found, key=str)
    begun = changes.put_rows("postings").filter(pl.col("since") == ON)
    assert set(begun["role"]) <= {"first_secretary"} and set(begun["source"]) <= {"plan p"}


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
