"""Orders from what somebody asks for: names become folders, and what an order is made from becomes its ground."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from api.jobs.job import Order
from api.jobs.kind import Names
from api.jobs.kinds import KINDS
from api.jobs.places import folder_of, network_meant, new_scenario
from api.service.caller import Caller
from api.service.refusals import Refused
from api.service.service import Service
from graph.store.opening import demand_address
from planner.shipped import FILE as SCENARIO
from planner.shipped import find_scenario

TELLS_NAMES = ("check", "diff")
"""Kinds whose answers may show rows of every table of a scenario."""
NAMES, WORKBOOKS = "cadre_names", (".xlsx", ".xlsm")


def order_of(
    service: Service, kind: str, given: Mapping[str, Any], caller: Caller, *, priority: int = 0
) -> Order:
    """The order of a kind with arguments that :func:`api.jobs.arguments.arguments_of` has checked.

    Raises
    ------
    NotFound
        When it names a scenario or plan that is not there.
    CheckFailed
        When it names a scenario to be made that is there already.
    Refused
        When the answer may show names of persons, and the caller may not see them.
    """
    known = KINDS[kind]
    found = {a: _folders(service, names, given.get(a)) for a, names in known.names.items()}
    place, ground = {"by": caller.name}, list[str]()
    if kind == "load":
        demand_address(service.networks.where)
    if any("{network}" in word for word in known.fixed):
        place["network"] = network_meant(service.networks.where)
        ground.append(service.networks.asked().version)
    scenarios = [Path(f) for a, n in known.names.items() if n == "scenario" for f in found[a].values()]
    chain = [folder for s in scenarios for folder in chain_of(service.settings.data / s, service.scenarios)]
    if kind in TELLS_NAMES and not caller.sees_names and any(map(_holds_names, chain)):
        raise Refused(
            "答案会显示干部姓名，您的权限看不到姓名",
            "the answer would show names of cadres, which you may not see",
        )
    words = known.words(given, place, found)
    return Order(kind, dict(given), words, _digest([*ground, *map(_state, chain)]), priority, known.kept)


def _folders(service: Service, names: Names, value: Any) -> dict[str, str]:
    """Name → folder, of one argument."""
    several = value if isinstance(value, list) else [] if value is None else [value]
    find = new_scenario if names == "new scenario" else folder_of
    return {str(name): find(service, names, str(name)) for name in several}


def chain_of(scenario: Path, made: Path) -> Iterator[Path]:
    """Folders of a scenario that was made here and of those it stands on, as far as they were made here, too."""
    seen = set[Path]()
    while scenario.is_relative_to(made) and scenario.is_dir() and scenario not in seen:
        seen.add(scenario)
        yield scenario
        base = _written(scenario / SCENARIO).get("base")
        if not base:
            return
        try:
            scenario = find_scenario(str(base), beside=scenario)
        except Exception:  # the command itself says what is wrong with it
            return


def _written(file: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return {}


def _state(folder: Path) -> str:
    """Changes whenever a file of a scenario does; where it reads a store, every time."""
    if "network" in _written(folder / SCENARIO):
        return uuid.uuid4().hex
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return _digest(f"{p.relative_to(folder)} {p.stat().st_size} {p.stat().st_mtime_ns}" for p in files)


def _digest(told: Iterable[str]) -> str:
    return hashlib.sha256("\n".join([version("jiedui"), *told]).encode()).hexdigest()


def _holds_names(folder: Path) -> bool:
    """Whether a scenario's own tables may have names; every workbook may."""
    files = [p for p in folder.rglob("*") if p.is_file()]
    return any(p.stem == NAMES or p.suffix.lower() in WORKBOOKS for p in files)
