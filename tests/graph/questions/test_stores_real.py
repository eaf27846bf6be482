"""The same questions on files, workspace and server: real answers, the same everywhere; no name can do harm; plans use indexes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from graph.bolt import Connection
from graph.errors import LimitReached, UsageError
from graph.language import Text
from graph.network import Network
from graph.questions.of_network import OfNetwork
from graph.questions.protocol import Questions
from graph.questions.rules import RULES, Rule
from graph.store.neo4j.questions import OfNeo4j, structural
from graph.store.neo4j.store import Neo4jStore
from planner.scenario import read_scenario
from tests.graph.questions.asked import (
    NAME,
    answer_to,
    differing,
    every_question,
    loaded,
    neo4j_store,
    of_workspace,
    recorded,
)

DAY = date(2016, 12, 31)
NASTY = "'}) DETACH DELETE n //"
PAIRED = {
    "珠海市": "怒江傈僳族自治州", "宁波市": "延边朝鲜族自治州", "杭州市": "恩施土家族苗族自治州", "济南市": "湘西土家族苗族自治州",
}  # fmt: skip


@pytest.fixture(scope="module")
def real() -> Network:
    """``china-2016`` with the villages of Nujiang alone, and of figures those that questions read."""
    whole = read_scenario("china-2016", stages=(), domain=False, trust_shipped=True).network
    kept = set(whole.descendants("533300"))
    regions = whole.frame("regions").filter((pl.col("level") != "village") | pl.col("code").is_in(list(kept)))
    there = pl.col("region").is_in(regions["code"].to_list())
    here = pl.col("village").is_in(list(kept))
    tags = ["ethnic_prefecture", "key_county_592", "poor_county_832"]
    postings = whole.frame("postings").filter(here)
    frames = {
        t: whole.frame(t) for t in ("names", "region_successions", "units", "fund_sources", "fund_flows")
    }
    gone = whole.frame("regions").join(regions, on="code", how="anti")["code"].to_list()
    frames |= {
        "regions": regions,
        "relations": (relations := whole.frame("relations").filter(~pl.col("recipient").is_in(gone))),
        "region_tags": whole.frame("region_tags").filter(there & pl.col("tag").is_in(tags)),
        "region_facts": whole.frame("region_facts").filter(
            there & pl.col("measure").is_in(["poor_population", "fiscal_revenue"]) & (pl.col("year") == 2016)
        ),
        "coverage": whole.frame("coverage"),
        "ledger": whole.frame("ledger")
        .filter(pl.col("year") == 2016)
        .join(relations, left_on="relation", right_on="id", how="semi"),
        "village_posts": whole.frame("village_posts").filter(here),
        "postings": postings,
        "cadres": whole.frame("cadres").join(postings, left_on="id", right_on="cadre", how="semi"),
    }  # fmt: skip
    return replace(whole, frames=frames)


@pytest.fixture(scope="module")
def store(real: Network, empty_neo4j_module: Connection) -> Neo4jStore:
    made = neo4j_store(empty_neo4j_module)
    loaded(made, real)
    return made


@pytest.fixture(params=["files", "workspace", "neo4j"])
def asked(
    request: pytest.FixtureRequest, real: Network, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Questions]:
    if request.param == "files":
        yield OfNetwork(real)
    elif request.param == "workspace":
        yield of_workspace(tmp_path_factory.mktemp("office"), real)
    else:
        yield OfNeo4j(request.getfixturevalue("store"), NAME)


def test_who_supports_nujiang(asked: Questions) -> None:
    card = asked.ask("怒江")
    assert card.sure
    assert card.at == DAY
    first = card.supported_by[0]
    assert (first.supporter.name, first.through, first.since, first.mark) == (
        "珠海市", "own", date(2016, 12, 7), "recalled"
    )  # fmt: skip
    wider = next(t for t in card.supported_by if t.supporter.name == "上海市" and t.through == "parent")
    assert wider.yields_to == first.id
    assert any(t.through == "child" and t.recipient.name == "福贡县" for t in card.supported_by)


@pytest.mark.parametrize("words", ["怒江", "nujiang", "njlsz", "533300", "怒江傈僳族自治州"])
def test_nujiang_by_every_name(asked: Questions, words: str) -> None:
    assert asked.find(words)[0].id == "533300"


def test_retired_codes_and_abbreviations_are_found(asked: Questions) -> None:
    assert [h.name for h in asked.find("533321")] == ["泸水市"]
    assert "中国农业大学" in [h.name for h in asked.find("农大")]
    with pytest.raises(UsageError, match=r"did you mean.*533300"):
        asked.ask("533399")


def test_pairs_of_prefectures(asked: Questions) -> None:
    for giver, taker in PAIRED.items():
        ties = asked.ask(taker).supported_by
        assert giver in [t.supporter.name for t in ties if t.through == "own" and t.kind == "east_west"]


def test_history_and_ledger_of_a_pair(asked: Questions) -> None:
    found = asked.pair("珠海", "怒江")
    assert [(t.kind, t.state) for t in found.relations] == [("east_west", "in_force")]
    assert set(found.ledger["relation"]) == {found.relations[0].id}
    assert found.ledger.height == 8
    again = asked.pair(found.relations[0].id)
    assert again.to_dict()["ledger"] == found.to_dict()["ledger"]
    with pytest.raises(UsageError, match="never was"):
        asked.pair("珠海", "拉萨市")


def test_gaps_are_the_published_ones(asked: Questions) -> None:
    told = {answer.rule: (answer.places, answer.counts["covered"]) for answer in asked.gaps()}
    assert told["autonomous_prefectures"] == (30, 30)
    assert told["designated_key_counties"] == (592, 444)
    assert told["poor_counties_supported"] == (832, 740)


def test_zhuhai_withdraws(asked: Questions) -> None:
    found = asked.withdraw("珠海")
    lost = next(entry for entry in found.lost if entry.recipient.id == "533300")
    assert [p.name for p in lost.remaining] == ["上海市"]
    assert found.broken_rules == {}
    assert found.below == 2


def test_every_question_is_answered_alike(real: Network, store: Neo4jStore) -> None:
    files, server = OfNetwork(real), OfNeo4j(store, NAME)
    for words, other in (("怒江", "上海市"), ("中国农业大学", "county")):
        assert differing(files, server, every_question(words, other, DAY)) == []
    own = [Rule("own", Text("县", "counties"), kinds=("county_pair",), level="county")]
    assert answer_to(lambda: files.gaps(rules=own)) == answer_to(lambda: server.gaps(rules=own))


WORDS = [NASTY, 'a:b~ "', "怒江* AND [a TO b]", "\\Q\\E$network"]


def test_no_word_does_harm_in_any_question(real: Network, store: Neo4jStore) -> None:
    files, server = OfNetwork(real), OfNeo4j(store, NAME)
    before = store.ask(lambda run: run("MATCH (n) RETURN count(n)"))
    for words in WORDS:
        asked = every_question(words, words, DAY)
        named = {
            "gaps",
            "supporter_loads",
            "structure",
            "difference",
            "terms_ending",
            "flows",
        }  # these take no words
        with recorded(store) as seen:
            assert differing(files, server, {k: v for k, v in asked.items() if k not in named}) == [], words
        assert not any(words in statement for statement in seen)
    rule = Rule(NASTY, Text("", ""), kinds=(NASTY,), tag=NASTY, without_tag=NASTY, level=NASTY, measure=NASTY)
    assert server.gaps(rules=[rule])[0].places == 0
    assert store.ask(lambda run: run("MATCH (n) RETURN count(n)")) == before


def operators(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Operators of a plan with what they work on."""
    yield plan["operatorType"].partition("@")[0], str(plan["args"].get("Details", ""))
    for child in plan.get("children", []):
        yield from operators(child)


