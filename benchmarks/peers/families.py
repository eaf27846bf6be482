"""Instances of assignment and generalised assignment: drawn by published recipes with a fixed seed, never read from files.

Generalised assignment: gap1–gap12 after Cattrysse, Salomon and Van Wassenhove (1994), which maximise a profit of 15–25 with resource
5–25 and capacity 0.8 of the average; types A–E after Chu and Beasley (1997) and Laguna et al. (1995) as in
:mod:`benchmarks.scores`. The instances are of these families, not the published files, so that published optima do not apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmarks.scores import instance

DEAREST = 10_000
CENTRES = 25
TEN = 10
OR_LIBRARY = {"gap1": (5, 15), "gap2": (5, 20), "gap3": (5, 25), "gap4": (5, 30), "gap5": (8, 24), "gap6": (8, 32),
              "gap7": (8, 40), "gap8": (8, 48), "gap9": (10, 30), "gap10": (10, 40), "gap11": (10, 50),
              "gap12": (10, 60)}  # fmt: skip
BEST_PROFIT = 25  # a profit p becomes a cost BEST_PROFIT − p: as each job is done once, the total is BEST_PROFIT·jobs less


def save(path: Path, made: Mapping[str, np.ndarray]) -> None:
    """Write an instance."""
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **made)


def random_matrix(n: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Whole costs (n, n), uniform in 1 … 10,000."""
    draw = np.random.Generator(np.random.PCG64([seed, n]))
    return {"cost": draw.integers(1, DEAREST + 1, (n, n), dtype=np.int64)}


def clustered_matrix(n: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Distances (n, n) between points around a few centres, rounded up to tens: most pairs tie with many others."""
    draw = np.random.Generator(np.random.PCG64([seed, n, 2]))
    centres = draw.random((CENTRES, 2)) * 1000

    def points() -> np.ndarray:
        return np.asarray(centres[draw.integers(0, CENTRES, n)] + draw.normal(0, 15, (n, 2)))

    a, b = points(), points()
    far = np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1])
    return {"cost": (np.ceil(far / TEN) * TEN + 1).astype(np.int64)}


def gap(family: str, agents: int, jobs: int, seed: int = 1) -> dict[str, np.ndarray]:
    """``cost``, ``load`` (agents, jobs) and ``capacity`` (agents,) of ``gap1`` … ``gap12`` or of a type ``a`` … ``e``."""
    if family in OR_LIBRARY:
        draw = np.random.Generator(np.random.PCG64([seed, agents, jobs]))
        load = draw.integers(5, 26, (agents, jobs))
        profit = draw.integers(15, BEST_PROFIT + 1, (agents, jobs))
        capacity = (0.8 * load.sum(axis=1) / agents).astype(np.int64)
        return {"cost": BEST_PROFIT - profit, "load": load, "capacity": capacity}
    cost, load, capacity = instance(family, agents, jobs, seed)
    return {"cost": cost, "load": load, "capacity": capacity}
