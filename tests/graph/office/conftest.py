"""The office of a small network on each store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from graph.office.office import Office
from graph.store.protocol import Store
from tests.graph.store.conftest import address, again, store
from tests.graph.store.small_networks import begin

__all__ = ["address", "again", "store"]  # fixtures
TODAY = date(2017, 1, 1)


@pytest.fixture
def office(store: Store) -> Office:
    """The office of the small network."""
    begin(store)
    return Office(store, "office", lambda: TODAY)


@pytest.fixture
def colleague(office: Office, again: Callable[[], Store]) -> Callable[[], Office]:
    """The same office as another process sees it."""
    return lambda: Office(again(), "office", lambda: TODAY)
