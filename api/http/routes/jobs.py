"""Jobs: order, list, look at, follow, cancel, and what came of them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Path, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.http.access import Known, needs
from api.http.document import shown
from api.http.models.jobs import Job, JobPage, Progress, Wanted
from api.http.serving import TheDesk, TheService, TheStreams
from api.jobs.child import LOG, RESULT
from api.jobs.job import Event
from api.jobs.job import Job as Ordered
from api.jobs.kinds import KINDS, Kind
from api.jobs.office import order_of
from api.jobs.worker import FOLDER
from api.service.caller import Caller, Role
from api.service.refusals import NotFound, Refused
from graph.errors import CheckFailed

router = APIRouter(prefix="/jobs", tags=["jobs"])
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="the same key gives the job that was ordered with it",
        examples=["5d0c1f0e-plan-monday"],
    ),
]
Priority = Annotated[
    int, Query(ge=-10, le=10, description="-10 to 10, the higher the sooner; above 0 for admins")
]
Id = Annotated[str, Path(max_length=200, description="the job's id", examples=["9f2c4e1ab07d3358"])]


class Stream(EventSourceResponse):
    """Server-sent events, told as such in the document of the API."""

    media_type = "text/event-stream"


def ordering(kind: Kind) -> Any:
    """The route that orders a kind of job."""

    def order(
        service: TheService, desk: TheDesk, caller: Known, request: Request, response: Response, arguments: BaseModel, key: Key = None, priority: Priority = 0,
    ) -> Job:  # fmt: skip
        if priority > 0 and caller.role < Role.ADMIN:
            raise Refused(
                "只有管理者可以插队（priority 大于 0）", "only an admin may jump the queue (priority above 0)"
            )
        wanted = order_of(service, kind.name, arguments.model_dump(mode="json"), priority=priority)
        job, new = desk.submit(wanted, caller.name, key=key)
        response.status_code = 202 if new else 200
        response.headers["Location"] = f"{request.url.path.rsplit('/', 1)[0]}/{job.id}"
        if new:
            service.ring()
        return Job.of(job)

    order.__annotations__["arguments"] = Annotated[
        kind.arguments, Body()
    ]  # made of the command's own options
    order.__doc__ = kind.help
    return order


for _kind in KINDS.values():
    router.add_api_route(
        f"/{_kind.name}", ordering(_kind), methods=["POST"], status_code=202, response_model=Job, name=f"order_{_kind.name}",
        summary=f"Order `jiedui {_kind.name}`", dependencies=[needs(_kind.role, "whole")],
        responses={200: {"model": Job, "description": "ordered before with this key"}, 409: {"description": "the key was used for another job"}},
    )  # fmt: skip


@router.get("", summary="Jobs, the newest first", dependencies=[needs(Role.VIEWER, "any")])
def jobs(
    desk: TheDesk, caller: Known, state: Annotated[list[Wanted] | None, Query(description="only in these states")] = None,
    cursor: Annotated[str, Query(max_length=32, description="`next` of the page before")] = "",
    limit: Annotated[int, Query(ge=1, le=1000, description="jobs on a page")] = 100,
) -> JobPage:  # fmt: skip
    """One's own; an admin sees everybody's."""
    owner = None if caller.oversees else caller.name
    found = desk.jobs(owner=owner, states=state or (), before=cursor, limit=limit + 1)
    page = [Job.of(job) for job in found[:limit]]
    return JobPage(jobs=page, next=page[-1].id if len(found) > limit else None)


@router.get("/{id}", summary="A job as it stands", dependencies=[needs(Role.VIEWER, "any")])
def job(id: Id, desk: TheDesk, caller: Known) -> Job:
    """Its state, and what went wrong."""
    return Job.of(own(desk.job(id), caller))


@router.delete("/{id}", summary="Cancel a job", dependencies=[needs(Role.VIEWER, "any")])
def cancel(id: Id, desk: TheDesk, caller: Known) -> Job:
    """Ends its solver within a second, unless somebody else waits for the same work. One that has ended stays as it is."""
    own(desk.job(id), caller)
    return Job.of(desk.cancel(id))


@router.get(
    "/{id}/result",
    summary="What a job gave",
    dependencies=[needs(Role.VIEWER, "any")],
    response_class=FileResponse,
    responses={
        200: shown("application/json", "object", "the command's answer"),
        409: {"description": "it has not ended well"},
    },
)
def result(id: Id, service: TheService, desk: TheDesk, caller: Known) -> FileResponse:
    """The command's ``--json``, as on the command line."""
    found = own(desk.job(id), caller)
    file = service.settings.data / FOLDER / str(found.work) / RESULT
    if found.state != "done" or not file.is_file():
        raise CheckFailed(f"任务 {id} 没有结果（{found.state}）", f"job {id} has no result ({found.state})")
    return FileResponse(file, media_type="application/json")


@router.get(
    "/{id}/log",
    summary="What a job said beside",
    dependencies=[needs(Role.VIEWER, "any")],
    response_class=FileResponse,
    responses={200: shown("text/plain", "string", "lines as they were said")},
)
def log(id: Id, service: TheService, desk: TheDesk, caller: Known) -> FileResponse:
    """Warnings and the like, as on standard error."""
    file = service.settings.data / FOLDER / str(own(desk.job(id), caller).work) / LOG
    if not file.is_file():
        raise NotFound(f"任务 {id} 还没有日志", f"job {id} has no log yet")
    return FileResponse(file, media_type="text/plain; charset=utf-8")


@router.get(
    "/{id}/events",
    summary="Follow a job",
    dependencies=[needs(Role.VIEWER, "any")],
    response_class=Stream,
    responses={200: {"model": Progress, "description": "events; the model is that of their data"}},
)
async def events(
    id: Id, desk: TheDesk, streams: TheStreams, caller: Known,
    last: Annotated[int, Header(alias="Last-Event-ID", ge=0, description="number of the event to go on behind", examples=[41])] = 0,
) -> EventSourceResponse:  # fmt: skip
    """Server-sent events: ``state`` and ``progress``; the stream ends with the job."""
    found = own(desk.job(id), caller)

    async def told() -> AsyncIterator[ServerSentEvent]:
        async for event in streams.follow(found.work, last):
            yield sent(event)

    return EventSourceResponse(told())


def sent(event: Event) -> ServerSentEvent:
    """An event as it goes over the wire."""
    data = {"at": event.at.isoformat(), **event.facts}
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=event.kind, id=str(event.number))


def own(job: Ordered, caller: Caller) -> Ordered:
    """The job, where it is the caller's or the caller oversees all.

    Raises
    ------
    NotFound
        When it is somebody else's: whether it is there is nobody's business.
    """
    if job.owner != caller.name and not caller.oversees:
        raise NotFound(f"没有任务 {job.id}", f"there is no job {job.id}")
    return job
