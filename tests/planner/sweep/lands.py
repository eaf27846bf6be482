"""Sweeps of the small scenario that several tests make."""

from __future__ import annotations

from pathlib import Path

from planner.scenario import Scenario
from planner.sweep.design import Design, design_of
from planner.sweep.run import Sweep

WORDS = [
    "designation.distance_weight=0.5:1.5:3",
    "units[].capacity=1,2",
    "units[id=u2].home_region=C,nowhere",
]
"""Runs 0, 4, 8 are infeasible (three places for four counties), odd ones have a region that is not there."""
INFEASIBLE, WRONG, DONE = (0, 4, 8), (1, 3, 5, 7, 9, 11), (2, 6, 10)


def twelve(small: Scenario) -> Design:
    """Twelve runs, three of which have a plan."""
    return design_of(small, WORDS)


def contents(sweep: Sweep) -> dict[str, bytes]:
    """Every file of a sweep that is compared: all but facts, answers and plans."""
    found = [*sweep.folder.glob("*.*"), *sweep.folder.glob("runs/*"), *sweep.folder.glob("scenario/*")]
    return {str(p.relative_to(sweep.folder)): p.read_bytes() for p in found if p.is_file()}


def facts(sweep: Sweep) -> list[Path]:
    """Files of facts."""
    return sorted((sweep.folder / "facts").iterdir())
