"""Kill a process that writes to a workspace, again and again, and look at what is left each time.

A dozen kills are in the test-suite; ``python -m benchmarks.kills 200`` does as many as it is told.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graph.schema import TABLES
from graph.store.about import About
from graph.store.changes import Changes
from graph.store.workspace import Workspace, open_workspace
from graph.store.workspace.files import orphans

NETWORK = "killed"
KEYS = {"regions": "code", "units": "id"}
ROWS = 400
LONGEST_S = 0.25
"""A kill comes so long after the writer's first version at most."""


@dataclass(frozen=True)
class Killed:
    """What was found after a kill.

    Parameters
    ----------
    before, head, told : int
        Head when the writer began, head after the kill, and the last version that the writer knew to be stored.
    left : int
        Files that no version names, before the next write.
    faults : tuple of str
        What is wrong; empty where all is well.
    """

    before: int
    head: int
    told: int
    left: int
    faults: tuple[str, ...]


def state(number: int) -> Changes:
    """What version ``number`` puts: some regions and all units, each bearing the number; every fifth takes regions away."""
    some = range(ROWS) if number == 1 else range(number % 7, ROWS, 7)
    gone = {"regions": _rows("regions", number, [number % 7 + 1]).select("code")} if number % 5 == 0 else {}
    return Changes(
        {"regions": _rows("regions", number, some), "units": _rows("units", number, range(20))}, gone
    )


def write_on(folder: Path) -> None:
    """Write versions one after the other, telling each once it is stored, until killed."""
    workspace = open_workspace(folder, create=True)
    head = workspace.head(NETWORK).number if NETWORK in workspace.networks() else 0
    while True:
        head = workspace.write(
            NETWORK, state(head + 1), base=head, how="load", by="kills", about=About()
        ).number
        print(head, flush=True)


def kill(folder: Path, after_s: float) -> Killed:
    """Let a writer write, kill it ``after_s`` seconds after its first version, and look."""
    before = _head(folder)
    command = [sys.executable, "-m", "benchmarks.kills", "--write", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(after_s)  # waiting for the process would look only now and then
        writer.kill()
        rest = writer.stdout.read().split("\n")[:-1]  # a line that was cut off is none
    told = int((rest or [first])[-1])
    workspace = open_workspace(folder)
    try:
        return _looked(workspace, before, told)
    finally:
        workspace.close()


def _looked(workspace: Workspace, before: int, told: int) -> Killed:
    faults = [broken.text.en for broken in workspace.check()]
    head = workspace.head(NETWORK).number
    if head not in (told, told + 1):
        faults.append(f"the writer knew of version {told}, the head is {head}")
    expected = _expected({before or 1, head - 1 or 1, head})
    for version, tables in expected.items():
        read = workspace.read(NETWORK, version=version)
        faults += [
            f"version {version}: {table} is not what was written"
            for table, frame in tables.items()
            if not read.frame(table).equals(frame)
        ]
    left = len(_orphans(workspace))
    number = workspace.write(NETWORK, state(head + 1), base=head, how="load", by="kills").number
    if number != head + 1:
        faults.append(f"the next write made version {number} upon {head}")
    faults += [f"left: {path.name}" for path in _orphans(workspace)]
    return Killed(before, head, told, left, tuple(faults))


def _expected(wanted: set[int]) -> dict[int, dict[str, pl.DataFrame]]:
    """Tables as of some versions, worked out without a store."""
    found: dict[int, dict[str, pl.DataFrame]] = {}
    rows: dict[str, dict[str, dict[str, object]]] = {table: {} for table in KEYS}
    for version in range(1, max(wanted) + 1):
        changes = state(version)
        for table, key in KEYS.items():
            for name in changes.removed_rows(table)[key]:
                rows[table].pop(name, None)
            rows[table] |= {row[key]: row for row in changes.put_rows(table).iter_rows(named=True)}
        if version in wanted:
            found[version] = {
                table: pl.DataFrame(sorted(held.values(), key=_number), schema=TABLES[table].dtypes)
                for table, held in rows.items()
            }
    return found


def _number(row: dict[str, object]) -> int:
    """Rows stand in the order of the number in their key: all of them came with version 1."""
    return int(str(next(iter(row.values())))[1:])


def _orphans(workspace: Workspace) -> list[Path]:
    return orphans(workspace.folder, workspace.snapshots())


def _head(folder: Path) -> int:
    if not folder.exists():
        return 0
    workspace = open_workspace(folder)
    try:
        return workspace.head(NETWORK).number if NETWORK in workspace.networks() else 0
    finally:
        workspace.close()


def _rows(table: str, number: int, which: Iterable[int]) -> pl.DataFrame:
    made = [{KEYS[table]: f"{table[0]}{n}", "name": f"版本 {number}"} for n in which]
    columns = TABLES[table].columns
    return pl.DataFrame(
        [{c.name: row.get(c.name, c.default) for c in columns} for row in made], schema=TABLES[table].dtypes
    )


def kills(folder: Path, number: int, seed: int = 0) -> list[Killed]:
    """Kill a writer ``number`` times at random moments; what was found each time."""
    draw = random.Random(seed)
    return [kill(folder, draw.uniform(0, LONGEST_S)) for _ in range(number)]


def main(words: list[str]) -> int:
    """``--write FOLDER``: write until killed; ``NUMBER``: so many kills, and what was found."""
    if words[0] == "--write":
        write_on(Path(words[1]))
        return 0
    with tempfile.TemporaryDirectory() as name:
        found = kills(Path(name) / "office", int(words[0]))
    bad = [k for k in found if k.faults]
    print(
        f"{len(found)} kills, {found[-1].head} versions, {sum(k.left > 0 for k in found)} left files, {len(bad)} with faults"
    )
    for k in bad:
        print(k)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
