"""What must not be in a Neo4j beyond what a version brings: half-staged states, claims, rows that are there twice."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from graph.schema.model import LEVEL_LABELS, OPEN, PAST, PROPOSED, SHAPES, WAS, Link, Shape
from graph.store.neo4j.run import Run


def staged_in_database(run: Run, network: str) -> bool:
    """Whether a claim stands, or a proposal is half there."""
    ((claims, loading),) = run(
        "OPTIONAL MATCH (n:Network {name: $network}) WHERE n.claim_token IS NOT NULL WITH count(n) AS claims "
        "OPTIONAL MATCH (p:Proposal {network: $network}) WHERE p.state = 'loading' RETURN claims, count(p)",
        network=network,
    )
    return bool(claims or loading)


def progress_in_database(run: Run, network: str) -> int:
    """The position of a claim, or of half a proposal; 0 where there is none."""
    ((claimed, proposed),) = run(
        "OPTIONAL MATCH (n:Network {name: $network}) WITH coalesce(n.claim_position, 0) AS claimed "
        "OPTIONAL MATCH (p:Proposal {network: $network}) WHERE p.state = 'loading' RETURN claimed, coalesce(max(p.position), 0)",
        network=network,
    )
    return max(int(claimed), int(proposed))


def in_database(run: Run, network: str, head: int) -> list[str]:
    """What is left beyond the head where nobody writes, in words."""
    found = ["a claim or half a proposal"] if staged_in_database(run, network) else []
    asked = {
        "nodes recorded later": "MATCH (x) WHERE x.network = $network AND (x.recorded_at > $head OR x.changed_at > $head)",
        "nodes that end later": "MATCH (x) WHERE x.network = $network AND x.superseded_by > $head AND x.superseded_by <> $open",
        "links recorded later": "MATCH ()-[x]->() WHERE x.network = $network AND x.recorded_at > $head",
        "links that end later": "MATCH ()-[x]->() WHERE x.network = $network AND x.superseded_by > $head "
        "AND x.superseded_by <> $open",
        "kept for later": f"MATCH (x:{PAST}) WHERE x.network = $network AND x.kept_by > $head",
        "without what it was of": f"MATCH (x:{PAST}) WHERE x.network = $network AND NOT ()-[:{WAS}]->(x)",
        "versions beyond": "MATCH (x:Version) WHERE x.network = $network AND x.number > $head",
        "versions apart": "MATCH (x:Version) WHERE x.network = $network AND NOT (:Network)-[:HAS_VERSION]->(x)",
    }
    for what, pattern in asked.items():
        ((number,),) = run(f"{pattern} RETURN count(*)", network=network, head=head, open=OPEN)
        if number:
            found.append(f"{number} {what}")
    return found


def doubled(run: Run, network: str, frames: Mapping[str, pl.DataFrame]) -> list[str]:
    """Where the number of nodes, relationships, links or labels that stand differs from the tables'."""
    wanted: dict[str, int] = {}
    for table, frame in frames.items():
        shape = SHAPES[table]
        stands = _stands(shape)
        wanted[stands] = wanted.get(stands, 0) + frame.height
        if shape.kind != "relationship":
            for link in shape.links:
                pattern = _linked(shape, link)
                wanted[pattern] = wanted.get(pattern, 0) + frame[link.column].drop_nulls().len()
    for level, label in LEVEL_LABELS.items() if "regions" in frames else ():
        pattern = f"MATCH (x:{label}) WHERE x.network = $network AND x.superseded_by = $open"
        wanted[pattern] = frames["regions"].filter(pl.col("level") == level).height
    found = []
    for pattern, number in wanted.items():
        ((there,),) = run(f"{pattern} RETURN count(*)", network=network, open=OPEN)
        if there != number:
            found.append(f"{there} instead of {number}: {pattern}")
    return found


def proposed_twice(run: Run, network: str, plan: str, rows: Mapping[str, int]) -> list[str]:
    """Where the number of a proposal's rows differs from the plan's."""
    found = []
    for table, shape in PROPOSED.items():
        which = f"x:{shape.label} {{network: $network, plan: $plan}}"
        pattern = f"()-[{which}]->()" if shape.kind == "relationship" else f"({which})"
        ((there,),) = run(f"MATCH {pattern} RETURN count(*)", network=network, plan=plan)
        if there != rows.get(table, 0):
            found.append(f"proposal: {there} {table} instead of {rows.get(table, 0)}")
    return found


def _stands(shape: Shape) -> str:
    pattern = f"()-[x:{shape.label}]->()" if shape.kind == "relationship" else f"(x:{shape.label})"
    return f"MATCH {pattern} WHERE x.network = $network AND x.superseded_by = $open"


def _linked(shape: Shape, link: Link) -> str:
    """Links of entities have states of their own; those of records stand as long as the record."""
    own = "l" if shape.kind == "entity" else "n"
    arrow = f"<-[l:{link.type}]-" if link.inward else f"-[l:{link.type}]->"
    return f"MATCH (n:{shape.label}){arrow}() WHERE {own}.network = $network AND {own}.superseded_by = $open"
