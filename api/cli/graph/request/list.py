"""``jiedui graph request list``."""

from __future__ import annotations

import click
import cloup

from api.cli.graph.options import json_option
from api.cli.graph.stores import store_option, stored
from api.cli.screen import print_json, print_line, print_table
from graph.language import Text
from graph.office.request import STATES


@cloup.command(
    "list", help=str(Text("列出请求，缺省为待办的", "list requests, by default those that are pending"))
)
@cloup.option(
    "--state",
    type=click.Choice(list(STATES)),
    multiple=True,
    help=str(Text("只列这种状态；可多次", "only in this state; may be given several times")),
)
@cloup.option("--all", "every", is_flag=True, help=str(Text("全部", "all of them")))
@store_option
@json_option
def command(*, state: tuple[str, ...], every: bool, on: str | None, as_json: bool) -> None:
    """List them."""
    from graph.office.office import Office

    with stored(on) as (store, name):
        found = [r for r in Office(store, name).requests(state) if state or every or r.pending]
    if as_json:
        print_json([r.to_dict() for r in found])
        return
    if not found:
        print_line(Text("没有请求", "no requests"))
        return
    rows = [
        (
            r.id,
            str(r.told),
            r.author,
            r.reason,
            r.base,
            str(Text("方案", "plan")) if r.plan else r.changes.size,
        )
        for r in found
    ]
    columns = [
        Text("请求", "request"),
        Text("状态", "state"),
        Text("提出者", "author"),
        Text("理由", "why"),
        Text("依据版本", "from version"),
        Text("行数", "rows"),
    ]
    print_table(name, columns, rows)
