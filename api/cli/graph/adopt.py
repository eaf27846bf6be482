"""``jiedui graph adopt``: a proposed plan comes into force."""

from __future__ import annotations

from collections.abc import Mapping

import cloup

from api.cli.graph.options import json_option
from api.cli.graph.rows import limit_option, print_rows
from api.cli.graph.stores import again, by_option, plan_id, store_option, stored, who
from api.cli.screen import print_json, print_line, print_table
from graph.language import Text


@cloup.command("adopt", help=str(Text(
    "采纳已提出的方案：关系和任职自规划日起改变，一次完成；依据的版本之后若有冲突的改动则拒绝",
    "carry out a proposed plan: relations and postings change from the day of planning, all at once; refused where the ground has "
    "changed since",
)))  # fmt: skip
@cloup.argument("plan")
@store_option
@cloup.option(
    "--only", multiple=True, metavar="STAGE|PLACE",
    help=str(Text("只采纳这个阶段，或在这个地区（含下级）生效的；可多次", "only this stage, or what is felt in this place or below; may be given several times")),
)  # fmt: skip
@cloup.option(
    "--except",
    "without",
    multiple=True,
    metavar="STAGE|PLACE",
    help=str(Text("除去；可多次", "leave out; may be given several times")),
)
@cloup.option(
    "--dry-run",
    is_flag=True,
    help=str(Text("只看会改什么，逐行列出", "only say what would change, row by row")),
)
@limit_option
@cloup.option("--note", default="", metavar="TEXT", help=str(Text("附言", "a note beside it")))
@by_option
@json_option
def command(
    *, plan: str, on: str | None, only: tuple[str, ...], without: tuple[str, ...], dry_run: bool, limit: int, note: str,
    by: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Adopt it, or say what would change."""
    from graph.questions.place import READS
    from planner.office.adopt import adopt, part_of

    plan = plan_id(plan)
    with stored(on) as (store, name):
        network = store.read(name, tables=READS)
        part = part_of(network, only, without)
        done = adopt(store, name, plan, by=who(by), part=part, note=note, dry_run=dry_run)
    if as_json:
        print_json(done.to_dict())
        return
    print_counts(done.counts)
    print_rows(done.rows, limit)
    if done.version is None:
        print_line(Text("试算：没有作任何更改", "a dry run: nothing was changed"))
    elif done.counts:
        n = done.version.number
        print_line(
            Text(
                f"✓ 方案 {plan} 已采纳：版本 {n}；撤回：jiedui graph revert {n}{again(on)}",
                f"✓ plan {plan} is adopted: version {n}; to go back: jiedui graph revert {n}{again(on)}",
            )
        )


def print_counts(counts: Mapping[str, tuple[int, int]]) -> None:
    """Rows put and removed, table by table."""
    from graph.schema import TABLES

    rows = [(str(TABLES[t].title), f"{put:,}", f"{gone:,}") for t, (put, gone) in counts.items()]
    if rows:
        print_table("", [Text("表", "table"), Text("写入", "put"), Text("删除", "removed")], rows)
    else:
        print_line(Text("没有要改的：网络已是如此", "nothing to change: the network is so already"))
