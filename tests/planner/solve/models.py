"""Small choice models for the tests of engines."""

from __future__ import annotations

import itertools

import numpy as np

from planner.solve import engines
from planner.solve.choice import INFINITY, ChoiceModel
from planner.solve.mip import violated
from planner.solve.task import Answer, Arrays


def run(engine: str, arrays: Arrays, **options: object) -> Answer:
    return engines.run(engine, arrays, options, lambda found: None)


def random_model(seed: int, n: int = 6, rules: int = 3) -> ChoiceModel:
    """Binary columns, ``rules`` rules of one to three rows with small whole coefficients; may be infeasible."""
    draw = np.random.default_rng(seed)
    model = ChoiceModel()
    columns = model.columns(draw.integers(-9, 10, n))
    for rule in range(rules):
        many = int(draw.integers(1, 4))
        row, column = np.meshgrid(np.arange(many), columns, indexing="ij")
        weight = draw.integers(-3, 6, row.shape)
        middle = draw.integers(0, 9, many)
        low = np.where(draw.random(many) < 0.5, -INFINITY, middle)
        high = np.where(draw.random(many) < 0.5, INFINITY, middle + draw.integers(0, 3, many))
        model.rows(f"rule {rule}", row.ravel(), column.ravel(), weight.ravel(), low, high, many)
    return model


def brute_force(arrays: Arrays) -> int | None:
    """Least cost over all 0–1 points; ``None`` where none is allowed."""
    points = (np.array(p) for p in itertools.product((0, 1), repeat=len(arrays["cost"])))
    costs = [int(arrays["cost"] @ x) for x in points if not violated(arrays, x).size]
    return min(costs, default=None)


def assignment(agents: int, jobs: int, seed: int = 5) -> ChoiceModel:
    """A generalised-assignment problem of the published recipe's type d: hard for its size."""
    draw = np.random.default_rng(seed)
    load = draw.integers(1, 101, (agents, jobs))
    cost = 111 - load + draw.integers(-10, 11, (agents, jobs))
    model = ChoiceModel()
    columns = model.columns(cost.ravel())
    job, agent = np.tile(np.arange(jobs), agents), np.repeat(np.arange(agents), jobs)
    model.rows("each job once", job, columns, 1.0, 1.0, 1.0, jobs)
    room = np.floor(0.8 * load.sum(axis=1) / agents)
    model.rows("capacity", agent, columns, load.ravel(), -INFINITY, room, agents)
    return model
