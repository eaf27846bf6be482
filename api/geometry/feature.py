"""Regions as GeoJSON, piece by piece."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from api.geometry.join import Placed
from api.geometry.shapes import Shape
from graph.language import Text

NOTE = Text("示意，非边界用途", "schematic, not for boundary use")


def collection(
    name: str, placed: Iterable[Placed], loose: Iterable[Shape], seen: Collection[str] | None
) -> Iterator[str]:
    """A FeatureCollection as pieces of text.

    Parameters
    ----------
    name : str
        Of the network.
    placed : iterable of Placed
        Its regions.
    loose : iterable of Shape
        Lines that belong to no region; always drawn, none left out.
    seen : collection of str or None
        Codes that are given; all where there is none.
    """
    told = {"type": "FeatureCollection", "network": name, "note": NOTE.as_dict()}
    yield f'{_text(told)[:-1]},"features":['
    first, lost = True, []
    for one in placed:
        if seen is not None and one.region["code"] not in seen:
            continue
        if one.how == "none":
            lost.append(one.region["code"])
            continue
        yield f"{'' if first else ','}\n{_feature(_told(one), _geometry(one))}"
        first = False
    for line in loose:
        yield f"{'' if first else ','}\n{_feature({'code': None, 'name': line.name}, line.geometry)}"
        first = False
    yield f'\n],"without_place":{_text(lost)}}}'


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
