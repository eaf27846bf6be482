"""``jiedui graph revert``: take a version back."""

from __future__ import annotations

import click
import cloup

from api.cli.graph.adopt import print_counts
from api.cli.graph.options import json_option
from api.cli.graph.rows import limit_option, print_rows
from api.cli.graph.stores import by_option, store_option, stored, who
from api.cli.screen import print_json, print_line
from graph.language import Text


@cloup.command("revert", help=str(Text(
    "撤回一个版本：以相反的改动成为新版本，历史保留；其后又改过的行会拒绝",
    "take a version back by the inverse change, as a new version; history stays; refused where its rows have changed since",
)))  # fmt: skip
@cloup.argument("version", type=click.IntRange(1))
@store_option
@cloup.option(
    "--dry-run",
    is_flag=True,
    help=str(Text("只看会改什么，逐行列出", "only say what would change, row by row")),
)
@limit_option
@cloup.option("--why", default="", metavar="TEXT", help=str(Text("理由", "why")))
@by_option
@json_option
def command(
    *, version: int, on: str | None, dry_run: bool, limit: int, why: str, by: str | None, as_json: bool
) -> None:
    """Take it back, or say what would change."""
    from planner.office.revert import revert, undoing
    from planner.office.rows import as_json as rows_as_json
    from planner.office.rows import touched

    with stored(on) as (store, name):
        counts, made = revert(store, name, version, by=who(by), why=why, dry_run=dry_run)
        rows = touched(store, name, undoing(store, name, version)) if dry_run else {}
    if as_json:
        print_json(
            {"counts": {t: list(n) for t, n in counts.items()}, "version": made.to_dict() if made else None}
            | ({"rows": rows_as_json(rows)} if dry_run else {})
        )
        return
    print_counts(counts)
    print_rows(rows, limit)
    if made is None:
        print_line(Text("试算：没有作任何更改", "a dry run: nothing was changed"))
    elif counts:
        print_line(
            Text(
                f"✓ 版本 {version} 已撤回：版本 {made.number}",
                f"✓ version {version} is taken back: version {made.number}",
            )
        )
