"""``jiedui graph status``: what the private Neo4j is at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cloup

from api.cli.graph.options import home_option, json_option, server_at
from api.cli.screen import print_json, print_line
from graph.language import Text

if TYPE_CHECKING:
    from graph.server.status import Status


@cloup.command("status", help=str(Text(
    "私有 Neo4j 的状态、地址、密码文件和文件夹", "state, address, password file and folders of the private Neo4j"
)))  # fmt: skip
@home_option
@json_option
def command(*, home: str | None, as_json: bool) -> None:
    """Look; change nothing."""
    show(server_at(home).status(), as_json)


def show(status: Status, as_json: bool) -> None:
    """Print a status as lines or JSON."""
    from graph.server.status import STATES

    if as_json:
        print_json(status.as_dict())
        return
    sign = "✓" if status.state == "running" else "·"
    name = (
        Text(f"Neo4j {status.version}", f"Neo4j {status.version}")
        if status.version
        else Text("私有服务器", "private server")
    )
    state = STATES[status.state]
    print_line(Text(f"{sign} {name.zh} {state.zh}", f"{sign} {name.en}: {state.en}"))
    lines = [
        (Text("地址", "address"), status.uri),
        (Text("用户", "user"), status.user if status.uri else None),
        (Text("密码在文件", "password in"), str(status.password_file) if status.uri else None),
        (Text("内存", "memory"), _memory(status)),
        (Text("文件夹", "folder"), str(status.folders.home)),
    ]
    for title, value in lines:
        if value is not None:
            print_line(f"  {title}  {value}")


def _memory(status: Status) -> str | None:
    if not status.heap_mb:
        return None
    return str(Text(
        f"堆 {status.heap_mb} MB，页缓存 {status.pages_mb} MB", f"heap {status.heap_mb} MB, page cache {status.pages_mb} MB"
    ))  # fmt: skip
