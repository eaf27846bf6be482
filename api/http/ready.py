"""Whether the service can answer questions."""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool

from api.http.now import heard
from api.service.networks import Asked
from api.service.service import Service
from graph.errors import JieduiError, OutsideError
from graph.language import Text

log = logging.getLogger("jiedui.http")
CHECKED = ("store", "records", "disk", "worker")
HELD_SECONDS = 1.0
"""So long what was found holds: who asks more often costs no more."""
Worker = Callable[[], bool] | None
"""Says whether the worker of the jobs lives; ``None`` where the service has none beside it."""


@dataclass(frozen=True)
class Found:
    """How things are.

    Parameters
    ----------
    asked : Asked or None
        The network; ``None`` where it cannot be asked.
    failed : dict
        What does not work → why.
    """

    asked: Asked | None
    failed: dict[str, Text]


class Looking:
    """Looks for everybody who asks, once at a time and once a second: rates do not limit these questions.

    Parameters
    ----------
    service : Service
    worker : callable
        Gives the :data:`Worker`, which may come later.
    """

    def __init__(self, service: Service, worker: Callable[[], Worker]) -> None:
        self.service, self.worker = service, worker
        self._look: asyncio.Task[Found] | None = None
        self._until = 0.0

    async def __call__(self) -> Found:
        """What is found now, or was found within the last second."""
        if self._look is None or (self._look.done() and time.monotonic() >= self._until):
            self._until = 0.0
            self._look = asyncio.create_task(self._found())
            self._look.add_done_callback(heard)
        return await asyncio.shield(self._look)

    async def _found(self) -> Found:
        found = await run_in_threadpool(looked_at, self.service, self.worker())
        self._until = time.monotonic() + HELD_SECONDS
        if found.failed:
            facts = {name: why.en for name, why in found.failed.items()}
            log.warning("not ready", extra={"facts": facts})
        return found


def looked_at(service: Service, worker: Worker) -> Found:
    """The network, and what does not work."""
    asked: Asked | None = None
    failed = dict[str, Text]()

    def store() -> None:
        nonlocal asked
        asked = service.networks.asked()
        service.networks.demand_files()

    def records() -> None:
        with service.records.reading() as connection:
            connection.execute("SELECT 1")

    for name, look in (
        ("store", store),
        ("records", records),
        ("disk", lambda: _disk(service)),
        ("worker", lambda: _worker(worker)),
    ):
        try:
            look()
        except JieduiError as error:
            failed[name] = error.text
    return Found(asked, failed)


def _disk(service: Service) -> None:
    free, least = shutil.disk_usage(service.settings.data).free >> 20, service.settings.disk_mb
    if free < least:
        raise OutsideError(
            f"数据文件夹所在磁盘只剩 {free} MB（至少要 {least} MB）",
            f"only {free} MB are free on the data folder's disk ({least} MB are needed)",
        )


def _worker(worker: Worker) -> None:
    if worker is not None and not worker():
        raise OutsideError("执行任务的进程不在运行", "the worker of the jobs does not run")
