"""``jiedui graph backup`` and ``restore`` with ``--on``: a workspace saved and brought back."""

from __future__ import annotations

import json
from pathlib import Path

from tests.api.cli.conftest import Typed
from tests.api.cli.graph.conftest import Graph, Refused, Told


def test_saved_and_brought_back(graph: Graph, told: Told, typed: Typed, address: str, tmp_path: Path) -> None:
    save = tmp_path / "monday"
    found = told("backup", save)
    assert found["bytes"] == sum(p.stat().st_size for p in save.rglob("*") if p.is_file()) > 0
    graph("freeze", "乙县", "--why", "普查", "--by", "王")
    snapshot = tmp_path / "shared office" / "snapshots" / "1" / "1" / "units.parquet"
    snapshot.write_bytes(b"no")
    code, out, _ = typed("check", address)
    assert code == 1
    assert f"jiedui graph restore BACKUP --on 'workspace:{tmp_path / 'shared office'}'" in out
    out = graph("restore", save)
    assert "is back" in out and "shared office.before-restore" in out
    assert told("freeze") == []
    assert typed("check", address)[0] == 0
    other = f"workspace:{tmp_path / 'other'}"
    code, out, _ = typed("graph", "restore", save, "--on", other, "--json")
    assert code == 0
    assert json.loads(out) == {"workspace": str(tmp_path / "other"), "aside": None}


def test_what_is_refused(graph: Graph, refused: Refused, typed: Typed, tmp_path: Path) -> None:
    graph("backup", tmp_path / "monday")
    assert "is there already" in refused(2, "backup", tmp_path / "monday")
    assert "no backup of a workspace" in refused(2, "restore", tmp_path)
    assert "not beside --home" in refused(2, "backup", tmp_path / "x", "--home", tmp_path / "h")
    code, _, err = typed("graph", "backup", tmp_path / "x", "--on", "neo4j:#two")
    assert code == 2 and "for workspaces" in err
    code, _, err = typed("graph", "backup", tmp_path / "x", "--on", f"workspace:{tmp_path / 'none'}")
    assert code == 2 and "no workspace" in err
    assert not (tmp_path / "x").exists()
