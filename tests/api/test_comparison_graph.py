from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

from api.comparison_graph import write_comparison_graph
from graph.errors import OutsideError
from planner.compare import compare
from tests.planner.compare.made import made, pair


def test_the_graph_reads_back(tmp_path: Path) -> None:
    one = made(tmp_path, "one", pairs=[pair("u1", "p1", 2.0), pair("u2", "q1")])
    two = made(tmp_path, "two", pairs=[pair("u1", "p1", 3.0), pair("u3", "q1")])
    third = made(tmp_path, "three", pairs=[pair("u2", "q1")])
    graph = nx.read_graphml(
        write_comparison_graph(compare([one, two, third]), tmp_path / "c.graphml"), force_multigraph=True
    )
    assert graph.is_directed()
    edges = {
        (a, b, d["plan"]): (d["state"], d.get("cost_before"), d.get("cost"))
        for a, b, d in graph.edges(data=True)
    }
    assert edges == {
        ("u1", "p1", "two"): ("kept", 2.0, 3.0), ("u2", "q1", "two"): ("ended", 1.0, None), ("u3", "q1", "two"): ("new", None, 1.0),
        ("u1", "p1", "three"): ("ended", 2.0, None), ("u2", "q1", "three"): ("kept", 1.0, 1.0),
    }  # fmt: skip
    assert graph.nodes["p1"] == {"name": "一县", "level": "county", "province": "P"}
    assert graph.nodes["u1"] == {"name": "第1局"}


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    plan = made(tmp_path, "one", pairs=[pair("u1", "p1")])
    (tmp_path / "file").write_text("")
    with pytest.raises(OutsideError):
        write_comparison_graph(compare([plan, plan]), tmp_path / "file" / "c.graphml")
