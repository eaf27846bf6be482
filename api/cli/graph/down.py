"""``jiedui graph down``: stop the private Neo4j."""

from __future__ import annotations

import cloup

from api.cli.graph.options import home_option, json_option, server_at
from api.cli.screen import print_json, print_line
from graph.language import Text


@cloup.command("down", help=str(Text("停止私有的 Neo4j；数据都在", "stop the private Neo4j; its data stay")))
@home_option
@json_option
def command(*, home: str | None, as_json: bool) -> None:
    """Stop it cleanly."""
    server = server_at(home)
    stopped = server.down()
    if as_json:
        print_json({"stopped": stopped} | server.status().as_dict())
    elif stopped:
        print_line(Text("✓ 已停止", "✓ stopped"))
    else:
        print_line(Text("✓ 本来就没有运行", "✓ it was not running"))
