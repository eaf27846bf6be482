"""Load, read back, ask, propose: the country's network in a private Neo4j, beside the same by hand in the same run."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import neo4j
import polars as pl

from benchmarks.graph import by_hand
from benchmarks.graph.cards import p95, timed
from benchmarks.page import Page
from graph.bolt import Address, connect
from graph.network import Network
from graph.schema import RESULTS
from graph.server.backup import replaced
from graph.server.private import PrivateServer
from graph.server.status import DATABASE
from graph.store.about import About
from graph.store.changes import Changes
from graph.store.load import load
from graph.store.neo4j.bulk import import_network
from graph.store.neo4j.importing import write_import
from graph.store.neo4j.read import table_statement
from graph.store.neo4j.schema import statements
from graph.store.neo4j.store import Neo4jStore
from graph.store.proposal import Proposal
from graph.store.rows import keyed
from planner.scenario import read_scenario
from scenarios.generate import generate_national

NAME, PLAN = "national", "benchmark"
CLIENTS, CARDS, ROUNDS = 8, 800, 5
STARTS = 3
SENT = ("regions", "units", "cadres", "postings")
"""Tables that are sent by statements: 970,000 nodes and their postings."""


@dataclass
class Sheet:
    """Rows of the page."""

    rows: list[tuple[object, ...]] = field(default_factory=list)

    def add(self, work: str, target: str, ours: float, hand: float | None, told: str = "") -> None:
        """One line; the ratio is worked out."""
        self.rows.append(
            (work, target, ours, "" if hand is None else hand, "" if hand is None else ours / hand, told)
        )
        print(f"  {work}: {ours:.3g} s, by hand {hand}, {told}", flush=True)


def took(work: Callable[[], object]) -> float:
    """Seconds."""
    began = perf_counter()
    work()
    return perf_counter() - began


def run() -> Page:
    """The page."""
    sheet = Sheet()
    with tempfile.TemporaryDirectory(prefix="graph-") as temporary:
        folder = Path(temporary)
        generate_national(folder / "national")
        network = read_scenario(folder / "national", stages=(), domain=False).network
        server = PrivateServer(folder / "server")
        try:
            server.up()
            _starts(server, sheet)
            _imports(server, network, folder, sheet)
            _reads(server, sheet)
            _cards(server, network, sheet)
            _proposes(server, network, sheet)
            _sends(server, network, sheet)
        finally:
            server.down()
    nodes = sum(network.frame(t).height for t in ("regions", "units", "cadres"))
    note = (
        f"The generated country ({nodes:,} regions, units and cadres, {network.frame('postings').height:,} postings, "
        f"{sum(f.height for f in network.frames.values()):,} rows in {len(network.frames)} tables) in a private Neo4j 5.26. "
        "*By hand*: the same work as somebody would write it without jiedui, in the same run (`benchmarks/graph/by_hand.py`)."
    )
    columns = ("work", "target", "ours, s", "by hand, s", "ratio", "")
    return Page("graph", "The graph stores at the size of the country", note, columns, sheet.rows)


@contextmanager
def connected(server: PrivateServer) -> Iterator[neo4j.Driver]:
    """A driver of the running server."""
    status = server.status()
    assert status.uri is not None
    with connect(Address(status.uri, status.user, status.password(), status.database)) as connection:
        yield connection.driver


def opened(server: PrivateServer) -> Neo4jStore:
    """The store on the running server."""
    status = server.status()
    assert status.uri is not None
    return Neo4jStore.on(connect(Address(status.uri, status.user, status.password(), status.database)))


def _starts(server: PrivateServer, sheet: Sheet) -> None:
    def start() -> None:
        server.up()
        with connected(server) as driver:
            by_hand.fetch(driver, "RETURN 1")

    seconds = []
    for _ in range(STARTS):
        server.down()
        seconds.append(took(start))
    told = f"median of {STARTS}; to the first answered question"
    sheet.add("`graph up`, parts cached", "≤ 20 s", statistics.median(seconds), None, told)


def _imports(server: PrivateServer, network: Network, folder: Path, sheet: Sheet) -> None:
    """By hand first: the database is then replaced."""
    files = folder / "files"
    files.mkdir()
    made = write_import(network, NAME, files, by="benchmark")

    def hand() -> None:
        with replaced(server):
            server.admin(*made.words(DATABASE), heap_mb=1024)
        with connected(server) as driver:
            with driver.session() as session:
                for statement in statements():
                    session.run(statement).consume()  # type: ignore[arg-type]  # the driver wants a literal
                session.run("CALL db.awaitIndexes(600)").consume()
            by_hand.count(driver)

    def ours() -> None:
        import_network(server, network, NAME, by="benchmark")
        store = opened(server)
        store.head(NAME)
        store.close()

    by, own = took(hand), took(ours)
    sheet.add(
        "load into an empty database, by import",
        "≤ 1.3 ×",
        own,
        by,
        "by hand: from CSV files that are there already",
    )
    store = opened(server)
    again = took(lambda: load(store, network, NAME, by="benchmark"))
    store.close()
    sheet.add("reconcile: read all back, compare counts and checksums", "", again, None)


def _reads(server: PrivateServer, sheet: Sheet) -> None:
    store = opened(server)
    tables = ("regions", "relations", "cadres", "postings", "village_posts")

    def hand(driver: neo4j.Driver) -> None:
        for table in tables:
            by_hand.fetch(driver, table_statement(table), network=NAME, v=1)

    with connected(server) as driver:
        hand_seconds = took(lambda: hand(driver))
    own = took(lambda: store.read(NAME, tables=tables))
    store.close()
    sheet.add(
        "read back as frames: what the stage `cadres` needs", "≤ 1.5 ×", own, hand_seconds, ", ".join(tables)
    )


def _cards(server: PrivateServer, network: Network, sheet: Sheet) -> None:
    counties = (
        network.frame("regions").filter(pl.col("level") == "county")["code"].sample(CARDS, seed=7).to_list()
    )
    status = server.status()
    assert status.uri is not None and status.password_file is not None
    place = {"uri": status.uri, "user": status.user, "file": str(status.password_file), "network": NAME}
    seconds: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(1 + ROUNDS):
        for whose, kept in seconds.items():
            kept.append(p95(timed(whose, place, counties, CLIENTS)))
    print(f"  cards, round by round: {seconds}", flush=True)
    own, hand = (statistics.median(kept[1:]) for kept in seconds.values())  # the first round still compiles
    sheet.add(
        "a coordinator's card, p95",
        "≤ 0.05 s, ≤ 2 ×",
        own,
        hand,
        f"{CLIENTS} client processes at once, {CARDS} counties; median of {ROUNDS} rounds after one that is not counted",
    )


def _proposes(server: PrivateServer, network: Network, sheet: Sheet) -> None:
    cadres = network.frame("cadres")["id"]
    villages = network.frame("regions").filter(pl.col("level") == "village")["code"]
    n = len(cadres)
    rows = pl.DataFrame(
        {
            "cadre": cadres,
            "village": villages.gather(pl.int_range(n, eager=True) % len(villages)),
            "post": ["member"] * n,
            "role": ["member"] * n,
            "cost": [1.5] * n,
        }
    ).select(c.name for c in RESULTS["postings"].columns)
    store = opened(server)
    day = network.on
    assert day is not None
    told = Proposal(PLAN, 1, day, PLAN, "benchmark", ("cadres",), {"postings": n})
    own = took(lambda: store.propose(NAME, told, {"postings": rows}))
    with connected(server) as driver:
        with driver.session() as session:
            made = "CREATE INDEX by_hand IF NOT EXISTS FOR ()-[x:BY_HAND]-() ON (x.network, x.plan)"
            session.run(made).consume()
        hand = took(lambda: by_hand.propose(driver, NAME, PLAN, rows))
    store.close()
    sheet.add(f"propose {n:,} postings", "≤ 1.3 ×", own, hand)


def _sends(server: PrivateServer, network: Network, sheet: Sheet) -> None:
    """Into an emptied database each."""
    some = network.only(SENT)
    whole = some.with_frames({"postings": some.frame("postings")})
    _emptied(server)
    with connected(server) as driver:
        with driver.session() as session:
            for statement in statements():
                session.run(statement).consume()  # type: ignore[arg-type]  # the driver wants a literal

        def hand() -> None:
            entities = {"Region": "regions", "Unit": "units", "Cadre": "cadres"}
            frames = {label: whole.frame(table) for label, table in entities.items()}
            for label, frame in frames.items():
                by_hand.merge_nodes(driver, label, "code" if label == "Region" else "id", frame)
            by_hand.merge_ties(driver, frames)
            by_hand.merge_postings(driver, keyed("postings", whole.frame("postings")))

        by = took(hand)
    _emptied(server)
    store = opened(server)
    own = took(
        lambda: store.write(
            NAME, Changes(dict(whole.frames)), base=0, how="load", by="b", about=About.of(whole), tables=SENT
        )
    )
    store.close()
    rows = sum(f.height for f in whole.frames.values())
    sheet.add(
        "the same by UNWIND",
        "≤ 1.2 ×",
        own,
        by,
        f"{', '.join(SENT)}: {rows:,} rows, and what ties them",
    )


def _emptied(server: PrivateServer) -> None:
    """A new database in the place of the old one."""
    with tempfile.TemporaryDirectory(dir=server.folders.run) as temporary:
        file = Path(temporary) / "nothing.csv"
        file.write_text("name:ID\n", encoding="utf-8")
        words = ("database", "import", "full", DATABASE, "--overwrite-destination", f"--nodes=Nothing={file}")
        with replaced(server):
            server.admin(*words)
