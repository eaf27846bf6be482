"""``jiedui compare``: plans side by side."""

from __future__ import annotations

from collections.abc import Mapping

import click
import cloup
import polars as pl

from api.cli.screen import figure, print_json, print_line, print_more, print_table, with_pinyin
from api.cli.show import unit_name
from graph.language import Text, current_language
from graph.schema import RESULTS, TABLES, Table
from planner.compare import Comparison, compare
from planner.plan import Plan, read_plan

HOW = {"new": Text("新增", "new"), "ended": Text("取消", "ended"), "changed": Text("改变", "changed")}


@cloup.command(
    "compare", help=str(Text("比较方案：指标与变化的行", "compare plans: key figures and changed rows"))
)
@cloup.argument("plans", nargs=-1, required=True)
@cloup.option(
    "--limit",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help=str(Text("每张表最多几行", "rows per table")),
)
@cloup.option("--to", metavar="FILE.xlsx", help=str(Text("写成 Excel 工作簿", "write an Excel workbook")))
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(*, plans: tuple[str, ...], limit: int, to: str | None, as_json: bool) -> None:
    """Compare plans with the first."""
    found = compare([read_plan(p) for p in plans])
    if to:
        from api.workbook import write_comparison

        write_comparison(found, to)
    if as_json:
        print_json(found.as_dict())
        return
    print_comparison(found, limit)
    if to:
        print_line(Text(f"\n已写入 {to}", f"\nwritten: {to}"))


def print_comparison(found: Comparison, limit: int) -> None:
    """Settings, key figures and changed rows that differ."""
    ids = list(dict.fromkeys(p.id for p in found.plans))
    if len(ids) == 1:
        print_line(Text("两个方案相同（编号一样）", "the plans are the same (one id)"))
        return
    if found.settings.height:
        print_table(str(Text("不同的政策值", "policy values that differ")), (Text("规则", "rule"), *ids),
                    [(f"{r[0]}.{r[1]}", *r[2:]) for r in found.settings.iter_rows()])  # fmt: skip
    for plan in found.plans[1:]:
        print_changes(plan, found.inputs.get(plan.id, {}), limit, TABLES)
    title = "title_zh" if current_language() == "zh" else "title_en"
    differs = pl.any_horizontal([pl.col(i).ne_missing(pl.col(ids[0])) for i in ids[1:]])
    rows = [
        (r["stage"], r[title], figure(r["baseline"]), *(figure(r[i]) for i in ids), unit_name(r["unit"]))
        for r in found.kpis.filter(differs).iter_rows(named=True)
    ]
    if not rows and not any(found.changes.values()):
        print_line(Text("\n结果没有差别", "\nno difference in the result"))
        return
    columns: list[Text | str] = [
        Text("阶段", "stage"),
        Text("指标", "key figure"),
        Text("对照（首个方案）", "baseline (of the first)"),
        *ids,
        Text("单位", "unit"),
    ]
    print_table(f"\n{Text('不同的指标', 'key figures that differ')}", columns, rows)
    for plan in found.plans[1:]:
        print_changes(plan, found.changes[plan.id], limit, RESULTS)


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
        rows = [
            (str(HOW[r["how"]]), *(_cell(plan, c.name, c.kind, r) for c in columns))
            for r in shown.iter_rows(named=True)
        ]
        print_table(
            f"\n{plan.id} · {what} · {declared[name].title}{Text('（', ' (')}{counts}{Text('）', ')')}",
            ("", *(c.title for c in columns)),
            rows,
        )
        print_more(frame.height, limit)


def _cell(plan: Plan, column: str, kind: str, row: dict[str, object]) -> str:
    value, before = row[column], row.get(f"{column}_before")
    if kind == "code":
        return with_pinyin(plan.network.label(str(value)), plan.network) if value is not None else ""
    if row["how"] == "changed" and f"{column}_before" in row and before != value:
        return f"{figure(before)} → {figure(value)}"
    return figure(value)
