"""The network as it is now: asked once for all who came meanwhile, and after each has come."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, cast

import pytest

from api.http.now import Now
from api.service.networks import Networks
from graph.errors import OutsideError


class Slow:
    """A store that answers with how often it was asked, when it is let."""

    settled = None

    def __init__(self) -> None:
        self.times = 0
        self.go = threading.Event()

    def asked(self) -> int:
        """How often it was asked."""
        self.times += 1
        mine = self.times
        assert self.go.wait(10)
        if mine == 3:
            raise OutsideError("断了", "cut off")
        return mine


async def several(store: Slow) -> list[Any]:
    """One who comes first, three who come while the store answers that one, and one after all."""
    now = Now(cast(Networks, store))
    first = asyncio.create_task(now())
    while store.times == 0:
        await asyncio.sleep(0)
    later = [asyncio.create_task(now()) for _ in range(3)]
    await asyncio.sleep(0)
    store.go.set()
    found = [await first, *(await asyncio.gather(*later))]
    return [*found, *await asyncio.gather(now(), return_exceptions=True)]


def test_who_comes_while_the_store_answers_shares_the_next_answer() -> None:
    *found, last = asyncio.run(several(store := Slow()))
    assert found == [1, 2, 2, 2] and isinstance(last, OutsideError) and store.times == 3


def test_who_gives_up_takes_nothing_from_others() -> None:
    async def given_up() -> Any:
        store = Slow()
        now = Now(cast(Networks, store))
        gone, stays = asyncio.create_task(now()), asyncio.create_task(now())
        while store.times == 0:
            await asyncio.sleep(0)
        gone.cancel()
        store.go.set()
        with pytest.raises(asyncio.CancelledError):
            await gone
        return await stays

    assert asyncio.run(given_up()) == 1


def test_a_network_that_cannot_change_is_not_asked() -> None:
    class Settled(Slow):
        settled = cast(Any, "it")

    store = Settled()
    assert asyncio.run(cast(Any, Now(cast(Networks, store))())) == "it" and store.times == 0
