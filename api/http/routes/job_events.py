"""Following a job: its events as they come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response
from sse_starlette import EventSourceResponse
from sse_starlette.sse import AppStatus

from api.http.access import Known, needs
from api.http.models.jobs import Told
from api.http.routes.jobs import Id, own
from api.http.serving import TheDesk, TheStreams
from api.http.streams import LINE_END, piece
from api.jobs.job import Job
from api.service.caller import Role

router = APIRouter(prefix="/jobs", tags=["jobs"])
AGAIN_MS = 1000
"""After which a reader whose stream has ended asks again."""
BEAT_SECONDS = 15
"""A comment so often keeps proxies from closing a stream on which nothing happens."""


AppStatus.enable_automatic_graceful_drain = False
# The library would cut streams off in the middle when the server is told to stop; the service ends them itself, whole (Streams.close).


class Stream(EventSourceResponse):
    """Server-sent events, told as such in the document of the API."""

    media_type = "text/event-stream"


def mine(id: Id, desk: TheDesk, caller: Known) -> Job:
    """The job, where it is the caller's; a dependency of its own, so that the records are not read in the event loop."""
    return own(desk.job(id), caller)


Mine = Annotated[Job, Depends(mine)]


@router.get(
    "/{id}/events",
    summary="Follow a job",
    dependencies=[needs(Role.VIEWER, "whole")],
    response_class=Stream,
    responses={
        200: {"model": Told, "description": "events; the model is that of their data"},
        204: {"description": "the job has ended, and nothing is behind that event: do not ask again"},
    },
)  # fmt: skip
async def events(
    job: Mine, streams: TheStreams,
    last: Annotated[int, Header(alias="Last-Event-ID", ge=0, lt=2**63, description="number of the event to go on behind", examples=[41])] = 0,
    last_event_id: Annotated[int, Query(ge=0, lt=2**63, description="the same number, for those who cannot set headers", examples=[41])] = 0,
) -> Response:  # fmt: skip
    """Server-sent events ``state`` and ``progress``, each with its number as ``id``.

    The stream ends behind the event that ends the job, and where the service stops; who asks again with the number of the last event
    they have gets what is behind it, none twice and none left out.
    """
    after = max(last, last_event_id)
    if not job.open and await streams.over(job.work, after):
        return Response(status_code=204)

    async def pieces() -> AsyncIterator[bytes]:
        yield piece(retry=AGAIN_MS)
        async for found in streams.follow(job.work, after):
            yield b"".join(event.wire for event in found)

    return EventSourceResponse(pieces(), ping=BEAT_SECONDS, sep=LINE_END)
