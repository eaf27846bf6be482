"""``jiedui graph shell``: Cypher by hand."""

from __future__ import annotations

from pathlib import Path

import click
import cloup

from api.cli.graph.options import home_option
from api.cli.graph.steps import Steps
from api.cli.main import Everywhere
from graph.language import Text


@cloup.command(
    "shell",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    help=str(Text(
        "在 NEO4J_URI 或私有服务器上运行 cypher-shell（首次下载其零件）；其余参数原样交给它",
        "run cypher-shell on NEO4J_URI or the private server (its parts are fetched the first time); further words are its own",
    )),
)  # fmt: skip
@home_option
@cloup.argument("words", nargs=-1, type=click.UNPROCESSED)
def command(*, home: str | None, words: tuple[str, ...]) -> int:
    """Hand over to the shell; its exit status."""
    from graph.bolt import find_address
    from graph.server.shell import run_shell, shell_jars

    address = find_address(home=Path(home) if home else None)
    with Steps(Everywhere.quiet) as tell:
        jars = shell_jars(tell)
    return run_shell(address, jars, words)
