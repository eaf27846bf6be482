"""The worker: a process beside the server that carries works out. ``python -P -m api.jobs.worker MEANS RUN``.

It lives as long as its standard input is open: when the server has gone, it puts back what it was at, and ends. There is one at a
time: a new one waits until the one before has ended.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from huey.consumer import Consumer

from api.jobs.hand import Hand, make_ready
from api.jobs.means import Means, heard
from api.jobs.outcome import lost, note_killed
from api.jobs.prune import prune, tidy
from api.jobs.queue import every, open_queue, ticket
from api.jobs.turns import Turns
from api.service.records import open_records
from graph.store.workspace.database import Database

LOCK = "working.lock"
IDLE_SECONDS = 0.05
"""How often an idle thread looks for a ticket."""


def work(means: Means, run: str) -> None:
    """Carry works out until standard input is closed.

    Parameters
    ----------
    means : Means
    run : str
        Name of the server's run: a worker before this one, of the same run, was killed alone; else the whole service was.
    """
    make_ready()
    with only_one(Path(means.data) / LOCK) as alone, closing(open_records(Path(means.data))) as records:
        if alone:
            _work(means, run, records)


def _work(means: Means, run: str, records: Database) -> None:
    turns = Turns(records, f"{run}/{uuid.uuid4().hex}")
    hand = Hand(means, turns)
    queue = open_queue(Path(means.data))
    queue.flush()
    give = ticket(queue, hand.turn)
    every(queue, "*", "turn again", hand.turn)  # should a ticket have been lost
    every(queue, "7", "prune", partial(prune, records, means.folder, means.keep_days))
    begin_again(turns, means, run)
    tidy(records, means.folder)
    prune(records, means.folder, means.keep_days)
    for _ in range(turns.waiting()):
        give()
    consumer = Consumer(
        queue, workers=means.jobs, initial_delay=IDLE_SECONDS, max_delay=IDLE_SECONDS, backoff=1.0
    )
    consumer.start()
    _until_closed()
    hand.stopping.set()
    consumer.stop(graceful=True)


def begin_again(turns: Turns, means: Means, run: str) -> None:
    """Put back what a worker that was killed had begun."""
    for work, worker in turns.left():
        alone = worker.partition("/")[0] == run
        if alone:  # its process ended with it
            note_killed(-signal.SIGKILL, means.place(work))
        turns.put_back(
            work,
            counts=alone,
            lost=partial(lost, code=-signal.SIGKILL, place=means.place(work)),
        )


def _until_closed() -> None:
    """Wait until the server has gone, or somebody asks this process to end."""
    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the server's to handle
    while not (asked.is_set() or closed(1.0)):
        pass


def closed(seconds: float) -> bool:
    """Whether standard input is closed, after so long at most."""
    ready, _, _ = select.select([0], [], [], seconds)
    return bool(ready) and not os.read(0, 4096)


@contextmanager
def only_one(file: Path) -> Iterator[bool]:
    """Hold the works of a data folder, as soon as the worker before has ended; ``False`` where the server has gone meanwhile."""
    opened = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if closed(IDLE_SECONDS):
                    yield False
                    return
            else:
                yield True
                return
    finally:
        os.close(opened)


if __name__ == "__main__":
    work(heard(sys.argv[1]), sys.argv[2])
