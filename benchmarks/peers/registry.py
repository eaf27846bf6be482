"""All peers, by part of the comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.peers import command, flows, gap, matrix, people
from benchmarks.peers.linear import by, highs, linprog, ortools, pulp_cbc
from benchmarks.peers.peer import DUALS, WORD, YES, Found, Judged, Peer, Piece

Form = Callable[[Path], Iterator[Piece]]
Judge = Callable[[Piece, Found], Judged]
COMMAND_MOST = 2_000  # rows of an assignment that the ordinary command is measured with


def _on_flows(form: Form, judge: Judge) -> list[Peer]:
    """Peers that take a flow as arrays."""
    lp = flows.programme
    return [
        Peer("OR-Tools SimpleMinCostFlow", form, flows.ortools_flow, judge),
        Peer("networkx network_simplex", form, flows.networkx_simplex, judge, imports=("networkx",)),
        Peer("OR-Tools CP-SAT", form, by(ortools("sat"), lp), judge, WORD),
        Peer("PuLP with CBC", form, by(pulp_cbc, lp), judge, DUALS, exact=False, imports=("pulp",)),
        Peer("highspy simplex", form, by(highs("simplex"), lp), judge, DUALS, exact=False),
        Peer("highspy IPM", form, by(highs("ipm"), lp), judge, DUALS, exact=False),
        Peer("SciPy linprog", form, by(linprog, lp), judge, DUALS, exact=False),
        Peer("OR-Tools GLOP", form, by(ortools("glop"), lp), judge, DUALS, exact=False),
        Peer("OR-Tools PDLP", form, by(ortools("pdlp"), lp), judge, DUALS, exact=False),
    ]


def _assignment() -> list[Peer]:
    read, judge = matrix.read, matrix.judge
    return [
        Peer("jiedui engine", read, matrix.ours_matrix, judge, YES, ours=True),
        Peer("jiedui `choose`, model and all", read, matrix.ours_choice, judge, YES, ours=True),
        Peer("`jiedui plan`, whole command", command.read, command.solve, command.judge, YES, ours=True,
             most=COMMAND_MOST),
        Peer("SciPy linear_sum_assignment", read, matrix.scipy_assignment, judge),
        Peer("SciPy min_weight_full_bipartite_matching", read, matrix.scipy_matching, judge),
        Peer("lapx lapjv", read, matrix.lapx, judge, imports=("lap",)),
        Peer("OR-Tools SimpleLinearSumAssignment", read, matrix.ortools_assignment, judge),
        Peer("POT ot.emd", read, matrix.transport, judge, DUALS, imports=("ot",)),
        *_on_flows(matrix.as_flow, flows.judge),
        Peer("greedy, nearest first", read, matrix.greedy, judge, exact=False),
    ]  # fmt: skip


def _people() -> list[Peer]:
    return [
        Peer("jiedui engine", people.tasks, people.ours, people.judge_told, YES, ours=True),
        Peer("floor: bare flow over our final arcs", people.final, flows.ortools_flow, people.judge_flow, floor=True),
        *_on_flows(people.as_flow, people.judge_flow),
        Peer("POT ot.emd", people.as_transport, people.transport, people.judge_transport, DUALS, exact=False,
             imports=("ot",)),
        Peer("greedy, nearest first", people.scenario, people.greedy, people.judge_told, exact=False),
    ]  # fmt: skip


def _gap() -> list[Peer]:
    read, judge, lp = gap.read, gap.judge, gap.programme
    return [
        Peer("`jiedui plan`, whole command", command.read, command.solve, command.judge, WORD, ours=True,
             stops_itself=True),
        Peer("OR-Tools CP-SAT", read, by(ortools("sat"), lp), judge, WORD, stops_itself=True),
        Peer("highspy", read, by(highs("choose"), lp), judge, WORD, exact=False, stops_itself=True),
        Peer("PuLP with CBC", read, by(pulp_cbc, lp), judge, WORD, exact=False, imports=("pulp",), stops_itself=True),
    ]  # fmt: skip


def _flows() -> list[Peer]:
    return [
        Peer("jiedui engine", flows.read, flows.ours, flows.judge, YES, ours=True),
        *_on_flows(flows.read, flows.judge),
    ]


PEERS: dict[str, list[Peer]] = {
    "assignment": _assignment(),
    "people": _people(),
    "generalised": _gap(),
    "flows": _flows(),
}


def peer_of(part: str, name: str) -> Peer:
    """The peer of this name; ``StopIteration`` where there is none."""
    return next(p for p in PEERS[part] if p.name == name)
