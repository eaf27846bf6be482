"""``jiedui new``: begin a scenario of your own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click
import cloup
import polars as pl

from api.cli.folder import make_folder
from api.cli.screen import as_word, print_json, print_line
from api.cli.template import known_tables
from graph.errors import InputError, UsageError
from graph.language import Text

BASE = "china-2016"
WORKBOOK = "tables.xlsx"


@cloup.command("new", help=str(Text(
    "新建一个场景：在另一场景之上只写不同之处；--own 则从自己的表开始",
    "begin a scenario: only what differs from another one; with --own from tables of your own",
)))  # fmt: skip
@cloup.argument("name")
@cloup.option(
    "--base",
    metavar="SCENARIO",
    help=str(Text(f"以哪个场景为底（缺省：{BASE}）", f"the scenario it stands on (default: {BASE})")),
)
@cloup.option(
    "--own",
    is_flag=True,
    help=str(Text("不以任何场景为底，附空白工作簿", "stand on none; with an empty workbook")),
)
@cloup.option("--table", "tables", multiple=True, metavar="TABLE", help=str(Text(
    "把底场景的这张表放进 Excel 供修改（可多次给出；对已有场景则补加）",
    "put this table of the base into Excel, to be edited (may be repeated; also for a scenario that is there)",
)))  # fmt: skip
@cloup.option("--in", "inside", default=".", type=click.Path(), metavar="DIR", show_default=True,
              help=str(Text("场景文件夹建在哪里", "where the scenario's folder is made")))  # fmt: skip
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(
    *, name: str, base: str | None, own: bool, tables: tuple[str, ...], inside: str, as_json: bool
) -> None:
    """Make the folder, its file and its workbooks."""
    from planner.shipped import FILE

    wanted = known_tables(tables)
    if own and (base or wanted):
        raise UsageError(
            "--own 不能与 --base、--table 合用", "--own stands alone: neither --base nor --table"
        )
    folder = folder_of(name, inside)
    there = (folder / FILE).is_file()
    if there:
        if own or base or not wanted:
            raise UsageError(
                f"{folder} 已是一个场景；换个名字，或用 --table 补加一张表",
                f"{folder} is a scenario already; give another name, or add a table by --table",
            )
        files = add_tables(folder, base_of(folder), wanted)
    elif own:
        files = begin_own(folder, name)
    else:
        files = begin_above(folder, name, base or BASE, wanted)
    if as_json:
        print_json({"folder": str(folder), "files": [str(f) for f in files]})
        return
    for file in files:
        print_line(Text(f"已写入 {file}", f"written: {file}"))
    print_line(next_step(folder, own, bool(wanted)))


def folder_of(name: str, inside: str) -> Path:
    """The scenario's folder; its name must be one plain word of a file system.

    Raises
    ------
    UsageError
        When the name is a path, or the folder holds other things than a scenario.
    """
    from planner.shipped import FILE

    if Path(name).name != name or name in ("", ".", ".."):
        raise UsageError(
            f"{name} 应为文件夹名，不是路径；位置用 --in 给出",
            f"{name} must be a folder's name, no path; say where by --in",
        )
    folder = Path(inside) / name
    filled = folder.is_dir() and any(folder.iterdir()) and not (folder / FILE).is_file()
    if folder.is_file() or filled:
        raise UsageError(
            f"{folder} 已存在且不是场景；换个名字", f"{folder} is there and no scenario; give another name"
        )
    return folder


def begin_above(folder: Path, name: str, base: str, tables: list[str]) -> list[Path]:
    """Write a scenario that overlays ``base``."""
    from planner.scenario import read_policies
    from planner.scenario_text import scenario_text
    from planner.shipped import FILE, find_scenario

    place = find_scenario(base)
    if place.resolve() == folder.resolve():
        raise UsageError(f"{name} 不能以自己为底", f"{name} cannot stand on itself")
    written = (
        base
        if not Path(base).exists()
        else Path(os.path.relpath(place.resolve(), folder.resolve())).as_posix()
    )
    text = scenario_text(name, written, read_policies(base))
    edited = tables_to_edit(base, tables)

    def fill(place: Path) -> None:
        (place / FILE).write_text(text, encoding="utf-8")
        write_workbooks(place, edited)

    make_folder(folder, fill)
    return [folder / FILE, *(workbook_of(folder, table) for table in tables)]


def begin_own(folder: Path, name: str) -> list[Path]:
    """Write a scenario without a base, and an empty workbook for its tables."""
    from graph.tables.template import write_template
    from planner.scenario_text import scenario_text
    from planner.shipped import FILE

    def fill(place: Path) -> None:
        (place / FILE).write_text(scenario_text(name, None, None), encoding="utf-8")
        write_template(place / "data" / WORKBOOK)

    make_folder(folder, fill)
    return [folder / FILE, folder / "data" / WORKBOOK]


def add_tables(folder: Path, base: str, tables: list[str]) -> list[Path]:
    """Put further tables of the base beside a scenario's own.

    Raises
    ------
    UsageError
        When the scenario has one of the tables already.
    """
    from graph.tables.raw import find_tables

    data = folder / "data"
    here = find_tables(data).tables if data.is_dir() and any(data.iterdir()) else {}
    for table in tables:
        if table in here:
            raise UsageError(
                f"{folder} 已有表 {table}（{here[table].file}）；请直接修改它",
                f"{folder} has the table {table} already ({here[table].file}); edit that",
            )
    write_workbooks(folder, tables_to_edit(base, tables))
    return [workbook_of(folder, table) for table in tables]


def base_of(folder: Path) -> str:
    """The base that a scenario names, as a path or a shipped name.

    Raises
    ------
    UsageError
        When it stands on none.
    """
    from planner.scenario_file import read_scenario_file
    from planner.shipped import FILE, find_scenario
    from planner.stages import STAGES

    head = read_scenario_file(folder / FILE, {name: stage.settings for name, stage in STAGES.items()}).head
    if "base" not in head:
        raise UsageError(
            f"{folder} 没有底场景，无表可加",
            f"{folder} stands on no other scenario; there is no table to add",
        )
    return str(find_scenario(str(head["base"]), beside=folder))


def tables_to_edit(base: str, tables: list[str]) -> dict[str, pl.DataFrame]:
    """Tables of the base as they stand there.

    Raises
    ------
    InputError
        When the base lacks one of them.
    """
    from planner.scenario import read_scenario

    if not tables:
        return {}
    network = read_scenario(base, only=tables, domain=False).network
    for table in tables:
        if not network.has(table):
            raise InputError(f"{base} 没有表 {table}", f"{base} has no table {table}")
    return {table: network.frame(table) for table in tables}


def write_workbooks(folder: Path, frames: Mapping[str, pl.DataFrame]) -> None:
    """One workbook per table, so that another table can be added later; with drop-down lists and help."""
    from graph.tables.template import write_template

    for table, frame in frames.items():
        write_template(workbook_of(folder, table), only=[table], rows={table: frame})


def workbook_of(folder: Path, table: str) -> Path:
    """Where a scenario keeps a table that is edited in Excel."""
    return folder / "data" / f"{table}.xlsx"


def next_step(folder: Path, own: bool, tables: bool) -> Text:
    """What to do now, in lines that can be pasted."""
    here, again = as_word(folder), as_word(folder.name)
    if folder.parent != Path("."):
        again += f" --in {as_word(folder.parent)}"
    if own:
        return Text(
            f"填好 data/{WORKBOOK} 后：jiedui check {here}",
            f"fill in data/{WORKBOOK}, then: jiedui check {here}",
        )
    if tables:
        return Text(
            f"修改 scenario.toml 和 data/ 里的 Excel，然后：jiedui check {here} && jiedui plan {here}",
            f"edit scenario.toml and the Excel files in data/, then: jiedui check {here} && jiedui plan {here}",
        )
    return Text(
        f"去掉 scenario.toml 里要改的行首 #，然后：jiedui plan {here}；要改一张表：jiedui new {again} --table units",
        f"take the # off what you change in scenario.toml, then: jiedui plan {here}; "
        f"to edit a table: jiedui new {again} --table units",
    )
