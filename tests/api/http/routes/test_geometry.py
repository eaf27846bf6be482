"""Where regions lie: shapes by code, by succession, by what holds the seat; else points."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.http.models.geometry import Map
from api.service.caller import Caller, Role
from tests.api.http.asked import NETWORK
from tests.api.http.routes.conftest import Opened

GEOMETRY = f"{NETWORK}/geometry"


def square(west: float, south: float, side: float = 1.0) -> dict[str, Any]:
    """A square with a hole in its middle."""
    outer = [
        [west, south],
        [west + side, south],
        [west + side, south + side],
        [west, south + side],
        [west, south],
    ]
    third = side / 3
    inner = [
        [west + third, south + third],
        [west + 2 * third, south + third],
        [west + 2 * third, south + 2 * third],
        [west + third, south + third],
    ]
    return {"type": "Polygon", "coordinates": [outer, inner]}


SHAPES = [
    {"properties": {"code": "R", "name": "Rich"}, "geometry": square(119.5, 29.5)},
    {"properties": {"gb": "156330000", "name": "numbered as the nation does"}, "geometry": square(0, 0)},
    {"properties": {"adcode": "P1old"}, "geometry": square(100.15, 25.95, 0.1)},
    {"properties": {"code": "P1a"}, "geometry": square(100.05, 25.95, 0.1)},
    {"properties": {"code": "elsewhere"}, "geometry": {"type": "MultiPolygon", "coordinates": [square(50, 50)["coordinates"]]}},
    {"properties": {"code": "P2new"}, "geometry": square(99.95, 23.95, 0.9)},
    {"properties": {"code": "P1"}, "geometry": square(99.95, 25.95, 0.9)},
    {"properties": {"name": "a line"}, "geometry": {"type": "MultiLineString", "coordinates": [[[1, 1], [2, 2]]]}},
    {"properties": {"name": "nothing"}, "geometry": None},
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """A folder of GeoJSON with some shapes."""

    def write(*shapes: dict[str, Any]) -> Path:
        told = {
            "type": "FeatureCollection",
            "features": [{"type": "Feature", **shape} for shape in shapes or SHAPES],
        }
        place = tmp_path / "shapes"
        place.mkdir(exist_ok=True)
        (place / "all.geojson").write_text(json.dumps(told), encoding="utf-8")
        return place

    return write


def found(opened: Opened, query: str = "", **settings: Any) -> tuple[dict[str, str], dict[str, Any]]:
    """Code → how it was found, and the whole answer."""
    answer = opened(**settings).get(GEOMETRY + query)
    assert answer.status_code == 200, answer.text
    assert (
        answer.headers["Content-Type"] == "application/geo+json"
        and answer.headers["Cache-Control"] == "private, no-cache"
    )
    told = answer.json()
    Map.model_validate(told)
    return {f["properties"]["code"]: f["properties"].get("shape") for f in told["features"]}, told


def test_without_shapes_there_are_points(opened: Opened) -> None:
    how, told = found(opened, geometry="none")
    assert how == dict.fromkeys(("R", "R1", "P", "P1", "P2", "P1a", "P1b", "P1av", "S"), "point")
    assert told["without_place"] == ["P2a", "P2b"] and told["note"]["en"] == "schematic, not for boundary use"
    first = told["features"][0]
    assert first["id"] == "R" and first["geometry"] == {"type": "Point", "coordinates": [120.0, 30.0]}
    assert first["properties"]["level"] == "province" and first["properties"]["name"] == "Rich"


def test_shapes_are_found_by_code_then_succession_then_by_what_holds_the_seat(
    opened: Opened, folder: Callable[..., Path]
) -> None:
    how, told = found(opened, geometry=folder())
    assert how == {
        "R": "code", "R1": "point", "P": "point", "P1": "code", "P2": "containing", "P1a": "code", "P1b": "succession", "P1av": "point", "S": "point",
        None: None,
    }  # fmt: skip
    assert told["features"][-1] == {
        "type": "Feature",
        "properties": {"code": None, "name": "a line"},
        "geometry": SHAPES[-2]["geometry"],
    }


def test_what_holds_the_seat_is_no_listed_regions_shape_and_holes_hold_nothing(
    opened: Opened, folder: Callable[..., Path]
) -> None:
    here = {"properties": {"code": "P2new"}, "geometry": square(99.5, 23.5)}  # P2's seat is in the hole
    assert found(opened, geometry=folder(SHAPES[6], here))[0]["P2"] == "point"
    other = {"properties": {"code": "P"}, "geometry": square(99.95, 23.95, 0.9)}  # Poor's own
    assert found(opened, geometry=folder(SHAPES[6], other))[0]["P2"] == "point"


def test_one_level(opened: Opened, folder: Callable[..., Path]) -> None:
    how, _ = found(opened, "?level=prefecture", geometry=folder())
    assert how == {"R1": "point", "P1": "code", "P2": "containing", None: None}
    told = opened(geometry="none").get(f"{GEOMETRY}?level=galaxy")
    assert told.status_code == 422 and "no level galaxy" in told.json()["detail"]


def test_who_is_limited_gets_what_they_may_ask_about(opened: Opened) -> None:
    how, told = found(opened, caller=Caller("li", Role.VIEWER, ("P1",)), geometry="none")
    assert set(how) == {"R", "R1", "P", "P1", "P1a", "P1b", "P1av"} and told["without_place"] == ["P2a"]


def test_who_has_it_is_told_that_nothing_changed_until_the_shapes_do(
    opened: Opened, folder: Callable[..., Path]
) -> None:
    http = opened(geometry=folder())
    first = http.get(GEOMETRY)
    tag = {"If-None-Match": first.headers["ETag"]}
    assert http.get(GEOMETRY, headers=tag).status_code == 304
    assert http.get(f"{GEOMETRY}?level=county", headers=tag).status_code == 200
    assert http.get(GEOMETRY).content == first.content
    folder(SHAPES[0])
    assert http.get(GEOMETRY, headers=tag).status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"features": 1}',
        '{"features": [{"geometry": {"type": "Point"}}]}',
        '{"features": [{"geometry": {"type": "Polygon", "coordinates": []}}]}',
        "\x00",
    ],
)
def test_what_is_no_geojson_is_told_by_its_file(opened: Opened, tmp_path: Path, text: str) -> None:
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes" / "bad.json").write_text(text, encoding="utf-8")
    told = opened(geometry=tmp_path / "shapes").get(GEOMETRY)
    assert told.status_code == 422 and "bad.json is no GeoJSON" in told.json()["detail"]


def test_a_folder_that_is_not_there_any_more_is_told_without_its_path(opened: Opened, tmp_path: Path) -> None:
    folder = tmp_path / "shapes"
    folder.mkdir()
    http = opened(geometry=folder)
    folder.rmdir()
    told = http.get(GEOMETRY)
    assert told.status_code == 503 and "not there any more" in told.json()["detail"]
    assert str(folder) not in told.text
