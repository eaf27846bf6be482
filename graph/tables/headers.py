"""Match headers with declared columns, by name or by Chinese title."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import polars as pl

from graph.findings import Finding, Severity
from graph.language import Text
from graph.schema import TABLES, Column, Table
from graph.tables.privacy import check_left_out
from graph.tables.raw import RawTable
from graph.tables.suggest import nearest_word

LIKE = 80.0  # of 100: as near as ``capcity`` is to ``capacity``

PERSONAL = frozenset((
    "民族", "宗教", "宗教信仰", "政治面貌", "病史", "健康状况",
    "身份证", "身份证号", "身份证号码", "公民身份号码", "电话", "联系电话",
    "手机", "手机号", "手机号码", "银行卡", "银行卡号", "银行账号",
    "ethnicity", "religion", "health", "id_card", "id_number", "identity_card",
    "phone", "mobile", "telephone", "bank_card", "bank_account",
))  # fmt: skip


def match_headers(
    raw: RawTable, table: Table, needed: Collection[str] = ()
) -> tuple[pl.DataFrame, list[Finding]]:
    """The frame with declared columns only, under their names; and what is wrong with the header.

    A column is missing when the key, a required column, or one of ``needed`` is not there and has no default.
    An unknown column is refused when it is nearly the name of an absent one (a typing error), else left out
    with a warning. Personal numbers are refused in columns that are left out too.
    """
    if not raw.frame.width:
        return raw.frame, []
    names = {_plain(c.zh): c for c in table.columns} | {_plain(c.en): c for c in table.columns}
    names |= {_plain(c.name): c for c in table.columns}
    taken: dict[str, str] = {}
    findings: list[Finding] = []
    unknown: list[str] = []
    for found in raw.frame.columns:
        header = found.split("\0", 1)[0]
        column = names.get(_plain(header))
        if column is None:
            unknown.append(found)
        elif column.name in taken.values():
            findings.append(_finding(raw, "duplicate-column", column.name, header, *_twice(column)))
        else:
            taken[found] = column.name
    absent = [c for c in table.columns if c.name not in taken.values()]
    like = {_plain(w): c for c in absent for w in (c.zh, c.name)}
    for found in unknown:
        findings += _unknown(raw, found, like)
    findings += check_left_out(raw, [u for u in unknown if _plain(u.split("\0", 1)[0]) not in PERSONAL])
    meant = {f.mend.en for f in findings if f.code == "unknown-column"}
    for column in absent:
        if is_needed(column, table, needed) and not any(f" {column.name} " in m for m in meant):
            findings.append(_finding(raw, "missing-column", column.name, None, *_missing(column)))
    return raw.frame.select(pl.col(f).alias(n) for f, n in taken.items()), findings


def broken_columns(findings: Iterable[Finding]) -> dict[str, set[str]]:
    """Table → declared columns whose header is missing, misspelt or there twice, by the findings about it."""
    broken: dict[str, set[str]] = {}
    for finding in findings:
        table = TABLES.get(finding.table)
        if table is None or finding.severity != "error" or finding.row is not None:
            continue
        if finding.code in ("missing-column", "duplicate-column") and finding.column:
            broken.setdefault(table.name, set()).add(finding.column)
        elif finding.code == "unknown-column":
            meant = {c.name for c in table.columns if f" {c.name} " in finding.mend.en}
            broken.setdefault(table.name, set()).update(meant)
    return broken


def is_needed(column: Column, table: Table, needed: Collection[str] = ()) -> bool:
    """Whether a file without this column cannot be read."""
    if column.name in needed and column.default is None:
        return True
    return column.required and column.default is None and not is_named_by_key(column, table)


def is_named_by_key(column: Column, table: Table) -> bool:
    """Whether the key stands in for an absent name (regions whose file has codes only)."""
    return column.name == "name" and column.name not in table.key and len(table.key) == 1


def _plain(word: str) -> str:
    return word.strip().casefold().replace(" ", "_").replace("-", "_")


def _unknown(raw: RawTable, found: str, like: dict[str, Column]) -> list[Finding]:
    header = found.split("\0", 1)[0]
    if not header:
        if raw.frame[found].null_count() == raw.frame.height:
            return []
        what = Text("有一列没有列名，已忽略", "a column without a name was left out")
        return [
            _finding(
                raw,
                "unknown-column",
                None,
                None,
                what,
                Text("请写上列名", "give it its name"),
                severity="warning",
            )
        ]
    if _plain(header) in PERSONAL:
        what = Text("不得导入涉及个人隐私的列", "columns about persons' private matters are refused")
        return [
            _finding(raw, "personal-column", header, None, what, Text("请删除这一列", "remove this column"))
        ]
    near = nearest_word(_plain(header), list(like), LIKE)
    if near is None:
        what = Text("没有这样的列，已忽略", "no such column, it was left out")
        return [_finding(raw, "unknown-column", header, None, what, Text("", ""), severity="warning")]
    column = like[near]
    what = Text("没有这样的列", "no such column")
    mend = Text(f"是否应为 {column.name} （{column.zh}）？", f"did you mean {column.name} ({column.zh})?")
    return [_finding(raw, "unknown-column", header, None, what, mend)]


def _twice(column: Column) -> tuple[Text, Text]:
    return Text(f"列 {column.name} 出现两次", f"the column {column.name} is there twice"), Text(
        "请只保留一列", "keep one of them"
    )


def _missing(column: Column) -> tuple[Text, Text]:
    example = f"，如 {column.example}" if column.example else ""
    for_example = f", for example {column.example}" if column.example else ""
    return Text("缺少这一列", "the column is missing"), Text(
        f"请加上列 {column.name}（{column.zh}）{example}",
        f"add a column {column.name} ({column.zh}){for_example}",
    )


def _finding(
    raw: RawTable, code: str, column: str | None, value: str | None, *said: Text, severity: Severity = "error"
) -> Finding:
    """``said``: what is wrong, and how to mend it."""
    what, mend = said
    return Finding(code, severity, raw.table, None, column, value, what, mend, raw.file)
