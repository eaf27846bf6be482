"""What was measured, as data: ``docs/benchmarks/peers/<part>.json``, from which all tables and plots are made."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.page import FOLDER
from benchmarks.peers.watch import Limits, Outcome

HOME = FOLDER / "peers"
PARTS = ("people", "assignment", "flows", "generalised")


@dataclass(frozen=True)
class Line:
    """One method on one instance."""

    peer: str
    proof: str
    ours: bool
    floor: bool
    outcome: Outcome


@dataclass(frozen=True)
class Case:
    """One instance."""

    family: str
    label: str
    size: float
    lines: list[Line]

    @property
    def ours(self) -> Line:
        """Our first line: the engine, or the command where only that was measured."""
        return next(line for line in self.lines if line.ours)

    @property
    def optimum(self) -> float | int | None:
        """The best exact objective that any method's bound proves, else the best bound."""
        bounds = [line.outcome.bound for line in self.lines if line.outcome.bound is not None]
        whole = [line.outcome.objective for line in self.lines if line.outcome.whole]
        known = [o for o in whole if o is not None]
        if bounds:
            return max(bounds)
        return min(known) if known else None


@dataclass(frozen=True)
class Results:
    """A part's run."""

    part: str
    machine: str
    limits: Limits
    cases: list[Case]

    def write(self) -> Path:
        """Write the part's file; its path."""
        HOME.mkdir(parents=True, exist_ok=True)
        path = HOME / f"{self.part}.json"
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return path


def read(part: str) -> Results | None:
    """What was measured last, ``None`` where nothing was."""
    path = HOME / f"{part}.json"
    if not path.exists():
        return None
    held = json.loads(path.read_text(encoding="utf-8"))
    cases = [
        Case(c["family"], c["label"], c["size"],
             [Line(w["peer"], w["proof"], w["ours"], w["floor"], Outcome(**w["outcome"])) for w in c["lines"]])
        for c in held["cases"]
    ]  # fmt: skip
    return Results(held["part"], held["machine"], Limits(**held["limits"]), cases)
