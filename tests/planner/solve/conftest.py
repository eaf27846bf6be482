"""Engines on tiny cases take the way that large ones take."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from planner.solve import posting_start


@pytest.fixture(autouse=True, scope="module")
def few_ways() -> Iterator[None]:
    """The engine ``posting`` chooses among ways, however few there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posting_start, "ALL_WAYS", -1)
        yield
