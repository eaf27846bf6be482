"""``jiedui compare``: plans side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click
import cloup
import polars as pl

from api.cli.compared import print_even, print_flows, print_moves, print_support
from api.cli.json_rows import json_pieces
from api.cli.screen import (
    all_with_pinyin,
    figure,
    figures,
    print_line,
    print_more,
    print_table,
    titled,
    with_pinyin,
)
from api.cli.show import unit_name
from api.comparison_words import HOW, not_planned_said, settings_said
from graph.errors import UsageError
from graph.language import Text, current_language
from graph.schema import RESULTS, TABLES, Column, Table
from planner.compare import Comparison, compare
from planner.compare.places import joined_network
from planner.plan import Plan, read_plan
from planner.sheets import other_names

TO = Text(
    "写成 Excel 工作簿（.xlsx）、自成一体的网页（.html）或结对变化的图（.graphml）",
    "write an Excel workbook (.xlsx), a self-contained web page (.html) or the pairs that change as a graph (.graphml)",
)


@cloup.command(
    "compare",
    help=str(
        Text(
            "比较任意多个方案：指标、变化的行及原因、谁得谁失、人员变动、省际资金",
            "compare any number of plans: figures, changed rows and why, winners and losers, churn, money between provinces",
        )
    ),
)
@cloup.argument("plans", nargs=-1, required=True)
@cloup.option(
    "--limit",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help=str(Text("每张表最多几行", "rows per table")),
)
@cloup.option("--to", metavar="FILE", help=str(TO))
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(*, plans: tuple[str, ...], limit: int, to: str | None, as_json: bool) -> None:
    """Compare plans with the first."""
    write = None if to is None else _writer(to)
    found = compare([read_plan(p) for p in plans])
    if write is not None and to is not None:
        write(found, to)
    if as_json:
        for piece in json_pieces(found.parts()):
            click.echo(piece, nl=False)
        click.echo()
        return
    print_comparison(found, limit)
    if to:
        print_line(Text(f"\n已写入 {to}", f"\nwritten: {to}"))


def _writer(to: str) -> Callable[[Comparison, str], Path]:
    """What writes a file of this name; told before anything is read."""
    ending = Path(to).suffix.lower()
    if ending == ".xlsx":
        from api.comparison_workbook import write_comparison

        return write_comparison
    if ending in (".html", ".htm"):
        from api.comparison_page import write_comparison_page

        return write_comparison_page
    if ending == ".graphml":
        from api.comparison_graph import write_comparison_graph

        return write_comparison_graph
    raise UsageError(
        f"不认识文件 {to} 的格式；请用 .xlsx、.html 或 .graphml",
        f"no format for {to}: let it end in .xlsx, .html or .graphml",
    )


def print_comparison(found: Comparison, limit: int) -> None:
    """Settings, key figures and changed rows that differ."""
    ids = list(dict.fromkeys(p.id for p in found.plans))
    if len(ids) == 1:
        print_line(Text("两个方案相同（编号一样）", "the plans are the same (one id)"))
        return
    for lacking, told in not_planned_said(found).items():
        print_line(f"{lacking} {told}")
    if found.settings.height:
        print_table(str(Text("不同的政策值", "policy values that differ")), (Text("规则", "rule"), *ids),
                    [(f"{r[0]}.{r[1]}", *r[2:]) for r in settings_said(found).iter_rows()])  # fmt: skip
    others = list({p.id: p for p in found.plans[1:]}.values())
    for plan in others:
        print_changes(plan, found.inputs.get(plan.id, {}), limit, TABLES)
    figures = found.kpis.filter(pl.any_horizontal([_not_the_same(found, i) for i in ids[1:]]))
    if not figures.height and not any(found.changes.values()):
        print_line(Text("\n结果没有差别", "\nno difference in the result"))
        return
    if figures.height:
        print_figures(figures, ids)
    print_costs(found, ids)
    network = joined_network(found.plans)
    print_support(found, network, limit)
    print_even(found)
    for plan in others:
        print_moves(found, network, plan.id, limit)
        print_flows(found, network, plan.id, limit)
        print_changes(plan, found.changes[plan.id], limit, RESULTS)


def _not_the_same(found: Comparison, plan: str) -> pl.Expr:
    """Whether a key figure is not the first plan's, of a stage that both have planned."""
    missing = {s for i in (found.ids[0], plan) for s in found.not_planned.get(i, ())}
    return pl.col(plan).ne_missing(pl.col(found.ids[0])) & ~pl.col("stage").is_in(sorted(missing))


