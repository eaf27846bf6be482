"""Which files shapes come from: those of a folder or of the package, the widest regions first."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from api.geometry.shapes import files_of
from api.service.ground import PACKAGE, folder_of, shapes_wanted
from api.service.settings import Settings
from graph.errors import OutsideError, UsageError

CHINA = "gb2260"
"""Scheme of the codes that the package's shapes have."""


@dataclass(frozen=True)
class Source:
    """Where shapes come from.

    Parameters
    ----------
    name : str
        What it is called: the package with its version, else empty.
    folder : Path
    files : tuple of (Path, int, int)
        GeoJSON files with size (bytes) and time of change (nanoseconds), the smallest first: it has the fewest shapes, of the widest regions.
    """

    name: str
    folder: Path
    files: tuple[tuple[Path, int, int], ...]

    @property
    def ground(self) -> tuple[object, ...]:
        """What the shapes are, for tags; other shapes have another ground."""
        return (self.name, *((file.name, size, changed) for file, size, changed in self.files))

    @property
    def packaged(self) -> bool:
        """Whether they are the package's."""
        return bool(self.name)


def stem_of(file: tuple[Path, int, int], form: int) -> str:
    """What files are called that are made of one, in some form."""
    path, size, changed = file
    return (
        f"{path.stem[:40]}-{hashlib.sha256(repr((str(path), size, changed, form)).encode()).hexdigest()[:16]}"
    )


def source_of(settings: Settings, codes: str) -> Source | None:
    """The source that the settings name; ``None``: there are no shapes.

    Parameters
    ----------
    settings : Settings
    codes : str
        Scheme of the network's codes: the package's shapes are China's (``gb2260``); other countries do not lie on them.

    Raises
    ------
    OutsideError
        When the folder, which was there at the start, is there no more.
    """
    packaged = str(settings.geometry) == PACKAGE
    if not shapes_wanted(settings.geometry) or (packaged and codes != CHINA):
        return None
    try:
        folder = folder_of(settings.geometry)
    except UsageError as error:
        raise OutsideError(
            "各地边界的文件夹（设置 geometry）不在了；请告知管理服务的人",
            "the folder of the regions' shapes (setting geometry) is not there any more; tell those who run the service",
        ) from error
    files = [(file, file.stat()) for file in files_of(folder)]
    found = [(file, stat.st_size, stat.st_mtime_ns) for file, stat in files]
    name = f"{PACKAGE} {version(PACKAGE)}" if packaged else ""
    return Source(name, folder, tuple(sorted(found, key=lambda file: (file[1], file[0].name))))
