"""The queue of tickets: one for every turn that somebody may take. Kept by huey in ``queue.sqlite3`` beside the records.

huey starts, watches and ends the threads that carry works out, wakes them, and runs what comes back every so often; it does not
promise to bring back what a killed process had begun. So a ticket says only *somebody may take a turn*; what is to be done, and what
was begun, stands in the records, and tickets that were lost are given out anew when a worker starts.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from huey.api import SqliteHuey, TaskWrapper, crontab

FILE = "queue.sqlite3"


def open_queue(folder: Path) -> SqliteHuey:
    """The queue of a data folder."""
    return SqliteHuey("jiedui", results=False, filename=str(folder / FILE), fsync=True)


def ticket(queue: SqliteHuey, turn: Callable[[], None] = lambda: None) -> TaskWrapper:
    """What puts a ticket into the queue when it is called; ``turn``: what a worker does for it."""

    def take() -> None:  # of this module, whoever asks: huey knows tasks by module and name
        turn()

    made: TaskWrapper = queue.task(name="turn")(take)
    return made


def every(queue: SqliteHuey, minutes: str, name: str, do: Callable[[], object]) -> None:
    """Have a worker do something at some minutes of each hour, as cron writes them."""

    def come() -> None:
        do()

    queue.periodic_task(crontab(minute=minutes), name=name)(come)
