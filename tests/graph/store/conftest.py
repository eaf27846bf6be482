"""A store of each kind, empty, and the way to open it once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.store.protocol import Store
from tests.graph.store.places import EMPTY, open_at


@pytest.fixture(params=sorted(EMPTY))
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty store."""
    return EMPTY[request.param](tmp_path)


@pytest.fixture
def again(address: str) -> Iterator[Callable[[], Store]]:
    """Opens the store once more, as another process or thread would."""
    opened: list[Store] = []

    def opener() -> Store:
        opened.append(open_at(address))
        return opened[-1]

    yield opener
    for store in opened:
        store.close()


@pytest.fixture
def store(again: Callable[[], Store]) -> Store:
    """An empty store."""
    return again()
