"""Where the network's regions lie, for maps."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool

from api.answers.sight import sight_of
from api.geometry.drawn import drawn, ground_of
from api.http.access import needs
from api.http.asking import Ask
from api.http.conditional import NOT_MODIFIED, headers_of, not_modified, weak_tag
from api.http.models.geometry import Map
from api.http.serving import TheNetwork
from api.service.caller import Role

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

    Shapes come from the folder of GeoJSON that the service was set to (`geometry`); without one there are points. Schematic, not for
    boundary use.
    """
    settings = ask.service.settings
    ground = await run_in_threadpool(ground_of, settings)
    tag = weak_tag(asked.version, ask.caller.regions, "geometry", level, ground)
    if same := not_modified(ask.request, tag, there=False):
        return same
    sight = sight_of(asked, ask.caller)
    file = await run_in_threadpool(drawn, settings, sight, level, tag.strip('W/"'))
    return not_modified(ask.request, tag) or GeoJson(file, headers=headers_of(tag))
