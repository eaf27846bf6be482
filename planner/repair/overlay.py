"""A way out as a scenario of its own: an overlay that holds the changes and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Item

from graph.errors import UsageError
from graph.schema import TABLES
from graph.tables.write import disk_told, write_atomically
from planner.clash.edits import Cell, Edit, changed_values
from planner.repair.search import Repair
from planner.scenario import Scenario
from planner.shipped import FILE, find_scenario, shipped


def demand_free(target: Path) -> None:
    """The folder of an overlay is not there yet, or empty; asked before any solve, too.

    Raises
    ------
    UsageError
        When something is in it, or it is a file.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(
            f"{target} 已经存在且不是空的；用 --to 指定别的文件夹",
            f"{target} is there and not empty; name another folder with --to",
        )


def write_overlay(
    scenario: Scenario,
    where: str,
    stage: str,
    repair: Repair,
    target: Path,
    settings: Sequence[str] = (),
    published: str = "",
    stages: Sequence[str] = (),
) -> Path:
    """Write the overlay and give its folder back.

    Parameters
    ----------
    scenario : Scenario
        The scenario that is mended, with the values of the command line in it.
    where : str
        As the user named it; what the overlay stands on.
    stage : str
        Whose values are changed.
    repair : Repair
        The changes.
    target : Path
        The new folder; it may be there when it is empty.
    settings : sequence of str
        ``stage.key=value`` that the user gave besides the file; they go into the overlay, too.
    published : str
        Folder of the published plan, where the user gave one.
    stages : sequence of str
        Stages that the user named; the overlay plans these alone.

    Raises
    ------
    UsageError
        When the folder is there and not empty, or ``where`` is no folder.
    OutsideError
        When it cannot be written.
    """
    demand_free(target)
    beside = os.path.relpath(Path(published).resolve(), target.resolve()) if published else ""
    text = overlay_text(scenario, base_of(where, target), stage, repair, settings, beside, stages)
    with disk_told(target):
        target.mkdir(parents=True, exist_ok=True)
        write_atomically(target / FILE, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    return target


def base_of(where: str, target: Path) -> str:
    """What an overlay in ``target`` calls its base: the name of a shipped scenario or of one beside it, else the way there."""
    found = find_scenario(where)
    if found in shipped().values():
        return found.name
    if found.parent.resolve() == target.parent.resolve() and not (target / found.name).exists():
        return found.name
    return os.path.relpath(found.resolve(), target.resolve())


def overlay_text(
    scenario: Scenario,
    base: str,
    stage: str,
    repair: Repair,
    settings: Sequence[str] = (),
    published: str = "",
    stages: Sequence[str] = (),
) -> str:
    """The file: what differs, each with a comment that says why."""
    document = tomlkit.document()
    document["format"] = 1
    document["base"] = base
    document["title"] = f"{scenario.title.zh}（修补）"
    document["title_en"] = f"{scenario.title.en} (mended)"
    if published:
        document["published"] = published
    if stages:
        document["stages"] = list(scenario.stages)
    for name, keys in _values(scenario, stage, repair.edits, settings).items():
        table = tomlkit.table()
        for key, (value, why) in keys.items():
            for line in why:
                table.add(tomlkit.comment(line))
            table[key] = item_of(value)
        document[name] = table
    changes = tomlkit.aot()
    for edit, words in zip(repair.edits, repair.words, strict=True):
        if isinstance(edit, Cell):
            changes.append(_change(edit, words.en))
    if changes:
        document["change"] = changes
    return tomlkit.dumps(document)


def _values(
    scenario: Scenario, stage: str, edits: Iterable[Edit], settings: Sequence[str]
) -> dict[str, dict[str, tuple[Any, list[str]]]]:
    """Stage → key → value, and the comments above it."""
    found: dict[str, dict[str, tuple[Any, list[str]]]] = {}
    for item in settings:
        name, _, key = item.partition("=")[0].strip().partition(".")
        found.setdefault(name, {})[key] = (scenario.policies[name].values[key], ["--set"])
    edits = list(edits)
    new = changed_values(scenario.policies[stage].values, edits)
    old = scenario.policies[stage].values
    for edit in edits:
        if not isinstance(edit, Cell):
            why = f"instead of {_inline(old[edit.key])}: the rules could not hold together"
            found.setdefault(stage, {})[edit.key] = (new[edit.key], [why])
    return found


def _inline(value: Any) -> str:
    return str(item_of(value).as_string())


def item_of(value: Any) -> Item:
    """As TOML, tables inline."""
    if not isinstance(value, Mapping):
        item: Item = tomlkit.item(value)
        return item
    inline = tomlkit.inline_table()
    inline.update(value)
    return inline


def _change(edit: Cell, why: str) -> Any:
    """A ``[[change]]`` that sets the cell."""
    row = zip(TABLES[edit.table].key, edit.row, strict=True)
    change = tomlkit.table()
    change["table"] = edit.table
    change["where"] = item_of({k: "" if v is None else v for k, v in row})
    change["set"] = item_of({edit.column: edit.value})
    change["why"] = why
    return change
