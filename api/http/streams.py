"""Event streams of works: one look at the records for everybody who listens, and a queue for each.

Whoever listens first gets what the records hold behind the event they name, then what comes; numbers only rise, so that nothing is
told twice. An event is written down once for all; what waits for somebody goes out in one piece. Who reads too slowly is not waited
for: their queue is emptied, and they read from the records again.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sse_starlette import ServerSentEvent

from api.jobs.desk import Desk
from api.jobs.job import OPEN, Event

log = logging.getLogger("jiedui.http")
EVERY_SECONDS = 0.05
"""How often the records are looked at, however many listen."""
HELD = 256
"""Events that wait for one who listens; behind these they read from the records."""
LINE_END = "\n"
"""Of streams."""
AGAIN = None
"""In a queue: read from the records, or end where the service does."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it goes over the wire.

    Parameters
    ----------
    number : int
        The event's.
    last : bool
        Whether nothing comes behind it.
    wire : bytes
        As server-sent events are written.
    """

    number: int
    last: bool
    wire: bytes


Queue = asyncio.Queue[Told | None]


def told(event: Event) -> Told:
    """An event, written down."""
    data = json.dumps({"at": event.at.isoformat(), **event.facts}, ensure_ascii=False)
    last = event.kind == "state" and event.facts["state"] not in OPEN
    return Told(event.number, last, piece(data, event=event.kind, id=str(event.number)))


def piece(data: str | None = None, **named: Any) -> bytes:
    """A piece of a stream. Its lines end as a shell's do, so that what reads them line by line finds no stray character behind."""
    return ServerSentEvent(data, sep=LINE_END, **named).encode()


class Streams:
    """Events of all works, handed to those who listen.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._queues: dict[int, set[Queue]] = defaultdict(set)
        self._beginning = asyncio.Lock()
        self._looker: asyncio.Task[None] | None = None
        self._last = 0
        self._closed = False

    async def follow(self, work: int, after: int = 0) -> AsyncGenerator[list[Told], None]:
        """Events of a work behind a number, as many at once as there are; ends behind the one that ends the work, or with the service."""
        queue: Queue = asyncio.Queue(HELD)
        self._queues[work].add(queue)
        try:
            await self._look_on()
            while not self._closed:
                while past := await self._past(work, after):
                    after = past[-1].number
                    yield past
                    if past[-1].last:
                        return
                if await self.over(work, after):
                    return
                again = False
                while not again:
                    coming, again = await _waiting(queue, after)
                    if coming:
                        after = coming[-1].number
                        yield coming
                        if coming[-1].last:
                            return
        finally:
            self._queues[work].discard(queue)
            if not self._queues[work]:
                del self._queues[work]

    @property
    def listeners(self) -> int:
        """How many listen."""
        return sum(map(len, self._queues.values()))

    async def _past(self, work: int, after: int) -> list[Told]:
        """What the records hold."""
        events, _ = await asyncio.to_thread(self.desk.events, work, after=after)
        return [told(event) for event in events]

    async def over(self, work: int, after: int) -> bool:
        """Whether nothing comes behind a number: the work had ended before."""
        events, ended = await asyncio.to_thread(self.desk.events, work, after=after, limit=1)
        return ended and not events

    async def _look_on(self) -> None:
        """Have somebody look from now on; what was before this stands in the records."""
        async with self._beginning:
            if self._looker is None and not self._closed:
                self._last = await asyncio.to_thread(self.desk.newest)
                self._looker = asyncio.create_task(self._look())

    async def _look(self) -> None:
        """Hand out what is new, as long as anybody listens."""
        while self._queues:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                events = await asyncio.to_thread(self.desk.since, self._last)
            except Exception:  # a full disk or the like: it may pass
                log.exception("looking for events")
                continue
            for event in events:
                self._last = event.number
                if event.work in self._queues:
                    written = told(event)
                    for queue in self._queues[event.work]:
                        _put(queue, written)
        self._looker = None

    async def close(self) -> None:
        """Look no more, and end every stream: whoever listens asks again, behind the last event that they have."""
        self._closed = True
        for queues in self._queues.values():
            for queue in queues:
                _empty(queue)
        if self._looker is not None:
            self._looker.cancel()
            with suppress(asyncio.CancelledError):
                await self._looker


async def _waiting(queue: Queue, after: int) -> tuple[list[Told], bool]:
    """What waits in a queue behind a number, once anything does; whether to read from the records again behind it."""
    found = list[Told]()
    coming = await queue.get()
    while coming is not AGAIN:
        if coming.number > after:
            found.append(coming)
        if queue.empty():
            return found, False
        coming = queue.get_nowait()
    return found, True


def _put(queue: Queue, event: Told) -> None:
    if queue.full():
        _empty(queue)
    else:
        queue.put_nowait(event)


def _empty(queue: Queue) -> None:
    while not queue.empty():
        queue.get_nowait()
    queue.put_nowait(AGAIN)
