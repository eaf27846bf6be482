"""A plan's way into the network: proposed, tried, adopted whole or in parts, withdrawn."""

from __future__ import annotations

from fastapi import APIRouter, Request

from api.http import conditional
from api.http.access import Known, needs
from api.http.models.plans import AdoptionGiven, AdoptionTold, PlanId, ProposalGiven, RequestTold, Withdrawn
from api.http.routes.plans import NOT_SHARED, state_of
from api.http.serving import TheService
from api.service.caller import Role
from api.service.plans import demand_other_eyes, plan_of, told_of
from graph.questions.place import READS
from planner.office.adopt import adopt as carry_out
from planner.office.adopt import part_of
from planner.office.propose import propose as put_beside
from planner.office.propose import withdraw as take_away

router = APIRouter(prefix="/plans/{id}", tags=["plans"])
"""Tables in which words for a place are looked up."""


@router.post(
    "/propose", summary="Propose a plan", dependencies=[needs(Role.PLANNER, "whole")], responses=NOT_SHARED
)
def propose(
    id: PlanId, given: ProposalGiven, request: Request, service: TheService, caller: Known
) -> RequestTold:
    """Puts its decisions beside the network and files a request.

    Proposing it again changes nothing; after it was withdrawn, returned or rejected it is submitted anew. Refused where it was
    computed from other data than the network holds.
    """
    store, network = service.networks.store()
    plan = plan_of(service.plans, id)
    conditional.demand_match(request, state_of(id, told_of(service.networks)))
    made = put_beside(store, network, plan, by=caller.name, reason=given.why)
    return RequestTold.model_validate(made.to_dict())


@router.post(
    "/adopt", summary="Adopt a plan, whole or in parts", dependencies=[needs(Role.PLANNER, "whole")], response_model_exclude_unset=True,
    responses={**NOT_SHARED, 403: {"description": "four eyes are wanted, and these proposed it; a dry run is open to them"}},
)  # fmt: skip
def adopt(
    id: PlanId, given: AdoptionGiven, request: Request, service: TheService, caller: Known
) -> AdoptionTold:
    """Relations and postings change from the day of planning, all at once. With `dry_run` it says row by row what would change.

    Adopting again what is in force changes nothing (`counts` is empty). Refused where what it touches has changed since the plan was
    computed, is held by an approved request, or lies in a frozen place; every such place is named.
    """
    store, network = service.networks.store()
    conditional.demand_match(request, state_of(id, told_of(service.networks)))
    if service.settings.four_eyes and not given.dry_run:
        demand_other_eyes(store, network, id, caller.name)
    part = part_of(store.read(network, tables=READS), given.only, given.without)
    done = carry_out(store, network, id, by=caller.name, part=part, note=given.note, dry_run=given.dry_run)
    return AdoptionTold.model_validate(done.to_dict())


@router.post(
    "/withdraw",
    summary="Withdraw a proposed plan",
    dependencies=[needs(Role.PLANNER, "whole")],
    responses=NOT_SHARED,
)
def withdraw(id: PlanId, request: Request, service: TheService, caller: Known) -> Withdrawn:
    """What was adopted of it stays; its request is rejected where nothing was."""
    store, network = service.networks.store()
    conditional.demand_match(request, state_of(id, told_of(service.networks)))
    take_away(store, network, id, by=caller.name)
    return Withdrawn(plan=id, state="withdrawn")
