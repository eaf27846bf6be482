"""``jiedui graph load``, ``versions``, ``history``, ``pull``: networks in a workspace, and out of it."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from tests.api.cli.conftest import Typed
from tests.api.cli.graph.conftest import Graph, Refused, Told


def test_loaded_again_only_what_differs(typed: Typed, folder: Path, address: str, told: Told) -> None:
    code, _, _ = typed("graph", "load", folder, "--on", address, "--by", "李", "--json")
    assert code == 0 and len(told("versions")["two"]) == 1
    (folder / "data" / "needs.csv").write_text(
        "region,year,programme,amount\nA,2016,industry,7\nB,2016,education,200\n"
    )
    assert typed("graph", "load", folder, "--on", address, "--by", "王", "--why", "second")[0] == 0
    first, second = told("versions")["two"]
    assert (second["by"], second["why"], second["counts"]) == ("王", "second", {"needs": [1, 0]})
    assert (first["by"], first["how"]) == ("李", "load")


def test_several_networks(typed: Typed, folder: Path, address: str) -> None:
    store = address.partition("#")[0]
    assert typed("graph", "load", folder, "--on", f"{store}#second", "--by", "李")[0] == 0
    code, out, _ = typed("graph", "versions", "--on", store, "--json")
    assert code == 0 and list(json.loads(out)) == ["second", "two"]
    code, _, err = typed("graph", "request", "list", "--on", store)
    assert code == 2 and "second, two" in err
    code, _, err = typed("graph", "request", "list", "--on", f"{store}#third")
    assert code == 2 and "third" in err and "second, two" in err


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "geojson", "graphml"])
def test_exported_as_it_is_now(
    typed: Typed, folder: Path, address: str, graph: Graph, tmp_path: Path, ending: str
) -> None:
    """The same file as of the scenario's own tables; a network that is not there is told."""
    stored, own = tmp_path / f"two.{ending}", tmp_path / "own" / f"two.{ending}"
    assert typed("export", "--to", stored, "--on", address)[0] == 0
    assert typed("export", "--to", own, "--on", folder)[0] == 0
    if ending in ("csv", "parquet"):
        read = pl.read_csv if ending == "csv" else pl.read_parquet
        assert read(stored).height and read(stored).equals(read(own))
    code, _, err = typed("export", "--to", stored, "--on", f"{address}x")
    assert code == 2 and "twox" in err


def test_pulled_as_tables(graph: Graph, typed: Typed, refused: Refused, tmp_path: Path) -> None:
    out = graph("pull", tmp_path / "out", "--form", "parquet")
    assert "✓ two version 1" in out
    assert pl.read_parquet(tmp_path / "out" / "units.parquet")["id"].to_list() == ["u1", "u2", "u3"]
    graph("request", "new", "--set", "units", "u1", "name=新", "--why", "x", "--by", "李")
    for step in ("submit", "approve", "apply"):
        graph("request", step, "r1", "--by", "王")
    graph("pull", tmp_path / "now")
    graph("pull", tmp_path / "then", "--version", 1)
    names = [pl.read_csv(tmp_path / d / "units.csv")["name"][0] for d in ("now", "then")]
    assert names == ["新", "第一局"]
    assert "was not there" in refused(2, "pull", tmp_path / "x", "--known-on", "2001-01-01")
    assert "has no version 7" in refused(2, "pull", tmp_path / "x", "--version", 7)
    assert not (tmp_path / "x").exists()


def test_history_of_a_row(graph: Graph, refused: Refused) -> None:
    assert "第一局" in graph("history", "units", "u1")
    assert "never had u9" in refused(2, "history", "units", "u9")
    assert "no table unit" in refused(2, "history", "unit", "u1")


def test_no_workspace_and_no_address(typed: Typed, tmp_path: Path) -> None:
    code, _, err = typed("graph", "request", "list", "--on", f"workspace:{tmp_path / 'none'}")
    assert code == 2 and "no workspace" in err
    code, _, err = typed("graph", "request", "list", "--on", "somewhere")
    assert code == 2 and "somewhere" in err


def test_names_and_reasons_are_short_and_on_one_line(graph: Graph, refused: Refused) -> None:
    new = ("request", "new", "--set", "units", "u2", "capacity=5")
    for by in ("李\n王", "李" * 201):
        assert "on one line, of 200 characters" in refused(2, *new, "--why", "x", "--by", by)
    assert "--why has 10,001 characters" in refused(2, *new, "--why", "x" * 10_001, "--by", "李")
    graph(*new, "--why", "x" * 10_000, "--by", "李" * 200)
    graph("request", "submit", "r1", "--by", "李")
    assert "--note has" in refused(2, "request", "approve", "r1", "--by", "王", "--note", "x" * 10_001)
    assert "--why has" in refused(2, "freeze", "B", "--by", "王", "--why", "x" * 10_001)


def test_tables_by_their_titles_in_chinese(graph: Graph, typed: Typed, address: str) -> None:
    for capacity in (5, 6):
        graph("request", "new", "--set", "units", "u2", f"capacity={capacity}", "--why", "x", "--by", "李")
    for step in ("submit", "approve", "apply"):
        graph("request", step, "r1", "--by", "王")
    assert "单位 +1" in graph("versions", lang="zh") and "units +1" in graph("versions")
    code, _, err = typed("--lang", "zh", "graph", "request", "submit", "r2", "--by", "王", "--on", address)
    assert code == 1 and "单位 u2：版本 2 已改" in err
    assert "单位 u2" in graph("history", "units", "u2", lang="zh")


def test_the_hint_can_be_pasted(typed: Typed, folder: Path, tmp_path: Path) -> None:
    for place, word in (
        (f"workspace:{tmp_path / 'o6'}#x;drop table", f"'workspace:{tmp_path / 'o6'}#x;drop table'"),
        (f"workspace:{tmp_path / 'o7'}#x", f"workspace:{tmp_path / 'o7'}#x"),
    ):
        code, out, err = typed("graph", "load", folder, "--on", place, "--by", "李")
        assert code == 0, err
        assert f"jiedui ask PLACE --on {word}\n" in out