def print_figures(figures: pl.DataFrame, ids: list[str]) -> None:
    """Key figures side by side with the first plan's baseline; another one that differs beside it, several in a table of their own."""
    title = "title_zh" if current_language() == "zh" else "title_en"
    others = [i for i in ids[1:] if _differing(figures, [i]).height]
    beside = others if len(others) == 1 else []
    before = ["baseline", *(f"baseline {i}" for i in beside)]
    rows = [
        (r["stage"], r[title], *(figure(r[c]) for c in (*before, *ids)), unit_name(r["unit"]))
        for r in figures.iter_rows(named=True)
    ]
    of_all = Text("对照", "baseline")
    first = Text(f"对照（{ids[0]}）", f"baseline ({ids[0]})") if others else of_all
    start = (Text("阶段", "stage"), Text("指标", "key figure"))
    columns: list[Text | str] = [
        *start,
        first,
        *(Text(f"对照（{i}）", f"baseline ({i})") for i in beside),
        *ids,
        Text("单位", "unit"),
    ]
    print_table(f"\n{Text('不同的指标', 'key figures that differ')}", columns, rows)
    if len(others) > 1:
        wanted = ["baseline", *(f"baseline {i}" if i in others else "baseline" for i in ids[1:])]
        rows = [
            (r["stage"], r[title], *(figure(r[c]) for c in wanted), unit_name(r["unit"]))
            for r in _differing(figures, others).iter_rows(named=True)
        ]
        print_table(
            f"\n{Text('不同的对照', 'baselines that differ')}", [*start, *ids, Text("单位", "unit")], rows
        )


def _differing(figures: pl.DataFrame, ids: Sequence[str]) -> pl.DataFrame:
    """The key figures whose baseline is not the first plan's in one of these plans."""
    there = [f"baseline {i}" for i in ids if f"baseline {i}" in figures.columns]
    return (
        figures.filter(pl.any_horizontal([pl.col(c).ne_missing(pl.col("baseline")) for c in there]))
        if there
        else figures.clear()
    )


def print_costs(found: Comparison, ids: list[str]) -> None:
    """That costs are measured differently, and each plan's decisions measured by the values of each."""
    for stage, keys in found.measured.items():
        listed, differ = ", ".join(keys), "differs" if len(keys) == 1 else "differ"
        print_line(Text(
            f"\n⚠ {stage}：{listed} 不同，各方案的成本衡量方式不同，不能直接相比",
            f"\n⚠ {stage}: {listed} {differ}, so each plan measures cost in its own way; their costs do not compare as they stand",
        ))  # fmt: skip
        mine = found.costs.filter(pl.col("stage") == stage)
        rows = [
            (str(Text(f"按 {r['measured_by']} 的取值", f"by the values of {r['measured_by']}")),
             *("–" if r[i] is None else figure(r[i]) for i in ids))
            for r in mine.iter_rows(named=True)
        ]  # fmt: skip
        print_table(str(Text("各方案的决定的成本", "cost of the decisions of")), ("", *ids), rows)
        if any(r[i] is None for r in mine.iter_rows(named=True) for i in ids):
            print_line(Text("（–：两个方案所用的表不同，或对方不允许其中的选择，无法换算）",
                            "(–: the plans were made from different tables, or one allows a choice that the other cannot price)"))  # fmt: skip


def print_changes(
    plan: Plan, tables: dict[str, pl.DataFrame], limit: int, declared: Mapping[str, Table]
) -> None:
    """Changed rows of one plan against the first: of its tables, or of those it was made from."""
    for name, frame in tables.items():
        what = Text("输入", "input") if declared is TABLES else Text("结果", "result")
        counts = str(Text("，", ", ")).join(
            f"{HOW[h]} {figure(n)}" for h, n in frame.group_by("how", maintain_order=True).len().iter_rows()
        )
        shown = frame.head(limit)
        columns = [
            c for c in declared[name].columns if c.name in shown.columns and c.name not in ("terms", "sample")
        ]
        why = [f"why_{current_language()}"] if declared is RESULTS else []
        told = [with_pinyin(t, plan.network) for t in shown[why[0]]] if why else []
        names = _names(plan, shown, columns, declared)
        rows = [
            (str(HOW[r["how"]]), *(_cell(c, r, names) for c in columns), *told[n : n + 1])
            for n, r in enumerate(shown.iter_rows(named=True))
        ]
        print_table(
            f"\n{plan.id} · {what} · {declared[name].title}{Text('（', ' (')}{counts}{Text('）', ')')}",
            ("", *(c.title for c in columns), *(Text("原因", "why") for _ in why)),
            rows,
        )
        print_more(frame.height, limit)


def _names(
    plan: Plan, shown: pl.DataFrame, columns: Sequence[Column], declared: Mapping[str, Table]
) -> dict[str, str]:
    """Ids in the rows by name, with words beside it in English; an input's own id has none."""
    named = [c.name for c in columns if c.kind == "code" and (c.foreign or declared is RESULTS)]
    ids = sorted({i for column in named for i in shown[column].drop_nulls()})
    found = {i: plan.network.label(i) for i in ids} | other_names(plan.network, ids)
    return dict(zip(ids, all_with_pinyin([found[i] for i in ids], plan.network), strict=True))


def _cell(column: Column, row: Mapping[str, object], names: Mapping[str, str]) -> str:
    value, before = row[column.name], row.get(f"{column.name}_before")
    if row["how"] == "changed" and f"{column.name}_before" in row and before != value:
        return " → ".join(figures(*(_said(column, v, names) for v in (before, value))))
    return figure(_said(column, value, names))


def _said(column: Column, value: object, names: Mapping[str, str]) -> object:
    """A value by its name or title, a year as text: it is a name, no quantity. Other figures stay."""
    if value is None:
        return None
    if column.kind == "enum":
        return titled(column.enum, str(value))
    if column.kind == "code":
        return names.get(str(value), value)
    return str(value) if column.name.endswith("year") else value
