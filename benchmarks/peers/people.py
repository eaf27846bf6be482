"""Peers on posting people: the stage ``cadres`` on generated countries of growing size, nobody in place.

``python -m benchmarks.peers.people SCALE FOLDER`` writes an instance: the scenario, and a folder per component with the arrays of our
engine. What else a peer takes is made from these, component by component, and not measured: the dense pairs of class and post.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers import flows
from benchmarks.peers.peer import Found, GaveUp, Judged, Piece
from planner.solve import posting
from planner.solve.exchange import read_task, write_task
from planner.solve.posting_graph import Graph, graph
from planner.solve.posting_network import NEVER, TABLES, read_network
from planner.solve.posting_ties import read_marks
from planner.solve.potentials import exact_dot

STAGE = "cadres"


def write(scale: float, folder: Path) -> None:
    """Generate a country of this scale and the tasks of its stage ``cadres``."""
    from scenarios.generate import generate_national

    (folder / "scenario").mkdir(parents=True)
    generate_national(folder / "scenario", scale=scale, progress=lambda name, share: None)
    for number, task in enumerate(_tasks(folder)):
        at = folder / f"task{number:03}"
        at.mkdir()
        write_task(at, task)


def _context(folder: Path) -> Any:
    from planner.scenario import read_scenario
    from planner.stage import Context
    from planner.stages.cadres import STAGE as cadres

    found = read_scenario(folder / "scenario", domain=False, only=sorted(cadres.reads), stages=[STAGE])
    network = found.network.with_frames({"postings": found.network.frame("postings").clear()})
    policy = found.policies[STAGE]  # no peer knows rules on teams
    policy = replace(policy, values={**policy.values, "team_led": "off", "team_minimum": "off"})
    return Context(network, policy, found.on, found.seed)


def _tasks(folder: Path) -> list[Any]:
    from planner.stage import Limits
    from planner.stages.cadres import STAGE as cadres

    return cadres.tasks(_context(folder), Limits())[0]


def size(folder: Path) -> tuple[int, int]:
    """People who may be posted, and pairs of a class and a post."""
    arrays = [task["arrays"] for task in tasks(folder)]
    return sum(int(a["supply"].sum()) for a in arrays), sum(posting._pairs(a) for a in arrays)


def tasks(folder: Path) -> Iterator[Piece]:
    """Components as our engine takes them."""
    for at in sorted(folder.glob("task*")):
        task = read_task(at)
        yield {"arrays": {k: np.array(v) for k, v in task.arrays.items()}, "options": task.options}


def ours(piece: Piece, seconds: float) -> Found:
    """The engine ``posting``: flow, pricing of all pairs, certificate, teams."""
    answer = posting.solve(piece["arrays"], piece["options"], lambda facts: None)
    return Found(objective=answer.facts["objective"], bound=answer.facts["bound"])


def judge_told(piece: Piece, found: Found) -> Judged:
    """Exact words of our own code; its tests and ``verify`` hold them."""
    assert found.objective is not None
    return Judged(found.objective, True, found.bound)


def pairs(arrays: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Class, slot and cost of every allowed pair of a component."""
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for g in range(len(arrays["slot_ptr"]) - 1):
        classes = np.flatnonzero(arrays["group"] == g)
        slots = arrays["slot_list"][arrays["slot_ptr"][g] : arrays["slot_ptr"][g + 1]]
        if not (len(classes) and len(slots)):
            continue
        cost = np.zeros((len(classes), len(slots)), np.int32)
        for k, table in enumerate(TABLES):
            held = arrays[table][arrays[f"{table}_ptr"][g] : arrays[f"{table}_ptr"][g + 1]]
            cost += held.reshape(-1, len(slots))[arrays[f"c{k}"][classes]]
        row, column = np.nonzero(cost < NEVER)
        found.append((classes[row], slots[column], cost[row, column]))
    of_class, slot, cost = (np.concatenate([f[k] for f in found]) for k in range(3))
    return of_class, slot, cost.astype(np.int64)


