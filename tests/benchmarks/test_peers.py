"""The peers of the benchmarks on tiny instances: who should find the optimum does.

Those of the group ``test`` are tried here; the benchmark itself tries all of them before it measures.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.peers import families, networks
from benchmarks.peers.agreement import check
from benchmarks.peers.parts import agree
from benchmarks.peers.peer import NO, YES
from benchmarks.peers.registry import PEERS
from benchmarks.peers.results import Case, Line
from benchmarks.peers.tables import gap, growth, where_better
from benchmarks.peers.watch import Limits, Outcome, watched
from planner.solve import bounded_flow

ONLY_BENCH = {"lap", "ot", "pulp"}


@pytest.mark.parametrize("part", PEERS)
def test_peers_agree(part: str) -> None:
    """Another optimum than ours proves would be an error of ours or theirs."""
    chosen = [p for p in PEERS[part] if not ONLY_BENCH & set(p.imports)]
    assert len(chosen) > 2
    check(part, chosen)


@pytest.mark.parametrize("make", [networks.netgen, networks.gridgen])
@pytest.mark.parametrize("n", [64, 100, 1000])
def test_networks_have_flows(make: Callable[[int], dict[str, Any]], n: int) -> None:
    """Supply fits demand and a flow exists; eight arcs a node, no loops."""
    arrays = make(n)
    assert not arrays["supply"].sum()
    assert (arrays["tail"] != arrays["head"]).all()
    assert abs(len(arrays["tail"]) / n - networks.DEGREE) < 1.5
    assert bounded_flow.solve(arrays, {}, lambda facts: None).status == "OPTIMAL"


def test_peer_without_memory_is_told(tmp_path: Path) -> None:
    """A limit that even the libraries do not fit into ends in a word, not in a table of zeros."""
    families.save(tmp_path / "a", families.random_matrix(5))
    found = watched("assignment", "SciPy linear_sum_assignment", tmp_path / "a", Limits(60.0, 0.05))
    assert found.status in ("memory", "failed")


def _line(peer: str, seconds: float, objective: int, ours: bool = False) -> Line:
    outcome = Outcome("done", seconds, 100.0, objective, objective if ours else None, True)
    return Line(peer, YES if ours else NO, ours, False, outcome)


def test_table_says_who_is_better() -> None:
    """A faster peer is bold and has a sentence; a faster greedy with a worse answer has none."""
    case = Case(
        "f", "n = 9", 9, [_line("ours", 2.0, 10, True), _line("quick", 1.0, 10), _line("greedy", 0.1, 12)]
    )
    assert gap(case, case.lines[2]) == pytest.approx(0.2)
    words = "\n".join(where_better([case]))
    assert "**quick** is faster than ours: 0.5 × ours at n = 9" in words
    assert "greedy" not in words
    text = "\n".join(growth([case]))
    assert "| quick | optimal | no | **1** |" in text
    assert "| greedy | off by up to +20 % | no | 0.1 |" in text


def test_exact_peers_that_differ_stop_the_run() -> None:
    """No table is written over a contradiction."""
    names = [p.name for p in PEERS["flows"]][:2]
    with pytest.raises(ArithmeticError, match="differ"):
        agree("flows", [_line(names[0], 1.0, 10, True), _line(names[1], 1.0, 11)])


def test_same_seed_same_instance() -> None:
    """Whoever runs it again measures the same."""
    one, two = (families.gap("d", 5, 20) for _ in range(2))
    assert all(np.array_equal(one[k], two[k]) for k in one)
