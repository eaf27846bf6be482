"""What the routes of the office take as parameters: the office itself, and what the caller may change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Header
from starlette.concurrency import run_in_threadpool

from api.http.access import Known
from api.http.serving import TheNetwork, TheService
from api.service.hindered import Hindered
from api.service.office import office_of
from api.service.reach import Reach
from api.service.scope import Scope
from graph.office.locked import Locked
from graph.office.office import Office


def the_office(service: TheService) -> Office:
    """The office of the network that is served."""
    return office_of(service)


async def the_reach(caller: Known, asked: TheNetwork, service: TheService) -> AsyncIterator[Reach]:
    """What the caller may change; what is refused meanwhile is told as far as it is theirs to see."""
    reach = Reach(Scope(caller, asked))
    try:
        yield reach
    except Locked as error:
        hindered = Hindered(office_of(service), reach)
        raise await run_in_threadpool(hindered.of, error) from error


TheOffice = Annotated[Office, Depends(the_office)]
TheReach = Annotated[Reach, Depends(the_reach)]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="the same key of the same caller gives what was made with it",
    ),
]


def problems(**told: str) -> dict[int | str, dict[str, Any]]:
    """``responses=`` of a route: status (behind ``on_``) → when it is answered."""
    return {int(status[3:]): {"description": words} for status, words in told.items()}


FILES = "the service answers about files, which are not changed here; or the change is in conflict with how things are"
"""When a change is answered with 409."""
STORED = problems(on_409="the service answers about files")
"""Of routes that only read."""
