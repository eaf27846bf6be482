"""Tables of a network: read, cast, check, write; templates and reports of what is wrong.

- :func:`read_network` — a folder, workbook or file → a checked :class:`~graph.network.Network`, all or nothing
- :func:`read_frames`, :func:`cast_tables`, :func:`finish_tables` — the same in steps, for what overlays tables
"""

from __future__ import annotations

from graph.tables.cast import cast_tables
from graph.tables.checks import Checked, check_tables, finish_tables
from graph.tables.codes import settle_codes
from graph.tables.raw import Found, RawTable, find_tables, read_frames
from graph.tables.read import Read, in_order, read_network
from graph.tables.rows import ROW, without_rows

__all__ = [
    "ROW",
    "Checked",
    "Found",
    "RawTable",
    "Read",
    "cast_tables",
    "check_tables",
    "find_tables",
    "finish_tables",
    "in_order",
    "read_frames",
    "read_network",
    "settle_codes",
    "without_rows",
]
