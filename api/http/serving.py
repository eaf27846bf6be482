"""What routes take as parameters: the service, the network at the version that the request sees, the desk and the streams of jobs.

Those that only look something up are coroutines: FastAPI takes a thread for each that is not, which costs more than most answers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from api.http.access import known
from api.http.door import EntryDoor
from api.http.streams import Streams
from api.jobs.desk import Desk
from api.service.networks import Asked
from api.service.scope import Scope
from api.service.service import Service
from graph.wording import speak


async def service_of(request: Request) -> Service:
    """The service that the app was made for."""
    found: Service = request.app.state.service
    return found


async def asked_of(request: Request) -> Asked:
    """The network as it is since the request came; asked for once (:mod:`api.http.now`). What the request is answered is in its words from here on."""
    known: Asked | None = request.scope.get("asked")
    found: Asked = known if known is not None else await request.app.state.now()
    if "wording" not in vars(found):  # read once for each version
        await run_in_threadpool(lambda: found.wording)
    speak(found.wording)  # a request is a task of its own
    return found


async def desk_of(request: Request) -> Desk:
    """Where jobs are ordered."""
    service: Service = request.app.state.service
    return service.desk


async def streams_of(request: Request) -> Streams:
    """Event streams of jobs."""
    found: Streams = request.app.state.streams
    return found


async def door_of(request: Request) -> EntryDoor:
    """Where those who ask come in."""
    found: EntryDoor = request.app.state.door
    return found


async def holds_of(request: Request) -> Callable[[str], bool]:
    """Whether a region lies in what the caller may see; the network is not asked for who is not limited."""
    caller = known(request)
    return (lambda code: True) if not caller.regions else Scope(caller, await asked_of(request)).holds


TheService = Annotated[Service, Depends(service_of)]
TheNetwork = Annotated[Asked, Depends(asked_of)]
TheDesk = Annotated[Desk, Depends(desk_of)]
TheDoor = Annotated[EntryDoor, Depends(door_of)]
Holds = Annotated[Callable[[str], bool], Depends(holds_of)]
TheStreams = Annotated[Streams, Depends(streams_of)]
