"""Peers on minimum-cost flows given as arrays: ``tail``, ``head``, ``lower``, ``upper``, ``cost`` (m,), ``supply`` (n,); int64."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers.linear import Programme
from benchmarks.peers.peer import Found, GaveUp, Judged, Piece
from planner.solve import bounded_flow
from planner.solve.potentials import exact_dot

WHOLE = 1e-6  # an answer that is nearer to whole numbers is rounded, then checked


def read(instance: Path) -> Iterator[Piece]:
    """The one piece of a written instance."""
    with np.load(instance) as held:
        yield {k: held[k] for k in held.files}


def judge(piece: Piece, found: Found) -> Judged:
    """Exact objective of a flow that is whole after rounding and keeps every row, else that in floating point."""
    if found.x is None:
        raise GaveUp("no flow")
    x = np.asarray(found.x)
    near = np.rint(x).astype(np.int64)
    balance = np.zeros(len(piece["supply"]), np.int64)
    np.add.at(balance, piece["tail"], near)
    np.subtract.at(balance, piece["head"], near)
    fits = (near >= piece["lower"]).all() and (near <= piece["upper"]).all()
    if fits and (np.abs(x - near) <= WHOLE).all() and (balance == piece["supply"]).all():
        return Judged(exact_dot(piece["cost"], near), True, found.bound)
    return Judged(float(piece["cost"] @ x.astype(np.float64)), False, found.bound)


def ours(piece: Piece, seconds: float) -> Found:
    """The engine ``bounded_flow``: flow, potentials, and the bound that they prove."""
    answer = bounded_flow.solve(piece, {}, lambda facts: None)
    return Found(answer.arrays["flow"], bound=answer.facts["bound"])


def ortools_flow(piece: Piece, seconds: float) -> Found:
    """OR-Tools' SimpleMinCostFlow on the same arrays."""
    from ortools.graph.python import min_cost_flow

    solver: Any = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        piece["tail"].astype(np.int32), piece["head"].astype(np.int32), piece["upper"], piece["cost"]
    )
    solver.set_nodes_supplies(np.arange(len(piece["supply"]), dtype=np.int32), piece["supply"])
    if (status := solver.solve()) != solver.OPTIMAL:
        raise GaveUp(status.name)
    return Found(np.asarray(solver.flows(arcs)))


def networkx_simplex(piece: Piece, seconds: float) -> Found:
    """The ``network_simplex`` of networkx on a graph of arcs that may be parallel."""
    import networkx

    graph: Any = networkx.MultiDiGraph()
    graph.add_nodes_from((i, {"demand": -s}) for i, s in enumerate(piece["supply"].tolist()))
    columns = (piece[k].tolist() for k in ("tail", "head", "upper", "cost"))
    graph.add_edges_from(
        (t, h, k, {"capacity": u, "weight": c}) for k, (t, h, u, c) in enumerate(zip(*columns, strict=True))
    )
    _, flow = networkx.network_simplex(graph)
    x = np.zeros(len(piece["tail"]), np.int64)
    for heads in flow.values():
        for keys in heads.values():
            for key, amount in keys.items():
                x[key] = amount
    return Found(x)


def programme(piece: Piece) -> Programme:
    """The flow as a linear programme: one row per node."""
    n, m = len(piece["supply"]), len(piece["cost"])
    arc = np.arange(m)
    supply = piece["supply"].astype(np.float64)
    return Programme.of(
        piece["cost"],
        piece["lower"],
        piece["upper"],
        np.concatenate([piece["tail"], piece["head"]]),
        np.concatenate([arc, arc]),
        np.concatenate([np.ones(m), -np.ones(m)]),
        supply,
        supply,
        n,
    )
