"""The service on a workspace, with a plan that was made from what it holds; and others than the one at this machine who ask."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.http.access import caller_of
from api.http.app import create_app
from api.service.caller import LOCAL, Caller, Role
from api.service.service import Service, open_service
from api.service.settings import read_settings
from graph.store.load import load
from graph.store.workspace import open_workspace
from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import Scenario, read_scenario
from tests.planner.small import MORE, TWO, write_small

PLANS = "/api/v1/plans"
As = Callable[..., None]


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """The small scenario of two stages."""
    return read_scenario(write_small(tmp_path_factory.mktemp("two") / "two", TWO, **MORE))


@pytest.fixture(scope="session")
def planned(two: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Its plan. Not to be changed."""
    return make_plan(two, tmp_path_factory.mktemp("planned"))


@pytest.fixture(scope="session")
def loaded(two: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with its network. Not to be changed."""
    folder = tmp_path_factory.mktemp("loaded") / "office"
    store = open_workspace(folder, create=True)
    assert load(store, two.network, "two", by="tests").equal
    store.close()
    return folder


@pytest.fixture
def four_eyes() -> bool:
    """Whether the service wants four eyes."""
    return False


@pytest.fixture
def service(planned: Plan, loaded: Path, tmp_path: Path, four_eyes: bool) -> Iterator[Service]:
    """The service of a copy of both."""
    shutil.copytree(loaded, tmp_path / "office")
    data = tmp_path / "data"
    shutil.copytree(planned.folder, data / "plans" / planned.id)
    given = {"data": data, "language": "en", "four_eyes": four_eyes}
    yield open_service(read_settings(given, environ={}), f"workspace:{tmp_path / 'office'}#two")


@pytest.fixture
def app(service: Service) -> FastAPI:
    """Its application."""
    return create_app(service)


@pytest.fixture
def http(app: FastAPI) -> Iterator[TestClient]:
    """Whoever :func:`asking` says; somebody at this machine by default."""
    with TestClient(app, base_url="http://localhost:8470", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def asking(app: FastAPI) -> As:
    """From here on somebody else asks: a name, their role, the regions that they are limited to."""

    def become(
        name: str = "", role: Role = Role.PLANNER, regions: tuple[str, ...] = (), sees_names: bool = False
    ) -> None:
        app.dependency_overrides[caller_of] = lambda: (
            Caller(name, role, regions, sees_names) if name else LOCAL
        )

    return become
