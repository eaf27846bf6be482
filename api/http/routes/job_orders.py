"""Ordering jobs: a route for each kind."""

from __future__ import annotations

from typing import Annotated, Any, NoReturn

from fastapi import APIRouter, Body, Header, Path, Query, Request, Response
from pydantic import BaseModel

from api.http.access import Known, needs
from api.http.models.jobs import Job
from api.http.routes.jobs import own
from api.http.serving import TheDesk, TheService
from api.jobs.arguments import arguments_of
from api.jobs.kind import Kind
from api.jobs.kinds import KINDS
from api.jobs.orders import order_of
from api.service.caller import Role
from api.service.refusals import NotFound, Refused
from graph.tables.suggest import did_you_mean

router = APIRouter(prefix="/jobs", tags=["jobs"])
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="the same key with the same body gives the job that was ordered with it; with another body it is refused",
        examples=["7f0c1d1e-plan-2026"],
    ),
]
Priority = Annotated[
    int,
    Query(ge=-10, le=10, description="-10 to 10, the higher the sooner; above 0 for admins", examples=[0]),
]
SHOWN = 40
"""Characters of a kind that there is not that are told."""
DOUBLE: dict[int | str, dict[str, Any]] = {
    200: {"model": Job, "description": "ordered before with this key"},
    409: {"description": "the key was used for another order, or what is to be made is there already"},
    429: {"description": "too many jobs wait, in all or for the caller; see `Retry-After`"},
}


def ordering(kind: Kind) -> Any:
    """The route that orders a kind of job."""

    def order(
        service: TheService, desk: TheDesk, caller: Known, request: Request, response: Response, arguments: BaseModel, key: Key = None, priority: Priority = 0,
    ) -> Job:  # fmt: skip
        if priority > 0 and caller.role < Role.ADMIN:
            raise Refused(
                "只有管理者可以插队（priority 大于 0）", "only an admin may jump the queue (priority above 0)"
            )
        given = arguments.model_dump(mode="json")
        job, new = None if key is None else desk.ordered(kind.name, given, caller.name, key), False
        if job is None:
            wanted = order_of(service, kind.name, given, caller, priority=priority)
            job, new = desk.submit(wanted, caller.name, key=key)
        if new:
            service.ring()
        response.status_code = 202 if new else 200
        response.headers["Location"] = f"{request.url.path.rsplit('/', 1)[0]}/{job.id}"
        return Job.of(own(job, caller))

    order.__annotations__["arguments"] = Annotated[
        arguments_of(kind), Body()
    ]  # made of the command's own options
    order.__doc__ = f"{kind.help}. The answer is `jiedui {' '.join(kind.line)} --json`'s."
    return order


for _kind in KINDS.values():
    router.add_api_route(
        f"/{_kind.name}", ordering(_kind), methods=["POST"], status_code=202, response_model=Job, name=f"order_{_kind.name.replace('-', '_')}",
        summary=f"Order `jiedui {' '.join(_kind.line)}`", dependencies=[needs(_kind.role, "whole")], responses=DOUBLE,
    )  # fmt: skip


@router.post(
    "/{id}", summary="Order what is no kind of job", dependencies=[needs(Role.VIEWER, "whole")], status_code=404, response_model=None,
    response_description="always: kinds that there are have addresses of their own",
)  # fmt: skip
def order_unknown(id: Annotated[str, Path(max_length=200, description="what is no kind", examples=["plann"])]) -> NoReturn:  # fmt: skip
    """Tells which kinds there are."""
    near, kinds = did_you_mean(id[:SHOWN], KINDS), list(KINDS)
    raise NotFound(
        f"没有任务种类 {id[:SHOWN]}{near.zh or '。'}可用：{'、'.join(kinds)}",
        f"no kind of job {id[:SHOWN]}{near.en or '.'} There are: {', '.join(kinds)}",
    )
