"""States of scenarios on disk: each a whole folder that is never written again, and a link that leads to the newest.

``.kept/NAME/N`` is the state that the N-th edit of a name made (a deletion has one, too, without a ``scenario.toml``); ``NAME`` is a
symbolic link to the newest one. A state is filled under a temporary name, synced, then renamed to its number: of two edits of the same
state only one can have the number. What was cut off between the renaming and the link is mended when the service starts.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from api.service.refusals import NotFound, Stale
from api.service.scenarios.disk import POINTING, copy_linked, point, sync_all
from api.service.scenarios.edit import EDIT, Edit, What
from api.service.scenarios.names import is_plausible
from graph.store.workspace.files import sync_folder
from graph.tables.write import disk_told
from planner.shipped import FILE

FOLDER = "scenarios"
"""In the data folder."""
KEPT, MAKING = ".kept", ".making-"
_TURN = threading.RLock()
"""One edit is put in its place at a time; one process serves a data folder."""


class Kept:
    """The states of the scenarios in a folder.

    Parameters
    ----------
    folder : Path
        The service's folder of scenarios.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / KEPT).mkdir(exist_ok=True, mode=0o700)

    def names(self) -> list[str]:
        """Scenarios that are there now."""
        there = {e.name for e in self.folder.iterdir() if not e.name.startswith(".") and (e / FILE).is_file()}
        return sorted(there)

    def current(self, name: str) -> Edit:
        """The edit that made the state which is there now.

        Raises
        ------
        NotFound
            When there is no such scenario.
        """
        found = self.newest(name)
        if found is None or found.what == "deleted":
            raise missing(name)
        return found

    def newest(self, name: str) -> Edit | None:
        """The last edit of a name, a deletion too; ``None`` where there never was one."""
        numbers = self._numbers(name)
        if numbers:
            return self.edit(name, numbers[-1])
        live = self.folder / name
        if not is_plausible(name) or not (live / FILE).is_file():
            return None
        return _found(live)

    def edits(self, name: str) -> list[Edit]:
        """All edits of a name, the newest first.

        Raises
        ------
        NotFound
            When there never was such a scenario.
        """
        newest = self.newest(name)
        if newest is None:
            raise missing(name)
        return [self.edit(name, n) for n in reversed(self._numbers(name))] or [newest]

    def edit(self, name: str, revision: int) -> Edit:
        """One edit.

        Raises
        ------
        NotFound
            When there is no such revision.
        """
        place = self.state(name, revision)
        if (place / EDIT).is_file():
            return Edit.read(place)
        if (place / FILE).is_file():
            return _found(place)
        raise NotFound(f"场景 {name} 没有第 {revision} 版", f"scenario {name} has no revision {revision}")

    def state(self, name: str, revision: int) -> Path:
        """Folder of a state."""
        if revision == 0 and not (self.folder / KEPT / name / "0").is_dir():
            return self.folder / name
        return self.folder / KEPT / name / str(revision)

    @contextmanager
    def making(self, name: str, begin: Path | None) -> Iterator[Path]:
        """A folder to make a new state in, beside everything that it may overlay; gone at the end unless it was kept.

        Parameters
        ----------
        name : str
            The scenario's.
        begin : Path or None
            State to begin with; an empty folder where there is none.
        """
        with disk_told(self.folder):
            place = Path(tempfile.mkdtemp(prefix=MAKING, dir=self.folder))
            try:
                for other in self.names():
                    if other != name:
                        (place / other).symlink_to(Path("..") / other, target_is_directory=True)
                if begin is None:
                    (place / name).mkdir()
                else:
                    copy_linked(begin, place / name)
                (place / name / EDIT).unlink(missing_ok=True)
                yield place / name
            finally:
                shutil.rmtree(place, ignore_errors=True)

    def keep(
        self, name: str, place: Path, after: Edit | None, what: What, *, by: str, why: str = "",
        tables: tuple[str, ...] = (), of: int | None = None, before: Callable[[], None] = lambda: None,
    ) -> Edit:  # fmt: skip
        """Make a folder the newest state.

        Parameters
        ----------
        name : str
        place : Path
            As :meth:`making` gave it, filled.
        after : Edit or None
            The edit that it was made from.
        what, by, why, tables, of
            See :class:`~api.service.scenarios.edit.Edit`.
        before : callable
            Last look before it is done, while no other edit can be; raises where it must not be.

        Raises
        ------
        Stale
            When there is a newer one.
        """
        edit = Edit(
            (after.revision if after else 0) + 1,
            uuid.uuid4().hex[:12],
            datetime.now(UTC),
            by,
            what,
            why,
            tables,
            of,
        )
        edit.write(place)
        sync_all(place)
        with _TURN, disk_told(self.folder):
            self.demand_newest(name, after)
            before()
            home = self.folder / KEPT / name
            home.mkdir(exist_ok=True, mode=0o700)
            self._set_aside(name)
            try:
                place.rename(home / str(edit.revision))
            except OSError as error:
                if (home / str(edit.revision)).is_dir():
                    raise stale(name, self.newest(name)) from error
                raise
            sync_folder(home)
            sync_folder(home.parent)
            self._lead(name, edit)
        return edit

    def demand_newest(self, name: str, after: Edit | None) -> None:
        """Let pass what was made from the newest state.

        Raises
        ------
        Stale
            When there is a newer one.
        """
        newest = self.newest(name)
        if (newest and newest.etag) != (after and after.etag):
            raise stale(name, newest)

    def mend(self) -> None:
        """Finish what was cut off: links lead to the newest states, folders that were being made are gone."""
        with _TURN, disk_told(self.folder):
            for left in self.folder.glob(f"{MAKING}*"):
                shutil.rmtree(left, ignore_errors=True)
            for left in self.folder.glob(f"{POINTING}*"):
                left.unlink(missing_ok=True)
            for home in sorted((self.folder / KEPT).iterdir()):
                newest = self.newest(home.name)
                if newest is not None and newest.revision in self._numbers(home.name):
                    self._set_aside(home.name)
                    self._lead(home.name, newest)

    def _numbers(self, name: str) -> list[int]:
        if not is_plausible(name):
            return []
        home = self.folder / KEPT / name
        return sorted(int(e.name) for e in home.iterdir() if e.name.isdecimal()) if home.is_dir() else []

    def _set_aside(self, name: str) -> None:
        """A plain folder that stands where the link belongs becomes state 0, or goes where states are kept already."""
        live = self.folder / name
        if live.is_symlink() or not live.is_dir():
            return
        home = self.folder / KEPT / name
        live.rename(home / ("0" if not self._numbers(name) else f".aside-{uuid.uuid4().hex}"))

    def _lead(self, name: str, edit: Edit) -> None:
        live = self.folder / name
        if edit.what == "deleted":
            live.unlink(missing_ok=True)
            sync_folder(self.folder)
            return
        target = f"{KEPT}/{name}/{edit.revision}"
        if not live.is_symlink() or str(live.readlink()) != target:
            point(live, target)


def missing(name: str) -> NotFound:
    """What to say of a scenario that is not there."""
    return NotFound(f"没有场景 {name[:80]}", f"there is no scenario {name[:80]}")


def stale(name: str, newest: Edit | None) -> Stale:
    """What to say where somebody else was first."""
    if newest is None:
        return Stale(f"场景 {name} 已不在", f"scenario {name} is not there any more")
    return Stale(
        f"{newest.by} 已把场景 {name} 改到第 {newest.revision} 版；请重读后再改",
        f"{newest.by} has changed scenario {name} to revision {newest.revision}; read it again, then change that",
        etag=newest.etag,
    )


def _found(place: Path) -> Edit:
    """Of a folder that was put here by hand: revision 0, its key drawn from its files."""
    files = sorted(p for p in place.rglob("*") if p.is_file())
    told = sha256()
    for file in files:
        kept = file.stat()
        told.update(f"{file.relative_to(place)} {kept.st_size} {kept.st_mtime_ns}\n".encode())
    moment = datetime.fromtimestamp((place / FILE).stat().st_mtime, UTC)
    return Edit(0, told.hexdigest()[:12], moment, "", "found")
