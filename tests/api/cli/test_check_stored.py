"""``jiedui check`` and ``graph pull`` on stored networks that somebody changed by hand."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from graph.bolt import Connection
from graph.store.neo4j.store import Neo4jStore
from graph.store.workspace import open_workspace
from tests.api.cli.conftest import Typed
from tests.graph.store.small_networks import begin

ADDRESS = "neo4j:#office"


@pytest.fixture
def office(empty_neo4j: Connection, monkeypatch: pytest.MonkeyPatch) -> Neo4jStore:
    """The small network on the server that the environment names."""
    address = empty_neo4j.address
    monkeypatch.setenv("NEO4J_URI", address.uri)
    monkeypatch.setenv("NEO4J_USER", address.user)
    monkeypatch.setenv("NEO4J_PASSWORD", address.password)
    store = Neo4jStore(empty_neo4j.driver, database=empty_neo4j.database)
    begin(store)
    return store


def by_hand(store: Neo4jStore, cypher: str) -> None:
    """A colleague's statement."""
    with store.driver.session(database=store.database) as session:
        session.run(cypher).consume()


def test_check_names_nonsense_with_its_cypher(office: Neo4jStore, typed: Typed, tmp_path: Path) -> None:
    code, out, _ = typed("check", ADDRESS)
    assert (code, out.splitlines()[-1]) == (0, "✓ office version 1: 0 errors, 0 warnings, 0 notices")

    by_hand(office, "CREATE (:Mine {x: 1})")
    assert typed("check", ADDRESS)[0] == 0
    assert typed("check", ADDRESS, "--strict")[0] == 1  # a warning

    by_hand(office, "MATCH (v:Region {code: 'v1'}), (z:Region {code: 'zh'}) CREATE (v)-[l:LIES_IN]->(z) SET l = {network: 'office', recorded_at: 1, superseded_by: 9007199254740992}")  # fmt: skip
    report = tmp_path / "report.csv"
    code, out, _ = typed("check", ADDRESS, "--csv", report)
    assert code == 1
    assert "regions, parent: v1 has several LIES_IN at once" in out
    assert ":param network => 'office';" in out and "LIES_IN" in out.split(":param")[1]
    assert "several-ends" in report.read_text(encoding="utf-8-sig")

    code, out, _ = typed("check", ADDRESS, "--json")
    told = json.loads(out)
    (error,) = [e for task in told["tasks"] for e in task["errors"]]
    assert (code, told["valid"], told["version"], error["type"]) == (1, False, 1, "several-ends")
    assert error["cypher"].startswith(":param network")
    assert set(error["message"]) == {"zh", "en"}


def test_check_of_a_store_has_no_use_for_options_of_files(typed: Typed, tmp_path: Path) -> None:
    code, _, err = typed("check", f"workspace:{tmp_path}", "--marked", tmp_path / "a.xlsx")
    assert code == 2 and "--marked is for files" in err


def test_check_of_a_workspace(typed: Typed, tmp_path: Path) -> None:
    address = f"workspace:{tmp_path / 'office'}"
    workspace = open_workspace(tmp_path / "office", create=True)
    begin(workspace)
    code, out, _ = typed("check", address)
    assert code == 0 and "office version 1" in out
    file = next(iter((tmp_path / "office").rglob("*.parquet")))
    file.chmod(0o600)
    file.write_bytes(b"no")
    code, out, _ = typed("check", address)
    assert code == 1 and file.name in out
    workspace.close()


def test_pull_brings_back_what_was_set_by_hand(office: Neo4jStore, typed: Typed, tmp_path: Path) -> None:
    by_hand(office, "MATCH (u:Unit {id: 'u1'}) SET u.name = '新名', u.capacity = 3")
    code, out, err = typed("graph", "pull", tmp_path / "out", "--on", ADDRESS)
    assert code == 0, out + err
    units = pl.read_csv(tmp_path / "out" / "units.csv")
    assert units.filter(pl.col("id") == "u1").select("name", "capacity").row(0) == ("新名", 3)


def test_pull_reports_rows_that_break_the_schema(office: Neo4jStore, typed: Typed, tmp_path: Path) -> None:
    by_hand(
        office,
        "MATCH ()-[r:SUPPORTS {id: 'r1'}]->() SET r.until = 'soon' WITH r "
        "MATCH (u:Unit {id: 'u2'}) SET u.strength = 7.0 WITH u "
        "CREATE (:Region {network: 'office', code: 'new', name: '新县'})",
    )
    target = tmp_path / "out"
    code, _, err = typed("graph", "pull", target, "--on", ADDRESS)
    assert code == 2 and not target.exists()
    assert "r1: until = soon (text) is of the wrong type" in err
    assert "u2:" in err and "units, strength" in err
    assert "new has no bookkeeping" in err
    code, out, _ = typed("graph", "pull", target, "--on", ADDRESS, "--skip-bad-rows", "--json")
    told = json.loads(out)
    assert code == 0 and {f["type"] for f in told["findings"]} >= {"wrong-type", "no-bookkeeping"}
    assert pl.read_csv(target / "relations.csv")["id"].to_list() == ["r2"]
    assert pl.read_csv(target / "units.csv")["id"].to_list() == ["u1"]
    assert pl.read_csv(target / "regions.csv").height == 5


def test_reading_a_spoiled_graph_points_to_check(office: Neo4jStore, typed: Typed, tmp_path: Path) -> None:
    by_hand(office, "MATCH (u:Unit {id: 'u1'}) SET u.name = 7")
    code, _, err = typed("graph", "history", "units", "u1", "--on", ADDRESS)
    assert code == 2 and "jiedui check" in err
