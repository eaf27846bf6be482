"""Entries of findings and of the ledger as changes: what a form that was filled in does to the tables."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import date

import polars as pl

from api.service.refusals import NotFound
from graph.network import Network
from graph.office.edits import Cell, cells_set, rows_given
from graph.schema import TABLES
from graph.store.changes import Changes
from graph.store.rows import row_keys

SOURCE = "source"
AMOUNTS = ("pledged", "delivered")


def new_finding(network: Network, cells: Mapping[str, Cell], by: str, key: str = "") -> Changes:
    """A finding that is not there yet.

    Parameters
    ----------
    network : Network
        Whose enumerations count.
    cells : mapping of str to cell
        Its columns; without an id it gets one.
    by, key : str
        Who enters it, and the key with which it is entered: the same ones give the same id.

    Raises
    ------
    TableErrors
        When a cell is not what its column wants.
    """
    told = hashlib.sha256(f"{by}\n{key}".encode()).hexdigest() if key else uuid.uuid4().hex
    row = {k: v for k, v in cells.items() if v is not None}
    return Changes(rows_given({"findings": [{"id": f"f-{told[:12]}", SOURCE: by, **row}]}, network))


def ledger_entry(
    network: Network, relation: str, year: int, item: str, amounts: Mapping[str, int], source: str
) -> Changes:
    """What was pledged or delivered; what is not said of an entry that is there stays.

    Parameters
    ----------
    network : Network
        Has the tables ``ledger`` and ``relations``.
    relation, year, item
        The entry.
    amounts : mapping of str to int
        ``pledged``, ``delivered`` or both, in the item's unit.
    source : str
        Where the figures are from.

    Raises
    ------
    NotFound
        When there is no such relation.
    UsageError, TableErrors
        When a cell is not what its column wants.
    """
    if not network.frame("relations")["id"].is_in([relation]).any():
        raise NotFound(f"没有关系 {relation}", f"there is no relation {relation}")
    cells: dict[str, int | str] = {"relation": relation, "year": year, "item": item}
    (key,) = row_keys("ledger", pl.DataFrame([cells], schema_overrides=_KEY)).to_list()
    if entry_of(network, relation, year, item).is_empty():
        return Changes(rows_given({"ledger": [{**cells, **amounts, SOURCE: source}]}, network))
    mark = {"mark": ""} if len(amounts) == len(AMOUNTS) else {}  # both figures are from this source now
    told = [("ledger", key, f"{c}={v}") for c, v in {**amounts, SOURCE: source, **mark}.items()]
    return Changes(cells_set(network, told, network.enums))


def entry_of(network: Network, relation: str, year: int, item: str) -> pl.DataFrame:
    """The row of an entry, if it is there."""
    return network.frame("ledger").filter(
        (pl.col("relation") == relation) & (pl.col("year") == year) & (pl.col("item") == item)
    )


_KEY = {name: TABLES["ledger"].dtypes[name] for name in TABLES["ledger"].key}


def cells_of(**given: date | str | int | None) -> dict[str, str]:
    """What was filled in, as cells."""
    return {k: str(v) for k, v in given.items() if v is not None}
