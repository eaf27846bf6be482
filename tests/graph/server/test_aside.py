"""A restore that is cut short leaves the old database or the new one, never a mixture."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from graph.server.aside import KINDS, keep_new, put_back, set_aside
from graph.server.folders import Folders


class Cut(Exception):
    """The process ends here."""


def write(folders: Folders, text: str) -> None:
    """A database whose two folders hold this text."""
    for kind in KINDS:
        place = folders.data / kind / "neo4j"
        place.mkdir(parents=True)
        (place / "store").write_text(text)


def found(folders: Folders) -> list[str]:
    """What the two folders hold."""
    return [(folders.data / kind / "neo4j" / "store").read_text() for kind in KINDS]


@pytest.mark.parametrize("cut_at", range(9))
def test_cut_short_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut_at: int) -> None:
    """After each change of the disk in turn; what follows is a start."""
    folders = Folders(tmp_path)
    write(folders, "old")
    changes = 0

    def counted(real):  # type: ignore[no-untyped-def]
        def change(*words, **options):  # type: ignore[no-untyped-def]
            nonlocal changes
            if changes == cut_at:
                raise Cut
            changes += 1
            return real(*words, **options)

        return change

    with monkeypatch.context() as cutting:
        cutting.setattr(os, "rename", counted(os.rename))
        cutting.setattr(shutil, "rmtree", counted(shutil.rmtree))
        cutting.setattr(Path, "mkdir", counted(Path.mkdir))
        whole = restore_cut(folders)
    put_back(folders)
    assert found(folders) == (["new"] * 2 if whole else ["old"] * 2)
    assert sorted(f.name for f in tmp_path.joinpath("data").iterdir()) == sorted(KINDS)
    put_back(folders)
    assert found(folders) == (["new"] * 2 if whole else ["old"] * 2)


def restore_cut(folders: Folders) -> bool:
    """A restore; whether the new database counted before it was cut."""
    try:
        set_aside(folders)
        write(folders, "new")
        keep_new(folders)
    except Cut:
        return (folders.data / ".after-restore").exists()
    return True
