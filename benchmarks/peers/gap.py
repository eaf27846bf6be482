"""Peers on generalised assignment: piece ``cost``, ``load`` (agents, jobs), ``capacity`` (agents,); answers are an agent a job, (jobs,)."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.peers import flows
from benchmarks.peers.linear import Programme
from benchmarks.peers.peer import Found, GaveUp, Judged, Piece

ROUNDING = 1e-6
read = flows.read


def judge(piece: Piece, found: Found) -> Judged:
    """Exact cost of an answer that fits; (agents × jobs) columns of a programme are turned into agents first."""
    if found.x is None:
        raise GaveUp("no answer")
    cost, load, capacity = piece["cost"], piece["load"], piece["capacity"]
    jobs = np.arange(cost.shape[1])
    chosen = np.asarray(found.x).reshape(cost.shape).argmax(axis=0)
    used = np.bincount(chosen, load[chosen, jobs], minlength=len(capacity))
    if (used > capacity).any():
        raise GaveUp("the answer does not fit")
    bound = None if found.bound is None else math.ceil(found.bound - ROUNDING)  # costs are whole
    return Judged(int(cost[chosen, jobs].sum()), True, bound)


def programme(piece: Piece) -> Programme:
    """One row per job, one per agent; columns 0 or 1."""
    cost, load, capacity = piece["cost"], piece["load"], piece["capacity"]
    agents, jobs = cost.shape
    n = agents * jobs
    agent, job = np.divmod(np.arange(n), jobs)
    row_lower = np.concatenate([np.ones(jobs), np.full(agents, -np.inf)])
    row_upper = np.concatenate([np.ones(jobs), capacity])
    return Programme.of(
        cost.ravel(), np.zeros(n), np.ones(n), np.concatenate([job, jobs + agent]), np.tile(np.arange(n), 2),
        np.concatenate([np.ones(n), load.ravel()]), row_lower, row_upper, jobs + agents, whole=True,
    )  # fmt: skip
