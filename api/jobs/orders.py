"""Orders from what somebody asks for: names become folders, and what an order is made from becomes its ground."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from api.jobs.desk import Desk
from api.jobs.job import OPEN, Order
from api.jobs.kind import Names
from api.jobs.kinds import KINDS
from api.jobs.places import folder_of, network_named, new_scenario
from api.service.caller import Caller
from api.service.refusals import Refused
from api.service.scenarios.chain import demand_inside, head_of
from api.service.service import Service
from graph.errors import UsageError
from graph.store.opening import demand_address
from planner.scenario_values import typed_settings

TELLS_NAMES = ("check", "diff")
"""Kinds whose answers may show rows of every table of a scenario."""
WORKBOOKS = (".xlsx", ".xlsm")
MANY = 100_000
"""More jobs than ever wait or run."""


def order_of(
    service: Service, kind: str, given: Mapping[str, Any], caller: Caller, *, priority: int = 0
) -> Order:
    """The order of a kind with arguments that :func:`api.jobs.arguments.arguments_of` has checked.

    Raises
    ------
    NotFound
        When it names a scenario or plan that is not there.
    ScenarioError
        When a scenario leads to files or servers outside the service or holds names of cadres, or a setting has no such key or value.
    UsageError
        When what it names does not go together, or the network that it is about is files.
    CheckFailed
        When it names a scenario to be made that is there already.
    Refused
        When the answer may show names of persons, and the caller may not see them.
    """
    known = KINDS[kind]
    typed_settings(given.get("settings") or (), "settings")
    found = {a: _folders(service, names, given.get(a)) for a, names in known.names.items()}
    scenarios = [Path(f) for a, n in known.names.items() if n == "scenario" for f in found[a].values()]
    own = [service.settings.data / s for s in scenarios if s.parts[0] == service.scenarios.name]
    chain = [folder for place in own for folder in demand_inside(place, service.scenarios)]
    of_network = any("{network}" in word for word in known.fixed)
    served = any("network" in head_of(folder) for folder in chain)
    names = kind in TELLS_NAMES and (served or any(map(_holds_names, chain)))
    if names and not caller.sees_names:
        raise Refused(
            "答案会显示干部姓名，您的权限看不到姓名",
            "the answer would show names of cadres, which you may not see",
        )
    if kind == "repair" and given.get("apply") and given.get("published"):
        raise UsageError(
            "做成的场景不能记下已发布的方案；请去掉 apply 或 published",
            "a scenario that is made here cannot name a published plan; leave out apply or published",
        )
    if kind == "load":
        demand_address(service.networks.where)
    place = {"by": caller.name, **({"network": network_named(service.networks.where)} if of_network else {})}
    ground = [service.networks.asked().version] if of_network or served else []
    words = known.words(given, place, found)
    return Order(
        kind, dict(given), words, _digest([*ground, *map(_state, chain)]), priority, known.kept, names
    )


def job_using(desk: Desk, name: str) -> str:
    """Id of a job that waits or runs and is about a scenario; empty where there is none."""
    for job in desk.jobs(states=OPEN, limit=MANY):
        if any(name == job.arguments.get(a) for a, n in KINDS[job.kind].names.items() if n == "scenario"):
            return job.id
    return ""


def _folders(service: Service, names: Names, value: Any) -> dict[str, str]:
    """Name → folder, of one argument."""
    several = value if isinstance(value, list) else [] if value is None else [value]
    find = new_scenario if names == "new scenario" else folder_of
    return {str(name): find(service, names, str(name)) for name in several}


def _state(folder: Path) -> str:
    """Changes whenever a file of a scenario does."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    told = (f"{p.relative_to(folder)} {p.stat().st_size} {p.stat().st_mtime_ns}" for p in files)
    return _digest([str(folder.resolve()), *told])


def _digest(told: Iterable[str]) -> str:
    return hashlib.sha256("\n".join([version("jiedui"), *told]).encode()).hexdigest()


def _holds_names(folder: Path) -> bool:
    """Whether a scenario's own tables may have names: a workbook that was put there by hand may; other tables of names are refused."""
    return any(p.suffix.lower() in WORKBOOKS for p in folder.rglob("*") if p.is_file())
