"""The next part of an answer is made while the one before it goes out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

T = TypeVar("T")


async def ahead(parts: Iterator[T]) -> AsyncIterator[T]:
    """Parts in their order, each made in a thread; at most one waits to be sent.

    An error in making a part is raised in its place. Where nobody takes further parts, the one that is being made is the last.
    """
    coming = _next(parts)
    try:
        while (part := await coming) is not None:
            coming = _next(parts)
            yield part
    finally:
        coming.add_done_callback(_heard)


def _next(parts: Iterator[T]) -> asyncio.Task[T | None]:
    return asyncio.ensure_future(run_in_threadpool(next, parts, None))


def _heard(coming: asyncio.Task[T | None]) -> None:
    """Nobody waits for it: an error in it is told to nobody."""
    if not coming.cancelled():
        coming.exception()
