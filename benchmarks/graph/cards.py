"""A coordinator's card of a county, by jiedui and by the bare statements that fetch the same rows."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from subprocess import PIPE
from time import perf_counter
from typing import Any

from graph.bolt import Address, connect
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
    return OfNeo4j(store, network).record(code)


def bare_card(store: Neo4jStore, network: str, code: str) -> Any:
    """The same rows."""
    return store.ask(lambda run: [run(statement, network=network, code=code) for statement in BARE])


CARDS: dict[str, Callable[[Neo4jStore, str, str], Any]] = {"ours": our_card, "bare": bare_card}


def timed(whose: str, place: Mapping[str, str], codes: Sequence[str], clients: int) -> list[float]:
    """Seconds of each card, asked by so many processes at once, one card after the other each."""
    command = [sys.executable, "-m", "benchmarks.graph.cards"]
    asked = [json.dumps({**place, "whose": whose, "codes": codes[i::clients]}) for i in range(clients)]
    running = [subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) for _ in asked]
    for process, words in zip(running, asked, strict=True):
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(f"{words}\n")
        process.stdin.flush()
        process.stdout.readline()  # it has warmed up
    told = []
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in running:
        told += json.loads(process.communicate()[0])
    return told


def p95(seconds: Sequence[float]) -> float:
    """So long 95 of 100 took at most."""
    return sorted(seconds)[int(len(seconds) * 0.95)]


def client() -> None:
    """One client: told what to ask in a line of JSON, asks all once unmeasured, and begins at the second line."""
    told = json.loads(sys.stdin.readline())
    password = Path(told["file"]).read_text(encoding="utf-8").strip()
    store = Neo4jStore.on(connect(Address(told["uri"], told["user"], password)))
    card, network = CARDS[told["whose"]], told["network"]
    for code in told["codes"]:  # once unmeasured: a server that just started still compiles what it runs
        card(store, network, code)
    print("ready", flush=True)
    sys.stdin.readline()
    seconds = []
    for code in told["codes"]:
        began = perf_counter()
        card(store, network, code)
        seconds.append(perf_counter() - began)
    store.close()
    print(json.dumps(seconds))


if __name__ == "__main__":
    client()
