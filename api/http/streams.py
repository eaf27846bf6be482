"""Event streams of works: one look at the records for everybody who listens, and a queue for each.

Whoever listens first gets what the records hold behind the event they name, then what comes; numbers only rise, so that nothing is
told twice. Who reads too slowly is not waited for: their queue is emptied, and they read from the records again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress

from api.jobs.desk import Desk
from api.jobs.job import OPEN, Event

log = logging.getLogger("jiedui.http")
EVERY_SECONDS = 0.05
"""How often the records are looked at, however many listen."""
HELD = 256
"""Events that wait for one who listens; behind these they read from the records."""
AGAIN = None
"""In a queue: read from the records, or end where the service does."""
Queue = asyncio.Queue[Event | None]


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

    async def follow(self, work: int, after: int = 0) -> AsyncIterator[Event]:
        """Events of a work behind a number, as they come; ends behind the one that ends the work, or with the service."""
        queue: Queue = asyncio.Queue(HELD)
        self._queues[work].add(queue)
        try:
            await self._look_on()
            while not self._closed:
                async for event in self._past(work, after):
                    after = event.number
                    yield event
                    if ends(event):
                        return
                if await self.over(work, after):
                    return
                while (coming := await queue.get()) is not AGAIN:
                    if coming.number > after:
                        after = coming.number
                        yield coming
                        if ends(coming):
                            return
        finally:
            self._queues[work].discard(queue)
            if not self._queues[work]:
                del self._queues[work]

    async def _past(self, work: int, after: int) -> AsyncIterator[Event]:
        """What the records hold."""
        while True:
            events, _ = await asyncio.to_thread(self.desk.events, work, after=after)
            for event in events:
                after = event.number
                yield event
            if not events:
                return

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
                for queue in self._queues.get(event.work, ()):
                    _put(queue, event)
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


def ends(event: Event) -> bool:
    """Whether nothing comes behind an event."""
    return event.kind == "state" and event.facts["state"] not in OPEN


def _put(queue: Queue, event: Event) -> None:
    if queue.full():
        _empty(queue)
    else:
        queue.put_nowait(event)


def _empty(queue: Queue) -> None:
    while not queue.empty():
        queue.get_nowait()
    queue.put_nowait(AGAIN)
