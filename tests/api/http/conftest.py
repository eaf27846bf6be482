"""A service on a data folder of its own, without a worker: what is ordered waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.http.app import create_app
from api.service.service import Service, open_service
from api.service.settings import read_settings
from graph.store.workspace import open_workspace
from tests.graph.store.small_networks import begin


@pytest.fixture
def service(tmp_path: Path) -> Service:
    """The service of an empty data folder, asked about the shipped example."""
    return open_service(
        read_settings({"data": tmp_path / "data", "language": "en"}, environ={}), "china-2016"
    )


@pytest.fixture
def http(service: Service) -> Iterator[TestClient]:
    """Somebody at this machine."""
    with TestClient(
        create_app(service), base_url="http://localhost:8470", raise_server_exceptions=False
    ) as client:
        yield client


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[tuple[TestClient, Service]]:
    """A service of a network in a workspace."""
    store = open_workspace(tmp_path / "office", create=True)
    begin(store)
    store.close()
    given = {"data": tmp_path / "data", "language": "en", "uploads_per_user": 3}
    service = open_service(read_settings(given, environ={}), f"workspace:{tmp_path / 'office'}#office")
    with TestClient(
        create_app(service), base_url="http://localhost:8470", raise_server_exceptions=False
    ) as client:
        yield client, service
