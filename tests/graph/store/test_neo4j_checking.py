"""A graph that somebody changed by hand into nonsense: each kind is named, with Cypher that finds it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl
import pytest

from graph.bolt import Connection
from graph.errors import InputError, UsageError
from graph.findings import Finding
from graph.network import Network
from graph.questions.ask import ask
from graph.store.load import load
from graph.store.neo4j.checking import check_network, graph_findings, read_sound
from graph.store.neo4j.questions import OfNeo4j
from graph.store.neo4j.store import Neo4jStore
from graph.store.neo4j.write import Writer
from graph.store.pulling import pulled
from graph.store.told import named, quoted
from tests.graph.store.small_networks import ABOUT, begin, every_table, put, removed, rows, small

TAGS = rows(
    "region_tags", {"region": "fg", "tag": "poor_county_832"}, {"region": "nj", "tag": "deep_poverty"}
)
LEDGER = rows(
    "ledger", {"relation": "r1", "year": 2017, "item": "fiscal_funds", "pledged": 5, "delivered": 4}
)


@dataclass(frozen=True)
class Spoiled:
    """What a colleague does by hand, and how it is found.

    Parameters
    ----------
    cypher : str
        What they do.
    codes : set of str
        Every error that is then found.
    table, row : str
        What the first of ``codes`` is about.
    """

    cypher: str
    codes: set[str]
    table: str
    row: str


STATE = "network: 'office', recorded_at: 1, superseded_by: 9007199254740992, position: 9"
NONSENSE = {
    "a village under two counties": Spoiled(
        "MATCH (v:Region {code: 'v1'}), (z:Region {code: 'zh'}) "
        f"CREATE (v)-[:LIES_IN {{{STATE}}}]->(z)", {"several-ends"}, "regions", "v1",
    ),
    "a village moved by its column alone": Spoiled(
        "MATCH (v:Region {code: 'v1'}) SET v.parent = 'zh'", {"wrong-link"}, "regions", "v1",
    ),
    "a village moved by its relationship alone": Spoiled(
        "MATCH (v:Region {code: 'v1'})-[l:LIES_IN]->(), (z:Region {code: 'zh'}) "
        f"DELETE l CREATE (v)-[:LIES_IN {{{STATE}}}]->(z)", {"wrong-link"}, "regions", "v1",
    ),
    "a relationship to the parent that was made by hand": Spoiled(
        "MATCH (v:Region {code: 'v1'})-[l:LIES_IN]->(f) DELETE l CREATE (v)-[:LIES_IN]->(f)", {"wrong-link"}, "regions", "v1",
    ),
    "a parent that is not there": Spoiled(
        "MATCH (v:Region {code: 'v1'})-[l:LIES_IN]->() SET v.parent = 'nowhere' DELETE l", {"missing-end"}, "regions", "v1",
    ),
    "a circle of parents": Spoiled(
        "MATCH (y:Region {code: 'yn'}), (f:Region {code: 'fg'}) SET y.parent = 'fg' "
        f"CREATE (y)-[:LIES_IN {{{STATE}}}]->(f)", {"parent-cycle"}, "regions", "yn",
    ),
    "a posting to a village that is deleted": Spoiled(
        "MATCH (v:Region {code: 'v1'}), ()-[p:POSTED_TO]->(v), (f:Region {code: 'fg'}), (c:Cadre {id: 'c1'}) "
        "WITH v, properties(p) AS kept, f, c DETACH DELETE v CREATE (c)-[p:POSTED_TO]->(f) SET p = kept",
        {"missing-end", "wrong-end"}, "postings", "c1|v1|first_secretary|2016-03-01",
    ),
    "a posting to a village that has ended": Spoiled(
        "MATCH (v:Region {code: 'v1'})-[l:LIES_IN]->() SET v.superseded_by = 1, l.superseded_by = 1, v.recorded_at = 0, v.changed_at = 0",
        {"missing-end", "wrong-versions"}, "postings", "c1|v1|first_secretary|2016-03-01",
    ),
    "a relation that leads elsewhere than it says": Spoiled(
        "MATCH (s)-[r:SUPPORTS {id: 'r1'}]->(), (z:Region {code: 'fg'}) "
        "WITH s, z, r, properties(r) AS kept DELETE r CREATE (s)-[n:SUPPORTS]->(z) SET n = kept", {"wrong-end"}, "relations", "r1",
    ),
    "a relation whose column names another": Spoiled(
        "MATCH ()-[r:SUPPORTS {id: 'r1'}]->() SET r.recipient = 'fg'", {"wrong-end"}, "relations", "r1",
    ),
    "a supporter that is no place and no unit": Spoiled(
        "MATCH ()-[r:SUPPORTS {id: 'r2'}]->(x), (c:Cadre {id: 'c2'}) "
        "WITH c, x, r, properties(r) AS kept DELETE r CREATE (c)-[n:SUPPORTS]->(x) SET n = kept", {"wrong-end"}, "relations", "r2",
    ),
    "a string where a number is due": Spoiled(
        "MATCH (e:LedgerEntry) SET e.pledged = '五千万'", {"wrong-type"}, "ledger", "r1|2017|fiscal_funds",
    ),
    "a number where text is due": Spoiled("MATCH (u:Unit {id: 'u1'}) SET u.name = 7", {"wrong-type"}, "units", "u1"),
    "a text where a day is due": Spoiled(
        "MATCH ()-[r:SUPPORTS {id: 'r1'}]->() SET r.until = '2020-12-31'", {"wrong-type"}, "relations", "r1",
    ),
    "a text where a list is due": Spoiled("MATCH (u:Unit {id: 'u1'}) SET u.profile = 'health'", {"wrong-type"}, "units", "u1"),
    "a list of numbers": Spoiled("MATCH (u:Unit {id: 'u1'}) SET u.profile = [1, 2]", {"wrong-type"}, "units", "u1"),
    "a truth where a number is due": Spoiled("MATCH (u:Unit {id: 'u1'}) SET u.capacity = true", {"wrong-type"}, "units", "u1"),
    "nothing where something must be": Spoiled(
        "MATCH ()-[r:SUPPORTS {id: 'r1'}]->() REMOVE r.kind", {"wrong-type"}, "relations", "r1",
    ),
    "an empty name": Spoiled("MATCH (f:Region {code: 'fg'}) SET f.name = ''", {"wrong-type"}, "regions", "fg"),
    "a cadre's name in clear": Spoiled(
        "MATCH (c:Cadre {id: 'c1'}) "
        f"CREATE (c)-[:NAMED]->(:CadreName {{id: 'c1', name: '张三', row: 'c1', {STATE}}})", {"clear-name"}, "cadre_names", "c1",
    ),
    "a value that no list knows": Spoiled(
        "MATCH ()-[r:SUPPORTS {id: 'r1'}]->() SET r.kind = 'friendship'", {"enum"}, "relations", "r1",
    ),
    "a place made by hand": Spoiled(
        "CREATE (:Region {network: 'office', code: 'new', name: '新县', level: 'county'})", {"no-bookkeeping"}, "regions", "new",
    ),
    "a relation made by hand": Spoiled(
        "MATCH (a:Region {code: 'zh'}), (b:Region {code: 'fg'}) "
        "CREATE (a)-[:SUPPORTS {network: 'office', id: 'r9', kind: 'east_west', supporter: 'zh', recipient: 'fg'}]->(b)",
        {"no-bookkeeping"}, "relations", "r9",
    ),
    "versions that are text": Spoiled(
        "MATCH (t:Tag {region: 'fg'}) SET t.recorded_at = '1'", {"no-bookkeeping"}, "region_tags", "fg|poor_county_832|",
    ),
    "a key that was changed": Spoiled(
        "MATCH (t:Tag {region: 'fg'}) SET t.tag = 'poor_village'", {"wrong-key"}, "region_tags", "fg|poor_county_832|",
    ),
    "one row twice": Spoiled(
        "MATCH (o)-[:TAGGED]->(t:Tag {region: 'fg'}) CREATE (o)-[:TAGGED]->(n) "
        "SET n = properties(t) SET n.recorded_at = 0 SET n:Tag", {"twice", "wrong-versions"}, "region_tags", "fg|poor_county_832|",
    ),
    "a record of nobody": Spoiled(
        "MATCH (:Region {code: 'fg'})-[t:TAGGED]->() DELETE t", {"wrong-link"}, "region_tags", "fg|poor_county_832|",
    ),
    "a record of two": Spoiled(
        "MATCH (t:Tag {region: 'fg'}), (z:Region {code: 'zh'}) CREATE (z)-[:TAGGED]->(t)",
        {"several-ends"}, "region_tags", "fg|poor_county_832|",
    ),
    "versions that run backwards": Spoiled(
        "MATCH (t:Tag {region: 'fg'}) SET t.superseded_by = 1", {"wrong-versions"}, "region_tags", "fg|poor_county_832|",
    ),
    "a version that is not there yet": Spoiled(
        "MATCH (t:Tag {region: 'fg'}) SET t.recorded_at = 7", {"beyond-head", "wrong-versions"}, "region_tags", "fg|poor_county_832|",
    ),
    "a label that was taken away": Spoiled(
        "MATCH (t:Tag {region: 'fg'}) REMOVE t:Tag SET t:Tagg", {"lost-label"}, "*", "fg|poor_county_832|",
    ),
    "a county that bears the label of villages": Spoiled(
        "MATCH (f:Region {code: 'fg'}) REMOVE f:County SET f:Village", {"wrong-label"}, "regions", "fg",
    ),
}  # fmt: skip
REMARKS = {
    "an unknown label": Spoiled("CREATE (:`我的 } 标签` {x: 1})", {"unknown-label"}, "我的 } 标签", "我的 } 标签"),
    "an unknown type": Spoiled(
        "MATCH (a:Region {code: 'zh'}), (b:Region {code: 'fg'}) CREATE (a)-[:`LIKES ``much```]->(b)",
        {"unknown-type"}, "LIKES `much`", "LIKES `much`",
    ),
    "a property that is no column": Spoiled(
        "MATCH (u:Unit {id: 'u1'}) SET u.phone = '1'", {"unknown-property"}, "units", "u1",
    ),
    "a row of no network": Spoiled("CREATE (:Unit {id: 'stray'})", {"no-network"}, "units", "stray"),
}  # fmt: skip
"""What may stay: warnings."""


@pytest.fixture
def store(empty_neo4j_module: Connection) -> Iterator[Neo4jStore]:
    """The small network with a tag, a ledger and some history, on the real server."""
    with empty_neo4j_module.driver.session(database=empty_neo4j_module.database) as session:
        session.run("MATCH (n) WHERE NOT n:Schema DETACH DELETE n").consume()
    store = Neo4jStore(empty_neo4j_module.driver, database=empty_neo4j_module.database)
    begin(store, frames={**small(), "region_tags": TAGS, "ledger": LEDGER})
    yield store


def by_hand(store: Neo4jStore, cypher: str) -> None:
    """A colleague's statement."""
    with store.driver.session(database=store.database) as session:
        session.run(cypher).consume()


