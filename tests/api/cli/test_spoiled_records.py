"""Commands on a network whose bookkeeping somebody changed by Cypher: each says what is wrong, none is a defect of ours."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from graph.bolt import Connection
from graph.store.neo4j.store import Neo4jStore
from graph.store.papers import Filing
from graph.store.proposal import Proposal
from tests.api.cli.conftest import Typed
from tests.graph.store.small_networks import begin, put

ADDRESS = "neo4j:#office"
VERSIONS, LISTED = ("graph", "versions", "--on", ADDRESS), ("graph", "request", "list", "--on", ADDRESS)
ASK, KNOWN = ("ask", "怒江", "--on", ADDRESS), ("ask", "怒江", "--on", ADDRESS, "--known-on", "2030-01-01")
PULL = ("graph", "pull", "OUT", "--on", ADDRESS)
LOAD = ("graph", "load", "IN", "--on", ADDRESS)
SHOW = ("graph", "request", "show", "r1", "--on", ADDRESS)
SPOILED: dict[str, tuple[str, str, str, tuple[tuple[str, ...], ...]]] = {
    "a version's time that is text": ("MATCH (x:Version {number: 1}) SET x.at = 'soon'", "Version", "at", (VERSIONS, KNOWN)),
    "a version's time that is gone": ("MATCH (x:Version {number: 1}) REMOVE x.at", "Version", "at", (VERSIONS, KNOWN)),
    "a head's time of no zone": ("MATCH (x:Version {number: 2}) SET x.at = localdatetime()", "Version", "at", (VERSIONS, PULL)),
    "counts that are no JSON": ("MATCH (x:Version {number: 2}) SET x.counts = 'x'", "Version", "counts", (VERSIONS,)),
    "counts of something else": ("MATCH (x:Version) SET x.counts = '{\"units\": 3}'", "Version", "counts", (VERSIONS,)),
    "another way to make a version": ("MATCH (x:Version) SET x.how = 'magic'", "Version", "how", (VERSIONS,)),
    "settings that are no JSON": ("MATCH (x:Version) SET x.about = 'x'", "Version", "about", (ASK, PULL, LOAD)),
    "settings of something else": ("MATCH (x:Version) SET x.about = '[]'", "Version", "about", (ASK, PULL, LOAD)),
    "tables that are a number": ("MATCH (x:Version) SET x.tables = 5", "Version", "tables", (ASK, PULL, LOAD)),
    "places of rows that are text": ("MATCH (x:Version) SET x.places = 'x'", "Version", "places", (LOAD,)),
    "a head that is text": ("MATCH (n:Network) SET n.head = 'dos'", "Network", "head", (LOAD, ASK, VERSIONS, PULL)),
    "a head that is gone": ("MATCH (n:Network) REMOVE n.head", "Network", "head", (LOAD, ASK, VERSIONS, PULL)),
    "a head beyond all versions": ("MATCH (n:Network) SET n.head = 99", "Network", "head", (LOAD, ASK, PULL)),
    "a claim without its time": ("MATCH (n:Network) SET n.claim_token = 'x'", "Network", "claim_digest", (LOAD,)),
    "a paper's revision": ("MATCH (x:Paper) SET x.revision = 'x'", "Paper", "revision", (LISTED, SHOW)),
    "a paper's content": ("MATCH (x:Paper) SET x.content = 'x'", "Paper", "content", (LISTED, SHOW)),
    "a proposal's content": ("MATCH (x:Proposal) SET x.content = '{}' WITH x MATCH (p:Paper) DETACH DELETE p", "Proposal", "content", ()),
}  # fmt: skip
"""What somebody does → their Cypher, the node and property that must be named, and commands that read them."""


@pytest.fixture
def office(empty_neo4j: Connection, monkeypatch: pytest.MonkeyPatch) -> Neo4jStore:
    """Two versions, a paper and a proposal, on the server that the environment names."""
    address = empty_neo4j.address
    monkeypatch.setenv("NEO4J_URI", address.uri)
    monkeypatch.setenv("NEO4J_USER", address.user)
    monkeypatch.setenv("NEO4J_PASSWORD", address.password)
    store = Neo4jStore(empty_neo4j.driver, database=empty_neo4j.database)
    begin(store)
    store.write("office", put("units", {"id": "u3", "name": "第三"}), base=1, how="request", by="tests")
    store.file("office", [Filing("request", "r1", {"state": "draft"}, 0)], by="tests")
    store.propose("office", Proposal("p1", 2, date(2016, 1, 1), "某方案", "tests", (), {}), {})
    return store


def by_hand(store: Neo4jStore, cypher: str) -> None:
    """A colleague's statement."""
    with store.driver.session(database=store.database) as session:
        assert session.run(cypher).consume().counters.properties_set


@pytest.mark.parametrize("kind", SPOILED)
def test_a_spoiled_record_is_named(office: Neo4jStore, typed: Typed, tmp_path: Path, kind: str) -> None:
    cypher, label, name, commands = SPOILED[kind]
    (tmp_path / "in").mkdir()
    pl.DataFrame({"id": ["u9"], "name": ["新"]}).write_csv(tmp_path / "in" / "units.csv")
    by_hand(office, cypher)
    for command in commands:
        words = [{"OUT": tmp_path / "out", "IN": tmp_path / "in"}.get(word, word) for word in command]
        code, _, err = typed(*words)
        assert code == 2, (command, err)
        assert f"property {name} of {label}" in err and "jiedui check neo4j:#office" in err, command
        assert not (tmp_path / "out").exists()
    code, out, err = typed("check", ADDRESS, "--json")
    errors = [e for task in json.loads(out)["tasks"] for e in task["errors"]]
    found = [e for e in errors if (e["type"], e["table"], e["fieldName"]) == ("spoiled-record", label, name)]
    assert code == 1 and found, (out, err)
    statement = found[0]["cypher"].split(";\n", 1)[1].rstrip(";")
    with office.driver.session(database=office.database) as session:
        assert session.run(statement, network="office").values()
    code, out, _ = typed("check", ADDRESS)
    assert code == 1 and f"property {name} of {label}" in out and "✗ office" in out


def test_nothing_is_said_of_sound_records(office: Neo4jStore, typed: Typed) -> None:
    code, out, _ = typed("check", ADDRESS)
    assert (code, out.splitlines()[-1]) == (0, "✓ office version 2: 0 errors, 0 warnings, 0 notices")


@pytest.mark.parametrize(
    ("region", "words"),
    [("v1", ("withdraw", "云南")), ("fg", ("withdraw", "云南")), ("fg", ("gaps",)), ("nj", ("gaps",))],
)
def test_a_code_that_is_a_number(
    office: Neo4jStore, typed: Typed, region: str, words: tuple[str, ...]
) -> None:
    tags = ({"region": "nj", "tag": "three_regions"}, {"region": "fg", "tag": "poor_county_832"})
    office.write("office", put("region_tags", *tags), base=2, how="request", by="tests")
    by_hand(office, f"MATCH (x:Region {{code: '{region}'}}) SET x.code = 5")
    code, _, err = typed(*words, "--on", ADDRESS)
    assert code == 2 and "jiedui check neo4j:#" in err
    code, out, _ = typed("check", ADDRESS)
    assert code == 1 and "code = 5" in out
