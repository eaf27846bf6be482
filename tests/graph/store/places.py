"""Where the stores under test live. A new store has a line in `EMPTY` and one in `open_at`; the suite does the rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from graph.bolt import Address, connect
from graph.store.neo4j.store import Neo4jStore
from graph.store.protocol import Store
from graph.store.workspace import open_workspace


def _workspace(request: pytest.FixtureRequest) -> str:
    folder: Path = request.getfixturevalue("tmp_path")
    return f"workspace:{folder / 'office'}"


def _neo4j(request: pytest.FixtureRequest) -> str:
    """The run's server, whose constraints and indexes stay from test to test."""
    connection = request.getfixturevalue("empty_neo4j_module")
    with connection.driver.session(database=connection.database) as session:
        session.run("MATCH (n) WHERE NOT n:Schema DETACH DELETE n").consume()
    return "neo4j:" + json.dumps(asdict(connection.address), default=str)


EMPTY: dict[str, Callable[[pytest.FixtureRequest], str]] = {"workspace": _workspace, "neo4j": _neo4j}
"""Kind of store → makes the place for an empty one, and gives its address."""


def open_at(address: str) -> Store:
    """Open the store at an address, as any process would."""
    kind, _, where = address.partition(":")
    if kind == "neo4j":
        return Neo4jStore.on(connect(Address(**json.loads(where))))
    return open_workspace(Path(where), create=True)
