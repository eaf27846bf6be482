"""Where scenarios are: a path, one beside another, or one that came with jiedui."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from graph.errors import UsageError
from graph.tables.suggest import did_you_mean

FILE = "scenario.toml"


def shipped() -> dict[str, Path]:
    """Scenarios that came with jiedui: name → folder."""
    spec = find_spec("scenarios")
    folders = [Path(p) for p in (spec.submodule_search_locations or [])] if spec else []
    return {f.name: f for folder in folders for f in sorted(folder.iterdir()) if (f / FILE).is_file()}


def find_scenario(where: str | Path, beside: Path | None = None) -> Path:
    """The folder, file or workbook of a scenario: a path, or the name of a shipped one.

    Raises
    ------
    UsageError
        When there is neither, the name is empty, or the folder is a plan's.
    """
    if not str(where).strip():  # Path("") would be the current folder
        raise UsageError("场景名是空的；请给出文件夹、文件或自带场景的名字",
                         "the scenario's name is empty; name a folder, a file or a shipped scenario")  # fmt: skip
    path = Path(where)
    for folder in () if beside is None or path.is_absolute() else (beside, beside.parent):
        if (folder / path).exists():
            return folder / path
    if path.name == FILE and path.is_file():
        return path.parent
    if (path / "plan.json").is_file() and not (path / FILE).exists():
        raise UsageError(
            f"{where} 是方案文件夹，不是场景；请给出它所规划的场景",
            f"{where} is a plan's folder, not a scenario; name the scenario that it was made of",
        )
    if path.exists():
        return path
    known = shipped()
    if str(where) in known:
        return known[str(where)]
    meant = did_you_mean(str(where), list(known))
    raise UsageError(
        f"找不到场景 {where}：既不是文件夹或文件，也不是自带场景（{'、'.join(known) or '无'}）{meant.zh}",
        f"no scenario {where}: neither a folder or file nor a shipped scenario ({', '.join(known) or 'none'}){meant.en}",
    )
