"""A writer that is killed: the old head stands or the new one, whole; the next write sweeps what was left."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.kills import kills
from graph.store.workspace import Workspace, open_workspace
from graph.store.workspace.files import orphans
from tests.graph.store.crashing import made
from tests.graph.store.small_networks import begin, small


def test_killed_at_random_points(tmp_path: Path) -> None:
    found = kills(tmp_path / "office", 12, seed=2016)
    assert [k.faults for k in found] == [()] * 12
    assert found[-1].head > 12


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Point at which a process ended → the workspace that it left."""
    folder = tmp_path_factory.mktemp("crashed") / "office"
    workspace = open_workspace(folder, create=True)
    begin(workspace)
    workspace.close()
    done = subprocess.run(
        [sys.executable, "-m", "tests.graph.store.crashing", str(folder)],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    return {
        f"{n} {name}": folder.with_name(f"office-{n}") for n, name in enumerate(done.stdout.splitlines(), 1)
    }


def left(workspace: Workspace) -> list[str]:
    """Files that no version names, and folders of writers."""
    return [
        p.name
        for p in (
            *orphans(workspace.folder, workspace.snapshots()),
            *workspace.folder.glob("snapshots/.writing-*"),
        )
    ]


def test_ended_at_every_point(crashed: dict[str, Path]) -> None:
    points = [name.partition(" ")[2] for name in crashed]
    for step in (
        "sweep",
        "write_file",
        "fsync",
        "put_in_place",
        "rename",
        "add_version",
        "add_snapshots",
        "give",
        "execute",
    ):
        assert {f"before {step}", f"after {step}"} <= set(points)
    swept, last = 0, list(crashed)[-1]
    assert last.endswith("after execute")
    for point, folder in crashed.items():
        workspace = open_workspace(folder)
        try:
            assert workspace.check() == [], point
            head = workspace.head("office").number
            assert head == (2 if point == last else 1), point
            for table, frame in small().items():
                assert workspace.read("office", version=1).frame(table).equals(frame), point
            swept += bool(left(workspace))
            version = workspace.write("office", made(), base=head, how="request", by="next")
            assert version.number == 2
            assert left(workspace) == [], point
            read = workspace.read("office")
            assert read.frame("units")["name"].to_list() == ["changed", "某企业"]
            assert read.frame("relations")["id"].to_list() == ["r2"]
            assert read.frame("regions")["code"][-1] == "x"
        finally:
            workspace.close()
    assert swept > 10  # most points leave something
