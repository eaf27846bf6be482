"""Whether a network on Neo4j is whole, whoever may have changed it by hand: each fault with the Cypher that finds it."""

from __future__ import annotations

from graph.findings import Finding
from graph.schema.model import SHAPES
from graph.store.keyring import TABLE as SEALED_TABLE
from graph.store.neo4j.bookkeeping import SpoiledRecord
from graph.store.neo4j.checking.beside import foreign_probes, staged_probes
from graph.store.neo4j.checking.ends import end_probes
from graph.store.neo4j.checking.probe import Probe, all_of
from graph.store.neo4j.checking.records import record_findings
from graph.store.neo4j.checking.rows import row_probes
from graph.store.neo4j.checking.sound import Sound, read_sound
from graph.store.neo4j.run import Run
from graph.store.neo4j.store import Neo4jStore
from graph.store.told import SAID_BY_GRAPH, pattern, placed
from graph.tables.checks import check_tables

__all__ = ["Sound", "check_network", "graph_findings", "read_sound"]


def check_network(store: Neo4jStore, network: str, *, domain: bool = True) -> list[Finding]:
    """Everything that is wrong with a network at its head: in its bookkeeping, in the graph, then in its tables.

    Raises
    ------
    NoSuchNetwork
        When there is none of that name.
    OutsideError
        When the server cannot be reached.
    """
    found = store.ask(lambda run: record_findings(run, network))
    try:
        found += graph_findings(store, network)
        sound = read_sound(store, network)
    except SpoiledRecord:
        if not found:  # somebody changed it just now
            raise
        return found  # no row can be read before that is mended
    network_, rows = sound.network, sound.rows
    frames = {t: f for t, f in network_.frames.items() if t != SEALED_TABLE}
    tables = check_tables(frames, network_.settings, network_.enums, domain=domain)
    return found + [placed(f, rows, network) for f in tables if f.code not in SAID_BY_GRAPH]


def graph_findings(store: Neo4jStore, network: str) -> list[Finding]:
    """What is wrong with nodes and relationships, table by table."""
    given = store.tables(network)
    probes: list[Probe] = []
    for table in store.ask(_used):
        probes += [*row_probes(table), *end_probes(table, given)]
    probes += store.ask(lambda run: [*foreign_probes(run), *staged_probes(run, network)])
    return store.ask(lambda run: all_of(probes, run, network))


def _used(run: Run) -> list[str]:
    """Tables of which there is any row, of any network."""
    return [t for t, shape in SHAPES.items() if run(f"MATCH {pattern(shape)} RETURN 1 LIMIT 1")]
