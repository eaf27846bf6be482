"""How much memory a process may still take."""

from __future__ import annotations

import pytest

from graph import memory

GB = 10**9


def test_what_is_free_is_the_least_that_any_limit_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (("_machine", 9 * GB), ("_group", 5 * GB), ("_limit", None)):
        monkeypatch.setattr(memory, name, lambda size=size: size)
    assert memory.available() == 5 * GB
    monkeypatch.setattr(memory, "_limit", lambda: GB)
    assert memory.available() == GB
