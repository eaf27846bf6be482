"""A coordinator's card of a county, by jiedui and by the bare statements that fetch the same rows."""

from __future__ import annotations

from typing import Any

from graph.store.neo4j.questions.answers import OfNeo4j
from graph.store.neo4j.store import Neo4jStore

BARE = (
    "MATCH (h:Network {name: $network}) RETURN h.head",
    "MATCH (p:Region {network: $network, code: $code}) OPTIONAL MATCH (p)-[:LIES_IN*0..]->(a:Region) "
    "RETURN a.code, a.name, a.level, a.parent",
    "MATCH (p:Region {network: $network, code: $code})-[:LIES_IN*0..]->(a:Region) "
    "MATCH (a)<-[r:SUPPORTS]-(s) RETURN r.id, r.kind, r.supporter, r.recipient, r.since, r.until, r.source, r.mark, s.name",
    "MATCH (p:Region {network: $network, code: $code})<-[:LIES_IN*1..]-(b:Region) "
    "MATCH (b)<-[r:SUPPORTS]-(s) RETURN r.id, r.kind, r.supporter, r.recipient, r.since, r.until, r.source, r.mark, s.name, b.name",
    "MATCH (p:Region {network: $network, code: $code})-[:LIES_IN*0..]->(a:Region) "
    "MATCH (a)-[r:SUPPORTS]->(t) RETURN r.id, r.kind, r.supporter, r.recipient, r.since, r.until, r.source, r.mark, t.name",
    "MATCH (p:Region {network: $network, code: $code})-[:TAGGED]->(t:Tag) RETURN t.tag, t.value, t.since, t.until",
    "MATCH (p:Region {network: $network, code: $code})-[:CALLED]->(n:Name) RETURN n.name, n.kind",
    "MATCH (p:Region {network: $network, code: $code})-[:LIES_IN*0..]->(a:Region) MATCH (a)<-[r:SUPPORTS]-() "
    "MATCH (l:LedgerEntry {network: $network, relation: r.id}) RETURN l.relation, l.year, l.item, l.pledged, l.delivered",
)


def our_card(store: Neo4jStore, network: str, code: str) -> Any:
    """All supporters with history, and the ledger."""
    asked = OfNeo4j(store, network)
    return asked.ask(code)


def bare_card(store: Neo4jStore, network: str, code: str) -> Any:
    """The same rows."""
    return store.ask(lambda run: [run(statement, network=network, code=code) for statement in BARE])
