"""The small network on each store."""

from __future__ import annotations

import pytest

from graph.store.protocol import Store
from tests.graph.store.conftest import address, again, store
from tests.graph.store.small_networks import begin

__all__ = ["address", "again", "store"]  # fixtures


@pytest.fixture
def stored(store: Store) -> Store:
    """A store with the small network."""
    begin(store)
    return store
