"""Alerts: what wants attention, steps with one, what is new since somebody looked."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query

from api.http.access import Known, needs
from api.http.filters import NAMED, Region, places_of_filter
from api.http.models.alerts import Alert, AlertPage, Round, RoundList, Said
from api.http.models.day import Day
from api.http.office import TheOffice, TheReach, problems
from api.http.paging import Cursor, Limit, page
from api.http.serving import TheNetwork, TheService
from api.service.caller import Role
from api.service.hindered import Hindered
from api.service.office import office_of
from api.service.reach import Reach
from api.service.service import Service
from graph.alerts.alert import Kind, Severity, order
from graph.alerts.board import no_alert
from graph.alerts.standing import STEPS, Standing, State, Step

router = APIRouter(prefix="/alerts", tags=["office"])
At = Annotated[Day | None, Query(description="the day asked for; the network's own, else today, by default")]
STORED = problems(on_409="the service answers about files, of which nothing can be said; or the alert's state does not allow it")  # fmt: skip
TOLD: dict[Step, str] = {
    "acknowledge": "Somebody has seen it: to a day, or until it is reopened or its condition is gone.",
    "resolve": "Nothing needs to be done, for a reason (`note`): until its condition changes.",
    "reopen": "It is active again.",
}


@router.get("", summary="Alerts", dependencies=[needs(Role.VIEWER, "subtree")], responses=NAMED)
def alerts(
    service: TheService, asked: TheNetwork, reach: TheReach,
    state: Annotated[list[State] | None, Query(description="only in these states; active and acknowledged by default")] = None,
    kind: Annotated[list[Kind] | None, Query(description="only of these kinds")] = None,
    severity: Annotated[list[Severity] | None, Query(description="only so grave")] = None,
    region: Region = "",
    at: At = None, cursor: Cursor = "", limit: Limit = 100,
) -> AlertPage:  # fmt: skip
    """The gravest first. Callers limited to regions see what concerns a place in them.

    Of requests that wait they see those that `GET /requests` shows them. From which point on something is an alert is set by
    `alert_months`, `alert_places`, `alert_years` and `alert_waiting_days` of the service. Of a network in files all are active.
    """
    inside = places_of_filter(asked, region)
    states = state or ("active", "acknowledged")

    def wanted(found: Standing) -> bool:
        alert = found.alert
        return (
            found.state in states
            and (kind is None or alert.kind in kind)
            and (severity is None or alert.severity in severity)
            and (inside is None or not inside.isdisjoint(alert.regions))
            and sees(service, reach, found)
        )

    listed, behind = page(filter(wanted, service.alerts.standing(at)), _order, cursor, limit)
    return AlertPage(alerts=[Alert.of(s) for s in listed], next=behind)


def _order(found: Standing) -> str:
    return " ".join(map(str, (int(found.gone), *order(found.alert))))


def sees(service: Service, reach: Reach, found: Standing) -> bool:
    """Whether an alert concerns a place that the caller may see; one about a request, whether the request is theirs to see."""
    if not reach.scope.whole and found.alert.kind == "waiting_request":
        return Hindered(office_of(service), reach).sees_request(found.alert.subject)
    return reach.scope.whole or any(map(reach.scope.holds, found.alert.regions))


@router.get(
    "/rounds",
    summary="What was new at each look",
    dependencies=[needs(Role.VIEWER, "whole")],
    responses=STORED,
)
def rounds(
    service: TheService, office: TheOffice, after: Annotated[int, Query(ge=0, le=2**31, description="only rounds behind this number")] = 0,
    limit: Limit = 100,
) -> RoundList:  # fmt: skip
    """The oldest first: each alert is told once, in the round in which it was new."""
    found = service.alerts.board().rounds(after)
    more = len(found) > limit
    return RoundList(
        rounds=[Round.of(r) for r in found[:limit]], next=found[limit - 1].number if more else None
    )


@router.post(
    "/rounds", summary="Look what is new", dependencies=[needs(Role.COORDINATOR, "whole")], responses=STORED
)
def look(service: TheService, office: TheOffice, caller: Known) -> Round:
    """Says which alerts are active that were not when somebody looked last, and notes it."""
    return Round.of(service.alerts.board().look(by=caller.name))


@router.get("/{id}", summary="An alert", dependencies=[needs(Role.VIEWER, "subtree")])
def alert(id: str, service: TheService, reach: TheReach, at: At = None) -> Alert:
    """As it stands."""
    found = next((s for s in service.alerts.standing(at) if s.alert.id == id), None)
    if found is None or not sees(service, reach, found):
        raise no_alert(id)
    return Alert.of(found)


def stepping(step: Step) -> Any:
    """The route of one step."""

    def take(
        id: str, service: TheService, office: TheOffice, reach: TheReach, caller: Known, at: At = None,
        said: Annotated[Said | None, Body()] = None,
    ) -> Alert:  # fmt: skip
        board, told = service.alerts.board(at), said or Said.model_validate({})
        found = board.one(id)
        if not sees(service, reach, found):
            raise no_alert(id)
        if not reach.scope.whole:
            reach.scope.demand([found.alert.region] if found.alert.region else found.alert.regions)
        return Alert.of(board.step(id, step, by=caller.name, note=told.note, until=told.until))

    take.__doc__ = f"{TOLD[step]} Whose business it is decides who may: `region`, where it has one."
    return take


for _step in STEPS:
    router.add_api_route(
        f"/{{id}}/{_step}", stepping(_step), methods=["POST"], response_model=Alert, name=f"{_step}_alert",
        summary=f"{_step.capitalize()} an alert", dependencies=[needs(Role.COORDINATOR, "subtree")], responses=STORED,
    )  # fmt: skip
