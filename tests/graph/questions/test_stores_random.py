"""Random small networks, names that would do harm, and what was known when: files and server answer alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.bolt import Connection
from graph.language import Text
from graph.network import Network
from graph.questions.of_network import OfNetwork
from graph.questions.rules import Rule
from graph.store.changes import Changes
from graph.store.neo4j.questions import OfNeo4j
from graph.store.neo4j.run import Run
from graph.store.neo4j.store import Neo4jStore
from tests.graph.questions.asked import answer_to, differing, every_question, loaded, neo4j_store
from tests.graph.questions.conftest import REGIONS, RELATIONS, UNITS, network

DAYS = st.none() | st.sampled_from([date(y, m, 1) for y in (2014, 2015, 2016, 2017) for m in (1, 7)])
NAMES = [
    "怒江州", "怒江", "福贡县", "泸水", "农业大学", "中国农业大学", "Nu Jiang", "nu jiang", "Zhuhai", "R-1", "o'neill", 'a:b~ "', "`x`",
    "'}) DETACH DELETE n //", "市辖区", "", "*", "\\\\", "Ünü", "江",
]  # fmt: skip
WORDS = st.sampled_from([*NAMES, "nj", "怒", "大", "农大", "p1", "P", "u", "r2", "nujang", "x9", "small"])
KINDS = st.sampled_from(["east_west", "county_pair", "designated", "village_unit"])
RULES = [
    Rule("by_tag", Text("", ""), kinds=("east_west", "county_pair"), tag="t"),
    Rule("by_level", Text("", ""), kinds=("designated", "east_west"), level="small", without_tag="t"),
    Rule("by_figure", Text("", ""), kinds=("village_unit",), measure="poor_population"),
    Rule("by|post", Text("", ""), posts=True),
    Rule("all", Text("", ""), kinds=("county_pair",)),
]


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """A few regions in a tree, units, and whatever hangs on them."""
    codes = [f"{'pPr'[i % 3]}{'-' if i == 2 else ''}{i}" for i in range(draw(st.integers(2, 9)))]
    name = st.sampled_from(NAMES)

    def some(size: int, **cells: st.SearchStrategy[Any]) -> list[dict[str, Any]]:
        return draw(st.lists(st.fixed_dictionaries(cells), max_size=size))

    regions = [
        {
            "code": code,
            "name": draw(name),
            "level": draw(st.sampled_from(["big", "middle", "small", "county"])),
            "parent": draw(st.none() | st.sampled_from(codes[:i])) if i else None,
            "pseudo": draw(st.sampled_from([False, False, True])),
            "lon": draw(st.none() | st.integers(90, 110)),
            "lat": draw(st.none() | st.integers(20, 40)),
        }
        for i, code in enumerate(codes)
    ]
    region = st.sampled_from(codes)
    ids = [f"u{i}" for i in range(3)]
    units = [
        {"id": i, "name": draw(name), "home_region": draw(st.none() | region), "capacity": draw(st.none() | st.integers(0, 3))}
        for i in ids
    ]  # fmt: skip
    party = st.sampled_from([*codes, *ids])
    relations = some(
        8,
        kind=KINDS,
        supporter=party,
        recipient=region,
        since=DAYS,
        until=DAYS,
        mark=st.none() | st.just("recalled"),
    )
    relations = [{"id": f"x{i}", **row} for i, row in enumerate(relations)]
    mine = st.sampled_from([row["id"] for row in relations] or ["none"])
    rows = {
        "regions": regions,
        "units": units,
        "relations": relations,
        "names": some(6, id=party, name=name, kind=st.sampled_from(["full", "short", "former", "english", "pinyin"])),
        "region_successions": some(3, old=region | st.just("old-1"), new=region, since=DAYS),
        "region_tags": some(5, region=region, tag=st.sampled_from(["t", "s"]), since=DAYS, until=DAYS, value=st.none() | st.just("v")),
        "region_facts": some(4, region=region, year=st.integers(2015, 2017), value=st.integers(0, 5), measure=st.sampled_from(["poor_population", "fiscal_revenue"])),
        "coverage": some(4, rule=st.sampled_from([r.name for r in RULES]), region=region, complete=st.sampled_from(["yes", "no", "by_design"])),
        "ledger": [] if not relations else some(4, relation=mine, year=st.integers(2015, 2017), item=st.sampled_from(["fiscal_funds", "officials_sent"]), pledged=st.none() | st.integers(0, 9), delivered=st.none() | st.integers(0, 9)),
        "cadres": [{"id": f"k{i}"} for i in range(3)],
        "postings": some(4, cadre=st.sampled_from(["k0", "k1", "k2"]), village=region, post=st.just("a"), since=DAYS, until=DAYS, role=st.none() | st.just("first_secretary")),
        "village_posts": some(4, village=region, post=st.sampled_from(["a", "b"])),
        "fund_sources": [{"id": "f1", "name": "centre"}, {"id": "f2", "name": "aid", "owner_region": draw(region)}],
        "fund_flows": some(4, source=st.sampled_from(["f1", "f2"]), region=region, year=st.integers(2015, 2017), stage=st.sampled_from(["allotted", "spent"]), amount=st.integers(0, 9)),
    }  # fmt: skip
    keys = {
        "names": ("id", "name"), "region_successions": ("old", "new", "since"), "region_tags": ("region", "tag", "since"),
        "region_facts": ("region", "year", "measure"), "coverage": ("rule", "region"), "ledger": ("relation", "year", "item"),
        "postings": ("cadre", "village", "post", "since"), "village_posts": ("village", "post"),
        "fund_flows": ("source", "region", "year", "stage"),
    }  # fmt: skip
    for table, key in keys.items():
        rows[table] = list({tuple(str(row[c]) for c in key): row for row in rows[table]}.values())
    return network(**rows)


@pytest.fixture(scope="module")
def store(empty_neo4j_module: Connection) -> Neo4jStore:
    return neo4j_store(empty_neo4j_module)


_number = iter(range(10_000))


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(small=networks(), words=WORDS, other=WORDS, day=DAYS)
def test_random_networks_are_answered_alike(
    store: Neo4jStore, small: Network, words: str, other: str, day: date | None
) -> None:
    name = f"{words}{next(_number)}"
    small = replace(small, name=name)
    loaded(store, small, name)
    files, server = OfNetwork(small), OfNeo4j(store, name)
    asked = every_question(words, other, day or date(2016, 12, 31))
    asked |= {f"gaps {rule.name}": lambda q, r=rule: q.gaps(at=day, rules=[r]) for rule in RULES}
    asked["gaps of all rules"] = lambda q: q.gaps(at=day, rules=RULES)
    asked |= {f"withdraw {u}": lambda q, u=u: q.withdraw(u) for u in ("u0", "u1", "p0")}
    assert differing(files, server, asked) == []


def test_what_was_known_then_is_answered_as_it_was(store: Neo4jStore) -> None:
    """Names, parents, tags and relations change; questions at the older version see none of it."""
    first = network(
        regions=REGIONS,
        units=UNITS,
        relations=RELATIONS,
        names=[{"id": "P", "name": "pu er", "kind": "pinyin"}],
    )
    loaded(store, first, "past")
    regions = first.frame("regions").with_columns(
        name=pl.when(pl.col("code") == "P1").then(pl.lit("Renamed")).otherwise("name"),
        parent=pl.when(pl.col("code") == "P1b").then(pl.lit("P2")).otherwise("parent"),
        level=pl.when(pl.col("code") == "Q1").then(pl.lit("small")).otherwise("level"),
    )
    relations = first.frame("relations")
    store.write(
        "past",
        Changes(
            {"regions": regions, "relations": relations.head(1).with_columns(kind=pl.lit("county_pair"))},
            {"relations": relations.tail(1).select("id")},
        ),
        base=1, how="request", by="test",
    )  # fmt: skip
    then, now = OfNeo4j(store, "past", 1), OfNeo4j(store, "past")
    second = store.read("past")
    for words, other in (
        ("Northpoor", "Rich"),
        ("Renamed", "R"),
        ("P", "small"),
        ("u2", "P2"),
        ("P1b", "Quietton"),
    ):
        asked = every_question(words, other, date(2016, 12, 31))
        asked["gaps by level"] = lambda q: q.gaps(rules=RULES)
        assert differing(OfNetwork(replace(first, name="past")), then, asked) == []
        assert differing(OfNetwork(second), now, asked) == []
    assert answer_to(lambda: then.find("Northpoor"))[0]["id"] == "P1"
    assert now.find("Northpoor", level="middle")[0].id != "P1"


def test_a_question_that_an_adoption_overtakes_is_asked_again(store: Neo4jStore) -> None:
    loaded(store, network(regions=REGIONS, units=UNITS, relations=RELATIONS), "busy")
    regions = store.read("busy").frame("regions")
    changed = iter(["Newer", "Newest"])
    ask = store.ask

    def meddling(work: Any) -> Any:
        def told(run: Run) -> Any:
            def one(statement: str, /, **parameters: Any) -> list[list[Any]]:
                if "UNION ALL" in statement and (name := next(changed, None)):
                    rows = regions.filter(pl.col("code") == "P").with_columns(name=pl.lit(name))
                    store.ask = ask  # type: ignore[method-assign]
                    base = store.head("busy").number
                    store.write("busy", Changes({"regions": rows}), base=base, how="adopt", by="other")
                    store.ask = meddling  # type: ignore[method-assign, assignment]
                return run(statement, **parameters)

            return work(one)

        return ask(told)

    store.ask = meddling  # type: ignore[method-assign, assignment]
    try:
        card = OfNeo4j(store, "busy").ask("P")
    finally:
        store.ask = ask  # type: ignore[method-assign]
    assert card.subject.name == "Newest"
    assert next(changed, None) is None
