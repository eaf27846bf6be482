"""Tables of a network: read, cast, check, write; templates and reports of what is wrong.

- :func:`read_network`: a folder, workbook or file as a checked network, all or nothing
- :func:`read_frames`, :func:`cast_tables`, :func:`finish_tables`: the same in steps, for whoever overlays
  tables before they are checked
- :func:`write_tables`, :func:`write_template`: back to files
- :func:`report_json`, :func:`report_csv`, :func:`mark_workbook`: what is wrong, for people and machines
"""

from __future__ import annotations

from graph.tables.cast import cast_tables
from graph.tables.checks import Checked, check_tables, finish_tables
from graph.tables.codes import settle_codes
from graph.tables.marked import mark_workbook
from graph.tables.raw import Found, RawTable, find_tables, read_frames
from graph.tables.read import Read, in_order, read_network
from graph.tables.report import report_csv, report_json, report_lines
from graph.tables.rows import ROW, without_rows
from graph.tables.template import write_template
from graph.tables.write import write_tables

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
    "mark_workbook",
    "read_frames",
    "read_network",
    "report_csv",
    "report_json",
    "report_lines",
    "settle_codes",
    "without_rows",
    "write_tables",
    "write_template",
]
