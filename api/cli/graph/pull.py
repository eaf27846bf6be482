"""``jiedui graph pull``: a stored network as tables again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
import cloup

from api.cli.graph.options import json_option
from api.cli.graph.stores import by_option, store_option, stored, unreadable_names, who
from api.cli.opening import Day
from api.cli.screen import print_json, print_line
from graph.errors import TableErrors, UsageError
from graph.language import Text, several

if TYPE_CHECKING:
    import polars as pl

    from graph.network import Network
    from graph.store.pulled_folder import PulledFolder

SCENARIO = "scenario.toml"


@cloup.command("pull", help=str(Text(
    "把存储中的网络写成表，含同事直接改动的内容；不合表结构的行会逐一报告",
    "write a stored network as tables, with what colleagues changed by hand; rows that break the schema are reported one by one",
)))  # fmt: skip
@cloup.argument("folder", type=click.Path())
@store_option
@cloup.option(
    "--version",
    type=click.IntRange(1),
    help=str(Text("哪个版本（缺省：当前）", "which version (default: the head)")),
)
@cloup.option(
    "--known-on", type=Day(), metavar="DATE", help=str(Text("那天所知的", "as it was known on that day"))
)
@cloup.option(
    "--form",
    type=click.Choice(["csv", "parquet", "xlsx"]),
    default="csv",
    show_default=True,
    help=str(Text("格式", "form")),
)
@cloup.option(
    "--names",
    is_flag=True,
    help=str(Text("连同干部姓名（明文；会记入日志）", "with the names of cadres, in clear; it is logged")),
)
@by_option
@cloup.option("--skip-bad-rows", is_flag=True,
              help=str(Text("不写有错的行，并逐一说明", "leave out rows with errors, and say which")))  # fmt: skip
@json_option
def command(
    *,
    folder: str,
    on: str | None,
    version: int | None,
    known_on: Any,
    form: Literal["csv", "parquet", "xlsx"],
    names: bool,
    by: str | None,
    skip_bad_rows: bool,
    as_json: bool,
) -> None:
    """Read it, check it, write it."""
    from graph.office.forget import note_export
    from graph.store.keyring import TABLE, Keyring
    from graph.store.pulled_folder import pulled_folder
    from graph.store.pulling import pulled
    from graph.tables.report import report_lines

    if version and known_on:
        raise UsageError(
            "--version 和 --known-on 不能合用；两者取一",
            "--version and --known-on do not go together; give one of the two",
        )
    target, unreadable = Path(folder), list[str]()
    place = None if form == "xlsx" else pulled_folder(target)
    if place is None and target.is_file():
        raise UsageError(f"{target} 已存在，不会覆盖；请换一个文件名", f"{target} is there already and is not written over; name another file")  # fmt: skip
    with stored(on) as (store, name):
        number = store.version_on(name, known_on.date()) if known_on else version or store.head(name).number
        network, findings = pulled(store, name, number)
        skipped = [f for f in findings if f.severity != "notice"]
        if any(f.severity == "error" for f in findings) and not skip_bad_rows:
            raise TableErrors(findings)
        frames = {t: f for t, f in network.frames.items() if t != TABLE or names}
        if place is not None:
            place.refuse_foreign(_files(network, frames, form))
        if TABLE in frames:
            note_export(store, name, str(target.absolute()), number, by=who(by))
            unreadable = Keyring().unreadable(frames[TABLE])
            frames[TABLE] = Keyring().unseal(frames[TABLE])
    gone = _written(place, target, network, name, number, frames, form)
    rows = {t: f.height for t, f in frames.items()}
    left_out = network.has(TABLE) and not names
    if as_json:
        told = [f.as_dict() for f in skipped]
        print_json({
            "network": name, "version": number, "folder": folder, "rows": rows, "findings": told,
            "removed": gone, "names_left_out": left_out, "names_unreadable": unreadable,
        })  # fmt: skip
        return
    for line in report_lines(skipped):
        print_line(line)
    print_line(Text(
        f"✓ {name} 版本 {number}：{len(rows)} 张表、{sum(rows.values()):,} 行写到 {folder}",
        f"✓ {name} version {number}: {several(len(rows), 'table')} with {several(sum(rows.values()), 'row')} written to {folder}",
    ))  # fmt: skip
    _print_rest(network, gone, left_out=left_out, whole=place is not None)
    if unreadable:
        print_line(unreadable_names(unreadable))


def _written(
    place: PulledFolder | None,
    target: Path,
    network: Network,
    name: str,
    version: int,
    frames: Mapping[str, pl.DataFrame],
    form: Literal["csv", "parquet", "xlsx"],
) -> list[str]:
    """Write a workbook, or a folder with its scenario file; names of what an earlier pull wrote and this one removed."""
    from graph.questions.rules_file import OWN_RULES
    from graph.tables.write import disk_told, write_atomically, write_tables
    from planner.own_rules import rules_text
    from planner.scenario_text import network_text

    if place is None:
        write_tables(frames, target, form=form)
        return []
    files = _files(network, frames, form)
    place.begin(name, version, files)
    write_tables(frames, target, form=form)
    with disk_told(target):
        texts = {SCENARIO: network_text(network, name)}
        if network.rules:
            texts[OWN_RULES] = rules_text(network.rules)
        for file, text in texts.items():
            write_atomically(target / file, partial(_write, text))
    return place.end(name, version, files)


def _write(text: str, file: Path) -> None:
    file.write_text(text, encoding="utf-8")


def _files(network: Network, frames: Collection[str], form: str) -> list[str]:
    from graph.questions.rules_file import OWN_RULES

    rules = [OWN_RULES] if network.rules else []
    return [SCENARIO, *rules, *(f"{table}.{form}" for table in frames)]


def _print_rest(network: Network, gone: Sequence[str], *, left_out: bool, whole: bool) -> None:
    """What was removed, and what was left out."""
    if gone:
        zh, en = "、".join(gone), ", ".join(gone)
        print_line(Text(f"先前 pull 留下的已删除：{zh}", f"of an earlier pull, removed: {en}"))
    if left_out:
        print_line(
            Text(
                "干部姓名没有写出（--names 连同姓名）", "names of cadres were left out (--names writes them)"
            )
        )
    if not whole:
        day = network.on.isoformat() if network.on else None
        print_line(Text(
            f"工作簿不含网络的日期（{day or '无'}）、层级、自定义的枚举值和规则；csv 和 parquet 连同 {SCENARIO} 写出",
            f"a workbook does not hold the network's date ({day or 'none'}), levels, own values of enumerations and rules; csv and parquet come with {SCENARIO}",
        ))  # fmt: skip
