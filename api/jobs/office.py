"""Orders from what somebody asks for: names become folders, and what an order is made from becomes its ground."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from api.jobs.desk import Desk
from api.jobs.job import OPEN, Order
from api.jobs.kinds import KINDS, Names
from api.service.made.chain import demand_inside
from api.service.refusals import NotFound
from api.service.service import Service

MANY = 100_000
"""More jobs than ever wait or run."""


def order_of(service: Service, kind: str, given: Mapping[str, Any], *, priority: int = 0) -> Order:
    """The order of a kind with arguments that :attr:`api.jobs.kinds.Kind.arguments` has checked.

    Raises
    ------
    NotFound
        When it names a scenario or plan that is not there.
    ScenarioError
        When a scenario leads to files or servers outside the service.
    """
    known = KINDS[kind]
    found: dict[str, str] = {}
    for argument, names in known.names.items():
        value = given.get(argument)
        for name in value if isinstance(value, list) else [] if value is None else [value]:
            found[str(name)] = folder_of(service, names, str(name))
    words = known.words(given, {"plans": str(service.plans)}, found)
    return Order(kind, dict(given), words, _ground(found.values(), service.scenarios), priority)


def folder_of(service: Service, names: Names, name: str) -> str:
    """The folder of a scenario or plan of the service, or the name of a shipped scenario.

    Raises
    ------
    NotFound
        When there is none of that name.
    ScenarioError
        When it leads to files or servers outside the service.
    """
    from planner.shipped import shipped

    place = service.plans if names == "plan" else service.scenarios
    if name in {entry.name for entry in place.iterdir() if not entry.name.startswith(".")}:  # never a path
        if names == "scenario":
            demand_inside(place / name, place)
        return str(place / name)
    if names == "scenario" and name in shipped():
        return name
    zh, en = ("方案", "plan") if names == "plan" else ("场景", "scenario")
    raise NotFound(f"没有{zh} {name}", f"there is no {en} {name}")


def job_using(desk: Desk, name: str) -> str:
    """Id of a job that waits or runs and is about a scenario; empty where there is none."""
    for job in desk.jobs(states=OPEN, limit=MANY):
        if any(name == job.arguments.get(a) for a, n in KINDS[job.kind].names.items() if n == "scenario"):
            return job.id
    return ""


def _ground(places: Iterable[str], scenarios: Path) -> str:
    """Digest of the files of scenarios that were made here, and of those that they overlay; plans and shipped scenarios do not change."""
    told = hashlib.sha256()
    for place in sorted(p for p in places if Path(p).is_absolute()):
        for folder in [] if (Path(place) / "plan.json").is_file() else demand_inside(Path(place), scenarios):
            for file in sorted(p for p in folder.rglob("*") if p.is_file()):
                told.update(
                    f"{file.relative_to(folder)}\0".encode() + hashlib.sha256(file.read_bytes()).digest()
                )
    return told.hexdigest()