def errors(findings: list[Finding]) -> set[str]:
    return {f.code for f in findings if f.severity == "error"}


def test_nothing_is_said_of_a_sound_graph(store: Neo4jStore) -> None:
    """With rows that changed, ended and came again, and a place whose parent is another by now."""
    moved = {"code": "v1", "name": "某村", "level": "village", "parent": "zh"}
    for base, changes in enumerate(
        (
            put("regions", moved), removed("postings", {"cadre": "c1", "village": "v1", "post": "first_secretary", "since": date(2016, 3, 1)}),
            put("relations", {"id": "r1", "kind": "east_west", "supporter": "zh", "recipient": "fg"}),
            put("region_tags", {"region": "fg", "tag": "poor_county_832", "value": "又"}), removed("region_tags", {"region": "fg", "tag": "poor_county_832"}),
            put("region_tags", {"region": "fg", "tag": "poor_county_832"}),
        ), 1,
    ):  # fmt: skip
        store.write("office", changes, base=base, how="request", by="tests")
    assert [f.code for f in graph_findings(store, "office")] == []


def test_nothing_is_said_of_odd_but_sound_cells(store: Neo4jStore) -> None:
    """Quotes, line breaks, backslashes and bars in keys, and tables that name what was never given."""
    begin(store, "odd", every_table())
    begin(store, "few", {"relations": small()["relations"], "postings": small()["postings"]})
    found = [f for name in ("odd", "few") for f in graph_findings(store, name)]
    there = ("parent-cycle", "clear-name")  # such circles are really there, and nobody sealed these names
    assert [f.text.en for f in found if f.code not in there] == []


