"""``jiedui graph backup``: save the private database into a file."""

from __future__ import annotations

from pathlib import Path

import cloup

from api.cli.graph.options import home_option, json_option, server_at
from api.cli.graph.steps import Steps
from api.cli.main import Everywhere
from api.cli.screen import print_json, print_line
from graph.language import Text


@cloup.command("backup", help=str(Text(
    "把私有数据库备份到一个新文件；其间服务器停一下", "save the private database into a new file; the server rests meanwhile"
)))  # fmt: skip
@cloup.argument("file")
@home_option
@json_option
def command(*, file: str, home: str | None, as_json: bool) -> None:
    """Write Neo4j's own dump."""
    from graph.server.backup import back_up

    with Steps(Everywhere.quiet) as tell:
        size = back_up(server_at(home), Path(file), tell)
    if as_json:
        print_json({"file": file, "bytes": size})
    else:
        print_line(
            Text(f"✓ 已备份到 {file}（{size / 1e6:.1f} MB）", f"✓ saved in {file} ({size / 1e6:.1f} MB)")
        )
