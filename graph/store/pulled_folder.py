"""A folder that pulls write: what an earlier one wrote goes, what somebody else wrote stays."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.errors import UsageError
from graph.tables.write import disk_told, write_atomically

NOTE = "pull.json"
"""Name of the file that says what a pull wrote."""


@dataclass(frozen=True)
class PulledFolder:
    """A folder that is new, empty, or one that an earlier pull wrote; :func:`pulled_folder` gives it.

    Parameters
    ----------
    folder : Path
        The folder.
    files : tuple of str
        Names of the files that earlier pulls wrote.
    """

    folder: Path
    files: tuple[str, ...] = ()

    def refuse_foreign(self, names: Collection[str]) -> None:
        """Refuse to write over what no pull wrote.

        Parameters
        ----------
        names : collection of str
            Names of the files that are to be written.

        Raises
        ------
        UsageError
            Where one of them is there; all such are named.
        """
        foreign = sorted(n for n in names if n not in self.files and (self.folder / n).exists())
        if foreign:
            zh, en = "、".join(foreign), ", ".join(foreign)
            raise UsageError(
                f"{self.folder} 里的 {zh} 不是先前的 pull 写的，不会覆盖；请移走，或换一个文件夹",
                f"{self.folder} holds what no earlier pull wrote and none writes over: {en}; move it away, or name another folder",
            )

    def begin(self, network: str, version: int, names: Collection[str]) -> None:
        """Note the files that are there and those to come, so that a pull that is cut short is known, too.

        Raises
        ------
        OutsideError
            When the place cannot be written.
        """
        self._note(network, version, {*self.files, *names})

    def end(self, network: str, version: int, names: Collection[str]) -> list[str]:
        """Remove what earlier pulls wrote and this one did not; names of what went.

        Raises
        ------
        OutsideError
            When the place cannot be written.
        """
        gone = sorted(n for n in {*self.files} - {*names} if (self.folder / n).is_file())
        with disk_told(self.folder):
            for name in gone:
                (self.folder / name).unlink()
        self._note(network, version, names)
        return gone

    def _note(self, network: str, version: int, names: Collection[str]) -> None:
        told = {"network": network, "version": version, "files": sorted(names)}
        text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
        with disk_told(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self.folder / NOTE, lambda file: file.write_text(text, encoding="utf-8"))


def pulled_folder(folder: Path) -> PulledFolder:
    """The folder for a pull.

    Raises
    ------
    UsageError
        When it is a file, or holds something and no pull wrote it.
    """
    if not folder.exists():
        return PulledFolder(folder)
    if not folder.is_dir():
        raise UsageError(f"{folder} 是文件；请给出文件夹", f"{folder} is a file; name a folder")
    files = _noted(folder / NOTE)
    if files is None and any(not entry.name.startswith(".") for entry in folder.iterdir()):
        raise UsageError(
            f"{folder} 不是空的，也不是先前的 pull 写的（没有可用的 {NOTE}）；请换一个文件夹",
            f"{folder} is not empty, and no earlier pull wrote it (it has no {NOTE} that can be read); name another folder",
        )
    return PulledFolder(folder, files or ())


def _noted(note: Path) -> tuple[str, ...] | None:
    """Names that a note lists; ``None`` where there is none, or it is none. Nothing outside the folder is ever meant."""
    try:
        told: Any = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    names = told.get("files") if isinstance(told, dict) else None
    if not isinstance(names, list) or not all(isinstance(n, str) and Path(n).name == n for n in names):
        return None
    return tuple(names)
