"""Small networks by hand, and one row of every kind of cell for every table."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from graph.schema import ENUMS, TABLES, Column, Table
from graph.schema.model import SHAPES
from graph.store.about import About
from graph.store.changes import Changes
from graph.store.keyring import Keyring
from graph.store.protocol import Store
from graph.store.version import Version

ABOUT = About()


def rows(table: str, *cells: dict[str, Any]) -> pl.DataFrame:
    """Whole rows of a table; what is not said has its default."""
    columns = TABLES[table].columns
    whole = [{c.name: row.get(c.name, c.default) for c in columns} for row in cells]
    return pl.DataFrame(whole, schema=TABLES[table].dtypes)


def keys(table: str, *cells: dict[str, Any]) -> pl.DataFrame:
    """Keys of rows."""
    return rows(table, *cells).select(TABLES[table].key)


def put(table: str, *cells: dict[str, Any]) -> Changes:
    """Rows to put."""
    return Changes({table: rows(table, *cells)})


def removed(table: str, *cells: dict[str, Any]) -> Changes:
    """Keys to remove."""
    return Changes({}, {table: keys(table, *cells)})


REGIONS = (
    {"code": "yn", "name": "云南", "level": "province"},
    {"code": "nj", "name": "怒江", "level": "prefecture", "parent": "yn"},
    {"code": "fg", "name": "福贡", "level": "county", "parent": "nj"},
    {"code": "v1", "name": "某村", "level": "village", "parent": "fg"},
    {"code": "zh", "name": "珠海", "level": "prefecture"},
)
UNITS = (
    {"id": "u1", "name": "某大学", "home_region": "zh"},
    {"id": "u2", "name": "某企业", "home_region": "zh"},
)
RELATIONS = (
    {"id": "r1", "kind": "east_west", "supporter": "zh", "recipient": "nj", "since": date(2016, 12, 7)},
    {"id": "r2", "kind": "designated", "supporter": "u1", "recipient": "fg", "since": date(2015, 1, 1)},
)
CADRES = ({"id": "c1", "unit": "u1", "home_region": "zh"}, {"id": "c2", "unit": "zh", "home_region": "zh"})
POSTINGS = ({"cadre": "c1", "village": "v1", "post": "first_secretary", "since": date(2016, 3, 1)},)


def small() -> dict[str, pl.DataFrame]:
    """Two supporters of one place, and somebody who is posted there."""
    return {
        "regions": rows("regions", *REGIONS),
        "units": rows("units", *UNITS),
        "relations": rows("relations", *RELATIONS),
        "cadres": rows("cadres", *CADRES),
        "postings": rows("postings", *POSTINGS),
    }


def read_clear(store: Store, network: str, table: str) -> pl.DataFrame:
    """A stored table as it was given: names are stored sealed."""
    frame = store.read(network, tables=[table]).frame(table)
    return Keyring().unseal(frame) if table == "cadre_names" else frame


def begin(store: Store, network: str = "office", frames: dict[str, pl.DataFrame] | None = None) -> Version:
    """Store the small network, or other frames, as version 1."""
    frames = small() if frames is None else frames
    return store.write(
        network, Changes(frames), base=0, how="load", by="tests", about=ABOUT, tables=list(frames)
    )


TEXTS = (
    "",
    " 前后有空格 ",
    "a|b",
    "c\\d",
    "e\\|f\\\\",
    "'} DETACH DELETE n //",
    '"引号",;',
    "两\n行\r\n\t",
    "ünï😀",
    "0012",
    "null",
)
NUMBERS = (0.1 + 0.2, -1e300, 5e-324, 1.0, -2.5)
WHOLES = (2**53 + 1, -(2**62) - 3, 0, 7, 2**63 - 1)
DAYS = (date(1949, 10, 1), date(2016, 2, 29), date(2199, 12, 31))
COUNT = len(TEXTS)


def every_table() -> dict[str, pl.DataFrame]:
    """Every table with rows of odd cells, and of none where a cell may be empty."""
    return {name: _odd(table) for name, table in TABLES.items()}


def _odd(table: Table) -> pl.DataFrame:
    made = [{c.name: _cell(table, c, n) for c in table.columns} for n in range(COUNT)]
    return pl.DataFrame(made, schema=table.dtypes)


def _id(table: str, n: int) -> str:
    return f"{table[:3]}{n}{TEXTS[n]}"


def _cell(table: Table, column: Column, n: int) -> Any:
    key, shape = column.name in table.key, SHAPES[table.name]
    if not column.required and n % 3 == 1 and not (key and column.kind != "date"):
        return None
    if len(table.key) == 1 and key and not column.foreign:
        return _id(table.name, n)
    links = [link for link in (shape.start, shape.end, *shape.links) if link and link.column == column.name]
    if links:
        return _id(links[0].targets[n % len(links[0].targets)], n)
    if column.foreign:
        return _id(column.foreign.split(".")[0], n)
    match column.kind:
        case "integer" | "money":
            return 2000 + n if key or column.name == "year" else WHOLES[n % len(WHOLES)]
        case "number" | "share":
            return NUMBERS[n % len(NUMBERS)]
        case "date":
            return DAYS[n % len(DAYS)]
        case "boolean":
            return n % 2 == 0
        case "enum":
            values = list(ENUMS.get(column.enum, {"a": 0, "b": 0}))
            return values[n % len(values)]
        case "list":
            return ("一;二", "x", "a b;c|d;e\\f")[n % 3]
    if key:
        return f"{n}{TEXTS[n]}"
    return TEXTS[n] or "必填" if column.required else TEXTS[n]
