"""Where things of the service are, as the words of a work name them: seen from the data folder, in which works stand."""

from __future__ import annotations

from pathlib import Path

from api.jobs.kind import Names
from api.service.plans import plan_folder
from api.service.scenarios.names import demand_free, demand_name
from api.service.service import Service
from graph.store.opening import store_address
from planner.shipped import shipped


def folder_of(service: Service, names: Names, name: str) -> str:
    """The folder of a scenario or plan of the service, or the name of a shipped scenario.

    Raises
    ------
    NotFound
        When there is none of that name.
    """
    place = plan_folder(service.plans, name) if names == "plan" else service.shelf.place(name)
    own = place.parent in (service.plans, service.scenarios)
    return f"{place.parent.name}/{name}" if own else name


def new_scenario(service: Service, names: Names, name: str) -> str:
    """The folder of a scenario that is to be made.

    Raises
    ------
    UsageError
        When it cannot have that name.
    CheckFailed
        When there is one of that name.
    """
    demand_name(name)
    demand_free(name, [*service.shelf.kept.names(), *shipped()])
    return f"{service.scenarios.name}/{name}"


def network_named(where: str) -> str:
    """The network that the service was told of, in words that hold in any folder."""
    address = store_address(where, beside=Path.cwd())
    if address is not None:
        return str(address)
    return str(Path(where).absolute()) if Path(where).exists() else where
