"""``jiedui audit show``: who changed what, when, and how it went."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import cloup

from api.cli.audit.options import filters, opened
from api.cli.graph.options import json_option
from api.cli.screen import print_json, print_table
from api.cli.service_folder import folder_options
from graph.language import Text


@cloup.command(
    "show",
    help=str(
        Text(
            "谁在何时改了什么，结果如何；新的在前",
            "who changed what, when, and how it went; the newest first",
        )
    ),
)
@folder_options
@filters
@cloup.option(
    "--whole",
    is_flag=True,
    help=str(Text("已知结果的更改，也列出其开始", "also what was begun, where its end is told, too")),
)
@cloup.option(
    "--limit",
    type=click.IntRange(1, 100_000),
    default=50,
    show_default=True,
    metavar="N",
    help=str(Text("至多几行", "at most so many rows")),
)
@json_option
def command(*, data: str | None, config: Path | None, limit: int, as_json: bool, **asked: Any) -> None:
    """Show them."""
    from api.service.audit.log import Wanted

    with opened(data, config) as (audit, _):
        found = audit.newest(Wanted(**asked), limit=limit)
    if as_json:
        print_json([entry.as_dict() for entry in found])
        return
    titles = [
        Text("编号", "number"), Text("时间（UTC）", "time (UTC)"), Text("谁", "who"), Text("从何处", "from"), Text("做什么", "what"), Text("对象", "of"),
        Text("结果", "outcome"),
    ]  # fmt: skip
    rows = [
        (
            e.number, e.at[:19].replace("T", " "), e.caller or "–", e.address or "–", f"{e.method} {e.route}",
            " ".join(f"{k}={v}" for k, v in {**e.parameters, **e.facts}.items()), e.status if e.status is not None else Text("未完", "open"),
        )
        for e in found
    ]  # fmt: skip
    print_table(str(Text("审计日志", "Audit log")), titles, rows)
