"""Freezes: places whose rows do not change for a time."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Response

from api.http.access import Known, needs
from api.http.models.freezes import Freeze, FreezeList, FreezeWanted
from api.http.office import STORED, TheOffice, TheReach
from api.http.serving import TheNetwork
from api.service.caller import Role
from api.service.hindered import sees_freeze
from api.service.refusals import NotFound
from graph.office.register import Freeze as Frozen

router = APIRouter(prefix="/freezes", tags=["office"])


@router.get("", summary="Freezes", dependencies=[needs(Role.VIEWER, "subtree")], responses=STORED)
def freezes(office: TheOffice, reach: TheReach, asked: TheNetwork) -> FreezeList:
    """Meanwhile nothing that names the place or anything below it is approved, applied, adopted or reverted."""
    regions = asked.regions
    found = [f for f in office.register().freezes if sees_freeze(reach, regions, f.region)]
    return FreezeList(freezes=[Freeze.of(f, regions.label(f.region)) for f in found], next=None)


@router.post("", status_code=201, summary="Freeze a place", dependencies=[needs(Role.PLANNER, "subtree")], responses=STORED)  # fmt: skip
def freeze(
    office: TheOffice, reach: TheReach, asked: TheNetwork, caller: Known, wanted: FreezeWanted
) -> Freeze:
    """From `since` to the day before `until`, days of this service's clock."""
    reach.scope.demand([wanted.region])
    made = Frozen(wanted.region, wanted.since, wanted.until, wanted.reason, caller.name)
    made.demand_to_come(date.today())
    office.freeze(made, by=caller.name)
    return Freeze.of(made, asked.regions.label(made.region))


@router.delete("/{region}", status_code=204, summary="Thaw a place", dependencies=[needs(Role.PLANNER, "subtree")],
               responses=STORED)  # fmt: skip
def thaw(region: str, office: TheOffice, reach: TheReach, caller: Known) -> Response:
    """Lifts every freeze of the place itself; what is frozen above it stays."""
    reach.scope.demand([region])
    if all(f.region != region for f in office.register().freezes):
        raise NotFound(f"{region} 没有冻结", f"{region} is not frozen")
    office.thaw(region, by=caller.name)
    return Response(status_code=204)
