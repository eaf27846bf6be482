"""The regions' GeoJSON as a file, made once for a version of the network and those who see as much of it."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import polars as pl

from api.answers.sight import Sight
from api.geometry.feature import collection
from api.geometry.join import join
from api.geometry.shapes import files_of, read_shapes
from api.service.ground import folder_of
from api.service.settings import Settings
from graph.errors import OutsideError, UsageError, reason_of
from graph.questions.ledger import check_level

KEPT = 16
"""Files that are kept, the newest."""
DRAWING = threading.Lock()
"""One at a time: others who want the same wait for it."""


def ground_of(settings: Settings) -> tuple[object, ...]:
    """What the shapes are, for the answer's tag: files with size and time of change.

    Raises
    ------
    OutsideError
        When the folder, which was there at the start, is there no more.
    """
    if settings.geometry is None:
        return ()
    try:
        folder = folder_of(settings.geometry)
    except UsageError as error:
        raise OutsideError(
            "各地边界的文件夹（设置 geometry）不在了；请告知管理服务的人",
            "the folder of the regions' shapes (setting geometry) is not there any more; tell those who run the service",
        ) from error
    files = [(file.name, file.stat()) for file in files_of(folder)]
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in files)


def drawn(settings: Settings, sight: Sight, level: str | None, name: str) -> Path:
    """The file; written whole or not at all.

    Parameters
    ----------
    settings : Settings
        Where shapes and files are.
    sight : Sight
        What the caller sees.
    level : str or None
        Only regions at this level.
    name : str
        Of the file: the same as long as its content is.

    Raises
    ------
    UsageError
        When there is no such level.
    InputError, OutsideError
        When the shapes cannot be read.
    """
    folder = settings.data / "geometry"
    file = folder / f"{name}.geojson"
    if level is not None:
        check_level(sight.scope.asked.questions.settings, level)
    if not file.is_file():
        with DRAWING:
            if not file.is_file():  # nobody has drawn it meanwhile
                _draw(file, _pieces(settings, sight, level))
    return file


def _draw(file: Path, pieces: Iterator[str]) -> None:
    try:
        file.parent.mkdir(exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=file.parent, encoding="utf-8", delete=False) as part:
            try:
                part.writelines(pieces)
                part.flush()
            except BaseException:
                os.unlink(part.name)
                raise
        os.replace(part.name, file)
    except OSError as error:
        why = reason_of(error)
        raise OutsideError(
            f"无法写入 {file.parent}：{why.zh}", f"cannot write {file.parent}: {why.en}"
        ) from error
    _forget(file.parent)


def _pieces(settings: Settings, sight: Sight, level: str | None) -> Iterator[str]:
    asked = sight.scope.asked
    regions = asked.frame("regions").filter(~pl.col("pseudo").fill_null(value=False))
    shapes = (
        () if settings.geometry is None else read_shapes(folder_of(settings.geometry), ground_of(settings))
    )
    successions = asked.frame("region_successions").select("old", "new").iter_rows()
    placed = join(level, regions, successions, shapes)
    return collection(
        asked.name, placed, (s for s in shapes if not s.code), None if sight.whole else sight.near
    )


def _forget(folder: Path) -> None:
    files = sorted(folder.glob("*.geojson"), key=lambda file: file.stat().st_mtime_ns)
    for file in files[:-KEPT]:
        with suppress(FileNotFoundError):
            file.unlink()
