"""Connections that are cut and slowed on the way to the real server: the driver tries again, and the results are equal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from benchmarks.killing.grounds import Neo4jGround
from benchmarks.killing.looking import Known, settled
from benchmarks.killing.loop import STEPS
from benchmarks.killing.material import Material, make_material
from benchmarks.killing.work import step_named
from graph.bolt import Address, Connection, connect
from graph.errors import OutsideError
from graph.server.status import Status
from graph.store.neo4j.store import Neo4jStore
from tests.tcp_proxy import Proxy

TRIES = 12
pytestmark = pytest.mark.usefixtures("quick_retries")


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    """A small province and its plan."""
    return make_material(tmp_path_factory.mktemp("material") / "m", 40)


@pytest.fixture
def ground(empty_neo4j_module: Connection, neo4j_server: Status, tmp_path: Path) -> Iterator[Neo4jGround]:
    """The shared server, emptied afterwards."""
    made = Neo4jGround(tmp_path, neo4j_server, 40)
    yield made
    with empty_neo4j_module.driver.session(database=empty_neo4j_module.database) as session:
        session.run("MATCH (n) WHERE NOT n:Schema DETACH DELETE n").consume()


def lived(status: Status, proxy: Proxy, ground: Neo4jGround, material: Material) -> int:
    """A whole round through the proxy; how often a step had to be run again."""
    known, again = Known(material), 0
    address = Address(f"bolt://127.0.0.1:{proxy.port}", status.user, status.password(), status.database)
    straight = ground.open()
    for step in STEPS:
        for attempt in range(TRIES):
            try:
                with connect(address) as connection:
                    step_named(step)(Neo4jStore.on(connection, batch=40), "office", material)
                break
            except OutsideError as error:
                assert "\n" not in error.text.en
                again += 1
                assert attempt < TRIES - 1
        known.done(step)
        assert settled(ground, straight, "office", known) == []
    straight.close()
    return again


def test_cut(neo4j_server: Status, ground: Neo4jGround, material: Material) -> None:
    with Proxy(_port(neo4j_server), seed=2016, cuts=30, within=(2_000, 40_000)).running() as proxy:
        again = lived(neo4j_server, proxy, ground, material)
        assert proxy.cut >= 10
        assert again < proxy.cut  # the others were tried again by the driver


def test_slowed(neo4j_server: Status, ground: Neo4jGround, material: Material) -> None:
    with Proxy(_port(neo4j_server), delay_s=0.003, piece=4096).running() as proxy:
        assert lived(neo4j_server, proxy, ground, material) == 0
        assert proxy.passed > 100_000


def _port(status: Status) -> int:
    assert status.uri is not None
    port = urlsplit(status.uri).port
    assert port is not None
    return port
