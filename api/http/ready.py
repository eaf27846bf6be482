"""Whether the service can answer questions."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from api.service.networks import Asked
from api.service.service import Service
from graph.errors import JieduiError, OutsideError
from graph.language import Text

CHECKED = ("store", "records", "disk", "worker")


def looked_at(service: Service, worker: Callable[[], bool] | None) -> tuple[Asked | None, dict[str, Text]]:
    """The network, and what does not work → why.

    Parameters
    ----------
    service : Service
    worker : callable or None
        Says whether the worker of the jobs lives; ``None`` where the service has none beside it.
    """
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
    return asked, failed


def _disk(service: Service) -> None:
    free, least = shutil.disk_usage(service.settings.data).free >> 20, service.settings.disk_mb
    if free < least:
        raise OutsideError(
            f"数据文件夹所在磁盘只剩 {free} MB（至少要 {least} MB）",
            f"only {free} MB are free on the data folder's disk ({least} MB are needed)",
        )


def _worker(worker: Callable[[], bool] | None) -> None:
    if worker is not None and not worker():
        raise OutsideError("执行任务的进程不在运行", "the worker of the jobs does not run")
