"""Shapes out of a folder of GeoJSON files, by region code; borders and other lines that belong to no region beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.errors import InputError, OutsideError, reason_of

CODES = ("code", "gb", "adcode", "id")
"""Properties that may hold a region's code, the first that does counting."""
NATIONAL = re.compile(r"156(\d{6})(?:000)?")
"""``156`` and six digits, as China's geographic data number places; zeros behind it stand for all below."""


@dataclass(frozen=True)
class Shape:
    """One shape.

    Parameters
    ----------
    code : str
        Code of the region; empty where it belongs to none.
    name : str
    geometry : str
        GeoJSON geometry (WGS84), as text.
    box : tuple of float
        West, south, east, north (degrees).
    """

    code: str
    name: str
    geometry: str
    box: tuple[float, float, float, float]

    @property
    def size(self) -> float:
        """Area of its box (square degrees)."""
        west, south, east, north = self.box
        return (east - west) * (north - south)

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a point lies in it: by the number of its edges to the east, holes out."""
        west, south, east, north = self.box
        if not (west <= lon <= east and south <= lat <= north):
            return False
        crossed = 0
        for ring in self._rings:
            (x, y), (u, v) = ring[:-1].T, ring[1:].T
            across = (y > lat) != (v > lat)
            crossed += int((lon < (u - x)[across] * (lat - y[across]) / (v - y)[across] + x[across]).sum())
        return crossed % 2 == 1

    def corners_near(self, lon: float, lat: float, most: float) -> bool:
        """Whether one of its corners lies within some degrees of a point."""
        west, south, east, north = self.box
        if not (west - most <= lon <= east + most and south - most <= lat <= north + most):
            return False
        return any(bool((np.hypot(*(ring - (lon, lat)).T) <= most).any()) for ring in self._rings)

    @cached_property
    def _rings(self) -> list[NDArray[np.float64]]:
        told = json.loads(self.geometry)
        parts = {"Polygon": [told["coordinates"]], "MultiPolygon": told["coordinates"]}.get(told["type"], [])
        return [np.asarray(ring, dtype=np.float64)[:, :2] for part in parts for ring in part]


@lru_cache(maxsize=1)
def read_shapes(folder: Path, ground: Hashable) -> Sequence[Shape]:
    """Every shape of the ``.geojson`` and ``.json`` files of a folder, by file name; of several with one code the first.

    Parameters
    ----------
    folder : Path
    ground : hashable
        What the files are; as long as it is the same they are not read again.

    Raises
    ------
    InputError
        When a file is no GeoJSON FeatureCollection.
    OutsideError
        When one cannot be read.
    """
    found: dict[str, Shape] = {}
    loose: dict[str, Shape] = {}
    for file in files_of(folder):
        for shape in _shapes(file):
            if shape.code:
                found.setdefault(shape.code, shape)
            else:
                loose.setdefault(shape.geometry, shape)
    return [*found.values(), *loose.values()]


def shapes_of(file: Path) -> list[Shape]:
    """Every shape of one file, in its order; of several with one code the first, of lines that are alike one.

    Raises
    ------
    InputError, OutsideError
        As :func:`read_shapes`.
    """
    return list({shape.code or shape.geometry: shape for shape in reversed(list(_shapes(file)))}.values())[
        ::-1
    ]


def files_of(folder: Path) -> list[Path]:
    """The files in which shapes are looked for."""
    return sorted(file for file in folder.iterdir() if file.suffix.lower() in (".geojson", ".json"))


def _shapes(file: Path) -> Iterator[Shape]:
    try:
        told = json.loads(file.read_bytes())
        for feature in told["features"]:
            if feature["geometry"] is not None:
                yield _shape(feature)
    except OSError as error:
        why = reason_of(error)
        raise OutsideError(f"无法读取 {file}：{why.zh}", f"cannot read {file}: {why.en}") from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(
            f"{file} 不是 GeoJSON FeatureCollection", f"{file} is no GeoJSON FeatureCollection"
        ) from error


def _shape(feature: dict[str, Any]) -> Shape:
    properties = feature.get("properties") or {}
    given = [properties.get(key) for key in CODES] + [feature.get("id")]
    code = next((str(value) for value in given if value not in (None, "")), "")
    if national := NATIONAL.fullmatch(code):
        code = national[1]
    geometry = {key: feature["geometry"][key] for key in ("type", "coordinates")}
    runs = [np.asarray(run, dtype=np.float64) for run in _runs(geometry["coordinates"])]
    west, south = np.min([run[:, :2].min(axis=0) for run in runs], axis=0)
    east, north = np.max([run[:, :2].max(axis=0) for run in runs], axis=0)
    text = json.dumps(geometry, separators=(",", ":"))
    return Shape(
        code, str(properties.get("name") or ""), text, (float(west), float(south), float(east), float(north))
    )


def _runs(coordinates: Any) -> Iterator[list[list[float]]]:
    """The runs of points in a geometry: rings, lines, or the one point."""
    if isinstance(coordinates[0], int | float):
        yield [coordinates]
    elif isinstance(coordinates[0][0], int | float):
        yield coordinates
    else:
        for inner in coordinates:
            yield from _runs(inner)
