"""A copy of a workbook in which the wrong cells are coloured and commented."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast
from zipfile import BadZipFile

from graph.errors import InputError, UsageError
from graph.findings import Finding
from graph.schema import TABLES
from graph.tables.raw import table_named
from graph.tables.write import unwritable, write_atomically

COLOURS = {"error": "FFF4B6B6", "warning": "FFFFE699", "notice": "FFDDEBF7"}
_ORDER = ("notice", "warning", "error")


def mark_workbook(source_xlsx: Path | str, findings: Sequence[Finding], target_xlsx: Path | str) -> int:
    """Copy ``source_xlsx`` and mark the place of each finding; returns how many cells are marked.

    A finding without a column marks the row's first cell, one without a row the header. Formulas, formats and
    other sheets of the copy stay as they are.

    Raises
    ------
    UsageError
        When target and source are the same file.
    InputError
        When the source is no Excel workbook.
    OutsideError
        When the target cannot be written.
    """
    from openpyxl.reader.excel import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    load: Any = load_workbook
    source, target = Path(source_xlsx), Path(target_xlsx)
    if source.resolve() == target.resolve():
        raise UsageError(
            f"不能覆盖原文件 {source}；请换一个名字", f"{source} is the original; give the copy another name"
        )
    try:
        book = load(source)
    except (InvalidFileException, BadZipFile, KeyError, OSError) as error:
        raise InputError(
            f"{source} 不是可读的 Excel 工作簿", f"{source} is no readable Excel workbook"
        ) from error
    sheets = {table_named(name): book[name] for name in book.sheetnames if table_named(name)}
    places: dict[tuple[str, int, int], list[Finding]] = {}
    for finding in findings:
        if finding.table in sheets:
            place = _place(sheets[finding.table], finding)
            places.setdefault((finding.table, *place), []).append(finding)
    for (table, row, column), found in places.items():
        _mark(sheets[table].cell(row, column), found)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, book.save)
    except OSError as error:
        raise unwritable(target, error) from error
    return len(places)


def _place(sheet: Any, finding: Finding) -> tuple[int, int]:
    head = next((r for r in range(1, sheet.max_row + 1) if any(c.value is not None for c in sheet[r])), 1)
    names = {str(c.value).strip(): c.column for c in reversed(sheet[head]) if c.value is not None}
    columns = (finding.column or "").split(" + ")
    declared = TABLES[finding.table].by_name.get(columns[0])
    wanted = [columns[0], *((declared.zh, declared.en) if declared else ())]
    column = next((names[w] for w in wanted if w in names), 1)
    return finding.row or head, column


def _mark(cell: Any, found: list[Finding]) -> None:
    from openpyxl.comments.comments import Comment
    from openpyxl.styles.fills import PatternFill

    comment, fill = cast(Any, Comment), cast(Any, PatternFill)  # untyped classes

    worst = max((f.severity for f in found), key=_ORDER.index)
    cell.fill = fill("solid", start_color=COLOURS[worst])
    lines = [f"{f.what}\n→ {f.mend}" if str(f.mend) else str(f.what) for f in found]
    before = f"{cell.comment.text}\n\n" if cell.comment else ""
    cell.comment = comment(before + "\n\n".join(lines), "jiedui", width=360, height=40 + 60 * len(lines))
