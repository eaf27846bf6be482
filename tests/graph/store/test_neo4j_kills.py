"""A dozen kills on the real server, at random moments: nothing lost, nothing twice, the next run finishes.

``python -m benchmarks kills`` tries hundreds; docs/reliability.md tells what is promised.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.killing.grounds import MEMORY_MB, Neo4jGround
from benchmarks.killing.looking import Known, settled
from benchmarks.killing.loop import Loop
from benchmarks.killing.material import Material, make_material
from benchmarks.killing.work import step_named
from graph.bolt import Connection
from graph.server.private import PrivateServer
from graph.server.status import Status
from graph.store.proposal import NoSuchProposal

BATCH = 20


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    """A small province and its plan."""
    return make_material(tmp_path_factory.mktemp("material") / "m", 40)


def test_clients_killed(
    empty_neo4j_module: Connection, neo4j_server: Status, material: Material, tmp_path: Path
) -> None:
    loop = Loop(Neo4jGround(tmp_path, neo4j_server, BATCH), material, seed=2016)
    try:
        assert loop.measure(1) == []
        found = list(loop.rounds(["client"] * 12))
    finally:
        loop.close()
    assert [k for k in found if k.faults] == []
    assert len(found) >= 12
    assert any(k.fell == "while" for k in found)


def test_servers_killed(own_server: PrivateServer, material: Material, tmp_path: Path) -> None:
    """One that is killed alone, under the eyes of its client; one together with it."""
    ground = Neo4jGround(tmp_path, own_server.up(memory_mb=MEMORY_MB), BATCH, own_server)
    loop = Loop(ground, material, seed=7, steps=("load", "reload"))
    try:
        found = list(loop.rounds(["server", "both"]))
    finally:
        loop.close()
    assert [k for k in found if k.faults] == []
    assert {"server", "both"} <= {k.who for k in found}


SPOILED = {
    "a link twice": "MATCH (a:Region {code: 'c1'})-[l:LIES_IN]->(b) CREATE (a)-[m:LIES_IN]->(b) SET m = properties(l)",
    "a relationship twice": "MATCH (a)-[l:SUPPORTS {id: 'r0'}]->(b) CREATE (a)-[:SUPPORTS {network: l.network, row: 'x', "
    "recorded_at: 1, superseded_by: l.superseded_by}]->(b)",
    "a node lost": "MATCH (x:Post {village: 'v1'}) DETACH DELETE x",
    "a cell changed": "MATCH (x:Unit {id: 'u1'}) SET x.name = 'x'",
    "a label lost": "MATCH (x:County {code: 'c1'}) REMOVE x:County",
    "half a version": "MATCH (x:Unit {id: 'u1'}) SET x.superseded_by = 7",
    "a claim": "MATCH (n:Network) SET n.claim_token = 'x'",
    "a version beyond": "MATCH (n:Network) CREATE (n)-[:HAS_VERSION]->(:Version {network: n.name, number: 2})",
}


def test_what_is_wrong_is_seen(
    empty_neo4j_module: Connection, neo4j_server: Status, material: Material, tmp_path: Path
) -> None:
    """Each of these adds to what is found, so the loop would find it."""
    ground = Neo4jGround(tmp_path, neo4j_server, 10_000)
    store, known = ground.open(), Known(material)
    try:
        step_named("load")(store, "spoiled", material)
        known.done("load")
        before: list[str] = settled(ground, store, "spoiled", known)
        assert before == []
        for what, statement in SPOILED.items():
            with empty_neo4j_module.driver.session(database=empty_neo4j_module.database) as session:
                session.run(statement).consume()
            now = settled(ground, store, "spoiled", known)
            assert set(now) - set(before), what
            before = now
    finally:
        ground.clear(store, "spoiled")
        store.close()


def test_half_a_proposal_can_be_withdrawn(
    empty_neo4j_module: Connection, neo4j_server: Status, material: Material, tmp_path: Path
) -> None:
    """It is in no list, as it is only half there; so is one whose withdrawal was cut short."""
    ground = Neo4jGround(tmp_path, neo4j_server, BATCH)
    store = ground.open()
    try:
        step_named("load")(store, "half", material)
        for cut_short in ("propose", "withdraw"):
            step_named("propose")(store, "half", material)
            if cut_short == "propose":
                with empty_neo4j_module.driver.session(database=empty_neo4j_module.database) as session:
                    session.run("MATCH (p:Proposal) SET p.state = 'loading'").consume()
                    session.run("MATCH (p:Paper {kind: 'request'}) DETACH DELETE p").consume()
            else:
                with empty_neo4j_module.driver.session(database=empty_neo4j_module.database) as session:
                    session.run("MATCH (p:Proposal) SET p.state = 'loading'").consume()
            step_named("withdraw")(store, "half", material)
            assert ground.left(store, "half") == []
            with pytest.raises(NoSuchProposal):
                step_named("withdraw")(store, "half", material)
    finally:
        ground.clear(store, "half")
        store.close()