@pytest.mark.parametrize("kind", NONSENSE)
def test_nonsense_is_named_with_the_cypher_that_finds_it(store: Neo4jStore, kind: str) -> None:
    spoiled = NONSENSE[kind]
    by_hand(store, spoiled.cypher)
    findings = check_network(store, "office")
    assert errors(findings) == spoiled.codes
    about = [f for f in findings if f.code in spoiled.codes and f.table == spoiled.table]
    mine = [f for f in about if spoiled.row in f.text.en]
    assert mine, [f.text.en for f in findings]
    assert mine[0].what.zh != mine[0].what.en and mine[0].mend.zh
    assert finds(store, mine[0]), mine[0].cypher
    if kind != "a value that no list knows":
        read_or_told(store)


@pytest.mark.parametrize("kind", REMARKS)
def test_what_may_stay_is_a_warning(store: Neo4jStore, kind: str) -> None:
    spoiled = REMARKS[kind]
    by_hand(store, spoiled.cypher)
    findings = check_network(store, "office", domain=False)
    assert [(f.code, f.severity, f.table) for f in findings] == [(*spoiled.codes, "warning", spoiled.table)]
    assert spoiled.row in findings[0].text.en
    assert finds(store, findings[0])


def test_an_end_in_another_network_is_told_with_that_network(store: Neo4jStore) -> None:
    """Both codes are the same then: they alone would say nothing."""
    by_hand(store, "MATCH ()-[:SUPPORTS {id: 'r1'}]->(o) SET o.network = 'else'")
    (told,) = [
        f
        for f in graph_findings(store, "office")
        if f.code == "wrong-end" and f.table == "relations" and "r1" in f.text.en
    ]
    assert "(:Region" in told.text.en and "network else)" in told.text.en


