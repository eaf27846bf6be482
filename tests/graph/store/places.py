"""Where the stores under test live. A new store has a line in `EMPTY` and one in `open_at`; the suite does the rest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from graph.store.protocol import Store
from graph.store.workspace import open_workspace

EMPTY: dict[str, Callable[[Path], str]] = {"workspace": lambda folder: f"workspace:{folder / 'office'}"}
"""Kind of store → makes the place for an empty one, and gives its address."""


def open_at(address: str) -> Store:
    """Open the store at an address, as any process would."""
    kind, _, where = address.partition(":")
    assert kind == "workspace"
    return open_workspace(Path(where), create=True)
