"""Ours against the alternatives: ``python -m benchmarks peers``.

Four parts (people, assignment, flows, generalised assignment), each with its instances and its peers. What is measured is written to
``docs/benchmarks/peers/<part>.json``; pages and plots are made from there, so that one part can be measured anew alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.page import machine

PACKAGES = ("ortools", "highspy", "scipy", "numpy", "networkx", "lapx", "POT", "PuLP")


@dataclass(frozen=True)
class Options:
    """What to measure.

    Parameters
    ----------
    parts : sequence of str
        Names in :data:`benchmarks.peers.results.PARTS`; none: all.
    seconds, gigabytes : float
        Limits of each method and size.
    quick : bool
        Fewer sizes.
    large : bool
        Generalised assignment up to 1,600 jobs.
    """

    parts: Sequence[str] = ()
    seconds: float = 60.0
    gigabytes: float = 4.0
    quick: bool = False
    large: bool = False


@dataclass(frozen=True)
class Pages:
    """What :func:`run` measured, ready to be written."""

    def write(self) -> Path:
        """Write all pages and plots; the path of the first."""
        from benchmarks.peers.pages import render

        return render()


def run(options: Options | None = None) -> Pages:
    """Measure; results are kept part by part."""
    from benchmarks.peers import results
    from benchmarks.peers.agreement import check
    from benchmarks.peers.parts import measure
    from benchmarks.peers.watch import Limits

    chosen = options or Options()
    limits = Limits(chosen.seconds, chosen.gigabytes)
    for part in chosen.parts or results.PARTS:
        check(part)
        cases = list(measure(part, limits, chosen.quick, chosen.large, _say))
        load = os.getloadavg()[2]
        beside = f" Load of the machine: {load:.1f}." if load > 2 else ""
        results.Results(part, machine(PACKAGES) + beside, limits, cases).write()
    return Pages()


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