def as_flow(folder: Path) -> Iterator[Piece]:
    """Components as flows over all pairs: classes, slots, one sink; the constant makes the objectives comparable."""
    for task in tasks(folder):
        a = task["arrays"]
        if len(a["unit_cap"]) or len(a["listed_class"]):
            raise GaveUp("caps of units and people in place are not in the peers' model")
        of_class, slot, cost = pairs(a)
        n, m = len(a["supply"]), len(a["must"])
        everyone, sink = np.arange(n), n + m
        supply = np.zeros(sink + 1, np.int64)
        supply[:n], supply[sink] = a["supply"], -a["supply"].sum()
        slots = n + np.arange(m)
        room = np.minimum(a["supply"][of_class], (a["must"] + a["further"])[slot])
        upper = np.concatenate([room, a["must"], a["further"], a["supply"]])
        yield {
            "tail": np.concatenate([of_class, slots, slots, everyone]),
            "head": np.concatenate([n + slot, np.full(2 * m + n, sink)]),
            "lower": np.zeros_like(upper),
            "upper": upper,
            "cost": np.concatenate([cost, -a["must_gain"], -a["further_gain"], np.zeros(n, np.int64)]),
            "supply": supply,
            "constant": exact_dot(a["must"], a["must_gain"]) + exact_dot(a["further"], a["further_gain"]),
        }


def judge_flow(piece: Piece, found: Found) -> Judged:
    """As of any flow, and the worth of all seats."""
    judged = flows.judge(piece, found)
    return Judged(judged.objective + piece["constant"], judged.whole, judged.bound)


def as_transport(folder: Path) -> Iterator[Piece]:
    """Components as dense transport: a row a class and one for nobody, two columns a slot and one for staying at home."""
    for task in tasks(folder):
        a = task["arrays"]
        of_class, slot, cost = pairs(a)
        n, m = len(a["supply"]), len(a["must"])
        gain = np.concatenate([a["must_gain"], a["further_gain"]])
        seats = np.concatenate([a["must"], a["further"]])
        table = np.full((n + 1, 2 * m + 1), 4.0 * float(gain.max(initial=1)))
        table[of_class, slot] = cost - a["must_gain"][slot]
        table[of_class, m + slot] = cost - a["further_gain"][slot]
        table[n], table[:, 2 * m] = 0.0, 0.0
        yield {"table": table, "give": np.append(a["supply"], seats.sum()), "constant": exact_dot(seats, gain),
               "take": np.append(seats, a["supply"].sum()), "shut": 4.0 * float(gain.max(initial=1))}  # fmt: skip


def transport(piece: Piece, seconds: float) -> Found:
    """POT ``ot.emd``: exact transport by network simplex in floating point."""
    import ot

    give, take = piece["give"].astype(np.float64), piece["take"].astype(np.float64)
    return Found(ot.emd(give, take, piece["table"], numItermax=2**62))


def judge_transport(piece: Piece, found: Found) -> Judged:
    """Exact objective of a plan in whole people that keeps both sides."""
    assert found.x is not None
    near = np.rint(found.x).astype(np.int64)
    kept = (near.sum(axis=1) == piece["give"]).all() and (near.sum(axis=0) == piece["take"]).all()
    used = near > 0
    if not kept or (piece["table"][used] >= piece["shut"]).any():
        raise GaveUp("the plan does not fit")
    return Judged(exact_dot(piece["table"][used].astype(np.int64), near[used]) + piece["constant"], True)


def final(folder: Path) -> Iterator[Piece]:
    """The arcs of our last round, as the engine has them."""
    for task in tasks(folder):
        a = task["arrays"]
        network = read_network(a)
        ways = posting.optimum(network, np.asarray(a["zone"]), read_marks(a), lambda facts: None).final
        of: Graph = graph(network, ways)
        seats = network.seats
        yield {"tail": of.tail, "head": of.head, "lower": np.zeros_like(of.room), "upper": of.room,
               "cost": of.cost, "supply": of.supply,
               "constant": exact_dot(seats.count.ravel(), seats.gain.ravel())}  # fmt: skip


def scenario(folder: Path) -> Iterator[Piece]:
    """The stage's model of people, posts and distances."""
    from planner.stages.cadres.build import read_model

    yield {"model": read_model(_context(folder))}


def greedy(piece: Piece, seconds: float) -> Found:
    """What people do: village by village, in the order of the list, the nearest who may."""
    from planner.stages.cadres.baseline import nearest_first
    from planner.stages.cadres.hand_out import assign, worth_left

    model = piece["model"]
    sent = nearest_first(model)
    slot, cost = assign(model, sent)
    return Found(objective=worth_left(model.posts, slot) + int(cost.sum()))


if __name__ == "__main__":
    write(float(sys.argv[1]), Path(sys.argv[2]))
