"""GeoJSON as the API shows it (RFC 7946)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from api.http.models.message import Message
from graph.schema import TABLES

_REGION = TABLES["regions"].by_name


class MapGeometry(BaseModel):
    """A shape or point (WGS84)."""

    type: Literal["Point", "Polygon", "MultiPolygon", "LineString", "MultiLineString"] = Field(
        description="kind of geometry", examples=["Point"]
    )
    coordinates: list[Any] = Field(description="longitude and latitude (degrees)", examples=[[98.86, 25.85]])


class MapProperties(BaseModel):
    """What is told of a region; of a line that belongs to none, only its name."""

    code: str | None = Field(
        description=f"{_REGION['code'].en}; null for lines of no region", examples=["533300"]
    )
    name: str = Field(description=_REGION["name"].en, examples=["怒江傈僳族自治州"])
    level: str | None = Field(None, description=_REGION["level"].en, examples=["prefecture"])
    parent: str | None = Field(None, description="code of the place that it lies in", examples=["530000"])
    lon: float | None = Field(None, description="longitude of its seat (degrees, WGS84)", examples=[98.86])
    lat: float | None = Field(None, description="latitude of its seat (degrees, WGS84)", examples=[25.85])
    mark: str | None = Field(
        None, description="`recalled`, `synthetic` or `assumed`; null: from a source", examples=["recalled"]
    )
    shape: Literal["code", "succession", "containing", "point"] | None = Field(
        None,
        description="how its shape was found: by its `code`, by a code before or after it, as the one `containing` its seat; `point`: there is none",
        examples=["code"],
    )


class MapFeature(BaseModel):
    """A region, or a line of the map."""

    type: Literal["Feature"] = Field(description="always `Feature`", examples=["Feature"])
    id: str | None = Field(None, description="the region's code", examples=["533300"])
    properties: MapProperties = Field(description="what is told of it")
    geometry: MapGeometry = Field(description="where it lies")


class Map(BaseModel):
    """Where regions lie."""

    type: Literal["FeatureCollection"] = Field(
        description="always `FeatureCollection`", examples=["FeatureCollection"]
    )
    network: str = Field(description="name of the network", examples=["china-2016"])
    note: Message = Field(description="what it must not be used for")
    features: list[MapFeature] = Field(
        description="regions in the network's order, then lines that belong to none"
    )
    without_place: list[str] = Field(
        description="codes of regions of which nothing is known where they lie", examples=[[]]
    )
