"""``jiedui why-different``: which changed input makes which difference."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import click
import cloup

from api.cli.main import Everywhere
from api.cli.progress import Progress, tell_listener
from api.cli.screen import figure, print_json, print_line, print_more, print_table, with_pinyin
from api.comparison_words import HOW, counted
from graph.language import Text, several
from graph.network import Network
from graph.schema import RESULTS
from planner.plan import read_plan
from planner.why_different import Step, changes_between, why_different


@cloup.command(
    "why-different",
    help=str(
        Text(
            "两个方案为何不同：逐项换上变了的输入，每次重新规划",
            "why two plans differ: take the changed inputs over one by one, planning again each time",
        )
    ),
)
@cloup.argument("first")
@cloup.argument("second")
@cloup.option("--order", multiple=True, metavar="CHANGE",
              help=str(Text("先换哪项（阶段.键、日期或表名，见 --list；可多次给出）；缺省：政策值在前，表在后", "what is taken first (STAGE.KEY, date, or a table; may be repeated); default: policy values, then tables")))  # fmt: skip
@cloup.option(
    "--about",
    default="",
    metavar="SUBJECT",
    help=str(
        Text(
            "同时说明对这个对象的决定在哪一步改变",
            "tell also at which step what was decided about this subject changed",
        )
    ),
)
@cloup.option(
    "--list",
    "only_list",
    is_flag=True,
    help=str(Text("只列出变了的输入，不求解", "only list the changed inputs, solve nothing")),
)
@cloup.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=None,
    help=str(Text("子进程数（缺省：核数）", "child processes (default: cores)")),
)
@cloup.option(
    "--limit",
    type=click.IntRange(1),
    default=12,
    show_default=True,
    help=str(Text("每步最多几行", "rows per step")),
)
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(
    *,
    first: str,
    second: str,
    order: tuple[str, ...],
    about: str,
    only_list: bool,
    workers: int | None,
    limit: int,
    as_json: bool,
) -> None:
    """Plan again after each change."""
    one, two = read_plan(first), read_plan(second)
    changes = changes_between(one, two, order)
    if only_list or not changes:
        if as_json:
            print_json(
                {"changes": [{"name": c.name, "what": c.what.as_dict()} for c in changes], "steps": []}
            )
        elif not changes:
            print_line(Text("两个方案的输入相同", "the two plans have the same inputs"))
        else:
            print_table(
                "", (Text("改动", "change"), Text("内容", "what")), [(c.name, str(c.what)) for c in changes]
            )
        return
    quiet = Everywhere.quiet or as_json
    with Progress(quiet) as progress:

        def tell(stage: str, label: str, facts: Mapping[str, Any]) -> None:
            if stage == "step":
                tell_listener(stage, label, {**facts, "number": facts["number"] - 1})  # that many are done
                line = Text(
                    f"第 {facts['number']} 步，共 {facts['of']} 步：{facts['change']}",
                    f"step {facts['number']} of {facts['of']}: {facts['change']}",
                )
                if not quiet:
                    click.echo(str(line), err=True)
            else:
                progress(stage, label, facts)

        steps = why_different(
            one, two, order=order, subject=about, workers=workers or os.cpu_count(), on_progress=tell
        )
    if as_json:
        print_json(
            {
                "changes": [{"name": c.name, "what": c.what.as_dict()} for c in changes],
                "steps": [s.to_dict() for s in steps],
            }
        )
        return
    print_line(Text(
        f"{one.id} → {two.id}：依次换上 {len(steps)} 项改动，每次重新规划。一项改动的作用取决于它之前的改动；--order 可换次序。",
        f"{one.id} → {two.id}: {several(len(steps), 'change')} taken over in this order, planned again after each. What a change does depends on those "
        "before it; --order chooses another order.",
    ))  # fmt: skip
    for number, step in enumerate(steps, 1):
        print_step(number, step, two.network, limit)
        if about and step.trouble is None and not step.about:
            print_line(Text(f"   {about}：没有变化", f"   {about}: nothing else was decided"))


def print_step(number: int, step: Step, network: Network, limit: int) -> None:
    """What one change did."""
    print_line(f"\n{number}. {step.change.what}")
    if step.trouble is not None:
        print_line(Text(f"   没有方案：{step.trouble.zh}", f"   no plan: {step.trouble.en}"))
        return
    if not step.rows and not step.kpis:
        print_line(Text("   结果不变", "   the result stays as it is"))
        return
    parts = [f"{RESULTS[t].title} {counted(counts)}" for t, counts in step.rows.items()]
    if parts:
        print_line("   " + str(Text("；", "; ")).join(parts))
    rows = [(s, str(title), figure(a), figure(b)) for s, _, title, a, b in step.kpis]
    if rows:
        print_table(
            "",
            (
                Text("阶段", "stage"),
                Text("指标", "key figure"),
                Text("此前", "before"),
                Text("此后", "after"),
            ),
            rows[:limit],
        )
        print_more(len(rows), limit)
    for how, row in step.about[:limit]:
        print_line(f"   {HOW[how]}{Text('：', ': ')}{with_pinyin(str(row), network)}")
    print_more(len(step.about), limit)
