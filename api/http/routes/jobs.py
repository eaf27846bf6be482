"""Jobs: list, look at, cancel, and what came of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi import Path as Where
from fastapi.responses import FileResponse

from api.http.access import Known, needs
from api.http.audited import note
from api.http.document import shown
from api.http.file_answers import FileAnswer
from api.http.models.jobs import File, FileList, Job, JobPage
from api.http.paging import IdCursor, Limit
from api.http.serving import TheDesk, TheService
from api.jobs.files import file_of, files_of
from api.jobs.job import Job as Ordered
from api.jobs.job import State
from api.jobs.means import FOLDER, GIVEN, LOG, RESULT
from api.service.caller import Caller, Role
from api.service.refusals import NotFound, Refused
from api.service.service import Service
from graph.errors import CheckFailed

router = APIRouter(prefix="/jobs", tags=["jobs"])
Id = Annotated[str, Where(max_length=200, description="the job's id", examples=["9f2c4e1ab07d3358"])]
Name = Annotated[
    str, Where(max_length=1000, description="a name in the list of files", examples=["comparison.xlsx"])
]


@router.get("", summary="Jobs, the newest first", dependencies=[needs(Role.VIEWER, "whole")])
def jobs(
    desk: TheDesk, caller: Known, state: Annotated[list[State] | None, Query(description="only in these states")] = None,
    cursor: IdCursor = "", limit: Limit = 100,
) -> JobPage:  # fmt: skip
    """One's own; an admin sees everybody's."""
    owner = None if caller.oversees else caller.name
    found = desk.jobs(
        owner=owner, states=state or (), names=caller.sees_names, before=cursor, limit=limit + 1
    )
    page = [Job.of(job) for job in found[:limit]]
    return JobPage(jobs=page, next=page[-1].id if len(found) > limit else None)


@router.get("/{id}", summary="A job as it stands", dependencies=[needs(Role.VIEWER, "whole")])
def job(id: Id, desk: TheDesk, caller: Known) -> Job:
    """Its state, and what went wrong."""
    return Job.of(own(desk.job(id), caller))


@router.delete("/{id}", summary="Cancel a job", dependencies=[needs(Role.VIEWER, "whole")])
def cancel(id: Id, desk: TheDesk, caller: Known) -> Job:
    """Ends its solver within a second, unless somebody else waits for the same work. One that has ended stays as it is."""
    own(desk.job(id), caller)
    return Job.of(desk.cancel(id))


@router.get(
    "/{id}/result",
    summary="What a job gave",
    dependencies=[needs(Role.VIEWER, "whole")],
    response_class=FileResponse,
    responses={
        200: shown("application/json", ["object", "array"], "the command's answer"),
        409: {"description": "it has not ended well"},
    },
)
def result(id: Id, service: TheService, desk: TheDesk, caller: Known, request: Request) -> FileResponse:
    """The command's ``--json``, as on the command line."""
    found = own(desk.job(id), caller)
    told = _place(service, found) / RESULT
    if found.state != "done" or not told.is_file():
        raise CheckFailed(f"任务 {id} 没有结果（{found.state}）", f"job {id} has no result ({found.state})")
    tell_names(request, found)
    return FileAnswer(told, media_type="application/json")


@router.get(
    "/{id}/log",
    summary="What a job said beside",
    dependencies=[needs(Role.VIEWER, "whole")],
    response_class=FileResponse,
    responses={200: shown("text/plain", "string", "lines as they were said")},
)
def log(id: Id, service: TheService, desk: TheDesk, caller: Known, request: Request) -> FileResponse:
    """Warnings and the like, as on standard error."""
    found = own(desk.job(id), caller)
    told = _place(service, found) / LOG
    if not told.is_file():
        raise NotFound(f"任务 {id} 还没有日志", f"job {id} has no log yet")
    tell_names(request, found)
    return FileAnswer(told, media_type="text/plain; charset=utf-8")


@router.get("/{id}/files", summary="Files that a job has written", dependencies=[needs(Role.VIEWER, "whole")])
def files(id: Id, service: TheService, desk: TheDesk, caller: Known) -> FileList:
    """Workbooks, pages, pictures, tables of a sweep, as the command writes them; some may be there while it runs."""
    found = files_of(_place(service, own(desk.job(id), caller)) / GIVEN)
    return FileList(files=[File(name=name, bytes=file.stat().st_size) for name, file in found.items()])


@router.get(
    "/{id}/files/{name:path}",
    summary="A file that a job has written",
    dependencies=[needs(Role.VIEWER, "whole")],
    response_class=FileResponse,
    responses={200: shown("*/*", "string", "the file, of the media type that its name tells")},
)
def file(
    id: Id, name: Name, service: TheService, desk: TheDesk, caller: Known, request: Request
) -> FileResponse:
    """By its name in the list."""
    job = own(desk.job(id), caller)
    found = file_of(_place(service, job) / GIVEN, name)
    tell_names(request, job)
    return FileAnswer(found, filename=found.name)


def tell_names(request: Request, job: Ordered) -> None:
    """Have the audit log told that somebody gets what may hold names of cadres."""
    if job.names:
        note(request, names=job.kind)


def _place(service: Service, job: Ordered) -> Path:
    return service.settings.data / FOLDER / str(job.work)


def own(job: Ordered, caller: Caller) -> Ordered:
    """The job, where it is the caller's or the caller oversees all.

    Raises
    ------
    NotFound
        When it is somebody else's: whether it is there is nobody's business.
    Refused
        When it may hold names of persons, and the caller may not see those: another token of the same name may say less.
    """
    if job.owner != caller.name and not caller.oversees:
        raise NotFound(f"没有任务 {job.id}", f"there is no job {job.id}")
    if job.names and not caller.sees_names:
        raise Refused(
            f"任务 {job.id} 含有干部姓名，您的权限看不到姓名",
            f"job {job.id} holds names of cadres, which you may not see",
        )
    return job
