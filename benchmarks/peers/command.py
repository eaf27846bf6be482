"""Ours as a user starts it: ``jiedui plan`` on a scenario of own scores."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.peers import flows
from benchmarks.peers.peer import FOREVER, Found, GaveUp, Judged, Piece
from benchmarks.scores import write_scenario

RETURNING = {"_RJEM_MALLOC_CONF": "retain:false"}
"""For Polars' allocator: address space, which is what is limited here, goes back with the memory."""


def read(instance: Path) -> Iterator[Piece]:
    """A scenario of three tables, written from a matrix or a generalised assignment."""
    for piece in flows.read(instance):
        cost = piece["cost"]
        load = piece.get("load", np.ones_like(cost))
        capacity = piece.get("capacity", np.ones(len(cost), np.int64))
        with tempfile.TemporaryDirectory() as folder:
            write_scenario(Path(folder) / "scenario", cost, load, capacity)
            yield {"folder": folder}


def solve(piece: Piece, seconds: float) -> Found:
    """From the folder to the verified plan on disk."""
    scenario, plans = (str(Path(piece["folder"]) / k) for k in ("scenario", "plans"))
    words = [sys.executable, "-m", "jiedui", "plan", scenario, "-o", plans, "--json", "-q", "--again"]
    if seconds < FOREVER:
        words += ["--time-limit", str(seconds)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, **RETURNING})
    if done.returncode:
        raise GaveUp(f"jiedui plan: exit {done.returncode}")
    head = json.loads(done.stdout)["stages"]["designation"]
    if head["objective"] is None:
        raise GaveUp("time")
    return Found(objective=head["objective"], bound=head["bound"])


def judge(piece: Piece, found: Found) -> Judged:
    """The plan's own words: the command has verified them."""
    assert found.objective is not None
    return Judged(found.objective, True, found.bound)
