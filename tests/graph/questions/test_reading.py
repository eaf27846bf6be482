"""What a question has fetched, as rows and as frames: the same; rows that were counted never hide rows that were fetched."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any, cast

import polars as pl
import pytest
from neo4j.time import Date
from polars.testing import assert_frame_equal

from graph.errors import InputError
from graph.schema import TABLES
from graph.store.about import About
from graph.store.neo4j.questions.answers import OfNeo4j
from graph.store.neo4j.questions.reading import Reading, Rows
from graph.store.neo4j.run import Run
from graph.store.neo4j.store import Neo4jStore

PLACES = Rows("regions", "MATCH (n:Region)")
TIES = Rows("relations", "MATCH ()-[x:SUPPORTS]->()")


def cells(table: str, **said: Any) -> list[Any]:
    """A row as a server gives it."""
    return [said.get(c.name, c.default) for c in TABLES[table].columns]


def reading(*records: list[Any]) -> Reading:
    """A reading whose server gives these records."""
    return Reading(
        lambda _, /, **__: list(records), "n", 1, False, About(), frozenset({"regions", "relations"})
    )


def test_rows_come_in_their_places() -> None:
    made = reading(["regions", 7, cells("regions", code="b")], ["regions", 2, cells("regions", code="a")])
    made.fetch([PLACES])
    assert made.frame("regions")["code"].to_list() == ["a", "b"]
    assert made.network().lists("regions", "code") == (["a", "b"],)


def test_few_rows_come_together() -> None:
    whole = [cells("regions", code="b"), cells("regions", code="a")]
    made = reading([[["regions", [7, 2], whole], ["relations", [], []]], 5, True])
    made.fetch_few([PLACES, TIES])
    assert made.network().lists("regions", "code") == (["a", "b"],)
    assert made.network().where("relations", "id", ["r"]) == []


def test_few_rows_say_how_many_writes_there_were_until_something_else_is_asked() -> None:
    made = reading([[["regions", [7], [cells("regions", code="b")]]], 5, True])
    assert made.seen is None
    made.fetch_few([PLACES])
    assert made.seen == [5, True]
    made.records("RETURN 1")
    assert made.seen is None
    gone = reading()
    gone.fetch_few([PLACES])
    assert gone.network().lists("regions", "code") == ([],) and gone.seen == [None]


class Overtaken:
    """A store in which another write was counted each time that rows were fetched, so many times."""

    def __init__(self, times: int) -> None:
        self.left, self.asked = times, list[str]()

    def ask(self, work: Callable[[Run], Any]) -> Any:
        """Run a question's work."""
        return work(self.run)

    def run(self, statement: str, /, **_: Any) -> list[list[Any]]:
        """Rows as the server gives them."""
        self.asked.append(statement)
        if "v.about" in statement:
            return [[1, 1, json.dumps(About().to_dict()), ["regions"], 3, True, []]]
        if "collect([t, p, c])" not in statement:
            return [[3, True]]
        self.left -= 1
        return [
            [[["regions", [0], [cells("regions", code="a", name="甲")]]], 3 if self.left < 0 else 4, True]
        ]


def test_a_question_that_a_write_overtook_is_asked_again() -> None:
    store = Overtaken(times=2)
    asked = OfNeo4j(cast(Neo4jStore, store), "n")
    assert [place.name for place in asked.places(["a"])] == ["甲"]
    fetched = ["collect([t, p, c])" in s for s in store.asked]
    assert sum(fetched) == 3 and fetched[-1]  # the last word came with the rows: nothing was asked after them


@pytest.mark.parametrize("counted_first", [True, False])
def test_a_counted_row_never_hides_a_fetched_one(counted_first: bool) -> None:
    """Neither before nor after: of the same key the fetched row stands, with all its cells."""
    fetched = cells("relations", id="r", kind="county_pair", supporter="s", recipient="t")
    made = reading(["relations", 0, fetched])
    steps = [lambda: made.add("relations", {"id": ["r"], "recipient": ["t"]}), lambda: made.fetch([TIES])]
    for step in steps if counted_first else reversed(steps):
        step()
    made.add("relations", {"id": ["q"], "recipient": ["t"]})
    rows = made.network().where("relations", "recipient", ["t"])
    assert [(row["id"], row["kind"], row["supporter"]) for row in rows] == [
        ("r", "county_pair", "s"), ("q", None, None)
    ]  # fmt: skip


def test_columns_are_those_of_the_frame() -> None:
    rows = [
        cells("relations", id="r", since=Date(2016, 12, 7), supporter="s", recipient="t"),
        cells("relations", id="q", supporter="s", recipient="u"),
    ]
    made = reading(*(["relations", i, row] for i, row in enumerate(rows)))
    made.fetch([TIES])
    network, plain = made.network(), About().network({"relations": made.frame("relations")}, "n")
    assert_frame_equal(network.frame("relations"), plain.frame("relations"))
    assert network.where("relations", "id", ["r"]) == plain.where("relations", "id", ["r"])
    assert network.where("relations", "id", ["r"])[0]["since"] == date(2016, 12, 7)
    names = list(TABLES["relations"].by_name)
    assert network.lists("relations", *names) == plain.lists("relations", *names)
    assert network.has("relations")
    assert not network.has("units")
    assert network.frame("units").equals(TABLES["units"].empty())


def test_whole_numbers_of_a_fractional_column_are_fractional() -> None:
    made = reading(["regions", 0, cells("regions", code="a", lon=99)])
    made.fetch([PLACES])
    assert repr(made.network().lists("regions", "lon")) == "([99.0],)"
    assert made.frame("regions").schema["lon"] == pl.Float64


def test_a_property_of_a_wrong_type_is_named() -> None:
    made = reading(["regions", 0, cells("regions", code="a", lon="east")])
    made.fetch([PLACES])
    with pytest.raises(InputError, match=r"regions.*lon"):
        made.network().lists("regions", "code")
