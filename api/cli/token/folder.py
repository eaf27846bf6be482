"""The folder whose tokens a command is about: the service's, found as ``jiedui serve`` finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from graph.language import Text

if TYPE_CHECKING:
    from api.access.passes import Passes
    from api.service.settings import Settings

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def folder_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--data``, ``--config`` and ``--json``, as of ``jiedui serve``."""
    options: list[Decorator] = [
        cloup.option("--data", metavar="DIR", help=str(Text("服务的数据文件夹", "the service's data folder"))),
        cloup.option("--config", type=click.Path(path_type=Path), metavar="FILE", help=str(Text("服务的设置文件（TOML）", "the service's settings (TOML)"))),
        cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON"))),
    ]  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


@contextmanager
def tokens_of(data: str | None, config: Path | None) -> Iterator[tuple[Passes, Settings]]:
    """The tokens of the service's folder; the service may run meanwhile, and sees at once what is done here."""
    from api.access.passes import Passes
    from api.service.records import open_records
    from api.service.settings import read_settings

    settings = read_settings({"data": data}, file=config)
    records = open_records(settings.data)
    try:
        yield Passes(records), settings
    finally:
        records.close()
