"""A network as a script of Cypher that ``cypher-shell`` runs into an empty database.

It says what :mod:`graph.store.neo4j.write` would do for a first version: constraints and indexes, the rows by the very same
statements, and the head at last, so that a script which is cut short leaves nothing that anybody reads. A value is always a
literal, whatever its characters; only names of the schema are part of a statement.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from graph.network import Network
from graph.schema import TABLES
from graph.schema.model import OPEN, POSITION
from graph.store.about import About
from graph.store.changes import Changes
from graph.store.neo4j.importing import FIRST, missing_entities
from graph.store.neo4j.schema import VERSION, statements
from graph.store.neo4j.staging import Batch, Difference, batches, places_to_hold
from graph.store.references import refuse_missing
from graph.store.rows import keyed
from graph.store.told import quoted
from graph.store.version import chained

AT_ONCE = 1000
"""Rows in one statement of the script."""


def script(network: Network, name: str, *, by: str, why: str = "") -> Iterator[str]:
    """The script, statement by statement.

    Parameters
    ----------
    network : Network
        The tables.
    name : str
        The network's name in the database.
    by, why : str
        As in :meth:`graph.store.protocol.Store.write`.

    Raises
    ------
    InputError
        When rows name what is not there.
    """
    changes = Changes({t: f for t, f in network.frames.items() if f.height})
    given = [t for t in TABLES if network.has(t)]
    refuse_missing(name, missing_entities(changes, given))
    yield f"// jiedui: {json.dumps(name)} → cypher-shell -f, into an empty database / 在空数据库中运行"
    yield from (f"{statement};" for statement in statements())
    yield "CALL db.awaitIndexes(600);"
    yield f"MERGE (s:Schema) SET s.version = {VERSION};"
    for parameter, value in {"network": name, "v": FIRST, "open": OPEN}.items():
        yield f":param {parameter} => {literal(value)};"
    found = {t: _new(t, rows) for t, rows in changes.put.items()}
    for batch in (*places_to_hold(changes, given), *batches(name, found)):
        for part in batch.cut(AT_ONCE):
            yield from _said(part)
    yield from _head(changes, About.of(network), given, {"by": by, "why": why})


def _said(batch: Batch) -> Iterator[str]:
    assert not batch.more  # only rows that change have more
    yield f":param c => {literal(batch.columns)};"
    yield f":param size => {batch.size};"
    yield f"{batch.statement};"


def _new(table: str, rows: pl.DataFrame) -> Difference:
    placed = keyed(table, rows).with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(POSITION))
    none = placed.clear()
    state = none.with_columns(
        pl.lit(None, pl.Int64).alias("recorded_at"), pl.lit(None, pl.Int64).alias("superseded_by")
    )
    return Difference(placed, none, state, state, none)


def _head(changes: Changes, about: About, given: list[str], told: Mapping[str, str]) -> Iterator[str]:
    digest = chained("", changes, about, given)
    version = {
        "how": "load", **told,
        "counts": json.dumps({t: [n, 0] for t, (n, _) in changes.counts().items()}),
        "digest": digest, "about": json.dumps(about.to_dict(), ensure_ascii=False), "tables": given,
        "token": digest[:32], "place_tables": list(changes.put), "places": [f.height for f in changes.put.values()],
    }  # fmt: skip
    yield f":param version => {literal(version)};"
    yield (
        "CREATE (n:Network {name: $network, head: $v}) CREATE (n)-[:HAS_VERSION]->(x:Version) "
        "SET x = $version, x.network = $network, x.number = $v, x.at = datetime({timezone: 'UTC'});"
    )


def literal(value: Any) -> str:
    """A value as Cypher writes it.

    Raises
    ------
    TypeError
        When no cell has such a type.
    """
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case float():
            return repr(value) if math.isfinite(value) else f"toFloat('{_unbounded(value)}')"
        case str():
            return quoted(value)
        case date():
            return f"date('{value.isoformat()}')"
        case Mapping():
            return "{" + ", ".join(f"{key}: {literal(v)}" for key, v in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(literal, value)) + "]"
    raise TypeError(type(value))


def _unbounded(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
