"""The network as it is now, for many at once: who comes while the store is being asked shares the next answer.

A store is asked after a request has come, never before, so that who has written something finds it; and it is asked once for all who
came meanwhile.
"""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.concurrency import run_in_threadpool

from api.service.networks import Asked, Networks


class Now:
    """Asks a network's store for its version.

    Parameters
    ----------
    networks : Networks
    """

    def __init__(self, networks: Networks) -> None:
        self.networks = networks
        self._asking: asyncio.Task[Asked] | None = None
        self._next: asyncio.Task[Asked] | None = None
        self._found: Asked | None = None

    async def __call__(self) -> Asked:
        """The network; raises as :meth:`api.service.networks.Networks.asked`."""
        settled = self._found or self.networks.settled
        if settled is not None:
            if (
                self._found is None
            ):  # for those whose requests have come, too, and wait for their turn in this round of the loop
                self._found = settled
                asyncio.get_running_loop().call_soon(self._look_again)
            return settled
        if self._next is None:
            self._next = asyncio.create_task(self._behind(self._asking))
            self._next.add_done_callback(heard)
        return await asyncio.shield(self._next)

    def _look_again(self) -> None:
        self._found = None

    async def _behind(self, asking: asyncio.Task[Asked] | None) -> Asked:
        if asking is not None and not asking.done():
            await asyncio.wait([asking])
        self._asking, self._next = self._next, None
        return await run_in_threadpool(self.networks.asked)


def heard(task: asyncio.Task[Any]) -> None:
    """An error is told to those who wait; where nobody does any more, to nobody."""
    if not task.cancelled():
        task.exception()
