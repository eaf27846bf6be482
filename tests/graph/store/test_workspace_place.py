"""Where a workspace may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import InputError, OutsideError, UsageError
from graph.store.workspace import default_folder, mounts, open_workspace
from graph.store.workspace.database import FILE
from graph.store.workspace.mounts import file_system
from tests.graph.store.small_networks import begin

MOUNTS = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 0:40 / /srv/office rw shared:7 - nfs4 server:/office rw
31 30 0:41 / /srv/office/local rw - xfs /dev/vdb rw
32 22 0:42 / /mnt/my\\040share rw - cifs //server/share rw
33 22 0:43 / /home/li/remote rw - fuse.sshfs li@server: rw
34 22 0:44 / /home/li/secret rw - fuse.gocryptfs /home/li/.secret rw
35 22 0:45 / /mnt/c rw - 9p drvfs rw
36 22 0:46 / /twice rw - ext4 /dev/vdc rw
37 22 0:47 / /twice rw master:1 propagate_from:2 - nfs server:/x rw
half a line
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table of mounts."""
    file = tmp_path / "mountinfo"
    file.write_text(MOUNTS, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("folder", "kind", "afar"),
    [
        ("/srv/office", "nfs4", True),
        ("/srv/office/a/b", "nfs4", True),
        ("/srv/office/local/a", "xfs", False),
        ("/srv/offices", "ext4", False),
        ("/mnt/my share/a", "cifs", True),
        ("/home/li/remote", "fuse.sshfs", True),
        ("/home/li/secret/a", "fuse.gocryptfs", False),
        ("/mnt/c/Users", "9p", True),
        ("/twice", "nfs", True),
        ("/", "ext4", False),
    ],
)
def test_file_systems(table: Path, folder: str, kind: str, afar: bool) -> None:
    assert file_system(Path(folder), table) == kind
    assert mounts.is_afar(kind) is afar


def test_a_system_that_does_not_tell(tmp_path: Path) -> None:
    assert file_system(tmp_path, tmp_path / "none") == ""
    assert not mounts.is_afar("")


def test_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "office"
    line = f"40 1 0:50 / {tmp_path} rw - nfs4 server:/x rw\n"
    (tmp_path / "mountinfo").write_text(line, encoding="utf-8")
    monkeypatch.setattr(mounts, "TABLE", tmp_path / "mountinfo")
    with pytest.raises(OutsideError) as told:
        open_workspace(folder, create=True)
    for text in told.value.text:
        assert str(folder) in text
        assert "nfs4" in text
    assert not folder.exists()


def test_a_link_to_one_is_refused_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "near").symlink_to(tmp_path / "far")
    (tmp_path / "mountinfo").write_text(f"40 1 0:50 / {tmp_path}/far rw - nfs x rw\n", encoding="utf-8")
    monkeypatch.setattr(mounts, "TABLE", tmp_path / "mountinfo")
    with pytest.raises(OutsideError):
        open_workspace(tmp_path / "near" / "office", create=True)


def test_the_default_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JIEDUI_HOME", str(tmp_path / "own"))
    assert default_folder() == tmp_path / "own"
    open_workspace(create=True).close()
    assert (tmp_path / "own" / FILE).is_file()
    monkeypatch.delenv("JIEDUI_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    assert default_folder() == tmp_path / "xdg" / "jiedui" / "workspace"


def test_none_is_made_unasked(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as told:
        open_workspace(tmp_path / "office")
    for text in told.value.text:
        assert str(tmp_path / "office") in text
        assert "JIEDUI_HOME" in text
    assert not (tmp_path / "office").exists()


def test_a_folder_of_other_things_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x", encoding="utf-8")
    for create in (True, False):
        with pytest.raises(InputError, match=FILE.replace(".", r"\.")):
            open_workspace(tmp_path, create=create)
    with pytest.raises(InputError):
        open_workspace(tmp_path / "letter.txt", create=True)
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_one_that_was_never_finished_is_finished(tmp_path: Path) -> None:
    """Somebody was killed after the empty file was there."""
    (tmp_path / FILE).touch()
    workspace = open_workspace(tmp_path)
    assert begin(workspace).number == 1
    workspace.close()


def test_what_needs_no_workspace_loads_none() -> None:
    """Tables of a scenario are read without SQLite."""
    import subprocess
    import sys

    code = "import sys, jiedui, graph.store.protocol, graph.store.load, planner.scenario; print('sqlite3' in sys.modules, 'graph.store.workspace' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=100
    )
    assert done.stdout.split() == ["False", "False"]
