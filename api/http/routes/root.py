"""At the root, for those who run the service: whether it lives, whether it is ready, which version it is."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api.http.access import OPEN
from api.http.document import document
from api.http.problems import MEDIA_TYPE
from api.http.ready import CHECKED, Found
from api.service.refusals import NotReady
from graph.language import Text
from planner.identity import PLAN_FORMAT

SILENT = Text("不能用；原因见服务的日志", "does not work; the service's log says why")
"""To those who do not run the service: reasons name folders, networks and servers."""
router = APIRouter(tags=["service"], dependencies=[OPEN])


class Alive(BaseModel):
    """The process answers."""

    status: str = Field(description="always `ok`", examples=["ok"])


class Ready(BaseModel):
    """The service can answer questions."""

    status: str = Field(description="always `ready`", examples=["ready"])
    network: str = Field(description="the network that questions are asked of", examples=["china-2016"])
    version: str = Field(description="digest of its version", examples=["20261128T050000000000"])
    checked: list[str] = Field(
        description="what was looked at: the store, the service's records, free space on the disk, the worker of the jobs",
        examples=[["store", "records", "disk", "worker"]],
    )


class Version(BaseModel):
    """Versions of what answers."""

    jiedui: str = Field(description="of the program", examples=["0.1.0"])
    api: str = Field(description="of this interface", examples=["v1"])
    plan_format: int = Field(
        description="number of the format of plans that it writes", examples=[PLAN_FORMAT]
    )


@router.get("/healthz", summary="Whether the process answers")
async def healthz() -> Alive:
    """Answers as long as the process lives; asks nothing of disk or store."""
    return Alive(status="ok")


@router.get(
    "/readyz", summary="Whether questions can be answered",
    responses={503: {"description": "store, records, disk or worker do not answer; `failed` says which", "content": {MEDIA_TYPE: {}}}},
)  # fmt: skip
async def readyz(request: Request) -> Ready:
    """Reads the network's version from its store, and the service's own records; looks at free space and at the worker; once a second.

    Why something fails is told to admins, and to whoever is at this machine where no login is needed; to all others only what does.
    """
    found: Found = await request.app.state.looking()
    asked, failed = found.asked, found.failed
    if failed or asked is None:
        names = ", ".join(failed)
        caller = request.scope.get("caller")
        told = failed if caller is not None and caller.oversees else dict.fromkeys(failed, SILENT)
        raise NotReady(
            f"尚不能服务：{names}",
            f"not ready: {names}",
            failed={name: why.as_dict() for name, why in told.items()},
        )
    return Ready(status="ready", network=asked.name, version=asked.version, checked=list(CHECKED))


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request) -> JSONResponse:
    """The document of the API; made in a thread when it is first asked for, which takes half a second."""
    return JSONResponse(document(request.app))


@router.get("/version", summary="Versions of the program, the interface and the formats")
async def versions() -> Version:
    """Which program answers."""
    return Version(jiedui=version("jiedui"), api="v1", plan_format=PLAN_FORMAT)
