"""``jiedui graph parts``: fetch the parts of Neo4j, so that later starts need no network."""

from __future__ import annotations

import cloup

from api.cli.graph.options import json_option, release_option
from api.cli.graph.steps import Steps
from api.cli.main import Everywhere
from api.cli.screen import print_json, print_line
from graph.language import Text


@cloup.command("parts", help=str(Text(
    "下载 Neo4j 和 cypher-shell 的零件并核对，再为快速启动作准备；已齐全则什么也不做",
    "fetch and check the parts of Neo4j and cypher-shell, then prepare quick starts; nothing where all is there",
)))  # fmt: skip
@release_option
@json_option
def command(*, release: str | None, as_json: bool) -> None:
    """Fetch what is missing or broken."""
    from graph.server.parts import LTS, ensure, parts_folder, read_lock, version_of
    from graph.server.quick import make_archive
    from graph.server.shell import shell_jars

    name = release or LTS
    with Steps(Everywhere.quiet) as tell:
        jars = ensure(name, tell=tell)
        shell_jars(tell)
        make_archive(name, jars, tell)
    version, folder = version_of(read_lock(name)), parts_folder()
    if as_json:
        print_json({"version": version, "parts": len(jars), "folder": str(folder)})
    else:
        print_line(Text(
            f"✓ Neo4j {version} 的 {len(jars)} 个零件齐全：{folder}", f"✓ all {len(jars)} parts of Neo4j {version} are in {folder}"
        ))  # fmt: skip
