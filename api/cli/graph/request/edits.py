"""What is to change, as the options of ``new`` and ``edit`` say it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from graph.errors import UsageError
from graph.language import Text

if TYPE_CHECKING:
    from graph.store.changes import Changes
    from graph.store.protocol import Store


def edit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--rows``, ``--set`` and ``--remove``."""
    rows = cloup.option(
        "--rows", type=click.Path(), multiple=True, metavar="PATH",
        help=str(Text("新的或改过的整行：以表名为名的文件、文件夹或工作簿", "whole rows, new or changed: a file, folder or workbook named as tables")),
    )  # fmt: skip
    cells = cloup.option(
        "--set", "cells", type=(str, str, str), multiple=True, metavar="TABLE ROW COLUMN=VALUE",
        help=str(Text("改一个单元格；行以主键表示，各列之间用 |", "change one cell; a row is named by its key, with | between columns")),
    )  # fmt: skip
    gone = cloup.option(
        "--remove",
        "gone",
        type=(str, str),
        multiple=True,
        metavar="TABLE ROW",
        help=str(Text("删除一行", "remove a row")),
    )
    wrapped: Callable[..., Any] = rows(cells(gone(command)))
    return wrapped


def changes_of(
    store: Store,
    network: str,
    rows: Sequence[str],
    cells: Sequence[tuple[str, str, str]],
    gone: Sequence[tuple[str, str]],
) -> Changes:
    """The changes that the options say.

    Raises
    ------
    UsageError
        When they say nothing, or name no table, row or column.
    TableErrors
        When a file has bad rows.
    """
    from graph.office.edits import cells_set, keys_removed, rows_of_files, together

    if not (rows or cells or gone):
        raise UsageError(
            "要改什么？请给出 --rows、--set 或 --remove", "what is to change? give --rows, --set or --remove"
        )
    tables = {table for table, *_ in (*cells, *gone)}
    stored = store.read(network, tables=sorted(tables))
    files = [rows_of_files(Path(path), stored) for path in rows]
    return together(*files, cells_set(stored, cells, stored.enums), removed=keys_removed(stored, gone))
