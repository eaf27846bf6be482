"""Options that errors, help and docs tell people to use are options that there are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click

from api.cli import build_group

HOME = Path(__file__).resolve().parents[3]
OPTION = re.compile(r"(?<![\w-])(?<!var\()--[a-z][a-z-]+\b")  # a colour of a style sheet is no option
EVERYWHERE = {"--lang", "--quiet", "--verbose", "--log-file", "--version", "--help"}
OTHERS = {"--host", "--nthreads", "--memory-limit"}  # of Dask
CURL = {"--compressed", "--data-binary", "--data-urlencode"}
CONTAINER = {
    "--cap-drop", "--create-home", "--init", "--no-cache-dir", "--no-deps", "--read-only", "--require-hashes", "--rm", "--security-opt",
    "--stop-timeout", "--system", "--tmpfs", "--uid", "--upgrade", "--wheel-dir",
}  # fmt: skip
"""Of those who build and run containers, make users and install packages."""
TRIED = {"--collect-only", "--offline"}  # pytest, systemd-analyze
MODULES = {"--anew"}  # python -m api.http.contract.published
NEO4J = {
    "--home-dir",
    "--config-dir",
    "--to-path",
    "--from-path",
    "--overwrite-destination",
    "--add-opens",
    "--bad-tolerance",
    "--multiline-fields",
    "--nodes",
    "--relationships",
    "--report-file",
    "--verbose",
}


def options() -> set[str]:
    """All that the commands take."""
    return EVERYWHERE | {
        o
        for c in commands(build_group())
        for p in c.params
        for o in (*p.opts, *p.secondary_opts)
        if o.startswith("--")
    }


def commands(group: click.Group) -> Iterator[click.Command]:
    """The commands of a group, and of the groups in it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield from commands(command) if isinstance(command, click.Group) else [command]


def texts() -> Iterator[tuple[str, str]]:
    """Every string of the source that is not a docstring, with its file; and every page of the docs."""
    for room in ("graph", "planner", "api", "jiedui"):
        for path in sorted((HOME / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield str(path.relative_to(HOME)), node.value
    for path in [HOME / "README.md", *sorted((HOME / "docs").glob("**/*.md"))]:
        if "benchmarks" not in path.parts:
            yield str(path.relative_to(HOME)), path.read_text(encoding="utf-8")


def test_every_option_that_is_named_exists() -> None:
    known = options() | OTHERS | CURL | CONTAINER | TRIED | MODULES | NEO4J
    assert "--stage" in known and "--stages" not in known
    wrong = {(where, o) for where, text in texts() for o in OPTION.findall(text) if o not in known}
    assert not wrong
