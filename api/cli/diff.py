"""``jiedui diff``: two scenarios' inputs row by row."""

from __future__ import annotations

from pathlib import Path

import click
import cloup

from api.cli.screen import figure, print_json, print_line, print_more, print_table
from api.comparison_words import HOW, counted, counts_of
from graph.language import Text
from graph.schema import TABLES
from planner.input_diff import InputDifference, Kept, input_difference
from planner.scenario import Scenario


@cloup.command(
    "diff", help=str(Text("两个场景的输入差在哪里", "where two scenarios' inputs differ, row by row"))
)
@cloup.argument("first")
@cloup.argument("second")
@cloup.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help=str(Text("每张表最多几行", "rows per table")),
)
@cloup.option(
    "--sources",
    is_flag=True,
    help=str(Text("只有来源、标记不同的行也算", "rows that differ only in source or mark count, too")),
)
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(*, first: str, second: str, limit: int, sources: bool, as_json: bool) -> None:
    """Scenarios, stored networks or plans' folders."""
    (one, mine), (two, other) = read_inputs(first), read_inputs(second)
    found = input_difference(one, two, sources=sources, kept=(mine, other))
    if as_json:
        print_json(found.to_dict())
        return
    print_difference(found, limit)


def read_inputs(where: str) -> tuple[Scenario, Kept | None]:
    """A scenario, or what a plan was made from, with the columns that the plan keeps."""
    from planner.plan import read_plan
    from planner.replay import scenario_of
    from planner.scenario import read_scenario

    if (Path(where) / "plan.json").is_file():
        plan = read_plan(where)
        return scenario_of(plan), {name: frame.columns for name, frame in plan.tables("resolved").items()}
    return read_scenario(where, domain=False), None


def print_difference(found: InputDifference, limit: int) -> None:
    """Head, policy values, and rows by table."""
    if found.equal:
        print_line(Text("两个场景的输入相同", "the two scenarios have the same inputs"))
        print_not_kept(found)
        return
    first, second = found.names
    if found.head or found.settings:
        told = [*found.head, *((f"{s}.{k}", a, b) for s, k, a, b in found.settings)]
        print_table(str(Text("设置", "settings")), ("", first, second), told)
    for table, side in found.only.items():
        title = TABLES[table].title
        print_line(
            Text(
                f"\n表 {title.zh}（{table}）只有 {found.names[side]} 有",
                f"\nonly {found.names[side]} has the table {title.en} ({table})",
            )
        )
    for table, frame in found.tables.items():
        declared = TABLES[table]
        counts = counted(counts_of(frame))
        columns = [c for c in declared.columns if c.name in frame.columns]
        moved = [
            c for c in columns
            if c.name in declared.key or (frame["how"] != "changed").any() or (f"{c.name}_before" in frame.columns and (frame[c.name].ne_missing(frame[f"{c.name}_before"])).any())
        ]  # fmt: skip
        moved = [
            c
            for c in moved
            if c.name in declared.key
            or frame[c.name].null_count() < frame.height
            or frame.get_column(f"{c.name}_before", default=frame[c.name]).null_count() < frame.height
        ]
        rows = [
            (str(HOW[r["how"]]), *(cell(r, c.name) for c in moved))
            for r in frame.head(limit).iter_rows(named=True)
        ]
        print_table(
            f"\n{declared.title} ({table}){Text('：', ': ')}{counts}", ("", *(c.title for c in moved)), rows
        )
        print_more(frame.height, limit)
    print_not_kept(found)


def print_not_kept(found: InputDifference) -> None:
    """Columns that a plan does not keep, where there is something in them."""
    named = ", ".join(f"{t}.{c}" for t, columns in found.not_kept.items() for c in columns)
    if named:
        print_line(Text(
            f"没有比较（方案只保存其阶段读取的列）：{named}",
            f"not compared, as a plan keeps only the columns that its stages read: {named}"))  # fmt: skip


def cell(row: dict[str, object], column: str) -> str:
    """A cell, with what it was before where it changed."""
    value, before = row[column], row.get(f"{column}_before")
    if row["how"] == "changed" and f"{column}_before" in row and before != value:
        return f"{_told(before, column) or '–'} → {_told(value, column) or '–'}"
    return _told(value, column)


def _told(value: object, column: str) -> str:
    return str(value) if column == "year" and value is not None else figure(value)
