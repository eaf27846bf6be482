"""``jiedui check``: whether a scenario's tables and settings are right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import cloup

from api.cli.screen import figure, print_json, print_line
from graph.errors import TableErrors, UsageError
from graph.findings import Finding
from graph.language import Text, several
from graph.store.opening import store_address
from graph.tables.report import is_summed, report_csv, report_json, report_lines

FAILED, BAD_ROWS = 1, 2
EXCEL = (".xlsx", ".xlsm")


@cloup.command("check", help=str(Text(
    "检查场景、文件夹、Excel 工作簿或单个文件，一次列出所有错行；也检查存储的网络（neo4j:#网络、workspace:#网络），并给出查找每处的 Cypher",
    "check a scenario, folder, workbook or single file; all bad rows at once. Also a stored network (neo4j:#NETWORK, "
    "workspace:#NETWORK), with the Cypher that finds each fault",
)))  # fmt: skip
@cloup.argument("scenario", default="china-2016")
@cloup.option("--csv", "csv_file", type=click.Path(), metavar="FILE",
              help=str(Text("把全部发现写成 CSV", "write every finding as CSV")))  # fmt: skip
@cloup.option("--marked", type=click.Path(), metavar="FILE.xlsx",
              help=str(Text("Excel 输入：写一份标出错格并加批注的副本", "Excel input: write a copy with the wrong cells marked and commented")))  # fmt: skip
@cloup.option("--strict", is_flag=True,
              help=str(Text("有业务提醒时以状态 1 结束", "exit 1 where there are findings of the domain")))  # fmt: skip
@cloup.option("--skip-bad-rows", is_flag=True,
              help=str(Text("跳过有错的行并逐一说明", "leave out rows with errors, and say which")))  # fmt: skip
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(
    *,
    scenario: str,
    csv_file: str | None,
    marked: str | None,
    strict: bool,
    skip_bad_rows: bool,
    as_json: bool,
) -> int:
    """Check; 2 on bad rows, with ``--strict`` 1 on findings of the domain. A stored network: 1 on errors."""
    if store_address(scenario) is not None:
        from api.cli.check_store import check_stored

        others = [w for w, given in (("--marked", marked), ("--skip-bad-rows", skip_bad_rows)) if given]
        return check_stored(scenario, csv_file=csv_file, strict=strict, as_json=as_json, others=others)
    if marked:
        find_workbook(scenario)  # a wrong call is told before the work, not after it
    findings, size = read(scenario, skip_bad_rows)
    if csv_file:
        report_csv(findings, csv_file)
    if marked:
        write_marked(scenario, findings, marked)
    status = exit_status(findings, strict)
    if as_json:
        print_json(report_json(findings))
        return status
    lines = report_lines(findings)
    for line in lines:
        print_line(line)
    if len(lines) < len(findings) and not csv_file:
        print_line(Text("（--csv 文件 列出全部）", "(--csv FILE lists them all)"))
    for file in (csv_file, marked):
        if file:
            print_line(Text(f"已写入 {file}", f"written: {file}"))
    print_line(summary(scenario, findings, size))
    return status


def read(scenario: str, skip_bad_rows: bool) -> tuple[list[Finding], tuple[int, int]]:
    """Every finding, what cannot hold by counting among them, and how many tables and rows were read; none where rows are bad."""
    from planner.checked import looked_over
    from planner.counted import counted_findings

    try:
        found, odd = looked_over(scenario, skip_bad_rows=skip_bad_rows)
    except TableErrors as error:
        return error.findings, (0, 0)
    frames = found.network.frames.values()
    refused = {str(f.column).partition(".")[0] for f in odd if f.severity == "error"}  # told already
    told = [*found.findings, *odd, *counted_findings(found, refused)]
    return told, (len(frames), sum(frame.height for frame in frames))


def find_workbook(scenario: str) -> Path:
    """The one workbook that a scenario's tables are in.

    Raises
    ------
    UsageError
        When there is none, or more than one.
    """
    from planner.shipped import find_scenario

    place = find_scenario(scenario)
    inside = [place, place / "data"]
    books = [place] if place.is_file() else [f for d in inside if d.is_dir() for f in sorted(d.iterdir())]
    books = [b for b in books if b.suffix.lower() in EXCEL and not b.name.startswith("~$")]
    if len(books) != 1:
        raise UsageError(
            f"--marked 需要一个 Excel 工作簿，{place} 有 {len(books)} 个；请直接给出工作簿",
            f"--marked needs one Excel workbook, {place} has {len(books)}; name the workbook itself",
        )
    return books[0]


def write_marked(scenario: str, findings: Sequence[Finding], target: str) -> None:
    """Write the marked copy of the workbook."""
    from graph.tables.marked import mark_workbook

    mark_workbook(find_workbook(scenario), findings, target)


def exit_status(findings: Sequence[Finding], strict: bool) -> int:
    """2 on errors; with ``strict`` 1 on warnings; notices are never a reason."""
    kinds = {f.severity for f in findings}
    if "error" in kinds:
        return BAD_ROWS
    return FAILED if strict and "warning" in kinds else 0


def summary(scenario: str, findings: Sequence[Finding], size: tuple[int, int]) -> Text:
    """The last line: what was read and how many findings of which kind."""
    own = [f for f in findings if not is_summed(f)]
    errors, warnings, notices = (sum(f.severity == k for f in own) for k in ("error", "warning", "notice"))
    based = len(findings) - len(own)
    counts = Text(
        f"{errors} 处错误，{warnings} 条提醒，{notices} 条说明",
        ", ".join((several(errors, "error"), several(warnings, "warning"), several(notices, "notice"))),
    )
    if based:
        remarks = several(based, "remark")
        counts = Text(
            f"{counts.zh}；另有 {based} 条关于底场景的表", f"{counts.en}; {remarks} on the base's tables"
        )
    if errors:
        return Text(
            f"✗ {scenario}：{counts.zh}；未导入任何内容", f"✗ {scenario}: {counts.en}; nothing was imported"
        )
    tables, rows = size
    return Text(
        f"✓ {scenario}：{tables} 张表，{figure(rows)} 行；{counts.zh}",
        f"✓ {scenario}: {several(tables, 'table')}, {several(rows, 'row')}; {counts.en}",
    )
