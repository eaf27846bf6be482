"""Where things of the service are, as the words of a work name them: seen from the data folder, in which works stand."""

from __future__ import annotations

import re
from pathlib import Path

from api.jobs.kind import Names
from api.service.refusals import NotFound
from api.service.service import Service
from graph.errors import CheckFailed, UsageError
from graph.store.opening import store_address
from planner.shipped import shipped

NAME = re.compile(r"[\w][\w.-]{0,99}")
"""Of a scenario that is made here: one part of a path, letters of any script."""


def folder_of(service: Service, names: Names, name: str) -> str:
    """The folder of a scenario or plan of the service, or the name of a shipped scenario.

    Raises
    ------
    NotFound
        When there is none of that name.
    """
    place = service.plans if names == "plan" else service.scenarios
    if name in {entry.name for entry in place.iterdir() if not entry.name.startswith(".")}:  # never a path
        return f"{place.name}/{name}"
    if names == "scenario" and name in shipped():
        return name
    zh, en = ("方案", "plan") if names == "plan" else ("场景", "scenario")
    raise NotFound(f"没有{zh} {name}", f"there is no {en} {name}")


def new_scenario(service: Service, names: Names, name: str) -> str:
    """The folder of a scenario that is to be made.

    Raises
    ------
    UsageError
        When it cannot have that name.
    CheckFailed
        When there is one of that name.
    """
    if not NAME.fullmatch(name):
        raise UsageError(
            f"{name} 不能作场景名：用字母、数字、-、_、.，不以标点开头，最多 100 个字符",
            f"{name} cannot name a scenario: use letters, digits, -, _ and ., no punctuation first, 100 characters at most",
        )
    if (service.scenarios / name).exists() or name in shipped():
        raise CheckFailed(
            f"已有场景 {name}；请换一个名字", f"there is a scenario {name} already; take another name"
        )
    return f"{service.scenarios.name}/{name}"


def network_meant(where: str) -> str:
    """The network that the service was told of, in words that hold in any folder."""
    address = store_address(where, beside=Path.cwd())
    if address is not None:
        return str(address)
    return str(Path(where).absolute()) if Path(where).exists() else where
