"""The parts of a Neo4j server: jars by coordinate, kept in one folder for all servers of a user.

What a release consists of stands in its lock, a line per jar: ``group:artifact:version[:classifier] sha256 bytes``.
A jar comes into the folder only when its bytes are those of the lock, so that an interrupted fetch leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.errors import OutsideError, UsageError, reason_of
from graph.language import Text
from graph.server.fetch import fetch
from graph.server.locking import locked
from graph.server.telling import Step, Tell, silent

ENVIRONMENT = "JIEDUI_PARTS"
LOCKS = Path(__file__).parent / "locks"
LTS, CALENDAR = "5.26", "2026"
RELEASES = (LTS, CALENDAR)
SHELL = "shell"
SPARE_BYTES = 50_000_000
"""Disk that stays free beside the parts."""


@dataclass(frozen=True)
class Part:
    """One jar: Maven coordinate, SHA-256 of its bytes, and how many they are."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str
    size: int

    @property
    def coordinate(self) -> str:
        """``group:artifact:version[:classifier]``."""
        return ":".join(x for x in (self.group, self.artifact, self.version, self.classifier) if x)

    @property
    def path(self) -> Path:
        """Where it lies within the folder of parts."""
        ending = f"-{self.classifier}" if self.classifier else ""
        return Path(
            *self.group.split("."), self.artifact, self.version, f"{self.artifact}-{self.version}{ending}.jar"
        )

    def is_at(self, file: Path) -> bool:
        """Whether the file holds these bytes and no others."""
        try:
            if file.stat().st_size != self.size:
                return False
            with file.open("rb") as opened:
                return hashlib.file_digest(opened, "sha256").hexdigest() == self.sha256
        except OSError:
            return False


def parts_folder() -> Path:
    """Where parts are kept: ``JIEDUI_PARTS`` of the environment, else the user's cache folder."""
    from platformdirs import user_cache_path

    named = os.environ.get(ENVIRONMENT)
    return Path(named).expanduser().absolute() if named else user_cache_path("jiedui") / "parts"


def read_lock(release: str) -> list[Part]:
    """The parts of a release, in the order of its class path.

    Raises
    ------
    UsageError
        When there is no lock of that name.
    """
    file = LOCKS / f"{release}.lock"
    if not file.is_file():
        known = ", ".join(RELEASES)
        raise UsageError(
            f"没有 Neo4j {release} 的零件清单；可用：{known}",
            f"no list of parts for Neo4j {release}; there are {known}",
        )
    lines = file.read_text(encoding="ascii").splitlines()
    return [_part(line) for line in lines if line and not line.startswith("#")]


def version_of(parts: Sequence[Part]) -> str:
    """The exact version of Neo4j among the parts, such as ``5.26.30``."""
    return next(p.version for p in parts if p.group.startswith("org.neo4j"))


def missing_parts(release: str, folder: Path | None = None) -> tuple[str, list[Part]]:
    """The exact version of a release, and which of its parts are not in the folder; every byte is looked at."""
    parts = read_lock(release)
    return version_of(parts), _missing(parts, folder or parts_folder())


def ensure(release: str, folder: Path | None = None, tell: Tell = silent) -> list[Path]:
    """Have every part of a release in the folder, fetching what is missing or broken; the jars' paths.

    Raises
    ------
    OutsideError
        When parts are missing and cannot be fetched: no network, no such part there, other bytes than the lock says, a
        full disk; also when the extra ``neo4j`` is not installed.
    """
    place, parts = folder or parts_folder(), read_lock(release)
    missing = _missing(parts, place)
    if missing:
        try:
            place.mkdir(parents=True, exist_ok=True)
            with locked(place / ".lock"):
                missing = _missing(parts, place)  # another process may have fetched them meanwhile
                _bring(missing, place, version_of(parts), tell)
        except OSError as error:
            why = reason_of(error)
            raise OutsideError(
                f"无法存放 Neo4j 的零件：{place}：{why.zh}（尚缺 {_mb(missing)} MB）",
                f"cannot keep the parts of Neo4j in {place}: {why.en} ({_mb(missing)} MB are to come)",
            ) from error
    return [place / part.path for part in parts]


def _bring(missing: Sequence[Part], place: Path, version: str, tell: Tell) -> None:
    for left in place.glob(".fetching-*"):  # of a fetch that was killed: nobody else is here, by the lock
        shutil.rmtree(left, ignore_errors=True)
    total = sum(p.size for p in missing)
    free = shutil.disk_usage(place).free
    if free < total + SPARE_BYTES:
        raise OutsideError(
            f"磁盘空间不足：{place} 可用 {free / 1e6:.0f} MB，Neo4j 的零件还需 {total / 1e6:.0f} MB",
            f"the disk is too full: {free / 1e6:.0f} MB are free in {place}, the parts of Neo4j need {total / 1e6:.0f} MB more",
        )
    licence = Text(
        f"下载 Neo4j 社区版 {version} 的零件（GPLv3 许可，{len(missing)} 个文件，{total / 1e6:.0f} MB）",
        f"fetching the parts of Neo4j Community {version} (licence GPLv3; {len(missing)} files, {total / 1e6:.0f} MB)",
    )
    tell(Step(licence, 0, total))
    done = 0
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=place, ignore_cleanup_errors=True) as temporary:
        for part, file in fetch(missing, Path(temporary)):
            target = place / part.path
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(file, target)
            done += part.size
            tell(Step(licence, done, total))


def _missing(parts: Sequence[Part], place: Path) -> list[Part]:
    return [p for p in parts if not p.is_at(place / p.path)]


def _mb(parts: Sequence[Part]) -> int:
    return round(sum(p.size for p in parts) / 1e6)


def _part(line: str) -> Part:
    coordinate, sha256, size = line.split()
    group, artifact, version, *rest = coordinate.split(":")
    return Part(group, artifact, version, rest[0] if rest else "", sha256, int(size))
