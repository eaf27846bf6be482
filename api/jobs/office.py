"""Orders from what somebody asks for: names become folders, and what an order is made from becomes its ground."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from api.jobs.job import Order
from api.jobs.kinds import KINDS, Names
from api.service.refusals import NotFound
from api.service.service import Service


def order_of(service: Service, kind: str, given: Mapping[str, Any], *, priority: int = 0) -> Order:
    """The order of a kind with arguments that :attr:`api.jobs.kinds.Kind.arguments` has checked.

    Raises
    ------
    NotFound
        When it names a scenario or plan that is not there.
    """
    known = KINDS[kind]
    found: dict[str, str] = {}
    for argument, names in known.names.items():
        value = given.get(argument)
        for name in value if isinstance(value, list) else [] if value is None else [value]:
            found[str(name)] = folder_of(service, names, str(name))
    words = known.words(given, {"plans": str(service.plans)}, found)
    return Order(kind, dict(given), words, _ground(found.values()), priority)


def folder_of(service: Service, names: Names, name: str) -> str:
    """The folder of a scenario or plan of the service, or the name of a shipped scenario.

    Raises
    ------
    NotFound
        When there is none of that name.
    """
    from planner.shipped import shipped

    place = service.plans if names == "plan" else service.scenarios
    if name in {entry.name for entry in place.iterdir() if not entry.name.startswith(".")}:  # never a path
        return str(place / name)
    if names == "scenario" and name in shipped():
        return name
    zh, en = ("方案", "plan") if names == "plan" else ("场景", "scenario")
    raise NotFound(f"没有{zh} {name}", f"there is no {en} {name}")


def _ground(places: Any) -> str:
    """Digest of the files of scenarios that were made here; plans and shipped scenarios do not change."""
    told = hashlib.sha256()
    for place in sorted(cast("list[str]", list(places))):
        folder = Path(place)
        if folder.is_absolute() and not (folder / "plan.json").is_file():
            for file in sorted(p for p in folder.rglob("*") if p.is_file()):
                told.update(
                    str(file.relative_to(folder)).encode()
                    + b"\0"
                    + hashlib.sha256(file.read_bytes()).digest()
                )
    return told.hexdigest()
