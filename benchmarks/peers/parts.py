"""The four parts of the comparison: instances of growing size, and every peer on each until it runs out."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.peers import families, networks
from benchmarks.peers.registry import PEERS
from benchmarks.peers.results import Case, Line
from benchmarks.peers.watch import Limits, Outcome, watched

Arrays = dict[str, np.ndarray]
ALIKE = 1e-9  # share of the objective by which peers in floating point may differ and still count as optimal
CADRES = 775_000  # in a country of scale 1


@dataclass(frozen=True)
class Asked:
    """An instance to be written.

    Parameters
    ----------
    family, label : str
        Group of a table and a plot; what the instance is called there.
    size : float
        Where it stands on the axis.
    write : callable
        Writes it to a path that does not exist yet.
    """

    family: str
    label: str
    size: float
    write: Callable[[Path], None]


def asked(part: str, quick: bool, large: bool) -> list[Asked]:
    """Instances of a part; ``quick`` takes fewer sizes, ``large`` also those of generalised assignment up to 1,600 jobs."""
    if part == "generalised":
        return _gaps(quick, large)
    return {"assignment": _matrices, "people": _people, "flows": _networks}[part](quick)


def _matrices(quick: bool) -> list[Asked]:
    sizes = (125, 500, 2000, 4000) if quick else (125, 250, 500, 1000, 2000, 4000)
    kinds = {"random": families.random_matrix, "clustered": families.clustered_matrix}
    return [Asked(k, f"n = {n:,}", n, partial(_save, make, n)) for k, make in kinds.items() for n in sizes]


def _networks(quick: bool) -> list[Asked]:
    powers = (8, 11, 14, 16) if quick else range(8, 18)
    kinds = {"NETGEN": networks.netgen, "GRIDGEN": networks.gridgen}
    return [
        Asked(k, f"{2**p:,} nodes", 2**p, partial(_save, make, 2**p))
        for k, make in kinds.items()
        for p in powers
    ]


def _people(quick: bool) -> list[Asked]:
    scales = (0.01, 0.05, 0.2, 1.0) if quick else (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
    return [
        Asked("people", f"{round(CADRES * s):,} cadres", CADRES * s, partial(_country, s)) for s in scales
    ]


def _gaps(quick: bool, large: bool) -> list[Asked]:
    listed = [(name, *size) for name, size in families.OR_LIBRARY.items()]
    sizes = [(5, 100), (10, 100), (20, 100), (5, 200), (10, 200), (20, 200), (10, 400), (20, 400), (40, 400)]
    sizes = [(10, 100), (20, 200)] if quick else sizes
    if large:
        sizes += [(15, 900), (30, 900), (60, 900), (20, 1600), (40, 1600), (80, 1600)]
    listed += [(kind, *size) for kind in "abcde" for size in sizes]
    return [Asked("OR-Library style" if k in families.OR_LIBRARY else f"type {k.upper()}",
                  f"{k} {a}×{j}", a * j, partial(_save, partial(families.gap, k, a), j)) for k, a, j in listed]  # fmt: skip


def _save(make: Callable[[int], Arrays], size: int, path: Path) -> None:
    families.save(path, make(size))


def _country(scale: float, path: Path) -> None:
    words = [sys.executable, "-m", "benchmarks.peers.people", str(scale), str(path)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def measure(
    part: str, limits: Limits, quick: bool, large: bool, say: Callable[[str], None]
) -> Iterator[Case]:
    """Every peer on every instance; one that ran out is not asked again for larger ones of the family.

    Raises
    ------
    ArithmeticError
        When a peer that is exact tells another optimum than ours.
    """
    out: dict[tuple[str, str], str] = {}
    for wanted in asked(part, quick, large):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "instance"
            wanted.write(path)
            lines: list[Line] = []
            for peer in PEERS[part]:
                key = (wanted.family, peer.name)
                if peer.most is not None and wanted.size > peer.most:
                    out[key] = "not asked"
                if key in out:
                    found = Outcome(out[key], 0.0, 0.0)
                else:
                    found = watched(part, peer.name, path, limits, peer.stops_itself)
                    told = f"{found.status} {found.seconds:.3g} s {found.megabytes:.0f} MB {found.words}"
                    say(f"{wanted.family} {wanted.label}: {peer.name}: {told}")
                if found.status in ("time", "memory", "failed") and part != "generalised":
                    out[key] = f"{found.status} before"
                lines.append(Line(peer.name, peer.proof, peer.ours, peer.floor, found))
        agree(part, lines)
        yield Case(wanted.family, wanted.label, wanted.size, lines)


def agree(part: str, lines: list[Line]) -> None:
    """Hold exact peers to one optimum, and every bound below every objective.

    Raises
    ------
    ArithmeticError
        When they differ.
    """
    exact = {p.name for p in PEERS[part] if p.exact}
    done = [line for line in lines if line.outcome.status == "done"]
    values = {line.peer: _optimum(part, line) for line in done if line.peer in exact}
    if part != "generalised" and len(set(values.values())) > 1:
        raise ArithmeticError(f"exact methods differ: {values}")
    for line in done:
        for other in done:
            bound, objective = line.outcome.bound, other.outcome.objective
            if bound is None or objective is None or not other.outcome.whole:
                continue
            if bound > objective + ALIKE * max(1.0, abs(objective)):
                raise ArithmeticError(f"{line.peer} says {bound}, {other.peer} has {objective}")


def _optimum(part: str, line: Line) -> float | int | None:
    """What the peers' model is worth: of ours the bound, as our answer may cost more under the rules of teams."""
    return line.outcome.bound if part == "people" and line.ours else line.outcome.objective
