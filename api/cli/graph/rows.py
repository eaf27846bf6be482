"""Rows that a change touches, on the screen: what a dry run prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click
import cloup

from api.cli.graph.request.show import cells_of
from api.cli.screen import print_more, print_table
from graph.language import Text

if TYPE_CHECKING:
    from planner.office.rows import Touched


def limit_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--limit``: rows of each table that a dry run prints."""
    wrapped: Callable[..., Any] = cloup.option(
        "--limit",
        type=click.IntRange(1),
        default=20,
        show_default=True,
        metavar="N",
        help=str(Text("试算时每表最多列出几行", "rows of each table that a dry run lists at most")),
    )(command)
    return wrapped


def print_rows(rows: Mapping[str, Touched], limit: int) -> None:
    """Table by table what would be put (old → new, cell by cell, where a row of that key stands) and removed."""
    columns = [Text("行", "row"), Text("列", "column"), Text("现状", "current"), Text("将为", "would be")]
    for table, of_it in rows.items():
        shown = [line[1:] for entry in of_it.entries(limit) for line in cells_of({"table": table, **entry})]
        print_table(table, columns, shown)
        print_more(of_it.height, limit)
