"""``jiedui template``: an empty workbook to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import cloup

from api.cli.screen import as_word, print_json, print_line
from graph.errors import UsageError
from graph.language import Text
from graph.schema import TABLES
from graph.tables.suggest import no_such_table

ENDING = ".xlsx"


@cloup.command("template", help=str(Text(
    "空白 Excel 模板：每张表一页，带示例、下拉选项和说明",
    "an empty Excel workbook: a sheet per table, with examples, drop-down lists and help",
)))  # fmt: skip
@cloup.option(
    "--to",
    required=True,
    type=click.Path(),
    metavar="FILE.xlsx",
    help=str(Text("目标文件", "the file to write")),
)
@cloup.option("--table", "tables", multiple=True, metavar="TABLE",
              help=str(Text("只要这些表（可多次给出）", "only these tables (may be repeated)")))  # fmt: skip
@cloup.option("--force", is_flag=True, help=str(Text("覆盖已有文件", "replace a file that is there")))
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(*, to: str, tables: tuple[str, ...], force: bool, as_json: bool) -> None:
    """Write the workbook."""
    from graph.tables.template import write_template

    file = Path(to)
    if file.suffix.lower() != ENDING:
        raise UsageError(
            f"{to}：模板是 Excel 文件，请以 .xlsx 结尾", f"{to}: a template is an Excel file; end it in .xlsx"
        )
    if file.exists() and not force:
        raise UsageError(
            f"{to} 已存在；换个名字，或加 --force 覆盖", f"{to} is there; give another name, or --force"
        )
    wanted = known_tables(tables)
    write_template(file, only=wanted or None)
    if as_json:
        print_json({"file": str(file), "tables": wanted or list(TABLES)})
        return
    print_line(Text(
        f"已写入 {file}；填好后：jiedui check {as_word(file)}",
        f"written: {file}; when it is filled in: jiedui check {as_word(file)}",
    ))  # fmt: skip


def known_tables(names: Sequence[str]) -> list[str]:
    """The tables named, by name or Chinese title.

    Raises
    ------
    UsageError
        When there is no such table.
    """
    by_title = {word: table.name for table in TABLES.values() for word in (table.zh, table.name)}
    for name in names:
        if name not in by_title:
            raise UsageError(*no_such_table(name))
    return [by_title[name] for name in names]
