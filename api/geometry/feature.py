"""Regions as GeoJSON, piece by piece."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from api.geometry.join import Placed
from api.geometry.shapes import Shape
from graph.language import Text

NOTE = Text("示意，非边界用途", "schematic, not for boundary use")
ALWAYS = ("710000", "810000", "820000")
"""Taiwan, Hong Kong, Macao: on every map of China, whatever the network lists."""


def collection(
    name: str, placed: Iterable[Placed], shapes: Iterable[Shape], seen: Collection[str] | None
) -> Iterator[str]:
    """A FeatureCollection as pieces of text.

    Parameters
    ----------
    name : str
        Of the network.
    placed : iterable of Placed
        Its regions.
    shapes : iterable of Shape
        All there are: of them lines that belong to no region, and places in :data:`ALWAYS`, are drawn whoever asks, none left out.
    seen : collection of str or None
        Codes that are given; all where there is none.
    """
    told = {"type": "FeatureCollection", "network": name, "note": NOTE.as_dict()}
    yield f'{_text(told)[:-1]},"features":['
    first, lost, given = True, [], set()
    for one in placed:
        if seen is not None and one.region["code"] not in seen:
            continue
        if one.how == "none":
            lost.append(one.region["code"])
            continue
        yield f"{'' if first else ','}\n{_feature(_told(one), _geometry(one))}"
        first = False
        given.add(one.region["code"])
    for shape in shapes:
        if not shape.code or (shape.code in ALWAYS and shape.code not in given):
            yield f"{'' if first else ','}\n{_feature(_bare(shape), shape.geometry)}"
            first = False
    yield f'\n],"without_place":{_text(lost)}}}'


def _bare(shape: Shape) -> dict[str, Any]:
    return (
        {"code": shape.code, "name": shape.name, "shape": "bare"}
        if shape.code
        else {"code": None, "name": shape.name}
    )


def _told(one: Placed) -> dict[str, Any]:
    region = one.region
    shown = {key: region[key] for key in ("code", "name", "level", "parent", "lon", "lat", "mark")}
    return {**shown, "shape": one.how}


def _geometry(one: Placed) -> str:
    point = {"type": "Point", "coordinates": [one.region["lon"], one.region["lat"]]}
    return _text(point) if one.shape is None else one.shape.geometry


def _feature(properties: dict[str, Any], geometry: str) -> str:
    id = f'"id":{_text(properties["code"])},' if properties["code"] is not None else ""
    return f'{{"type":"Feature",{id}"properties":{_text(properties)},"geometry":{geometry}}}'


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
