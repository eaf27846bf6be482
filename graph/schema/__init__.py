"""The schema, declared once: tables, columns, types, units, keys, titles in both languages.

Templates, validation, the data dictionary and whatever else shows a column derive from here.

- :data:`TABLES` — name → :class:`Table`, in the order in which a workbook shows them
- :data:`RESULTS`, :data:`JOINED` — tables of a plan, and those that are worked out of others
- :data:`ENUMS` — enumeration → value → titles
- :data:`MEASURES` — measure of ``region_facts`` → (titles, unit)
- :data:`DATA_VERSION` — format of scenario folders, raised when a change needs ``jiedui upgrade``
"""

from __future__ import annotations

from graph.schema import money, oversight, people, places, results, support
from graph.schema.column import DTYPES, Column, Kind, Table
from graph.schema.enums import ENUMS, MEASURES
from graph.schema.joined import JOINED

DATA_VERSION = 1

TABLES: dict[str, Table] = {
    t.name: t for room in (places, support, people, money, oversight) for t in room.TABLES
}
RESULTS: dict[str, Table] = {t.name: t for t in results.TABLES}

__all__ = [
    "DATA_VERSION",
    "DTYPES",
    "ENUMS",
    "JOINED",
    "MEASURES",
    "RESULTS",
    "TABLES",
    "Column",
    "Kind",
    "Table",
]
