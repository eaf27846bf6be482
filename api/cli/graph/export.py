"""``jiedui graph export``: a stored network for a database of one's own, or for network tools."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from api.cli.graph.options import json_option
from api.cli.graph.stores import store_option, stored
from api.cli.opening import Day
from api.cli.screen import print_json, print_line
from graph.errors import UsageError
from graph.language import Text

if TYPE_CHECKING:
    from graph.network import Network

ENDINGS = {".cypher": "cypher", ".cql": "cypher", ".graphml": "graphml", "": "csv"}
"""Ending of the target → form."""


@cloup.command("export", help=str(Text(
    "把存储中的网络写成 Cypher 脚本（cypher-shell 运行）、neo4j-admin 导入用的 CSV 文件夹或 GraphML；不含干部姓名",
    "write a stored network as a script for cypher-shell, a folder of CSV for neo4j-admin import, or GraphML; without the names of "
    "cadres",
)))  # fmt: skip
@cloup.argument("file", type=click.Path())
@store_option
@cloup.option("--form", type=click.Choice(["cypher", "graphml", "csv"]),
              help=str(Text("格式（缺省看扩展名；没有扩展名是 CSV 文件夹）", "the form (default: the ending tells; none is a folder of CSV)")))  # fmt: skip
@cloup.option("--version", type=click.IntRange(1),
              help=str(Text("哪个版本（缺省：当前）", "which version (default: the head)")))  # fmt: skip
@cloup.option(
    "--known-on", type=Day(), metavar="DATE", help=str(Text("那天所知的", "as it was known on that day"))
)
@json_option
def command(
    *, file: str, on: str | None, form: str | None, version: int | None, known_on: Any, as_json: bool
) -> None:
    """Read it at a version, write it."""
    from graph.store.keyring import TABLE

    target = Path(file)
    chosen = form or ENDINGS.get(target.suffix.lower())
    if chosen is None:
        raise UsageError(
            f"不认识扩展名 {target.suffix}；请用 .cypher、.graphml、一个文件夹，或 --form",
            f"no form is known by the ending {target.suffix}; write .cypher, .graphml, a folder, or give --form",
        )
    with stored(on) as (store, name):
        number = store.version_on(name, known_on.date()) if known_on else version or store.head(name).number
        network = store.read(name, version=number)
        made = next(v for v in store.versions(name) if v.number == number)
    tables = {t: f for t, f in network.frames.items() if t != TABLE}
    given = replace(network, frames=tables, name=name)
    write(chosen, given, target, by=made.by, why=f"{name} {number}")
    if as_json:
        print_json({"network": name, "version": number, "form": chosen, "file": file})
        return
    print_line(Text(f"✓ {name} 版本 {number} 写到 {file}", f"✓ {name} version {number} written to {file}"))
    if chosen == "cypher":
        print_line(
            Text(
                f"运行：cypher-shell -f {file}（空数据库）",
                f"run: cypher-shell -f {file} (an empty database)",
            )
        )
    if chosen == "csv":
        print_line(Text(f"运行：{file}/import.sh，再 cypher-shell -f {file}/schema.cypher", f"run: {file}/import.sh, then cypher-shell -f {file}/schema.cypher"))  # fmt: skip


def write(form: str, network: Network, target: Path, *, by: str, why: str) -> None:
    """Write it in one of the forms."""
    if form == "graphml":
        from graph.export import export_network

        export_network(network, target, form="graphml")
        return
    from graph.server.extra import needs

    needs("neo4j")
    from graph.store.neo4j.files import write_csv_folder, write_script

    if form == "cypher":
        write_script(network, network.name, target, by=by, why=why)
    else:
        write_csv_folder(network, network.name, target, by=by, why=why)
