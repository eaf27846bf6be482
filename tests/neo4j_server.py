"""Real Neo4j servers for tests: one for each worker of a run, so that none waits for another, ended with it.

``neo4j_server``
    The worker's server's status (address, user, password); started when the first test asks for it.
``empty_neo4j``
    A connection to it with an empty database, which this test has for itself.
``empty_neo4j_module``
    The same, for all tests of a file.
``calendar_neo4j``
    A connection to a server of the calendar release, its database empty and for all tests of a file.
``own_server``
    A private server in the test's own folder, not started; whatever happens, it is ended.
``quick_retries``
    The driver waits a moment, not a second, before it tries a transaction again.

A part of Neo4j that is missing is fetched; where that cannot be, the test fails.
"""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import neo4j
import pytest
from filelock import FileLock

from graph.bolt import Address, Connection, connect
from graph.server.parts import CALENDAR, LTS
from graph.server.private import PrivateServer
from graph.server.process import launch
from graph.server.status import Status

MEMORY_MB = 1200
HOME = Path(__file__).resolve().parents[1]


@contextmanager
def watched(home: Path) -> Iterator[PrivateServer]:
    """The server of a folder; when nobody is within the block any more, in any process, it is ended and removed."""
    home.parent.mkdir(parents=True, exist_ok=True)
    lock = home.with_name(f"{home.name}.users")
    with lock.open("a") as opened:
        fcntl.flock(opened, fcntl.LOCK_SH)  # waits where the last users' server is being ended
        server = PrivateServer(home)
        with FileLock(home.with_name(f"{home.name}.starting")):
            if not home.is_dir():
                home.mkdir()
                command = [sys.executable, "-m", "tests.neo4j_watchdog", str(home), str(lock)]
                launch(
                    command, home.with_name(f"{home.name}.log"), HOME, os.environ | {"PYTHONPATH": str(HOME)}
                )
        yield server


@contextmanager
def shared(factory: pytest.TempPathFactory, name: str, release: str) -> Iterator[Status]:
    """The worker's server of a release, running."""
    with watched(factory.getbasetemp() / "neo4j" / name) as server:
        yield server.up(memory_mb=MEMORY_MB, release=release)


@contextmanager
def emptied(status: Status) -> Iterator[Connection]:
    """A connection to a worker's server, with nothing in its database."""
    assert status.uri is not None
    address = Address(status.uri, status.user, status.password(), status.database)
    with connect(address) as connection:
        empty(connection)
        yield connection


def empty(connection: Connection) -> None:
    """Remove all nodes, relationships, constraints and indexes."""
    with connection.driver.session(database=connection.database) as session:
        for row in session.run("SHOW CONSTRAINTS YIELD name").data():
            session.run(f"DROP CONSTRAINT `{row['name']}`").consume()
        for row in session.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'").data():
            session.run(f"DROP INDEX `{row['name']}`").consume()
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Status]:
    """The worker's server of the long-term release."""
    with shared(tmp_path_factory, "shared", LTS) as status:
        yield status


@pytest.fixture
def empty_neo4j(neo4j_server: Status) -> Iterator[Connection]:
    """An empty database for one test."""
    with emptied(neo4j_server) as connection:
        yield connection


@pytest.fixture(scope="module")
def empty_neo4j_module(neo4j_server: Status) -> Iterator[Connection]:
    """An empty database for the tests of one file."""
    with emptied(neo4j_server) as connection:
        yield connection


@pytest.fixture(scope="module")
def calendar_neo4j(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """An empty database of the calendar release for the tests of one file."""
    with shared(tmp_path_factory, "calendar", CALENDAR) as status, emptied(status) as connection:
        yield connection


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[PrivateServer]:
    """A private server in a folder of its own, not set up yet."""
    with watched(tmp_path / "服务器 1") as server:  # no path is too strange
        yield server


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drivers that are made within this test try again at once."""
    own = neo4j.GraphDatabase.driver

    def driver(*args: Any, **options: Any) -> neo4j.Driver:
        return own(*args, **options, initial_retry_delay=0.01)

    monkeypatch.setattr(neo4j.GraphDatabase, "driver", driver)
