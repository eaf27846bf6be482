"""The two ways to the service: a line that blocks, a line that awaits. All that differs between the two clients is here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import httpx2
from tenacity import AsyncRetrying, AttemptManager, Retrying

H = TypeVar("H", httpx2.Client, httpx2.AsyncClient)
PIECE = 1 << 18
"""Bytes of a file that are sent or received at once."""


class Line(Protocol):
    """A line to the service. A blocking one never suspends, though its methods are coroutines (see :mod:`jiedui.client.modes`)."""

    blocking: bool

    @property
    def base(self) -> httpx2.URL:
        """Where the service is."""

    def request(self, content: bytes | Path | None, **words: Any) -> httpx2.Request:
        """A request; a file goes piece by piece."""

    async def send(self, request: httpx2.Request) -> httpx2.Response:
        """The answer's head; its body is read by :meth:`pieces`, :meth:`events` or :meth:`read`, and it is to be closed."""

    async def read(self, answer: httpx2.Response) -> None:
        """Read the body whole."""

    def pieces(self, answer: httpx2.Response) -> AsyncIterator[bytes]:
        """The body piece by piece."""

    def events(self, answer: httpx2.Response) -> AsyncIterator[httpx2.ServerSentEvent]:
        """The body as server-sent events."""

    async def close(self, answer: httpx2.Response | None = None) -> None:
        """Let go of an answer, or of all connections."""

    def attempts(self, **words: Any) -> AsyncIterator[AttemptManager]:
        """Attempts as :class:`tenacity.Retrying` makes them of these words."""

    async def pause(self, seconds: float) -> None:
        """Wait."""


class _Over(Generic[H]):
    """What both lines have alike.

    Parameters
    ----------
    http : httpx2.Client or httpx2.AsyncClient
    """

    def __init__(self, http: H) -> None:
        self.http: H = http

    @property
    def base(self) -> httpx2.URL:
        """See :class:`Line`."""
        return self.http.base_url

    def request(self, content: bytes | Path | None, **words: Any) -> httpx2.Request:
        """See :class:`Line`."""
        sent = self._read(content) if isinstance(content, Path) else content
        return self.http.build_request(content=sent, **words)

    def _read(self, file: Path) -> Iterator[bytes] | AsyncIterator[bytes]:
        raise NotImplementedError


class BlockingLine(_Over[httpx2.Client]):
    """Blocks."""

    blocking = True

    async def send(self, request: httpx2.Request) -> httpx2.Response:
        """See :class:`Line`."""
        return self.http.send(request, stream=True)

    async def read(self, answer: httpx2.Response) -> None:
        """See :class:`Line`."""
        answer.read()

    async def pieces(self, answer: httpx2.Response) -> AsyncIterator[bytes]:
        """See :class:`Line`."""
        for piece in answer.iter_bytes(PIECE):
            yield piece

    async def events(self, answer: httpx2.Response) -> AsyncIterator[httpx2.ServerSentEvent]:
        """See :class:`Line`."""
        for event in httpx2.EventSource(answer):
            yield event

    async def close(self, answer: httpx2.Response | None = None) -> None:
        """See :class:`Line`."""
        (answer or self.http).close()

    async def attempts(self, **words: Any) -> AsyncIterator[AttemptManager]:
        """See :class:`Line`."""
        for attempt in Retrying(**words):
            yield attempt

    async def pause(self, seconds: float) -> None:
        """See :class:`Line`."""
        time.sleep(seconds)

    def _read(self, file: Path) -> Iterator[bytes]:
        return _pieces(file)


class AwaitingLine(_Over[httpx2.AsyncClient]):
    """Awaits."""

    blocking = False

    async def send(self, request: httpx2.Request) -> httpx2.Response:
        """See :class:`Line`."""
        return await self.http.send(request, stream=True)

    async def read(self, answer: httpx2.Response) -> None:
        """See :class:`Line`."""
        await answer.aread()

    async def pieces(self, answer: httpx2.Response) -> AsyncIterator[bytes]:
        """See :class:`Line`."""
        async for piece in answer.aiter_bytes(PIECE):
            yield piece

    async def events(self, answer: httpx2.Response) -> AsyncIterator[httpx2.ServerSentEvent]:
        """See :class:`Line`."""
        async for event in httpx2.EventSource(answer):
            yield event

    async def close(self, answer: httpx2.Response | None = None) -> None:
        """See :class:`Line`."""
        await (answer or self.http).aclose()

    async def attempts(self, **words: Any) -> AsyncIterator[AttemptManager]:
        """See :class:`Line`."""
        async for attempt in AsyncRetrying(**words):
            yield attempt

    async def pause(self, seconds: float) -> None:
        """See :class:`Line`."""
        await asyncio.sleep(seconds)

    async def _read(self, file: Path) -> AsyncIterator[bytes]:
        for piece in _pieces(file):
            yield piece


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(PIECE):
            yield piece
