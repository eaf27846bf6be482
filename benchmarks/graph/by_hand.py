"""What somebody who knows Neo4j would write without jiedui: plain statements in a plain loop, one batch after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import neo4j
import polars as pl

BATCH = 10_000


def batches(frame: pl.DataFrame) -> Iterator[list[dict[str, Any]]]:
    """Rows as mappings, batch by batch."""
    for part in frame.iter_slices(BATCH):
        yield part.to_dicts()


def send(driver: neo4j.Driver, statement: str, frame: pl.DataFrame, **more: Any) -> None:
    """One managed transaction for each batch."""
    with driver.session() as session:
        for rows in batches(frame):
            session.execute_write(lambda tx, rows=rows: tx.run(statement, rows=rows, **more).consume())  # type: ignore[misc]  # rows are bound at once


def merge_nodes(driver: neo4j.Driver, label: str, key: str, frame: pl.DataFrame) -> None:
    """Nodes of a table, idempotent by their key."""
    send(
        driver,
        f"UNWIND $rows AS row MERGE (n:{label} {{network: 'hand', {key}: row.{key}}}) SET n += row",
        frame,
    )


TIES = (
    ("Region", "code", "parent", "LIES_IN", "Region", "code"),
    ("Unit", "id", "home_region", "SEATED_IN", "Region", "code"),
    ("Cadre", "id", "unit", "SENT_BY", "Unit", "id"),
    ("Cadre", "id", "unit", "SENT_BY", "Region", "code"),
    ("Cadre", "id", "home_region", "HOME_IN", "Region", "code"),
)
"""Columns of entities as relationships: label, key, column, type, label and key of the other end."""


def merge_ties(driver: neo4j.Driver, frames: Mapping[str, pl.DataFrame]) -> None:
    """What entities lie in, are seated in, come from: idempotent, to whichever label bears the id."""
    for label, key, column, kind, other, its_key in TIES:
        send(
            driver,
            f"UNWIND $rows AS row MATCH (n:{label} {{network: 'hand', {key}: row.{key}}}) "
            f"MATCH (o:{other} {{network: 'hand', {its_key}: row.{column}}}) MERGE (n)-[:{kind}]->(o)",
            frames[label].select(key, column).drop_nulls(),
        )


def merge_postings(driver: neo4j.Driver, frame: pl.DataFrame) -> None:
    """Postings as relationships, idempotent by their row."""
    send(
        driver,
        "UNWIND $rows AS row MATCH (c:Cadre {network: 'hand', id: row.cadre}) "
        "MATCH (v:Region {network: 'hand', code: row.village}) "
        "MERGE (c)-[r:POSTED_TO {network: 'hand', row: row.row, recorded_at: 1}]->(v) SET r += row",
        frame,
    )


def propose(driver: neo4j.Driver, network: str, plan: str, frame: pl.DataFrame) -> None:
    """A plan's postings as relationships of a kind of their own."""
    send(
        driver,
        "UNWIND $rows AS row MATCH (c:Cadre {network: $network, id: row.cadre}) "
        "MATCH (v:Region {network: $network, code: row.village}) "
        "CREATE (c)-[:BY_HAND {network: $network, plan: $plan, cadre: row.cadre, village: row.village, post: row.post, "
        "role: row.role, cost: row.cost}]->(v)",
        frame,
        network=network,
        plan=plan,
    )


def fetch(driver: neo4j.Driver, statement: str, **parameters: Any) -> int:
    """All records of a statement, each as it comes; how many."""
    with driver.session() as session:
        return sum(1 for _ in session.run(statement, parameters))  # type: ignore[arg-type]  # the driver wants a literal


def count(driver: neo4j.Driver) -> tuple[int, int]:
    """Nodes and relationships."""
    with driver.session() as session:
        nodes: Sequence[Any] = session.run("MATCH (n) RETURN count(n)").single(strict=True)
        ties: Sequence[Any] = session.run("MATCH ()-[r]->() RETURN count(r)").single(strict=True)
        return int(nodes[0]), int(ties[0])
