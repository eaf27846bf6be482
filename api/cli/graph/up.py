"""``jiedui graph up``: start the private Neo4j."""

from __future__ import annotations

import click
import cloup

from api.cli.graph.options import home_option, json_option, release_option, server_at
from api.cli.graph.status import show
from api.cli.graph.steps import Steps
from api.cli.main import Everywhere
from graph.language import Text


@cloup.command("up", help=str(Text(
    "启动私有的 Neo4j，只在本机可访问；已在运行则不变。首次下载零件（约 140 MB），以后无需网络",
    "start a private Neo4j that this machine alone can reach; harmless where it runs. The first time its parts are fetched "
    "(some 140 MB), later starts need no network",
)))  # fmt: skip
@home_option
@cloup.option(
    "--memory", type=click.IntRange(min=1), metavar="MB",
    help=str(Text("最多用多少内存（缺省：可用内存的三成）", "memory it may take in all (default: three tenths of what is free)")),
)  # fmt: skip
@release_option
@json_option
def command(*, home: str | None, memory: int | None, release: str | None, as_json: bool) -> None:
    """Start it, or find it running."""
    with Steps(Everywhere.quiet) as tell:
        status = server_at(home).up(tell, memory_mb=memory, release=release)
    show(status, as_json)
