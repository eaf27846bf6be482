"""Compare plans: figures, rows and why they changed, who wins and loses, who moves, whose money goes elsewhere."""

from __future__ import annotations

from planner.compare.comparison import Comparison, compare
from planner.compare.figures import kpi_table, setting_table
from planner.compare.rows import HOW, changed_inputs, changed_rows, changed_tables

__all__ = [
    "HOW",
    "Comparison",
    "changed_inputs",
    "changed_rows",
    "changed_tables",
    "compare",
    "kpi_table",
    "setting_table",
]
