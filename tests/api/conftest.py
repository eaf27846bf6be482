"""The desk of an empty data folder, and a worker, in the test's own process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.jobs.desk import Desk
from api.jobs.turns import Turns
from api.service.records import open_records
from graph.store.workspace.database import Database


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Database]:
    """The records of an empty data folder."""
    found = open_records(tmp_path)
    yield found
    found.close()


@pytest.fixture
def desk(records: Database) -> Desk:
    """A desk at which as many may wait as any test orders."""
    return Desk(records, waiting=99, per_user=99)


@pytest.fixture
def turns(records: Database) -> Turns:
    """What a worker sees."""
    return Turns(records, "w1")
