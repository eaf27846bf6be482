"""The plans of the service: found by their ids, which are names of a listing and never paths; what colleagues wrote on them and did with them."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from api.service.networks import Networks
from api.service.refusals import NotFound
from graph.errors import CheckFailed
from graph.language import Text
from graph.office.adopted import plan_requests
from graph.office.label import Label, labels_of
from graph.office.office import Office
from graph.office.request import Request, SameEyes
from graph.store.protocol import Store
from planner.catalogue import Entry, catalogue
from planner.plan import Plan, read_plan

GONE = ".gone-"
"""Before the name of a plan's folder that is being removed; a folder with a dot is no plan's."""


@dataclass(frozen=True)
class Told:
    """What the network's store keeps about plans; nothing where the service was told of files.

    Parameters
    ----------
    labels : mapping of str to Label
        Plan id → what colleagues wrote on it.
    requests : mapping of str to Request
        Plan id → its request, where it was proposed.
    """

    labels: Mapping[str, Label] = field(default_factory=dict)
    requests: Mapping[str, Request] = field(default_factory=dict)


def plan_folder(plans: Path, id: str) -> Path:
    """The folder of a plan.

    Raises
    ------
    NotFound
        When there is none of that id.
    """
    if id not in {entry.name for entry in plans.iterdir() if not entry.name.startswith(".")}:
        raise no_plan(id)
    return plans / id


def plan_of(plans: Path, id: str) -> Plan:
    """A plan by its id; raises as :func:`plan_folder` and :func:`planner.plan.read_plan`."""
    return read_plan(plan_folder(plans, id))


def listed(plans: Path) -> tuple[list[Entry], list[Text]]:
    """As :func:`planner.catalogue.catalogue`, read again only where a plan came or went."""
    there = []
    for file in plans.glob("[!.]*/plan.json"):
        with suppress(FileNotFoundError):  # removed meanwhile
            there.append((file.parent.name, file.stat().st_mtime_ns))
    return _listed(plans, tuple(sorted(there)))


@lru_cache(maxsize=2)
def _listed(plans: Path, there: tuple[tuple[str, int], ...]) -> tuple[list[Entry], list[Text]]:
    del there  # what it depends on
    return catalogue(plans)


def entry_of(plans: Path, plan: Plan) -> Entry:
    """A plan as it is listed.

    Raises
    ------
    InputError
        When a file of it cannot be read, so that it is not.
    NotFound
        When it was removed meanwhile.
    """
    found = next((entry for entry in listed(plans)[0] if entry.id == plan.id), None)
    if found is None:
        _ = plan.sealed, plan.run
        raise no_plan(plan.id)
    return found


def no_plan(id: str) -> NotFound:
    """What to say of a plan that is not there."""
    return NotFound(f"没有方案 {id[:80]}", f"there is no plan {id[:80]}")


def told_of(networks: Networks) -> Told:
    """What the network's store keeps about plans."""
    if not networks.stored:
        return Told()
    store, name = networks.store()
    return Told(labels_of(store, name), plan_requests(store, name))


def demand_other_eyes(store: Store, network: str, plan: str, by: str) -> None:
    """Let pass who did not propose a plan.

    Raises
    ------
    SameEyes
        When it was them.
    """
    request = plan_requests(store, network).get(plan)
    if request is not None and by in Office(store, network).writers(request):
        raise SameEyes(
            f"方案 {plan} 由 {by} 提出，须由他人采纳（四只眼）",
            f"{by} proposed plan {plan}; somebody else has to adopt it (four eyes)",
        )


def remove(plans: Path, id: str, networks: Networks) -> None:
    """Remove a plan for good.

    Raises
    ------
    NotFound
        When there is none of that id.
    CheckFailed
        When it is proposed or in force, or another plan was held against it.
    """
    folder = plan_folder(plans, id)
    _refuse_needed(plans, id, networks)
    gone = plans / f"{GONE}{uuid.uuid4().hex}"
    folder.rename(gone)  # at once out of every listing
    for left in plans.glob(f"{GONE}*"):  # also what a kill left half removed
        shutil.rmtree(left, ignore_errors=True)


def _refuse_needed(plans: Path, id: str, networks: Networks) -> None:
    request = told_of(networks).requests.get(id)
    if request is not None and (request.pending or request.standing):
        raise CheckFailed(
            f"方案 {id} {request.told.zh}，不能删除；先撤下或撤回",
            f"plan {id} is {request.told.en} and cannot be removed; withdraw it or revert its adoption first",
        )
    for other in (entry.plan for entry in listed(plans)[0]):
        if other.id != id and other.head["inputs"].get("published") == id:
            raise CheckFailed(
                f"方案 {other.id} 以 {id} 为已公布的方案，不能删除它",
                f"plan {other.id} was held against {id} as the published one; it cannot be removed",
            )