def test_plans_use_the_indexes(store: Neo4jStore, empty_neo4j_module: Connection) -> None:
    server = OfNeo4j(store, NAME)
    relation = server.pair("珠海", "怒江").relations[0].id
    with recorded(store) as seen:
        for words in ("怒江", "nujiang", "nj", "农大", "福建银", "é", "zzqqz", "533399"):
            server.find(words)
        for ask in every_question("怒江", "上海市", DAY).values():
            answer_to(lambda ask=ask: ask(server))  # type: ignore[misc]
        server.pair(relation)
        server.gaps(rules=[Rule("every", Text("", ""), kinds=("east_west",))])
    assert len(seen) > 30
    walked = []
    with empty_neo4j_module.driver.session(database=empty_neo4j_module.database) as session:
        session.run(
            "CALL db.prepareForReplanning(300)"
        ).consume()  # plans made when the database was empty go
        for statement, parameters in seen.items():
            plan = session.run(f"EXPLAIN {statement}", parameters).consume().plan  # type: ignore[arg-type]
            assert plan is not None
            walked += [(name, details, statement) for name, details in operators(plan)]
    names = {name for name, _, _ in walked}
    assert {"NodeUniqueIndexSeek", "DirectedRelationshipIndexSeek"} <= names
    refused = ("AllNodesScan", "CartesianProduct", "LabelScan", "TypeScan", "AllRelationshipsScan")
    assert [(n, d, s[:200]) for n, d, s in walked if any(part in n for part in refused)] == []
    whole = [(n, d) for n, d, _ in walked if n.endswith("IndexScan")]  # a whole index: as bad
    assert whole == []


def test_questions_about_counties_take_no_village_and_no_cadre(store: Neo4jStore) -> None:
    server = OfNeo4j(store, NAME)
    rows: list[list[Any]] = []
    asked = store.ask

    def counting(work: Any) -> Any:
        def told(run: Any) -> Any:
            def one(statement: str, /, **parameters: Any) -> list[list[Any]]:
                rows.extend(found := run(statement, **parameters))
                return found

            return work(one)

        return asked(told)

    store.ask = counting  # type: ignore[method-assign, assignment]
    try:
        server.supporter_loads()
        server.gaps(rules=RULES[:4])
        server.withdraw("珠海")
        server.ask("福建省")
        server.flows("province")
    finally:
        store.ask = asked  # type: ignore[method-assign]
    villages = [row for row in rows if row[0] == "regions" and len(str(row[2][0])) == 12]
    assert villages == []


def test_too_much_for_an_algorithm_is_told(store: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structural, "EDGES", 10)
    for ask in (OfNeo4j(store, NAME).structure, lambda: OfNeo4j(store, NAME).ego("怒江")):
        with pytest.raises(LimitReached, match="10 are the limit"):
            ask()
