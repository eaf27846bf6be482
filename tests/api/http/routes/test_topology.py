"""A level's map as TopoJSON: shared borders told once, everything of the map for everybody, the network's words for who sees them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.http.models.geometry import MapTopology
from api.service.caller import Caller, Role
from tests.api.http.asked import NETWORK
from tests.api.http.routes.conftest import Opened

TOPOLOGY = f"{NETWORK}/topology"
LIMITED = Caller("li", Role.VIEWER, ("P1",))


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """A rectangle."""
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


WIDE = {
    "R": box(119, 29, 122, 31), "P": box(98, 23, 102, 27), "810000": box(113, 22, 114, 23), "S": box(120, 24, 122, 26),
}  # fmt: skip
NARROW = {
    "P1a": box(100, 25.5, 100.15, 27),
    "P1old": box(100.15, 25.5, 100.5, 27),
    "P2": box(98, 23, 102, 25),
    "elsewhere": box(90, 25, 92, 26),
}
LINE = {
    "properties": {"name": "a line"},
    "geometry": {"type": "MultiLineString", "coordinates": [[[110, 5], [112, 9]]]},
}


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """A folder with a file of wide regions and one of narrow ones."""

    def write(**files: dict[str, dict[str, Any]]) -> Path:
        place = tmp_path / "shapes"
        place.mkdir(exist_ok=True)
        for name, shapes in (files or {"wide": WIDE, "narrow": NARROW}).items():
            features = [
                {"type": "Feature", "properties": {"code": code, "name": f"shape {code}"}, "geometry": shape}
                for code, shape in shapes.items()
            ]
            told = {
                "type": "FeatureCollection",
                "features": [*features, LINE],
                "rest": " " * (name == "narrow") * 900,
            }
            (place / f"{name}.geojson").write_text(json.dumps(told), encoding="utf-8")
        return place

    return write


def found(opened: Opened, level: str, **settings: Any) -> dict[str, Any]:
    """The answer."""
    answer = opened(**settings).get(f"{TOPOLOGY}?level={level}")
    assert answer.status_code == 200, answer.text
    assert (
        answer.headers["Cache-Control"] == "private, no-cache"
        and answer.headers["Content-Type"] == "application/json"
    )
    MapTopology.model_validate(answer.json())
    told: dict[str, Any] = answer.json()
    return told


def how(told: dict[str, Any], group: str = "regions") -> dict[str, str]:
    """Id → how its shape was found."""
    return {part["id"]: part["properties"]["how"] for part in told["objects"][group]["geometries"]}


def corners(told: dict[str, Any], part: dict[str, Any]) -> list[tuple[float, float]]:
    """The first ring of a polygon, out of its arcs."""
    scale, shift = told["transform"]["scale"], told["transform"]["translate"]
    points: list[tuple[float, float]] = []
    for number in part["arcs"][0]:
        x = y = 0
        run = []
        for step in told["arcs"][number if number >= 0 else -1 - number]:
            x, y = x + step[0], y + step[1]
            run.append((round(x * scale[0] + shift[0], 2), round(y * scale[1] + shift[1], 2)))
        points += (run if number >= 0 else run[::-1])[bool(points) :]
    return points


def test_every_region_of_the_level_has_its_shape_and_the_network_its_words(
    opened: Opened, folder: Callable[..., Path]
) -> None:
    told = found(opened, "province", geometry=folder())
    assert how(told) == {"R": "code", "P": "code", "S": "code", "810000": "bare"}
    parts = {part["id"]: part for part in told["objects"]["regions"]["geometries"]}
    assert parts["P"]["properties"] == {"name": "Poor", "lon": 100.0, "lat": 25.0, "how": "code"}
    assert parts["810000"]["properties"] == {"name": "shape 810000", "how": "bare"}
    assert set(corners(told, parts["P"])) == {(98, 23), (102, 23), (102, 27), (98, 27)}
    assert [line["properties"] for line in told["objects"]["lines"]["geometries"]] == [{"name": "a line"}]
    assert (
        told["level"] == "province"
        and told["note"]["en"] == "schematic, not for boundary use"
        and told["source"] == ""
    )


def test_the_file_is_taken_that_has_the_level_and_a_border_that_two_share_is_one_arc(
    opened: Opened, folder: Callable[..., Path]
) -> None:
    told = found(
        opened,
        "county",
        geometry=folder(
            wide=WIDE, narrow={**NARROW, "P2a": box(110, 25, 111, 26), "R1": box(112, 25, 113, 26)}
        ),
    )
    assert how(told) == {"P1a": "code", "P1b": "succession", "P2a": "code", "R1": "code", "elsewhere": "bare"}
    parts = {part["id"]: part for part in told["objects"]["regions"]["geometries"]}
    ours, theirs = (set(parts[id]["arcs"][0]) for id in ("P1a", "P1b"))
    assert {-1 - arc for arc in ours} & theirs or ours & theirs
    assert parts["R1"]["properties"]["level"] == "prefecture"
    assert how(told, "points") == {} and told["without_place"] == ["P2b"]


def test_a_shape_that_others_lie_on_is_left_out(opened: Opened, folder: Callable[..., Path]) -> None:
    counties = {
        "P1a": NARROW["P1a"],
        "P1b": NARROW["P1old"],
        "P2a": box(98, 23, 100, 25),
        "P2b": box(100, 23, 102, 25),
    }
    told = found(opened, "county", geometry=folder(one={**counties, **WIDE}))
    assert set(how(told)) == {*counties, "R", "S", "810000"}, "Poor's shape would hide its counties"


def test_a_level_without_shapes_lies_on_the_widest_ones(opened: Opened, folder: Callable[..., Path]) -> None:
    told = found(opened, "village", geometry=folder())
    assert set(how(told)) == set(WIDE) and how(told, "points") == {"P1av": "point"}
    (point,) = told["objects"]["points"]["geometries"]
    steps = zip(point["coordinates"], told["transform"]["scale"], told["transform"]["translate"], strict=True)
    assert [round(step * scale + shift, 1) for step, scale, shift in steps] == [100.1, 26.1]


def test_without_shapes_there_are_points(opened: Opened) -> None:
    told = found(opened, "county", geometry="none")
    assert told["arcs"] == [] and "transform" not in told and told["source"] is None
    assert how(told) == {} and how(told, "points") == {"P1a": "point", "P1b": "point"}
    assert told["without_place"] == ["P2a", "P2b"]
    assert told["objects"]["points"]["geometries"][0]["coordinates"] == [100.1, 26.0]


def test_who_is_limited_gets_the_whole_map_and_words_of_their_own_part(
    opened: Opened, folder: Callable[..., Path]
) -> None:
    shapes = {**NARROW, "P2new": box(110, 25, 111, 26)}
    told = found(
        opened,
        "prefecture",
        geometry=folder(wide=WIDE, narrow={**shapes, "P1": box(95, 25, 96, 26), "R1": box(96, 25, 97, 26)}),
        caller=LIMITED,
    )
    assert {id: how_ for id, how_ in how(told).items() if how_ != "bare"} == {
        "P1": "code",
        "R1": "code",
        "P1a": "code",
    }
    assert "Southpoor" not in json.dumps(told) and how(told)["P2"] == "bare"
    assert how(found(opened, "province", geometry=folder(), caller=LIMITED))["S"] == "bare"


def test_unknown_levels_are_refused(opened: Opened) -> None:
    told = opened(geometry="none").get(f"{TOPOLOGY}?level=galaxy")
    assert told.status_code == 422 and "no level galaxy" in told.json()["detail"]


def test_it_goes_out_compressed_and_not_again(opened: Opened, folder: Callable[..., Path]) -> None:
    http = opened(geometry=folder())
    plain = http.get(TOPOLOGY, headers={"Accept-Encoding": "identity"})
    packed = http.get(TOPOLOGY, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert packed.content == plain.content and packed.headers["ETag"] == plain.headers["ETag"]
    assert int(packed.headers["Content-Length"]) <= len(gzip.compress(plain.content))
    assert "Accept-Encoding" in packed.headers["Vary"]
    tag = {"If-None-Match": packed.headers["ETag"]}
    assert http.get(TOPOLOGY, headers=tag).status_code == 304
    assert http.get(f"{TOPOLOGY}?level=county", headers=tag).status_code == 200
    folder(wide={"R": WIDE["R"]})
    assert http.get(TOPOLOGY, headers=tag).status_code == 200


@pytest.mark.parametrize(
    "text", ["", "{}", '{"features": [{"geometry": {"type": "Polygon", "coordinates": []}}]}', "\x00"]
)
def test_what_is_no_geojson_is_told_by_its_file(opened: Opened, tmp_path: Path, text: str) -> None:
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes" / "bad.json").write_text(text, encoding="utf-8")
    told = opened(geometry=tmp_path / "shapes").get(TOPOLOGY)
    assert told.status_code == 422 and "bad.json is no GeoJSON" in told.json()["detail"]


def test_a_file_without_shapes_is_an_empty_map(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes" / "empty.json").write_text('{"features": []}', encoding="utf-8")
    told = found(opened, "province", geometry=tmp_path / "shapes")
    assert told["arcs"] == [] and set(how(told, "points")) == {"R", "P", "S"}
