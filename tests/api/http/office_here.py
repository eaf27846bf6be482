"""A service on a workspace with the small network, and people who ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from api.http.access import caller_of
from api.http.app import create_app
from api.service.caller import Caller, Role
from api.service.service import Service, open_service
from api.service.settings import read_settings
from graph.store.workspace import open_workspace
from tests.graph.store.small_networks import begin, rows, small

Asking = Callable[..., TestClient]
V1 = "/api/v1"
FINDINGS = (
    {"id": "f1", "region": "fg", "kind": "audit", "status": "open", "due": date(2016, 12, 1), "severity": "severe"},
    {"id": "f2", "region": "zh", "kind": "media", "status": "rectified", "owner": "珠海"},
)  # fmt: skip
LEDGER = (
    {
        "relation": "r1",
        "year": 2016,
        "item": "fiscal_funds",
        "pledged": 100,
        "delivered": 60,
        "mark": "synthetic",
    },
)
WANG, LI, VIEWER = Caller("wang", Role.PLANNER), Caller("li", Role.COORDINATOR), Caller("zhao", Role.VIEWER)
IN_NJ, PLANS_NJ = Caller("he", Role.COORDINATOR, ("nj",)), Caller("yu", Role.PLANNER, ("nj",))
"""Limited to Nujiang: fg and v1 lie in it; zh supports it, u1 of zh supports fg."""


@pytest.fixture
def stored(tmp_path: Path) -> str:
    """Address of a workspace with the small network, two findings and an entry of the ledger."""
    folder = tmp_path / "office"
    store = open_workspace(folder, create=True)
    begin(
        store, frames={**small(), "findings": rows("findings", *FINDINGS), "ledger": rows("ledger", *LEDGER)}
    )
    store.close()
    return f"workspace:{folder}#office"


@pytest.fixture
def opened(stored: str, tmp_path: Path) -> Callable[..., Service]:
    """Opens the service with some settings."""
    return lambda **given: open_service(
        read_settings({"data": tmp_path / "data", "language": "en", "alert_places": 2, **given}, environ={}),
        stored,
    )


@pytest.fixture
def app(opened: Callable[..., Service]) -> Iterator[FastAPI]:
    """The service's app."""
    service = opened()
    yield create_app(service)
    service.close()


@pytest.fixture
def asking(app: FastAPI) -> Iterator[Asking]:
    """Gives a client of somebody."""
    people: dict[str, Caller] = {}

    def who_asks(request: Request) -> Caller:
        return people[request.headers["X-Who"]]

    app.dependency_overrides[caller_of] = who_asks

    def client(who: Caller) -> TestClient:
        people[who.name] = who
        headers = {"X-Who": who.name}
        made = TestClient(
            app, base_url="http://localhost:8470", raise_server_exceptions=False, headers=headers
        )
        made.portal = running.portal  # one event loop, as at a server
        return made

    with TestClient(app) as running:
        yield client
