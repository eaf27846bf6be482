"""Own scores: generalised-assignment problems by the published recipe, through the ordinary command line.

Types a–e after Chu and Beasley (1997) and Laguna et al. (1995): a, b, c with resource 5–25 and cost 10–50 (b with 0.7
of a's capacity, c with 0.8 of the average), d with resource 1–100 and cost 111 − resource ± 10, e with resource
1 − 10·ln U and cost 1000/resource − 10·U. Peer: OR-Tools CP-SAT on the same arrays with the same limit.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl

from benchmarks.page import Page

SECONDS = 45
SIZES = ((5, 100), (20, 100), (20, 200))
PEER_SIZE = (20, 100)  # the peer runs on one size: it takes the whole limit nearly always


def instance(kind: str, agents: int, jobs: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cost (agents, jobs), resource (agents, jobs) and capacity (agents,), all int64."""
    draw = np.random.Generator(np.random.PCG64(seed))
    shape = (agents, jobs)
    if kind in "abc":
        resource = draw.integers(5, 26, shape)
        cost = draw.integers(10, 51, shape)
    elif kind == "d":
        resource = draw.integers(1, 101, shape)
        cost = 111 - resource + draw.integers(-10, 11, shape)
    else:
        resource = np.maximum(1, (1 - 10 * np.log(1 - draw.random(shape))).astype(np.int64))
        cost = (1000 / resource - 10 * draw.random(shape)).astype(np.int64)
    capacity = (0.8 * resource.sum(axis=1) / agents).astype(np.int64)
    if kind in "ab":
        cheapest = cost.argmin(axis=0)
        heaviest = max(int(resource[i, cheapest == i].sum()) for i in range(agents))
        level = 0.6 * (jobs / agents) * 15 + 0.4 * heaviest
        capacity = np.full(agents, int(level if kind == "a" else 0.7 * level))
    return cost.astype(np.int64), resource.astype(np.int64), np.maximum(capacity, resource.max(axis=1))


def write_scenario(folder: Path, cost: np.ndarray, resource: np.ndarray, capacity: np.ndarray) -> None:
    """A scenario of three tables: regions, units, pair_scores."""
    agents, jobs = cost.shape
    data = folder / "data"
    data.mkdir(parents=True)
    agent, job = np.divmod(np.arange(agents * jobs), jobs)
    pl.DataFrame(
        {"code": [f"J{j:04d}" for j in range(jobs)], "name": [f"job {j}" for j in range(jobs)]}
    ).write_csv(data / "regions.csv")
    pl.DataFrame({"id": [f"A{i:03d}" for i in range(agents)], "capacity": capacity}).write_csv(
        data / "units.csv"
    )
    pl.DataFrame(
        {
            "stage": ["designation"] * (agents * jobs),
            "supporter": [f"A{i:03d}" for i in agent],
            "recipient": [f"J{j:04d}" for j in job],
            "cost": cost.ravel(),
            "load": resource.ravel(),
        }
    ).write_csv(data / "pair_scores.csv")
    text = 'format = 1\nstages = ["designation"]\n[designation]\nobjective = "scores"\n'
    text += "units_per_county = [1, 1]\ncounties_per_unit = [0, 1000000]\n"
    (folder / "scenario.toml").write_text(text, encoding="utf-8")


def plan(folder: Path) -> tuple[dict[str, object], float]:
    """Plan through the command line; the stage's head and the seconds of the whole process."""
    words = [sys.executable, "-m", "jiedui", "plan", str(folder), "-o", str(folder / "plans"), "--json", "-q"]
    began = perf_counter()
    done = subprocess.run([*words, "--time-limit", str(SECONDS)], capture_output=True, text=True, check=True)
    seconds = perf_counter() - began
    head: dict[str, object] = json.loads(done.stdout)["stages"]["designation"]
    return head, seconds


def cp_sat(cost: np.ndarray, resource: np.ndarray, capacity: np.ndarray) -> tuple[float, float, float]:
    """Objective, bound and seconds of CP-SAT with two workers and the same limit."""
    import scipy.sparse as sp
    from ortools.linear_solver.python import model_builder_helper as helper

    agents, jobs = cost.shape
    n = agents * jobs
    agent, job = np.divmod(np.arange(n), jobs)
    data = np.concatenate([np.ones(n), resource.ravel()])
    rows = np.concatenate([job, jobs + agent])
    matrix = sp.csr_matrix((data, (rows, np.tile(np.arange(n), 2))), shape=(jobs + agents, n))
    lower = np.concatenate([np.ones(jobs), np.full(agents, -np.inf)])
    upper = np.concatenate([np.ones(jobs), capacity.astype(float)])
    model = helper.ModelBuilderHelper()
    model.fill_model_from_sparse_data(
        np.zeros(n), np.ones(n), cost.ravel().astype(float), lower, upper, matrix
    )
    for i in range(n):
        model.set_var_integrality(i, True)
    solver = helper.ModelSolverHelper("sat")
    solver.set_solver_specific_parameters(f"num_workers:2 max_time_in_seconds:{SECONDS}")
    began = perf_counter()
    solver.solve(model)
    return solver.objective_value(), solver.best_objective_bound(), perf_counter() - began


def rows() -> Iterator[tuple[object, ...]]:
    """One row per instance."""
    for kind in "abcde":
        for agents, jobs in SIZES:
            arrays = instance(kind, agents, jobs, seed=1)
            with tempfile.TemporaryDirectory() as folder:
                write_scenario(Path(folder) / "s", *arrays)
                head, seconds = plan(Path(folder) / "s")
            best = float(str(head["bound"]))
            peer: tuple[object, ...] = ("", "", "")
            if (agents, jobs) == PEER_SIZE:
                objective, bound, peer_seconds = cp_sat(*arrays)
                best = max(best, bound)
                peer = (int(objective), f"{(objective - best) / best:.3%}", peer_seconds)
            gap = (float(str(head["objective"])) - best) / best
            yield (
                f"{kind} {agents}×{jobs}", str(head["status"]), int(str(head["objective"])), f"{best:,.0f}",
                f"{gap:.3%}", seconds, *peer,
            )  # fmt: skip


def run() -> Page:
    """The page."""
    note = (
        f"`jiedui plan` of a three-table scenario with `--time-limit {SECONDS}`, whole process, beside CP-SAT (two "
        "workers) on the same arrays with the same limit, at 20×100. *Best bound* is the better of the two bounds; gaps are "
        "against it, so an optimum that neither proves still shows a gap."
    )
    columns = ("instance", "status", "jiedui", "best bound", "gap", "s", "CP-SAT", "gap", "s")
    return Page("scores", "Own scores: generalised assignment", note, columns, list(rows()))
