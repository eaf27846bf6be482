"""``jiedui recommend``: the best places for one cadre or one source's money, and the other way round."""

from __future__ import annotations

import click
import cloup

from api.cli.main import Everywhere
from api.cli.otherwise import price_words
from api.cli.progress import Progress
from api.cli.screen import print_json, print_line, print_table, with_pinyin
from graph.language import Text
from planner.plan import read_plan
from planner.recommend import recommend


@cloup.command(
    "recommend",
    help=str(
        Text(
            "为一名干部、一个村、一项资金或一个县推荐去处",
            "the best choices for one cadre, village, fund or county",
        )
    ),
)
@cloup.argument("plan")
@cloup.argument("subject")
@cloup.option(
    "-n",
    "count",
    type=click.IntRange(1, 50),
    default=5,
    show_default=True,
    help=str(Text("列出几个", "how many")),
)
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(*, plan: str, subject: str, count: int, as_json: bool) -> None:
    """Rank other choices of one subject by their exact change of the whole objective."""
    read = read_plan(plan)
    with Progress(Everywhere.quiet) as progress:
        found = recommend(read, subject, count, progress)
    if as_json:
        print_json([o.as_dict() for o in found])
        return
    if not found:
        print_line(Text("没有可去之处：规则不许", "there is nowhere to go: the rules do not allow it"))
        return
    rows = []
    for place, one in enumerate(found, start=1):
        others = ", ".join(m.who for m in one.moves[1:4])
        more = f" …(+{len(one.moves) - 4})" if len(one.moves) > 4 else ""
        told = str(price_words(one)).lstrip("：: ")
        rows.append((str(place), with_pinyin(str(one.what), read.network), told, others + more))
    columns = (
        "",
        Text("选择", "choice"),
        Text("总变化", "change in all"),
        Text("另外要动的", "who else moves"),
    )
    print_table("", columns, rows)
