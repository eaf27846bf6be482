"""``jiedui graph pull``: a stored network as tables again."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import click
import cloup

from api.cli.graph.options import json_option
from api.cli.graph.stores import by_option, store_option, stored, who
from api.cli.opening import Day
from api.cli.screen import print_json, print_line
from graph.errors import TableErrors
from graph.language import Text


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
    from graph.store.pulling import pulled
    from graph.tables.report import report_lines
    from graph.tables.write import write_tables

    with stored(on) as (store, name):
        number = store.version_on(name, known_on.date()) if known_on else version or store.head(name).number
        network, findings = pulled(store, name, number)
        skipped = [f for f in findings if f.severity != "notice"]
        if any(f.severity == "error" for f in findings) and not skip_bad_rows:
            raise TableErrors(findings)
        frames = {t: f for t, f in network.frames.items() if t != TABLE}
        if names and network.has(TABLE):
            note_export(store, name, str(Path(folder).absolute()), number, by=who(by))
            frames[TABLE] = Keyring().unseal(network.frame(TABLE))
    write_tables(frames, Path(folder), form=form)
    rows = {t: f.height for t, f in frames.items()}
    if as_json:
        told = [f.as_dict() for f in skipped]
        print_json({"network": name, "version": number, "folder": folder, "rows": rows, "findings": told})
        return
    for line in report_lines(skipped):
        print_line(line)
    print_line(Text(
        f"✓ {name} 版本 {number}：{len(rows)} 张表、{sum(rows.values()):,} 行写到 {folder}",
        f"✓ {name} version {number}: {len(rows)} tables with {sum(rows.values()):,} rows written to {folder}",
    ))  # fmt: skip
