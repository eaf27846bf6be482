"""``jiedui graph request show``: current and proposed side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click
import cloup

from api.cli.graph.options import json_option
from api.cli.graph.stores import store_option, stored
from api.cli.screen import print_json, print_line, print_more, print_table
from graph.language import Text
from graph.office.request import STATES, STEPS, Overlap, Request, part_text


@cloup.command(
    "show",
    help=str(
        Text(
            "一个请求：理由、现状与提议并列、经过",
            "a request: why, current and proposed side by side, what has happened",
        )
    ),
)
@cloup.argument("request")
@cloup.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help=str(Text("最多几行", "rows at most")),
)
@store_option
@json_option
def command(*, request: str, limit: int, on: str | None, as_json: bool) -> None:
    """Show it."""
    from graph.office.office import Office

    with stored(on) as (store, name):
        office = Office(store, name)
        found = office.request(request)
        others, log = office.overlaps(found) if found.pending else [], office.log(request)
        hindrance = office.hindrance(found)
    if as_json:
        print_json(
            found.to_dict()
            | {
                "overlaps": [o.__dict__ for o in others],
                "hindrance": hindrance.as_dict() if hindrance else None,
                "log": log,
            }
        )
        return
    print_request(found, others, limit)
    if hindrance:
        print_line(
            Text(f"! 目前不能执行：{hindrance.zh}", f"! cannot be applied as things are: {hindrance.en}")
        )
    names = {step: name for step, (_, _, name) in STEPS.items()} | {
        "draft": Text("起草", "drafted"),
        "revert": Text("撤回采纳", "reverted"),
    }
    rows = [
        (e["at"][:19].replace("T", " "), e["by"], str(names.get(e["step"], e["step"])), e["note"])
        for e in log
    ]
    print_table(
        str(Text("经过", "log")),
        [Text("时间（UTC）", "at (UTC)"), Text("谁", "by"), Text("步骤", "step"), Text("附言", "note")],
        rows,
    )


def print_request(request: Request, others: Sequence[Overlap], limit: int = 20) -> None:
    """What it wants to change, cell by cell, and which others want the same rows."""
    state = request.told
    print_line(Text(
        f"请求 {request.id}：{state.zh}；{request.author}：{request.reason}（依据版本 {request.base}）",
        f"request {request.id}: {state.en}; {request.author}: {request.reason} (from version {request.base})",
    ))  # fmt: skip
    if request.plan:
        for part in request.applied:
            print_line(_adopted(part))
        if request.pending:
            print_line(Text(
                f"  逐行查看改动：jiedui graph adopt {request.plan} --dry-run（--limit N，--json 看全部）",
                f"  its rows: jiedui graph adopt {request.plan} --dry-run (--limit N, --json shows all)",
            ))  # fmt: skip
        return
    rows = [row for entry in request.side_by_side() for row in cells_of(entry)]
    columns = [
        Text("表", "table"),
        Text("行", "row"),
        Text("列", "column"),
        Text("现状", "current"),
        Text("提议", "proposed"),
    ]
    print_table("", columns, rows[:limit])
    print_more(len(rows), limit)
    for o in others:
        other = STATES[o.state]
        print_line(Text(
            f"! {o.table} {o.row} 也在请求 {o.request}（{o.author}，{other.zh}）中",
            f"! {o.table} {o.row} is in request {o.request}, too ({o.author}, {other.en})",
        ))  # fmt: skip


def _adopted(part: Mapping[str, Any]) -> Text:
    """One adoption of a plan: when, by whom, which part of it."""
    of, at = part_text(part), str(part["at"])[:19].replace("T", " ")
    back = part.get("reverted")
    zh, en = (
        (f"；版本 {back['version']} 撤回", f"; reverted in version {back['version']}") if back else ("", "")
    )
    return Text(
        f"  已采纳（{at}，{part['by']}）：{of.zh}{zh}", f"  adopted ({at}, {part['by']}): {of.en}{en}"
    )


def cells_of(entry: Mapping[str, Any]) -> list[tuple[str, str, str, str, str]]:
    """Table, row, column, current and proposed of each cell of an entry that changes."""
    now, then = entry["current"] or {}, entry["proposed"] or {}
    if not entry["proposed"]:
        return [(entry["table"], entry["row"], "", str(Text("在", "there")), str(Text("删除", "removed")))]
    columns = [c for c in dict.fromkeys([*now, *then]) if now.get(c) != then.get(c)]
    return [(entry["table"], entry["row"], c, str(now.get(c, "")), str(then.get(c, ""))) for c in columns]
