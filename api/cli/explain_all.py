"""``jiedui explain --all``: every row of a stage with its reason, as a workbook or as files."""

from __future__ import annotations

from pathlib import Path

from api.cli.main import Everywhere
from api.cli.progress import Progress
from api.cli.screen import print_json, print_line
from graph.errors import UsageError
from graph.language import Text, several
from planner.plan import Plan

FORMS = ("xlsx", "csv", "parquet")
"""Formats of whole tables."""


def write_all(plan: Plan, stage: str, out: str | None, form: str | None, as_json: bool) -> None:
    """Write the rows of a stage and what stayed open, each with its reason.

    Raises
    ------
    UsageError
        When there is no place to write to, or it does not fit the format.
    """
    target, chosen = _target(out, form)
    from api.every_row import write_every_row, write_every_row_folder
    from planner.every_row import every_row

    with Progress(Everywhere.quiet) as progress:
        told = every_row(plan, stage, progress)
    if chosen == "xlsx":
        files = [write_every_row(plan, told, target)]
    else:
        files = write_every_row_folder(plan, told, target, "csv" if chosen == "csv" else "parquet")
    if as_json:
        print_json(
            {
                "stage": stage,
                "rows": told.rows.height,
                "open": told.left.height,
                "files": [str(f) for f in files],
            }
        )
        return
    rows, left = told.rows.height, told.left.height
    print_line(
        Text(
            f"已写入 {target}：{rows:,} 行，没有办成的 {left:,} 项",
            f"written: {target}, {several(rows, 'row')} and {several(left, 'thing')} that stayed open",
        )
    )


def _target(out: str | None, form: str | None) -> tuple[Path, str]:
    """Where to write, and in which format."""
    if out is None:
        raise UsageError("--all 要用 -o 给出文件，如 -o reasons.xlsx", "--all needs a file: -o reasons.xlsx")
    target = Path(out)
    ending = target.suffix.lower().removeprefix(".")
    chosen = form or (ending if ending in FORMS else "csv")
    if chosen not in FORMS:
        raise UsageError(
            f"--all 写 xlsx、csv 或 parquet，不写 {chosen}",
            f"--all writes xlsx, csv or parquet, not {chosen}",
        )
    if chosen == "xlsx" and (target.is_dir() or ending != "xlsx"):
        raise UsageError(f"{out} 应为以 .xlsx 结尾的文件", f"{out} should be a file that ends in .xlsx")
    if chosen != "xlsx" and (ending in FORMS or target.is_file()):
        raise UsageError(
            f"有两张表；请给一个文件夹，如 -o {target.stem} --format {chosen}",
            f"there are two tables: name a folder, as in -o {target.stem} --format {chosen}",
        )
    return target, chosen
