"""``jiedui graph history``: all states of a row."""

from __future__ import annotations

import cloup

from api.cli.graph.options import json_option
from api.cli.graph.stores import store_option, stored
from api.cli.screen import print_json, print_table
from graph.errors import UsageError
from graph.language import Text


@cloup.command("history", help=str(Text("一行的所有状态，旧的在前", "all states of a row, the oldest first")))
@cloup.argument("table")
@cloup.argument("row")
@store_option
@json_option
def command(*, table: str, row: str, on: str | None, as_json: bool) -> None:
    """Show them; ``row`` is the key with ``|`` between its cells."""
    from graph.schema import TABLES

    known_table(table)
    with stored(on) as (store, name):
        states = store.history(name, table, row)
    if not states:
        title = TABLES[table].title.zh
        raise UsageError(f"{title}从未有过 {row}", f"{table} never had {row}")
    if as_json:
        rows = [
            {
                "recorded_at": s.recorded_at,
                "superseded_by": s.superseded_by,
                **{k: _plain(v) for k, v in s.row.items()},
            }
            for s in states
        ]
        print_json(rows)
        return
    names = [c for c in TABLES[table].columns if any(s.row[c.name] is not None for s in states)]
    cells = [(s.recorded_at, s.superseded_by or "", *(_plain(s.row[c.name]) for c in names)) for s in states]
    print_table(
        f"{Text(TABLES[table].title.zh, table)} {row}",
        [Text("自版本", "from version"), Text("至版本", "to version"), *(c.title for c in names)],
        cells,
    )


def known_table(table: str) -> None:
    """Refuse a table that is not declared.

    Raises
    ------
    UsageError
        With those that are.
    """
    from graph.schema import TABLES
    from graph.tables.suggest import no_such_table

    if table not in TABLES:
        raise UsageError(*no_such_table(table))


def _plain(value: object) -> object:
    from datetime import date

    return value.isoformat() if isinstance(value, date) else value
