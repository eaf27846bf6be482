"""Findings as a report: JSON in the shape of a Frictionless report, CSV, lines of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from graph.findings import Finding
from graph.language import Text, several
from graph.tables.write import guarded, unwritable, write_atomically

SHOWN = 100
SKIPPED = Text("已跳过这一行", "row skipped")

REPORT_COLUMNS = (
    "severity", "code", "file", "table", "row", "column", "value", "what_zh", "what_en", "mend_zh", "mend_en"
)  # fmt: skip


def report_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """The report as Frictionless writes it: ``valid``, ``stats``, and one task per table with its ``errors``.

    Warnings and notices stand beside the errors, in ``warnings`` of the task; ``valid`` does not heed them.
    """
    tables: dict[tuple[str, str | None], list[Finding]] = {}
    for finding in findings:
        tables.setdefault((finding.table, finding.file), []).append(finding)
    tasks = [_task(table, file, found) for (table, file), found in tables.items()]
    errors = sum(len(t["errors"]) for t in tasks)
    return {
        "valid": not errors,
        "stats": {"tasks": len(tasks), "errors": errors, "warnings": len(findings) - errors},
        "tasks": tasks,
    }


def report_csv(findings: Sequence[Finding], path: Path | str) -> None:
    """Every finding as one CSV row (UTF-8 with BOM, so that Excel opens it right).

    Raises
    ------
    OutsideError
        When the file cannot be written.
    """
    target = Path(path)
    rows = [
        (
            f.severity,
            f.code,
            f.file,
            f.table,
            f.row,
            f.column,
            f.value,
            f.what.zh,
            f.what.en,
            f.mend.zh,
            f.mend.en,
        )
        for f in findings
    ]
    kinds = {c: pl.Int64() if c == "row" else pl.String() for c in REPORT_COLUMNS}
    frame = guarded(pl.DataFrame(rows, schema=kinds, orient="row"))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, lambda temporary: frame.write_csv(temporary, include_bom=True))
    except OSError as error:
        raise unwritable(target, error) from error


def report_lines(findings: Iterable[Finding], shown: int = SHOWN) -> list[Text]:
    """Lines for people: the first ``shown`` findings, and how many more there are.

    Warnings and notices about tables that come unchanged from a base stand last, one line per base: whoever
    overlays a base looks for what is wrong with their own tables.
    """
    inherited: dict[str, list[Finding]] = {}
    own: list[Finding] = []
    for finding in findings:
        if is_summed(finding):
            inherited.setdefault((finding.file or "").rpartition("/")[0], []).append(finding)
        else:
            own.append(finding)
    lines = [_sign(f) for f in own[:shown]]
    more = len(own) - shown
    if more > 0:
        lines.append(
            Text(f"……另有 {more} 处，见 CSV 报告", f"… and {more} more, all of them in the CSV report")
        )
    return lines + [_sum(base, found) for base, found in inherited.items()]


def is_summed(finding: Finding) -> bool:
    """Errors, and rows that are left out for one, are always told one by one."""
    return finding.inherited and finding.severity != "error" and not finding.what.en.startswith(SKIPPED.en)


def _sum(base: str, found: Sequence[Finding]) -> Text:
    """Remarks on the tables of a base: how many on which."""
    n, tables = len(found), Counter(f.table for f in found)
    listed = ", ".join(f"{table} {count}" for table, count in sorted(tables.items()))
    remarks = several(n, "remark")
    return Text(
        f"[底场景] 未改动的 {base} 各表有 {n} 条提醒或说明（{listed}）",
        f"[base] {remarks} on tables that come unchanged from {base} ({listed})",
    )


def _task(table: str, file: str | None, found: list[Finding]) -> dict[str, Any]:
    errors = [f.as_dict() for f in found if f.severity == "error"]
    others = [f.as_dict() for f in found if f.severity != "error"]
    return {
        "name": table,
        "place": file,
        "type": "table",
        "valid": not errors,
        "stats": {"errors": len(errors), "warnings": len(others)},
        "errors": errors,
        "warnings": others,
    }


def _sign(finding: Finding) -> Text:
    signs = {
        "error": Text("错误", "error"),
        "warning": Text("提醒", "warning"),
        "notice": Text("说明", "notice"),
    }
    sign = signs[finding.severity]
    return Text(f"[{sign.zh}] {finding.text.zh}", f"[{sign.en}] {finding.text.en}")
