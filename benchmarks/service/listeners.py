"""Hundreds who follow one job at once, each with a socket of its own; all are cut off in the middle and ask again.

The events are written into the records as a worker writes them, so that their number and pace are known: what is measured is how they
reach everybody. Nobody may miss one, or get one twice.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import psutil

from api.jobs.desk import Desk
from api.jobs.turns import Turns
from api.service.records import open_records
from benchmarks.service.running import Running

EVENTS = 300
PER_SECOND = 30


@dataclass(frozen=True)
class Listened:
    """What came of it.

    Parameters
    ----------
    clients, events : int
        Who followed, and what there was to hear for each.
    whole : int
        Clients who heard every event once, in order.
    megabytes : float
        By which the server's memory grew at most.
    late_ms : float
        From the writing of an event to its hearing, the slowest in a hundred.
    """

    clients: int
    events: int
    whole: int
    megabytes: float
    late_ms: float


def listened(service: Running, clients: int, seed: int = 0) -> Listened:
    """Have so many follow a job that waits behind another, write events for it, cut everybody off once, end it."""
    first = service.order("pareto", scenario="teachers", aims=["cadres.distance", "cadres.open"])["id"]
    job = service.order("plan", scenario="teachers", time_limit=12345)["id"]
    records = open_records(service.data)
    desk = Desk(records, waiting=1000, per_user=1000)
    work = desk.job(job).work
    server = psutil.Process(service.process.pid)
    before = server.memory_info().rss
    memory = [before]
    told: dict[int, float] = {}

    def tell() -> None:
        turns = Turns(records, "benchmark")
        time.sleep(2.0 + clients / 250)  # all listen by then
        for number in range(EVENTS):
            turns.tell(
                work,
                "progress",
                {"stage": "funds", "label": "", "objective": number, "bound": 0, "gap": 1.0, "share": 0.1},
            )
            told[desk.newest()] = time.time()
            memory.append(server.memory_info().rss)
            time.sleep(1 / PER_SECOND)
        service.http.delete(f"/jobs/{job}")

    teller = threading.Thread(target=tell)
    teller.start()
    draw = random.Random(seed)
    cuts = [draw.randrange(20, EVENTS - 20) for _ in range(clients)]
    heard = asyncio.run(_all(service.url, job, cuts))
    teller.join()
    service.http.delete(f"/jobs/{first}")
    wanted = [e.number for e in desk.events(work)[0]]
    records.close()
    late = sorted(1000 * (at - told[n]) for numbers in heard for n, at in numbers if n in told)
    return Listened(
        clients, len(wanted), sum([n for n, _ in h] == wanted for h in heard), (max(memory) - before) / 1e6,
        late[int(0.99 * len(late))],
    )  # fmt: skip


async def _all(url: str, job: str, cuts: list[int]) -> list[list[tuple[int, float]]]:
    return await asyncio.gather(*(_one(url, job, cut, n) for n, cut in enumerate(cuts)))


async def _one(url: str, job: str, cut: int, number: int) -> list[tuple[int, float]]:
    """One who follows, is cut off after so many events, and asks again behind the last."""
    await asyncio.sleep(number / 500)  # not all in the same moment
    heard: list[tuple[int, float]] = []
    await _listen(url, job, heard, cut)
    while not await _listen(url, job, heard, None):
        pass
    return heard


async def _listen(url: str, job: str, heard: list[tuple[int, float]], most: int | None) -> bool:
    """Read a stream until so many events were heard, or to its end; whether the job has ended."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    last = heard[-1][0] if heard else 0
    head = f"GET /api/v1/jobs/{job}/events HTTP/1.1\r\nHost: {place.netloc}\r\nLast-Event-ID: {last}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode())
    await writer.drain()
    ended = False
    try:
        while line := await reader.readline():
            if line.startswith(b"id: "):
                heard.append((int(line[4:]), time.time()))
            ended |= b'"state": "cancelled"' in line
            if most is not None and len(heard) >= most and line.startswith(b"data: "):
                return False
    finally:
        writer.close()
    return ended
