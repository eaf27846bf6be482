"""The tray of what was sent: a folder for each upload, gone when it is discarded or has lain there too long."""

from __future__ import annotations

import shutil
import tempfile
import threading
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.service.bounded.guard import Guard
from api.service.refusals import NotFound, TooMany
from api.service.scenarios.disk import sync_all
from api.service.scenarios.names import is_plausible
from api.service.uploads.forms import Form
from api.service.uploads.names import Seal
from api.service.uploads.reading import REPORT, TABLES, Reading, read_sent
from api.service.uploads.upload import Upload
from graph.errors import CheckFailed, UsageError
from graph.language import Text
from graph.network import RegionSettings
from graph.store.workspace.files import sync_folder
from graph.tables.cast import Values
from graph.tables.raw import table_named
from graph.tables.suggest import no_such_table
from graph.tables.write import disk_told

FOLDER = "uploads"
"""In the data folder."""
COMING = ".coming-"
MB = 1 << 20
UNPACKED_TIMES = 8
"""A workbook may unpack to so many times the largest upload."""
STALE_HOURS = 24
"""After which a file that never came whole is swept."""


class Tray:
    """The uploads of a service.

    Parameters
    ----------
    folder : Path
        In which each has a folder.
    guard : Guard
        Reads them.
    days : int
        That one is kept.
    per_user : int
        That are kept for one user.
    """

    def __init__(self, folder: Path, guard: Guard, *, days: int, per_user: int) -> None:
        self.folder, self.guard, self.days, self.per_user = folder, guard, days, per_user
        self._turn = threading.RLock()

    @contextmanager
    def coming(self) -> Iterator[Path]:
        """A folder for a file that is on its way; gone at the end."""
        with disk_told(self.folder):
            place = Path(tempfile.mkdtemp(prefix=COMING, dir=self.folder))
            try:
                yield place
            finally:
                shutil.rmtree(place, ignore_errors=True)

    def demand_room(self, owner: str) -> None:
        """Let somebody send one more.

        Raises
        ------
        TooMany
            When they have as many as are kept for one user.
        """
        self.sweep()
        count = len(self.uploads(owner))
        if count >= self.per_user:
            raise TooMany(
                f"您已有 {count} 个上传；请先提交或丢弃一个",
                f"you have {count} uploads; commit or discard one first",
                seconds=60,
            )

    def read(
        self,
        file: Path,
        form: Form,
        place: Path,
        *,
        enums: Values,
        settings: RegionSettings,
        most: int,
        names: Seal | Text,
    ) -> Reading:
        """Read a file that came; its tables and report are put into ``place``. Parameters and errors as :func:`read_sent`."""
        return self.guard(read_sent, file, form, place, dict(enums), settings, most * UNPACKED_TIMES, names)

    def keep(
        self,
        place: Path,
        reading: Reading,
        *,
        owner: str,
        filename: str,
        form: Form,
        size: int,
        scenario: str,
    ) -> Upload:
        """Keep what came of a file; the file itself is not kept."""
        now = datetime.now(UTC)
        id = uuid.uuid4().hex[:16]
        upload = Upload(
            id, owner, filename, form, size, now, now + timedelta(days=self.days), scenario, reading.rows, reading.errors,
            reading.others, reading.left_out, "refused" if reading.errors else "ready", {},
        )  # fmt: skip
        with disk_told(self.folder):
            upload.write(place)
            sync_all(place)
            place.rename(self.folder / id)
            sync_folder(self.folder)
        return upload

    def uploads(self, owner: str | None = None) -> list[Upload]:
        """Uploads that are not over, the newest first; ``owner``: only theirs."""
        now = datetime.now(UTC)
        found = [u for u in self._all() if u.expires > now and owner in (None, u.owner)]
        return sorted(found, key=lambda u: (u.sent, u.id), reverse=True)

    def upload(self, id: str, owner: str | None) -> Upload:
        """One of them.

        Raises
        ------
        NotFound
            When there is none of that id, or it is another's than ``owner``'s, where one is given.
        """
        found = self._read(self.folder / id) if id.isalnum() and is_plausible(id) else None
        if found is not None and found.expires <= datetime.now(UTC):
            self.sweep()
        elif found is not None and owner in (None, found.owner):
            return found
        raise NotFound(f"没有上传 {id[:80]}", f"there is no upload {id[:80]}")

    def report(self, id: str) -> Path:
        """The CSV of everything that was found in an upload."""
        return self.folder / id / REPORT

    def tables(self, upload: Upload) -> dict[str, Path]:
        """Table → its Parquet file."""
        return {table: self.folder / upload.id / TABLES / f"{table}.parquet" for table in upload.rows}

    @contextmanager
    def committing(self, id: str, owner: str | None) -> Iterator[Upload]:
        """An upload that may be committed, while nobody else commits or discards one.

        Raises
        ------
        CheckFailed
            When it has bad rows, or was committed before.
        """
        with self._turn:
            found = self.upload(id, owner)
            if found.state == "refused":
                raise CheckFailed(
                    f"上传 {id} 有 {found.errors} 处错误，不能提交；改好后重新上传",
                    f"upload {id} has {found.errors} bad rows and cannot be committed; mend them and send it again",
                )
            if found.state == "committed":
                raise CheckFailed(f"上传 {id} 已提交", f"upload {id} was committed before")
            yield found

    def committed(self, upload: Upload, result: dict[str, object]) -> Upload:
        """Keep that it was committed, and to what."""
        done = upload.committed(result)
        done.write(self.folder / upload.id)
        return done

    def discard(self, id: str, owner: str | None) -> None:
        """Take an upload away."""
        with self._turn:
            self._remove(self.folder / self.upload(id, owner).id)

    def mend(self) -> None:
        """Take away what was on its way when the service ended, which is as it was sent; for the one process that serves the folder, before anybody sends."""
        for place in self.folder.glob(f"{COMING}*"):
            shutil.rmtree(place, ignore_errors=True)
        self.sweep()

    def sweep(self) -> None:
        """Take away what has lain too long, and what never came whole; another time where one is being committed now."""
        if self._turn.acquire(blocking=False):
            try:
                self._sweep(datetime.now(UTC))
            finally:
                self._turn.release()

    def _sweep(self, now: datetime) -> None:
        for upload in self._all():
            if upload.expires <= now:
                self._remove(self.folder / upload.id)
        for place in self.folder.glob(f"{COMING}*"):
            with suppress(FileNotFoundError):
                if now.timestamp() - place.stat().st_mtime > STALE_HOURS * 3600:
                    shutil.rmtree(place, ignore_errors=True)

    def _all(self) -> list[Upload]:
        read = (self._read(place) for place in self.folder.iterdir() if not place.name.startswith("."))
        return [upload for upload in read if upload is not None]

    def _read(self, place: Path) -> Upload | None:
        """That of a folder; ``None`` where it is none, or was discarded meanwhile."""
        try:
            return Upload.read(place)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _remove(self, place: Path) -> None:
        """First out of sight, then from disk."""
        away = self.folder / f"{COMING}{uuid.uuid4().hex}"
        with suppress(FileNotFoundError):
            place.rename(away)
        shutil.rmtree(away, ignore_errors=True)


def file_name(filename: str, form: Form, table: str) -> str:
    """Name under which a file is put on disk and told in reports: its table's, or for a workbook the last part of its own.

    Raises
    ------
    UsageError
        When it names no table.
    """
    stem = Path(filename.replace("\\", "/")).stem
    if form == "xlsx":
        plain = "".join(c for c in stem if unicodedata.category(c)[0] in "LMN" or c in "-_ ")[:60].strip()
        return f"{plain or 'workbook'}.xlsx"
    found = table_named(table or stem)
    if found is None:
        told = no_such_table(table or stem[:80])
        raise UsageError(f"{told.zh}；用 table 说明这是哪张表", f"{told.en}; say by table which one this is")
    return f"{found}.{form}"
