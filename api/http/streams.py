"""Event streams of works: one look at the records for everybody who listens, and a queue for each."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress

from api.jobs.desk import Desk
from api.jobs.job import OPEN, Event

EVERY_SECONDS = 0.1
"""How often the records are looked at, however many listen."""


class Streams:
    """Events of all works, handed to those who listen.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._woken: dict[int, set[asyncio.Event]] = defaultdict(set)
        self._looker: asyncio.Task[None] | None = None

    async def follow(self, work: int, after: int = 0) -> AsyncIterator[Event]:
        """Events of a work behind a number, as they come; ends behind the one that ends the work."""
        woken = asyncio.Event()
        self._woken[work].add(woken)
        self._start()
        try:
            while True:
                woken.clear()
                events = await asyncio.to_thread(self.desk.events, work, after=after)
                for event in events:
                    after = event.number
                    yield event
                    if event.kind == "state" and event.facts["state"] not in OPEN:
                        return
                if not events:
                    if await asyncio.to_thread(self.desk.settled, work):  # it had ended before this number
                        return
                    await woken.wait()
        finally:
            self._woken[work].discard(woken)
            if not self._woken[work]:
                del self._woken[work]

    @property
    def listeners(self) -> int:
        """How many listen."""
        return sum(map(len, self._woken.values()))

    def _start(self) -> None:
        if self._looker is None or self._looker.done():
            self._looker = asyncio.create_task(self._look())

    async def _look(self) -> None:
        """Wake those whose work has something new, as long as anybody listens."""
        last = await asyncio.to_thread(self.desk.newest)
        for everybody in self._woken.values():  # what came before this look
            for woken in everybody:
                woken.set()
        while self._woken:
            await asyncio.sleep(EVERY_SECONDS)
            works, last = await asyncio.to_thread(self.desk.touched, last)
            for work in works:
                for woken in self._woken.get(work, ()):
                    woken.set()

    async def close(self) -> None:
        """Look no more."""
        if self._looker is not None:
            self._looker.cancel()
            with suppress(asyncio.CancelledError):
                await self._looker
