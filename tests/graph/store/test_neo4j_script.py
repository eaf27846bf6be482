"""A network as a script and as CSV: cypher-shell makes the same network of it, whatever its cells hold."""

from __future__ import annotations

import shlex
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from graph.bolt import Connection
from graph.errors import InputError, UsageError
from graph.network import Network
from graph.schema import TABLES
from graph.server.shell import run_shell, shell_jars
from graph.store.neo4j.checking import graph_findings
from graph.store.neo4j.files import COMMAND, SCHEMA, write_csv_folder, write_script
from graph.store.neo4j.script import literal
from graph.store.neo4j.store import Neo4jStore
from graph.store.rows import table_checksum
from tests.graph.store.small_networks import ABOUT, every_table, put, rows, small

ODD = "'} DETACH DELETE n // \\u0027`"


def test_the_script_makes_the_same_network(empty_neo4j: Connection, tmp_path: Path) -> None:
    """Every table with odd cells; run once into an empty database, and once more into a full one."""
    network = ABOUT.network(every_table(), ODD)
    file = write_script(network, ODD, tmp_path / "all.cypher", by="李 'x", why="试")
    jars = shell_jars()
    assert run_shell(empty_neo4j.address, jars, ["-f", str(file)]) == 0
    store = Neo4jStore(empty_neo4j.driver, database=empty_neo4j.database)
    assert store.networks() == [ODD]
    version = store.head(ODD)
    assert (version.number, version.how, version.by, version.why) == (1, "load", "李 'x", "试")
    read = store.read(ODD)
    assert list(read.frames) == list(TABLES)
    for table, frame in network.frames.items():
        assert table_checksum(table, read.frame(table)) == table_checksum(table, frame), table
        assert read.frame(table).equals(frame), table
    there = {"parent-cycle", "clear-name"}  # which the odd rows have; nobody sealed their names
    assert {f.code for f in graph_findings(store, ODD)} <= there
    assert run_shell(empty_neo4j.address, jars, ["-f", str(file)]) != 0
    assert store.head(ODD).number == 1 and store.read(ODD).frame("units").equals(network.frame("units"))

    added = store.write(ODD, put("units", {"id": "later"}), base=1, how="request", by="tests")
    assert added.number == 2
    assert store.read(ODD).frame("units")["id"].to_list()[-1] == "later"  # behind all others


def test_a_place_is_held_for_what_was_never_given(empty_neo4j: Connection, tmp_path: Path) -> None:
    few = ABOUT.network({t: small()[t] for t in ("relations", "postings")}, "few")
    file = write_script(few, "few", tmp_path / "few.cypher", by="tests")
    assert run_shell(empty_neo4j.address, shell_jars(), ["-f", str(file)]) == 0
    store = Neo4jStore(empty_neo4j.driver, database=empty_neo4j.database)
    assert store.tables("few") == ["relations", "postings"]
    assert store.read("few").frame("postings").equals(small()["postings"])
    assert graph_findings(store, "few") == []


def test_rows_that_name_nothing_are_refused(tmp_path: Path) -> None:
    lost = Network({**small(), "postings": rows("postings", {"cadre": "c9", "village": "v1", "post": "p"})})
    for write, name in ((write_script, "x.cypher"), (write_csv_folder, "x")):
        with pytest.raises(InputError, match="c9"):
            write(lost, "x", tmp_path / name, by="tests")
    assert list(tmp_path.iterdir()) == []


def test_csv_with_the_words_of_the_import(tmp_path: Path) -> None:
    folder = write_csv_folder(ABOUT.network(small(), "office"), "office", tmp_path / "a b", by="tests")
    words = shlex.split(
        (folder / COMMAND).read_text(encoding="utf-8").partition("neo4j-admin")[2].replace("\\\n", " ")
    )
    assert words[:4] == ["database", "import", "full", "neo4j"]
    named = [w.rpartition("=")[2] for w in words if w.startswith(("--nodes=", "--relationships="))]
    assert named and all((folder / name).is_file() for name in named)
    assert str(tmp_path) not in (folder / COMMAND).read_text(encoding="utf-8")
    assert {f.name for f in folder.iterdir()} == {*named, COMMAND, SCHEMA}
    header = pl.read_csv(folder / "regions.csv", n_rows=0).columns
    assert header[0] == "row:string" and "code:ID(regions)" in header
    assert "CREATE CONSTRAINT regions_key" in (folder / SCHEMA).read_text(encoding="utf-8")
    with pytest.raises(UsageError):
        write_csv_folder(ABOUT.network(small(), "office"), "office", folder, by="tests")


def test_the_same_network_makes_the_same_bytes(tmp_path: Path) -> None:
    files = [
        write_script(ABOUT.network(small(), "office"), "office", tmp_path / n, by="x") for n in ("a", "b")
    ]
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"), (True, "true"), (-5, "-5"), (0.1, "0.1"), (float("nan"), "toFloat('NaN')"),
        ("a'b\\", "'a\\'b\\\\'"), (date(2016, 1, 2), "date('2016-01-02')"), ([1, None], "[1, null]"), ({"a": "x"}, "{a: 'x'}"),
    ],
)  # fmt: skip
def test_values_as_literals(value: object, written: str) -> None:
    assert literal(value) == written


def test_what_is_no_cell_is_no_literal() -> None:
    with pytest.raises(TypeError):
        literal(object())
