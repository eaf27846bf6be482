"""``jiedui graph restore``: bring a backup of the private database back."""

from __future__ import annotations

from pathlib import Path

import cloup

from api.cli.graph.options import home_option, json_option, server_at
from api.cli.graph.status import show
from api.cli.graph.steps import Steps
from api.cli.main import Everywhere
from graph.language import Text


@cloup.command("restore", help=str(Text(
    "用备份替换私有数据库的全部内容；失败则原样不动",
    "put a backup in the place of all that the private database holds; a failure leaves it as it was",
)))  # fmt: skip
@cloup.argument("file")
@home_option
@json_option
def command(*, file: str, home: str | None, as_json: bool) -> None:
    """Read Neo4j's own dump."""
    from graph.server.backup import restore

    server = server_at(home)
    with Steps(Everywhere.quiet) as tell:
        restore(server, Path(file), tell)
    show(server.status(), as_json)
