"""Options that the commands of the audit log share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from graph.errors import UsageError
from graph.language import Text

if TYPE_CHECKING:
    from api.service.audit.log import Audit

Command = Callable[..., Any]


def filters(command: Command) -> Command:
    """Which rows."""
    for name, metavar, zh, en in (
        ("--route", "ROUTE", "只要以此开头的路径", "only routes that begin so"), ("--request", "NUMBER", "只要这个请求", "only of this request"),
        ("--method", "METHOD", "只要这种方法（POST、DELETE……）", "only by this method (POST, DELETE, …)"),
        ("--until", "TIME", "只要此前的（UTC）", "only before then (UTC)"),
        ("--since", "TIME", "只要此后的（UTC，如 2026-11-28）", "only from then on (UTC, as 2026-11-28)"),
        ("--caller", "NAME", "只要此人的", "only what they did"),
    ):  # fmt: skip
        command = cloup.option(name, metavar=metavar, help=str(Text(zh, en)))(command)
    return cloup.option(
        "--status",
        type=click.IntRange(0, 999),
        metavar="STATUS",
        help=str(Text("只要这种结果（如 403）", "only with this status (as 403)")),
    )(command)  # type: ignore[no-any-return, unused-ignore] # cloup's decorator is typed loosely


@contextmanager
def opened(data: str | None, config: Path | None) -> Iterator[tuple[Audit, Path]]:
    """The audit log of a data folder, and the folder.

    Raises
    ------
    UsageError
        When no service has ever run there.
    """
    from api.service.audit.log import Audit
    from api.service.records import FILE, open_records
    from api.service.settings import read_settings

    folder = read_settings({"data": data}, file=config).data
    if not (folder / FILE).is_file():
        raise UsageError(
            f"{folder} 中没有服务的记录；请用 --data 指明服务的数据文件夹",
            f"{folder} holds no records of a service; name its data folder with --data",
        )
    records = open_records(folder)
    try:
        yield Audit(records, folder), folder
    finally:
        records.close()
