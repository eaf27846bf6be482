"""``docs/benchmarks/kills.md``: hundreds of kills, counted by the command."""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.killing.grounds import Ground, WorkspaceGround, own_ground
from benchmarks.killing.imports import imports
from benchmarks.killing.loop import STEPS, Killed, Loop, Who
from benchmarks.killing.material import Material, make_material
from benchmarks.page import Page

COUNTIES, BATCH = 120, 40
CLIENTS, SERVERS, BOTH, IMPORTS, WORKSPACE = 140, 40, 20, 8, 200
NOTE = (
    "`python -m benchmarks kills`: a process loads a province of {rows:,} rows, proposes its plan, adopts it, loads other tables; it, its server "
    "or both are killed (SIGKILL) at a random moment, 70 of 100 times drawn from what the step stages, else from the time that it takes. "
    "Then readers look; after half of the kills something else is written first, which has to take back what was staged, and is killed in the middle of that, too; then "
    "the same step is run again, and everything is compared: versions without holes, each table by count and checksum, now and one version before, the proposal "
    "with the plan, requests, and (Neo4j, {batch} rows in a statement) nodes, relationships, links and labels by count, nothing beyond the head. *fell*: before "
    "anything was staged, while it was, or after the step had its effect (of a server whose client lived on: while the client worked). "
    "Draws come from a seed; moments depend on the machine."
)


def run(scale: float = 1.0) -> Page:
    """The page; ``scale`` below 1 kills less often."""
    found: list[tuple[str, Killed]] = []
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        folder = Path(name)
        material = make_material(folder / "material", COUNTIES)
        began = time.monotonic()
        place = WorkspaceGround(folder / "workspace")
        found += _killed(place, material, ["client"] * _some(WORKSPACE, scale))
        seconds[place.name], began = time.monotonic() - began, time.monotonic()
        (folder / "neo4j").mkdir()
        with own_ground(folder / "neo4j", BATCH) as ground:
            found += _killed(ground, material, mixed(scale))
            found += _told(ground.name, imports(ground, material, _some(IMPORTS, scale)))
            seconds[ground.name] = time.monotonic() - began
    rows = sum(f.height for f in material.first.frames.values())
    return Page(
        "kills", "Kills", NOTE.format(rows=rows, batch=BATCH),
        ("store", "killed", "step", "kills", "fell before", "while", "after", "with faults"),
        [*_rows(found), *_sums(found, seconds)],
    )  # fmt: skip


def mixed(scale: float = 1.0) -> list[Who]:
    """Whom to kill, one after the other: servers spread among clients."""
    clients, servers, both = _some(CLIENTS, scale), _some(SERVERS, scale), _some(BOTH, scale)
    others: list[Who] = [*["server"] * servers, *["both"] * both]
    others = [others[(i * 7) % len(others)] for i in range(len(others))] if len(others) % 7 else others
    made: list[Who] = []
    for number in range(clients + len(others)):
        due = (number + 1) * len(others) // (clients + len(others))
        done = sum(who != "client" for who in made)
        made.append(others[done] if due > done else "client")
    return made


def _killed(ground: Ground, material: Material, whom: Sequence[Who]) -> list[tuple[str, Killed]]:
    ground.file.parent.mkdir(exist_ok=True)
    loop = Loop(ground, material, seed=2016, steps=STEPS)
    try:
        faults = loop.measure()
        assert not faults, faults
        return _told(ground.name, loop.rounds(whom))
    finally:
        loop.close()


def _told(name: str, kills: Iterable[Killed]) -> list[tuple[str, Killed]]:
    found = []
    for kill in kills:
        found.append((name, kill))
        print(name, kill.who, kill.step, kill.fell, *kill.faults, sep=" · ", file=sys.stderr, flush=True)
    return found


def _rows(found: Sequence[tuple[str, Killed]]) -> list[Sequence[object]]:
    kinds = list(dict.fromkeys((name, k.who, k.step) for name, k in found))
    return [(name, who, step, *_counted([k for n, k in found if (n, k.who, k.step) == (name, who, step)]))
            for name, who, step in sorted(kinds)]  # fmt: skip


def _sums(found: Sequence[tuple[str, Killed]], seconds: dict[str, float]) -> list[Sequence[object]]:
    return [
        (f"**{name}**", "", f"all, {lasted / 60:.0f} minutes", *_counted([k for n, k in found if n == name]))
        for name, lasted in seconds.items()
    ]


def _counted(kills: Sequence[Killed]) -> tuple[int, ...]:
    fell = Counter(k.fell for k in kills)
    return len(kills), fell["before"], fell["while"], fell["after"], sum(bool(k.faults) for k in kills)


def _some(number: int, scale: float) -> int:
    return max(1, round(number * scale))
