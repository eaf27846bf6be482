"""The worker: a process beside the server that carries works out. ``python -m api.jobs.worker DATA JOBS``.

It lives as long as its standard input is open: when the server has gone, it puts back what it was at, and ends.
"""

from __future__ import annotations

import signal
import sys
import threading
import uuid
from functools import partial
from pathlib import Path

from huey.consumer import Consumer

from api.jobs.hand import Hand, lost
from api.jobs.queue import open_queue, ticket
from api.jobs.turns import Turns
from api.service.records import open_records

FOLDER = "jobs"
IDLE_SECONDS = 0.1
"""How often an idle thread looks for a ticket."""


def work(data: Path, jobs: int) -> None:
    """Carry works out until standard input is closed.

    Parameters
    ----------
    data : Path
        The service's data folder.
    jobs : int
        How many at once.
    """
    records = open_records(data)
    turns, stopping = Turns(records, uuid.uuid4().hex), threading.Event()
    hand = Hand(turns, data / FOLDER, stopping)
    queue = open_queue(data)
    queue.flush()
    give = ticket(queue, hand.turn)
    for left in turns.left():
        turns.put_back(
            left, counts=True, lost=partial(lost, code=-signal.SIGKILL, place=data / FOLDER / str(left))
        )
    for _ in range(turns.waiting()):
        give()
    consumer = Consumer(
        queue, workers=jobs, periodic=False, initial_delay=IDLE_SECONDS, max_delay=IDLE_SECONDS, backoff=1.0
    )
    consumer.start()
    sys.stdin.read()
    stopping.set()
    consumer.stop(graceful=True)
    records.close()


if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]))
