"""Regions as TopoJSON: the arcs of a layer as they are, and what the network tells of each shape."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from api.geometry.feature import NOTE
from api.geometry.join import Placed
from api.geometry.layer import Layer

PLACES = 3
"""Decimals of a seat (degrees, 100 m)."""
NOTHING: dict[str, Any] = {"bbox": None, "transform": None, "shapes": []}


def topology(
    about: Mapping[str, Any],
    layer: Layer | None,
    placed: Sequence[Placed],
    others: Mapping[str, Mapping[str, Any]],
    hidden: Collection[str],
) -> Iterator[str | bytes]:
    """A Topology as pieces of text.

    Parameters
    ----------
    about : mapping
        What is told of the whole: network, level, source.
    layer : Layer or None
        Its shapes and lines are all drawn, whoever asks.
    placed : sequence of Placed
        Regions at the level that the caller sees.
    others : mapping of str to mapping
        Code → row of regions at other levels that the caller sees.
    hidden : collection of str
        Codes of shapes that others lie on.
    """
    head = NOTHING if layer is None else layer.head
    shapes = [shape for shape in head["shapes"] if shape["code"] not in hidden]
    told = {
        "type": "Topology",
        **about,
        "note": NOTE.as_dict(),
        **{k: head[k] for k in ("bbox", "transform") if head[k]},
    }
    objects = {
        "regions": _group(_regions(shapes, placed, others)),
        "points": _group(_point(one, head["transform"]) for one in placed if one.how == "point"),
        "lines": _group({**_where(s), "properties": {"name": s["name"]}} for s in shapes if not s["code"]),
    }  # fmt: skip
    lost = [one.region["code"] for one in placed if one.how == "none"]
    yield f'{_text(told)[:-1]},"objects":{_text(objects)},"without_place":{_text(lost)},"arcs":'
    yield b"[]" if layer is None else layer.arcs
    yield "}"


def _regions(
    shapes: Iterable[Mapping[str, Any]], placed: Iterable[Placed], others: Mapping[str, Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Every shape: for each region that has it, else by itself."""
    having: dict[str, list[Placed]] = {}
    for one in placed:
        if one.shape is not None:
            having.setdefault(one.shape.code, []).append(one)
    for shape in shapes:
        code = shape["code"]
        for one in having.get(code, []):
            yield {**_where(shape), "id": one.region["code"], "properties": _told(one.region, one.how)}
        if code in having or not code:
            continue
        if code in others:
            told = _told(others[code], "code") | {"level": others[code]["level"]}
        else:
            told = {"name": shape["name"], "how": "bare"}
        yield {**_where(shape), "id": code, "properties": told}


def _where(shape: Mapping[str, Any]) -> dict[str, Any]:
    return {key: shape[key] for key in ("type", "arcs", "coordinates") if key in shape}


def _told(region: Mapping[str, Any], how: str) -> dict[str, Any]:
    """What is told of a region; what is not known is left out."""
    seat = {key: None if region[key] is None else round(region[key], PLACES) for key in ("lon", "lat")}
    told = {"name": region["name"], "parent": region["parent"], **seat, "how": how, "mark": region["mark"]}
    return {key: value for key, value in told.items() if value is not None}


def _point(one: Placed, transform: Mapping[str, Any] | None) -> dict[str, Any]:
    at = [one.region["lon"], one.region["lat"]]
    if transform is not None:
        steps = zip(at, transform["translate"], transform["scale"], strict=True)
        at = [round((value - start) / step) for value, start, step in steps]
    return {
        "type": "Point",
        "coordinates": at,
        "id": one.region["code"],
        "properties": _told(one.region, one.how),
    }


def _group(geometries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {"type": "GeometryCollection", "geometries": list(geometries)}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
