"""Single values of a ``scenario.toml`` changed, everything else of the file as its author left it, comments too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from graph.errors import ScenarioError, UsageError
from planner.shipped import FILE


@dataclass(frozen=True)
class Patch:
    """What is to change in a file.

    Parameters
    ----------
    values : mapping of str to object
        ``stage.key`` (or ``key`` at the top) → its value; ``None`` takes the key away.
    add_changes : sequence of mapping
        ``[[change]]`` entries to put behind those that are there.
    drop_changes : sequence of int
        Numbers of entries to take away, from 1.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    add_changes: Sequence[Mapping[str, Any]] = ()
    drop_changes: Sequence[int] = ()


def patched(text: str, patch: Patch) -> str:
    """The file's text with what a patch changes.

    Raises
    ------
    ScenarioError
        When the text is no TOML.
    UsageError
        When the patch names a key of a key, or an entry that is not there.
    """
    try:
        document = tomlkit.parse(text)
        for name, value in patch.values.items():
            _set(document, name, value)
        _change(document, patch)
        return tomlkit.dumps(document)
    except TOMLKitError as error:
        raise ScenarioError(
            f"{FILE}：不是有效的 TOML：{error}", f"{FILE}: not valid TOML: {error}"
        ) from error


def _set(document: tomlkit.TOMLDocument, name: str, value: Any) -> None:
    section, dot, key = name.rpartition(".")
    if not key or "." in section or (dot and not section) or name == "change":
        raise UsageError(
            f"{name}：应为 键 或 阶段.键；[[change]] 用 add_changes",
            f"{name}: must be KEY or STAGE.KEY; for [[change]] use add_changes",
        )
    place: Any = document
    if section:
        if section not in document and value is not None:
            document.append(section, tomlkit.table())
        place = document.get(section, {})
        if not isinstance(place, dict):
            raise UsageError(f"{name}：{section} 不是一节", f"{name}: {section} is no section")
    if value is None:
        place.pop(key, None)
    elif key in place or section:
        place[key] = _item(value)
    else:
        _put_on_top(document, key, value)


def _put_on_top(document: tomlkit.TOMLDocument, key: str, value: Any) -> None:
    """A new key at the top goes behind the last one there: behind a section's head it would be the section's."""
    last = None
    for known, item in document.body:
        if isinstance(item, Table | AoT):
            break
        last = known if known is not None else last
    if last is None:
        rest = tomlkit.dumps(document)
        document.clear()
        again = tomlkit.parse(f"{tomlkit.dumps({key: value})}{rest}")
        for known, item in again.body:
            document.append(known, item)
    else:
        document._insert_after(last, tomlkit.key(key), _item(value))  # it has no public way


def _item(value: Any) -> Any:
    """A value as TOML has it, tables inline; what JSON has and TOML has not is refused."""
    if value is None:
        raise UsageError(
            "TOML 没有 null；要去掉一个键，把整个键设为 null",
            "TOML has no null; to take a key away set the whole key to null",
        )
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for key, inner in value.items():
            table.append(key, _item(inner))
        return table
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        for inner in value:
            array.append(_item(inner))
        return array
    return tomlkit.item(value)


def _change(document: tomlkit.TOMLDocument, patch: Patch) -> None:
    there = document.get("change")
    if there is not None and not isinstance(there, AoT):
        raise UsageError("change 应写成 [[change]]", "change must be written as [[change]]")
    count = len(there or ())
    for number in sorted(set(patch.drop_changes), reverse=True):
        if there is None or not 1 <= number <= count:
            raise UsageError(
                f"没有第 {number} 个 [[change]]；有 {count} 个",
                f"there is no [[change]] number {number}; there are {count}",
            )
        del there[number - 1]
    if there is None and patch.add_changes:
        there = tomlkit.aot()
        document.append("change", there)
    elif there is not None and not len(there) and not patch.add_changes:
        del document["change"]
    for entry in patch.add_changes:
        table = tomlkit.table()
        for key, value in entry.items():
            table.append(key, _item(value))
        assert there is not None
        there.append(table)
