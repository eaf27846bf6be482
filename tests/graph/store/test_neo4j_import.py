"""What ``neo4j-admin database import`` fills is what statements would have written."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from graph.bolt import Address, connect
from graph.errors import InputError
from graph.network import Network
from graph.schema import TABLES
from graph.server.private import PrivateServer
from graph.store.load import load
from graph.store.neo4j.bulk import import_network
from graph.store.neo4j.importing import write_import
from graph.store.neo4j.store import Neo4jStore
from graph.store.workspace import open_workspace
from tests.graph.store.small_networks import every_table, put, read_clear, rows, small


def opened(server: PrivateServer) -> Neo4jStore:
    status = server.up(memory_mb=1200)
    assert status.uri is not None
    return Neo4jStore.on(connect(Address(status.uri, status.user, status.password(), status.database)))


def test_an_imported_network_is_like_a_written_one(own_server: PrivateServer, tmp_path: Path) -> None:
    """Every table and kind of cell; then it goes on like any other."""
    network = Network(every_table())
    own_server.up(memory_mb=1200)
    import_network(own_server, network, "office", by="tests", why="first")
    store = opened(own_server)
    try:
        assert not store.is_empty()
        assert list(store.read("office").frames) == list(TABLES)
        for table, frame in network.frames.items():
            assert_frame_equal(read_clear(store, "office", table), frame)
        head = store.head("office")
        assert (head.number, head.how, head.by, head.why) == (1, "load", "tests", "first")
        report = load(store, network, "office", by="tests")
        assert report.equal and report.version.number == 1
        plain = Network(
            {t: f for t, f in network.frames.items() if t != "cadre_names"}
        )  # sealed names differ
        write_import(plain, "plain", tmp_path, by="t")
        digest = pl.read_csv(tmp_path / "versions.csv")["digest:string"][0]
        with closing(open_workspace(tmp_path / "office", create=True)) as workspace:
            for other in (workspace, store):
                assert load(other, plain, "plain", by="t").version.digest == digest
        code = network.frame("regions")["code"][0]
        store.write(
            "office",
            put("regions", {"code": code, "name": "new"}, {"code": "z", "name": "z"}),
            base=1,
            how="request",
            by="t",
        )
        after = store.read("office").frame("regions")
        assert (after["name"][0], after["code"][-1]) == ("new", "z")
        assert [s.row["name"] for s in store.history("office", "regions", code.replace("|", "\\|"))][
            -1
        ] == "new"
        with store.driver.session(database=store.database) as session:
            written = "MATCH (n:Region {network: 'office'})-[r:LIES_IN]->(m) RETURN count(r)"
            tied = session.run(written).single(strict=True)[0]
        parents = network.frame("regions")["parent"].drop_nulls()
        assert tied == parents.is_in(network.frame("regions")["code"].implode()).sum()
    finally:
        store.close()


def test_relationships_to_tables_that_were_never_given(tmp_path: Path) -> None:
    """Their ends are bare nodes."""
    frames = small()
    made = write_import(Network({"relations": frames["relations"]}), "n", tmp_path, by="t")
    bare = {
        label: pl.read_csv(file, infer_schema=False)
        for label, file in made.nodes
        if file.stem.endswith(".bare")
    }
    assert {label: frame.columns for label, frame in bare.items()} == {
        "Unit": ["id:ID(units)", "network:string"],
        "Region": ["code:ID(regions)", "network:string"],
    }
    assert bare["Unit"]["id:ID(units)"].sort().to_list() == ["u1", "zh"]
    assert bare["Region"]["code:ID(regions)"].sort().to_list() == ["fg", "nj"]


def test_what_rows_name_must_be_there(tmp_path: Path) -> None:
    frames = small() | {
        "relations": rows(
            "relations", {"id": "r", "kind": "designated", "supporter": "nobody", "recipient": "fg"}
        )
    }
    with pytest.raises(InputError, match=r"relations\.supporter: nobody"):
        write_import(Network(frames), "n", tmp_path, by="t")
