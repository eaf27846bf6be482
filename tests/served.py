"""A service that runs for all tests that leave it as it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.service.running import Running


@pytest.fixture(scope="session")
def teachers_served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service of the smallest shipped scenario; what tests leave in it stays."""
    with Running(tmp_path_factory.mktemp("served") / "data") as found:
        yield found
