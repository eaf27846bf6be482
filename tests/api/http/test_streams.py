"""Streams of events: nothing missed, nothing twice, whoever comes when."""

from __future__ import annotations

import asyncio

import pytest

from api.http.streams import HELD, Streams
from api.jobs.desk import Desk
from api.jobs.job import Order
from api.jobs.turns import Turns


def begun(desk: Desk, turns: Turns) -> int:
    """The number of a work that runs."""
    desk.submit(Order("plan", {}, ["plan"]), "ann")
    work = turns.take()
    assert work is not None
    return work.id


async def hear(streams: Streams, work: int, after: int = 0, *, slow: float = 0.0) -> list[int]:
    """Numbers of all events until the stream ends."""
    numbers = []
    async for events in streams.follow(work, after):
        numbers += [event.number for event in events]
        if slow:
            await asyncio.sleep(slow)
    return numbers


def test_many_hear_all_of_what_comes_while_they_listen(desk: Desk, turns: Turns) -> None:
    """Early or late, fast or slow, from the beginning or from the middle."""
    work = begun(desk, turns)

    async def go() -> tuple[list[list[int]], list[int]]:
        streams = Streams(desk)
        early = [asyncio.create_task(hear(streams, work)) for _ in range(5)]
        for n in range(20):
            await asyncio.to_thread(turns.tell, work, "progress", {"n": n})
        late = [asyncio.create_task(hear(streams, work, after)) for after in (0, 7, 15)]
        for n in range(20):
            await asyncio.to_thread(turns.tell, work, "progress", {"n": n})
            await asyncio.sleep(0.005)
        await asyncio.to_thread(turns.settle, work, "done", 0)
        heard = [await task for task in (*early, *late)]
        await streams.close()
        return heard, [e.number for e in desk.events(work)[0]]

    heard, told = asyncio.run(go())
    assert all(h == told for h in heard[:6]) and len(told) == 43
    assert heard[6] == [n for n in told if n > 7] and heard[7] == [n for n in told if n > 15]


def test_who_reads_too_slowly_reads_on_from_the_records(desk: Desk, turns: Turns) -> None:
    work = begun(desk, turns)

    async def go() -> list[int]:
        streams = Streams(desk)
        slow = asyncio.create_task(hear(streams, work, slow=0.002))
        await asyncio.sleep(0.1)

        def tell() -> None:
            with turns.records.writing() as connection:
                connection.executemany(
                    "INSERT INTO events (work, at, kind, facts) VALUES (?, '2026-11-28T00:00:00+00:00', 'progress', '{}')",
                    [(work,)] * (2 * HELD),
                )

        await asyncio.to_thread(tell)
        await asyncio.to_thread(turns.settle, work, "done", 0)
        heard = await slow
        await streams.close()
        return heard

    assert asyncio.run(go()) == [e.number for e in desk.events(work)[0]]


def test_a_stream_ends_with_the_service_and_behind_the_last_event(desk: Desk, turns: Turns) -> None:
    work = begun(desk, turns)

    async def go() -> tuple[list[int], list[int], list[int]]:
        streams = Streams(desk)
        open_one = asyncio.create_task(hear(streams, work))
        await asyncio.sleep(0.1)
        await streams.close()
        cut = await asyncio.wait_for(open_one, 5)
        turns.settle(work, "failed", 3)
        again = Streams(desk)
        rest = await hear(again, work, cut[-1])
        nothing = await hear(again, work, rest[-1])
        assert await again.over(work, rest[-1]) and not await again.over(work, cut[-1])
        await again.close()
        return cut, rest, nothing

    cut, rest, nothing = asyncio.run(go())
    assert (len(cut), len(rest), nothing) == (2, 1, [])


def test_a_look_that_fails_is_not_the_last(desk: Desk, turns: Turns, monkeypatch: pytest.MonkeyPatch) -> None:
    work, since, failed = begun(desk, turns), desk.since, list[int]()

    def fails_once(number: int) -> object:
        if not failed:
            failed.append(number)
            raise OSError("disk")
        return since(number)

    monkeypatch.setattr(desk, "since", fails_once)

    async def go() -> list[int]:
        streams = Streams(desk)
        task = asyncio.create_task(hear(streams, work))
        await asyncio.sleep(0.1)
        turns.settle(work, "done", 0)
        heard = await asyncio.wait_for(task, 5)
        await streams.close()
        return heard

    assert len(asyncio.run(go())) == 3 and failed
