"""``jiedui audit export``: the audit log as JSON lines or CSV."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click
import cloup

from api.cli.audit.options import filters, opened
from api.cli.service_folder import folder_options
from graph.errors import OutsideError, reason_of
from graph.language import Text


@cloup.command("export", help=str(Text(
    "把审计日志写成 JSON 行或 CSV；不加筛选的 JSON 行可用 audit verify --export 检查",
    "write the audit log as JSON lines or CSV; all of it as JSON lines can be checked by audit verify --export",
)))  # fmt: skip
@folder_options
@filters
@cloup.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv"]),
    default="jsonl",
    show_default=True,
    help=str(Text("格式", "format")),
)
@cloup.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=str(Text("写到文件（缺省：标准输出）", "into this file (default: standard output)")),
)
def command(*, data: str | None, config: Path | None, form: str, to: Path | None, **asked: Any) -> None:
    """Write every row that is wanted, the oldest first."""
    from api.service.audit.entry import COLUMNS
    from api.service.audit.log import Wanted

    with opened(data, config) as (audit, _), writing(to) as out:
        rows = (entry.as_dict() for entry in audit.oldest(Wanted(**asked, whole=True)))
        if form == "jsonl":
            out.writelines(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
            return
        table = csv.writer(out)
        table.writerow(COLUMNS)
        table.writerows([cell(row[name]) for name in COLUMNS] for row in rows)


def cell(value: Any) -> Any:
    """A cell of CSV: no formula, and JSON for what has parts."""
    from graph.tables.write import guarded_text

    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return guarded_text(value) if isinstance(value, str) else value


@contextmanager
def writing(to: Path | None) -> Iterator[TextIO]:
    """A file, or standard output.

    Raises
    ------
    OutsideError
        When the file cannot be written.
    """
    if to is None:
        yield sys.stdout
        return
    try:
        with to.open("w", encoding="utf-8", newline="") as out:
            yield out
    except OSError as error:
        why = reason_of(error)
        raise OutsideError(f"无法写入 {to}：{why.zh}", f"cannot write {to}: {why.en}") from error
