"""How villages are staffed: figures, a county's team, and the table of all who are posted, also as a plan would have it."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.answers.posted import posted_rows
from api.answers.told import Told
from api.http.access import Known, needs
from api.http.asking import Ask
from api.http.conditional import NOT_MODIFIED
from api.http.filters import NAMED
from api.http.frames.answer import answer
from api.http.frames.groups import By, grouped
from api.http.frames.routes import FILTERS, add_table, form_of
from api.http.frames.source import Source, frame_source
from api.http.models import staffing as models
from api.http.models.groups import Groups
from api.http.models.tables import page_model
from api.http.routes.network import SUBTREE, At, Words
from api.http.serving import TheNetwork, TheService
from api.service.caller import Caller, Role
from api.service.networks import Asked
from api.service.scope import Scope
from api.service.seen import alike
from api.service.service import Service
from graph.schema import JOINED
from graph.titles import titled_values

router = APIRouter(prefix="/network", tags=["staffing"])
Months = Annotated[
    int, Query(ge=0, le=1200, description="how far to look ahead for terms, in months", examples=[12])
]
PlanBeside = Annotated[
    str | None, Query(max_length=100, description="id of a plan: as its postings would have it", examples=["0f3a9c6d2b1e4758"])
]  # fmt: skip
Region = Annotated[
    str | None,
    Query(min_length=1, max_length=100, description="only within this place, by county", examples=["530000"]),
]
OWN = ("at", "plan")
"""Parameters of the table that are no conditions on its columns."""


@router.get(
    "/staffing", summary="How villages are staffed", response_model=models.Staffing, responses=NAMED | NOT_MODIFIED, dependencies=SUBTREE
)  # fmt: skip
async def staffing(ask: Ask, months: Months = 12, at: At = None, region: Region = None, plan: PlanBeside = None) -> Response:  # fmt: skip
    """Figures of people, seats, villages, terms, skills and languages: by tier, and by province or within a place by county.

    With a plan: as its postings would have it.
    """
    return await ask(Told.staffing, months, at, region, plan)


@router.get(
    "/staffing/teams/{region}", summary="Who is where in a county", response_model=models.Team, responses=NAMED | NOT_MODIFIED,
    dependencies=SUBTREE,
)  # fmt: skip
async def team(ask: Ask, region: Words, months: Months = 12, at: At = None, plan: PlanBeside = None) -> Response:  # fmt: skip
    """Its villages, their posts, and the people in them; with a plan also who would come and who would leave."""
    return await ask(Told.team, region, months, at, plan)


def posted_source(service: Service, asked: Asked, caller: Caller, at: date | None, plan: str | None) -> Source:  # fmt: skip
    """The table of all who are posted, as a caller may see it."""
    where = service.networks.where
    frame = posted_rows(Scope(caller, asked), service.plans, where, at, plan)
    state = f"{asked.name} {asked.version} {date.today()} {alike(caller)} {at} {plan}"
    made = frame_source(frame, "posted", JOINED["posted"], stem=f"{asked.name}-posted", state=state)
    return Source(**{**vars(made), "values": partial(titled_values, asked.regions)})


def posted(
    request: Request, service: TheService, asked: TheNetwork, caller: Known, at: At = None, plan: PlanBeside = None
) -> Response:  # fmt: skip
    """Who is posted where on the day, with what is known of the village, the post and the cadre; with a plan also who would come, and who would leave."""
    return answer(request, posted_source(service, asked, caller, at, plan), form_of(request), *OWN)


add_table(
    router, "/posted", posted, ("posted_by_suffix", "posted_by_accept"), summary="People posted", needs=needs(Role.VIEWER, "subtree"),
    page=page_model(JOINED["posted"]),
)  # fmt: skip


@router.get(
    "/posted/groups", summary="People posted, counted by values", dependencies=SUBTREE, response_model=Groups, responses=NOT_MODIFIED,
    openapi_extra=FILTERS,
)  # fmt: skip
def posted_groups(
    request: Request, by: By, service: TheService, asked: TheNetwork, caller: Known, at: At = None, plan: PlanBeside = None
) -> Response:  # fmt: skip
    """As of a table of the network: groups stand in the order in which `sort` would put their rows."""
    return grouped(request, posted_source(service, asked, caller, at, plan), *OWN)
