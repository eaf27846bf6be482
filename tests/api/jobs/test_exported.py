"""Exports of the network that a service answers about, and of a sweep: real processes; nothing tells where the service's files are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from api.cli.main import run
from benchmarks.service.running import Running
from tests.planner.small import MORE, TWO, write_small

FORMS = ("xlsx", "csv", "parquet", "geojson", "graphml")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scenario that is loaded into a workspace."""
    place = tmp_path_factory.mktemp("exported")
    folder = write_small(place / "two", TWO, **MORE)
    assert (
        run(["-q", "graph", "load", str(folder), "--on", f"workspace:{place / 'office'}#two", "--by", "李"])
        == 0
    )
    return place


@pytest.fixture(scope="module")
def service(place: Path) -> Iterator[Running]:
    """A service that answers about the workspace."""
    with Running(place / "data", on=f"workspace:{place / 'office'}#two") as running:
        yield running


def told(service: Running, kind: str, **arguments: object) -> tuple[dict[str, object], list[str], str]:
    """What a job gave: its result, the names of its files, and all that it said."""
    job = service.ended(service.order(kind, **arguments)["id"])
    assert job["state"] == "done", job
    assert job["progress"]["share"] == 1, job
    at = f"/jobs/{job['id']}"
    result, log = service.http.get(f"{at}/result"), service.http.get(f"{at}/log")
    names = [f["name"] for f in service.http.get(f"{at}/files").json()["files"]]
    return result.json(), names, result.text + log.text


def test_the_served_network_in_every_form(service: Running, place: Path) -> None:
    for form in FORMS:
        result, names, said = told(service, "export-network", to=form)
        assert result == {"file": f"network.{form}"} and names == [f"network.{form}"]
        assert str(place) not in said


def test_a_day_before_all_relations(service: Running) -> None:
    job = service.ended(service.order("export-network", to="csv", at="1900-01-01")["id"])
    text = service.http.get(f"/jobs/{job['id']}/files/network.csv").text
    assert pl.read_csv(io.StringIO(text)).height == 0


def test_folders_are_named_as_the_list_of_files_does(service: Running, place: Path) -> None:
    result, names, said = told(service, "sweep", scenario="teachers", vary=["cadres.distance_weight=1,2"])
    folder = str(result["folder"])
    assert folder.startswith("sweep/") and any(n.startswith(f"{folder}/") for n in names)
    plan, _, more = told(service, "plan", scenario="teachers")
    assert service.http.get(f"/plans/{plan['folder']}").status_code == 200
    assert str(place) not in said + more
