"""What adoption changes, by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from graph.network import Network
from graph.schema import TABLES
from graph.store.changes import Changes
from planner.office.effects import effects
from tests.graph.store.small_networks import rows
from tests.planner.office.tiny import (
    AFTER,
    BEFORE,
    ON,
    after,
    decided,
    network,
    pairs,
    planned_seats,
    post,
    tie,
)


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
