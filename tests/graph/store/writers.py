"""What other processes do to a store in tests; each opens it by its address."""

from __future__ import annotations

from multiprocessing.synchronize import Barrier
from typing import Any

from graph.store.clash import StaleError
from tests.graph.store.places import open_at
from tests.graph.store.small_networks import put


def change(address: str, barrier: Barrier, answers: Any, table: str, row: dict[str, Any], base: int) -> None:
    """Wait for the others, write one row, and answer with the version or the clashes."""
    store = open_at(address)
    store.head("office")
    barrier.wait(60)
    try:
        answers.put(store.write("office", put(table, row), base=base, how="request", by=row["name"]).number)
    except StaleError as error:
        answers.put([c.row for c in error.clashes])
    finally:
        store.close()
