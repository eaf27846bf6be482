"""A file of shapes made small for the screen: simplified once with the borders that neighbours share kept, quantised, borders told once.

Runs in a process of its own (:mod:`api.service.bounded`): it takes seconds of the processor.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from api.geometry.shapes import Shape, shapes_of
from api.geometry.written import write_whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 0.02
"""How far a border may move (degrees, 2 km): less than a point of the screen where the country is 1,000 points high."""
GRID = 10_000
"""Steps of the grid, each way, on which points lie."""
DECIMALS = 4
"""Of coordinates as GeoJSON (degrees)."""
PATIENT = 10
"""Added to the process's niceness: who asks goes first."""
AREAS = (3, 6)
"""Shapely's numbers of polygons and multipolygons."""
FORM = 1
"""Of the files that are written; another form has another name."""


def simplify(file: Path, folder: Path, stem: str) -> None:
    """Write ``stem.layer``, whose first line says what is there and whose second holds the arcs, and ``stem.geojson``, the same shapes.

    Parameters
    ----------
    file : Path
        GeoJSON.
    folder : Path
        Where they are written, the layer last.
    stem : str

    Raises
    ------
    InputError, OutsideError
        When the file cannot be read, or the others cannot be written.
    """
    with suppress(OSError):
        os.nice(PATIENT)
    shapes = shapes_of(file)
    told = _topology([shape.geometry for shape in shapes])
    made = [
        {"code": s.code, "name": s.name, **part} for s, part in zip(shapes, told["geometries"], strict=True)
    ]
    head = {"bbox": told["bbox"], "transform": told["transform"], "shapes": made}
    write_whole(folder / f"{stem}.geojson", [_text(_collection(shapes, told["features"]))])
    write_whole(folder / f"{stem}.layer", [_text(head), "\n", _text(told["arcs"])])


def _topology(geometries: Sequence[str]) -> dict[str, Any]:
    if not geometries:
        return {"bbox": None, "transform": None, "arcs": [], "geometries": [], "features": []}
    from topojson.core.topology import Topology

    found = Topology(list(_simplified(geometries)), prequantize=GRID, topology=True)
    told = found.to_dict()
    features = json.loads(str(found.to_geojson(decimals=DECIMALS)))["features"]
    parts = [
        {key: part[key] for key in ("type", "arcs", "coordinates") if key in part}
        for part in told["objects"]["data"]["geometries"]
    ]
    return {**told, "geometries": parts, "features": features}


def _simplified(geometries: Sequence[str]) -> NDArray[Any]:
    """Areas with the borders that they share, everything else by itself; whatever crosses itself then is mended."""
    import shapely

    found: NDArray[Any] = shapely.from_geojson(np.array(geometries, dtype=object))
    area = np.isin(shapely.get_type_id(found), AREAS)
    found[area] = shapely.coverage_simplify(found[area], TOLERANCE)
    found[~area] = shapely.simplify(found[~area], TOLERANCE / 2)
    bad = ~shapely.is_valid(found)
    found[bad] = shapely.make_valid(found[bad], method="structure")
    return found


def _collection(shapes: Sequence[Shape], features: Sequence[dict[str, Any]]) -> dict[str, Any]:
    told = [
        {"type": "Feature", "properties": {"code": shape.code, "name": shape.name}, "geometry": feature["geometry"]}
        for shape, feature in zip(shapes, features, strict=True)
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": told}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
