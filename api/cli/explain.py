"""``jiedui explain``: why a plan is as it is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click
import cloup

from api.cli.broken import print_broken
from api.cli.explain_all import FORMS, write_all
from api.cli.explained import print_explanation, print_rules
from api.cli.main import Everywhere
from api.cli.otherwise import find_otherwise, print_otherwise
from api.cli.prices import print_again
from api.cli.progress import Progress
from api.cli.screen import as_word, print_json, print_line
from graph.errors import UsageError
from graph.language import Text
from planner.elastic.broken import broken_about, broken_in
from planner.explain import explain
from planner.otherwise import OTHERWISE
from planner.plan import Plan, read_plan
from planner.reason import Explanation
from planner.subject import read_subject

if TYPE_CHECKING:
    from planner.budget_price import BudgetPrice


@cloup.command(
    "explain", help=str(Text("为什么是这样：构成、规则、次优", "why it is so: terms, rules, the runner-up"))
)
@cloup.argument("plan")
@cloup.argument("subject", required=False)
@cloup.option(
    "--stage", "stages", multiple=True, metavar="STAGE", help=str(Text("只看这些阶段", "only these stages"))
)
@cloup.option(
    "--limit",
    type=click.IntRange(1),
    default=12,
    show_default=True,
    help=str(Text("每项最多几行", "rows each")),
)
@cloup.option("--price", is_flag=True, help=str(Text(
    "另选一个总共要多少：不选现在的（或选定所问的）再求解一次；资金来源：预算多或少一百万元，重新求解",
    "what another choice would cost in all: solve again without the present one, or with the one asked for; of a fund "
    "source: with a million yuan more and less in its budgets",
)))  # fmt: skip
@cloup.option("--instead", type=click.IntRange(0), metavar="YUAN", help=str(Text(
    "金额改为这么多元要多少（县:项目:年份、县:年份 或 来源>县:项目:年份）",
    "what this amount instead would cost, in yuan (county:programme:year, county:year, or source>county:programme:year)",
)))  # fmt: skip
@cloup.option("--all", "every", metavar="STAGE", help=str(Text(
    "该阶段的每一行及没有办成的事都写明原因，写到 -o 文件（.xlsx），或文件夹（--format csv、parquet）",
    "a reason for every row of this stage, and for what stayed open, into the file -o (.xlsx) or a folder (--format csv, parquet)",
)))  # fmt: skip
@cloup.option("--swap", is_flag=True, help=str(Text(
    "帮扶方>受扶方：距离、各权重、单位实力、贫困发生率要变到多少才会换，两侧各重解一次",
    "supporter>recipient: what the way, each weight, the unit's strength and the poverty incidence would have to come to for a swap, solved again on both sides",
)))  # fmt: skip
@cloup.option("--dearest", metavar="STAGE", help=str(Text(
    "该阶段（区域结对或定点帮扶）失去时代价最大的几对，每一对都重新求解",
    "the pairs of this stage (pairing, designation) that would be dearest to lose, each solved again",
)))  # fmt: skip
@cloup.option(
    "-n",
    "count",
    type=click.IntRange(1, 100),
    default=10,
    show_default=True,
    help=str(Text("--dearest 列出几对", "pairs of --dearest")),
)
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
@cloup.option("--format", "form", type=click.Choice(["text", "json", "html", *FORMS]), help=str(Text(
    "输出为可放进信函的文字、JSON，或可打印的一页", "as text for a letter, as JSON, or as one page to print",
)))  # fmt: skip
@cloup.option(
    "-o",
    "--out",
    "out",
    type=click.Path(),
    metavar="FILE",
    help=str(Text("写到文件", "write to a file")),
)
def command(
    *,
    plan: str,
    subject: str | None,
    stages: tuple[str, ...],
    limit: int,
    price: bool,
    instead: int | None,
    every: str | None,
    swap: bool,
    dearest: str | None,
    count: int,
    as_json: bool,
    form: str | None,
    out: str | None,
) -> None:
    """Explain whatever can be pointed at, whether the plan has it or not; see :mod:`planner.subject`."""
    if every is not None or dearest is not None:
        check_alone(subject, stages, price or swap, instead)
        if dearest is not None:
            from api.cli.explain_dearest import show_dearest

            show_dearest(read_plan(plan), dearest, count, as_json)
        else:
            write_all(read_plan(plan), str(every), out, form, as_json)
        return
    if subject is None:
        raise UsageError(
            "请给出要问的对象；逐行说明一个阶段用 --all 阶段",
            "say what to explain; for every row of a stage use --all STAGE",
        )
    check_form(form, out, as_json)
    read = read_plan(plan)
    if swap:
        from api.cli.explain_dearest import show_threshold

        show_threshold(read, subject, stages, "json" if as_json else form, out)
        return
    found = explain(read, subject, stages or None)
    about = read_subject(read, subject)
    price = price or instead is not None
    budgets = find_budgets(read, about.keys, stages) if price and instead is None else []
    asked = price and not budgets
    others = find_otherwise(read, about, stages or None, instead) if asked else []
    if instead is not None and not others:
        raise UsageError(
            f"--instead 问的是一项金额（县:项目:年份、县:年份 或 来源>县:项目:年份），{subject} 不是",
            f"--instead is about an amount (county:programme:year, county:year, or source>county:programme:year), and {subject} is none",
        )
    if form in ("text", "html"):
        from api.cli.explain_letter import write_letter

        write_letter(read, found, (budgets, others), form, out)
        if as_json:
            print_json({"file": out})
        return
    if as_json or form == "json":
        told = [e.as_dict() | {"broken": broken_about(read, e.stage, about.keys)} for e in found]
        priced = [
            *(b.as_dict() for b in budgets),
            *(o.as_dict() for o in others),
        ]
        print_json({"explanations": told, "prices": priced} if price else told)
        return
    print_all(read, found, limit)
    print_broken(read, about.keys)
    if budgets:
        print_again(read, budgets)
    elif price:
        print_otherwise(others, read.network, limit)
    elif any(e.stage in OTHERWISE and not broken_in(read.stages[e.stage]) for e in found):
        line = f"jiedui explain {as_word(plan)} {as_word(subject)} --price"
        print_line(Text(f"\n另选一个总共要多少：{line}", f"\nwhat another choice would cost in all: {line}"))


def print_all(plan: Plan, found: Sequence[Explanation], limit: int) -> None:
    """Explanations stage by stage, each followed by the rules that bind there."""
    for _, of_stage in groupby(found, key=lambda e: e.stage):
        explained = list(of_stage)
        for explanation in explained:
            print_explanation(explanation, plan.network, limit)
        print_rules(explained, plan.network)


def check_form(form: str | None, out: str | None, as_json: bool) -> None:
    """An answer about one subject is text, JSON or a page; in a file it is text or a page.

    Raises
    ------
    UsageError
        When the options do not go together.
    """
    if form in FORMS:
        raise UsageError(
            f"--format {form} 写的是整张表；逐行说明一个阶段用 --all 阶段",
            f"--format {form} is for whole tables; for every row of a stage use --all STAGE",
        )
    if out is not None and form not in ("text", "html"):
        raise UsageError("-o 要与 --format text 或 html 一起用", "-o goes with --format text or html")
    if as_json and form in ("text", "html") and out is None:
        raise UsageError(
            f"--json 与 --format {form} 不能都写到屏幕上；用 -o 给出文件，或去掉其一",
            f"--json and --format {form} cannot both be printed; name a file with -o, or leave one out",
        )


def check_alone(subject: str | None, stages: Sequence[str], price: bool, instead: int | None) -> None:
    """What is about one subject cannot stand beside every row of a stage.

    Raises
    ------
    UsageError
        When it does.
    """
    if subject is not None or stages or price or instead is not None:
        raise UsageError(
            "--all 与 --dearest 问的是整个阶段，不能与对象、--stage、--price、--swap、--instead 一起给出",
            "--all and --dearest are about a whole stage; no subject, --stage, --price, --swap or --instead can stand beside them",
        )


def find_budgets(plan: Plan, keys: Sequence[str], stages: Sequence[str]) -> list[BudgetPrice]:
    """Solve the money again for a source's budgets, with progress told; nothing where the subject is no fund source."""
    sources = set(plan.network.frame("fund_sources")["id"].to_list())
    if len(keys) != 1 or keys[0] not in sources or "funds" not in (stages or plan.stages):
        return []
    from planner.budget_price import budget_prices

    with Progress(Everywhere.quiet) as progress:
        return budget_prices(plan, keys[0], progress)
