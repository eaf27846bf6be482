"""``jiedui graph export`` and ``graph style``: files for people who have a Neo4j or network tools of their own."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import pytest

from graph.schema.look import grass, perspective
from graph.store.workspace import open_workspace
from tests.api.cli.conftest import Typed
from tests.graph.store.small_networks import begin, put


@pytest.fixture
def office(tmp_path: Path) -> str:
    """A workspace with two versions of the small network; its address."""
    folder = tmp_path / "office"
    workspace = open_workspace(folder, create=True)
    begin(workspace)
    workspace.write("office", put("units", {"id": "u3", "name": "第三"}), base=1, how="request", by="tests")
    workspace.close()
    return f"workspace:{folder}#office"


def test_the_style_is_printed(typed: Typed) -> None:
    assert typed("graph", "style")[:2] == (0, grass())
    assert typed("graph", "style", "--bloom")[:2] == (0, perspective())


def test_a_script_of_a_version(typed: Typed, office: str, tmp_path: Path) -> None:
    now, then = tmp_path / "now.cypher", tmp_path / "then.txt"
    code, out, err = typed("graph", "export", now, "--on", office)
    assert code == 0, err
    assert f"cypher-shell -f {now}" in out
    code, out, _ = typed(
        "graph", "export", then, "--on", office, "--version", "1", "--form", "cypher", "--json"
    )
    assert (code, json.loads(out)["version"]) == (0, 1)
    assert "第三" in now.read_text(encoding="utf-8") and "第三" not in then.read_text(encoding="utf-8")


def test_a_folder_for_the_import(typed: Typed, office: str, tmp_path: Path) -> None:
    folder = tmp_path / "import"
    code, out, err = typed("graph", "export", folder, "--on", office)
    assert code == 0, err
    assert f"{folder}/import.sh" in out
    assert "第三" in (folder / "units.csv").read_text(encoding="utf-8")
    assert typed("graph", "export", folder, "--on", office)[0] == 2  # there already


def test_the_support_network_for_network_tools(typed: Typed, office: str, tmp_path: Path) -> None:
    file = tmp_path / "net.graphml"
    code, _, err = typed("graph", "export", file, "--on", office)
    assert code == 0, err
    graph = nx.read_graphml(file)
    assert {(a, b) for a, b, *_ in graph.edges} == {("zh", "nj"), ("u1", "fg")}


def test_what_is_not_known_is_said(typed: Typed, office: str, tmp_path: Path) -> None:
    code, _, err = typed("graph", "export", tmp_path / "a.docx", "--on", office)
    assert code == 2 and ".docx" in err and "--form" in err
    code, _, err = typed("graph", "export", tmp_path / "a.cypher", "--on", office, "--version", "9")
    assert code == 2 and "has no version 9" in err
    (tmp_path / "file").write_text("")
    code, _, err = typed("graph", "export", tmp_path / "file" / "a.cypher", "--on", office)
    assert code == 5 and "cannot write" in err
