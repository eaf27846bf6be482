"""How much memory the private server takes: a share of what the machine or container has free."""

from __future__ import annotations

from dataclasses import dataclass

from graph.errors import OutsideError
from graph.memory import available

MB = 1 << 20
OWN_MB = 350
"""What a Java process takes beside its heap and page cache; measured."""
HEAP_MB, PAGES_MB = (384, 4096), (64, 4096)
"""Least and most of each."""
LEAST_MB = OWN_MB + HEAP_MB[0] + PAGES_MB[0]
SHARE = 0.3
"""Of the free memory; the rest is for the planner and the system's own cache."""


@dataclass(frozen=True)
class Memory:
    """Heap and page cache of a server, in MB."""

    heap_mb: int
    pages_mb: int

    @property
    def total_mb(self) -> int:
        """With what Java takes beside."""
        return self.heap_mb + self.pages_mb + OWN_MB


def divided(total_mb: float) -> Memory:
    """Heap and page cache of a server that may take ``total_mb`` in all."""
    rest = total_mb - OWN_MB
    heap = _within(round(rest * 0.6), *HEAP_MB)
    return Memory(heap, _within(round(rest - heap), *PAGES_MB))


def decide(asked_mb: int | None = None) -> Memory:
    """Memory by what was asked, else by what is free.

    Raises
    ------
    OutsideError
        When less is free than a server takes at least, or than was asked.
    """
    free = available()
    free_mb = None if free is None else free // MB
    wanted = max(LEAST_MB, asked_mb or 0)
    if free_mb is not None and free_mb < wanted:
        raise OutsideError(
            f"内存不足：Neo4j 需要 {wanted} MB，可用 {free_mb} MB；请关闭一些程序，或换内存更大的机器",
            f"not enough memory: Neo4j needs {wanted} MB, {free_mb} MB are free; close some programs, or use a machine with more",
        )
    if asked_mb:
        return divided(asked_mb)
    return divided(LEAST_MB * 2 if free_mb is None else max(LEAST_MB, free_mb * SHARE))


def _within(value: int, least: int, most: int) -> int:
    return max(least, min(most, value))