def finds(store: Neo4jStore, finding: Finding) -> bool:
    """Run the Cypher of a finding as it is told; whether it finds something."""
    assert finding.cypher is not None
    told = re.fullmatch(r"(?s):param network => ('.*?');\n(.+);", finding.cypher)
    assert told is not None
    with store.driver.session(database=store.database) as session:
        name = session.run(f"RETURN {told[1]}").single(strict=True)[0]
        return len(session.run(told[2], network=name).values()) > 0


def read_or_told(store: Neo4jStore) -> None:
    """Reading, asking on the server and loading give an answer or an error of ours that says where to look; never anything else."""
    asked = OfNeo4j(store, "office")
    for question in (
        lambda: ask(store.read("office"), "怒江"), lambda: asked.ask("怒江"), lambda: asked.paths("zh", "fg"),
        lambda: asked.pair("zh", "nj"), lambda: asked.withdraw("zh"), asked.gaps, asked.supporter_loads, asked.structure,
    ):  # fmt: skip
        try:
            question()
        except InputError as error:
            assert "jiedui check" in error.text.zh and "jiedui check" in error.text.en
        except UsageError:  # who is asked about is not there any more
            pass
    try:
        load(store, Network({"units": small()["units"]}), "office", by="tests")
    except InputError as error:
        assert "jiedui check" in error.text.en


def test_what_a_dead_writer_left_is_a_warning(store: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(Exception):
        """The end of a process."""

    def die(*_: object, **__: object) -> int:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "_raised", die)
        with pytest.raises(Killed):
            change = put("units", {"id": "u1", "name": "改名"}, {"id": "u7", "name": "新"})
            store.write("office", change, base=1, how="request", by="tests")
    alive = graph_findings(store, "office")
    assert {(f.code, f.severity) for f in alive} == {("beyond-head", "notice")}
    by_hand(store, "MATCH (n:Network) SET n.claim_beat = 0")
    dead = graph_findings(store, "office")
    assert {(f.code, f.severity) for f in dead} == {("beyond-head", "warning")}
    assert sorted(f.text.en.split()[1] for f in dead if f.table == "units") == ["u1", "u7"]
    store.write("office", put("units", {"id": "u2", "name": "别的"}), base=1, how="request", by="tests")
    assert graph_findings(store, "office") == []


@pytest.mark.parametrize(
    "beside", ["CREATE (:Region {name: 'no network'})", "MATCH (u:Unit {id: 'u2'}) SET u.mine = 1"]
)
def test_a_warning_beside_hides_no_error(store: Neo4jStore, beside: str) -> None:
    """Rows are never left out without an error and their number."""
    by_hand(store, "MATCH (n:Region {code: 'nj'}) SET n.name = ''")
    by_hand(store, beside)
    network, findings = pulled(store, "office", 1)
    (told,) = [f for f in findings if f.severity == "error" and f.table == "regions"]
    assert told.code == "wrong-type" and told.value == "nj" and "name = " in told.text.en
    left = {f.table: f.what.en for f in findings if f.code == "left-out"}
    for table, frame in small().items():
        lost = frame.height - network.frame(table).height
        assert (f"{lost} row" in left[table]) if lost else table not in left
    assert left


def test_rows_that_cannot_be_read_are_left_out_and_told(store: Neo4jStore) -> None:
    by_hand(
        store,
        "MATCH ()-[r:SUPPORTS {id: 'r1'}]->() SET r.until = 'soon' WITH r MATCH (u:Unit {id: 'u2'}) SET u.name = '改'",
    )
    with pytest.raises(InputError, match="relations"):
        store.read("office")
    sound = read_sound(store, "office")
    assert [(f.table, f.column, f.value) for f in sound.findings] == [("relations", "until", "soon")]
    assert sound.network.frame("relations")["id"].to_list() == ["r2"]
    assert sound.network.frame("units").filter(pl.col("id") == "u2")["name"].to_list() == ["改"]
    assert sound.rows["relations"] == ["r2"]


@pytest.mark.parametrize(
    "name", ["'} DETACH DELETE n //", "a\\", "\\' RETURN 1 //", "`", "``x", "行\n\u2028二", "\\u0027", "😀"]
)
def test_names_and_texts_are_never_read_as_cypher(store: Neo4jStore, name: str) -> None:
    with store.driver.session(database=store.database) as session:
        assert session.run(f"RETURN {quoted(name)}").single(strict=True)[0] == name
        made = session.run(f"CREATE (n:{named(name)}) WITH n, labels(n) AS l DELETE n RETURN l").single(
            strict=True
        )
        assert made[0] == [name]
    assert ABOUT is not None
