"""Alerts about requests that wait, to who is limited to regions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI

from api.http.app import create_app
from api.service.service import Service
from tests.api.http.office_here import IN_NJ, WANG, Asking, asking, opened, stored
from tests.api.http.test_alerts import ALERTS
from tests.api.http.test_requests import CAPACITY, REQUESTS, TIE, drafted

__all__ = ["asking", "opened", "stored"]  # fixtures


@pytest.fixture
def app(opened: Callable[..., Service]) -> Iterator[FastAPI]:
    """Of a service to which every request has waited for long."""
    service = opened(alert_waiting_days=0)
    yield create_app(service)
    service.close()


def test_of_requests_only_those_that_they_see(asking: Asking) -> None:
    """A relation's both ends are its places: one that also changes a unit of Zhuhai is not for Nujiang to see."""
    he, wang = asking(IN_NJ), asking(WANG)
    mine, other = drafted(wang, TIE), drafted(wang, {"reason": "x", "set": [*TIE["set"], *CAPACITY["set"]]})
    kind = {"kind": "waiting_request"}
    seen, all_of_it = (
        {a["subject"]: a["id"] for a in client.get(ALERTS, params=kind).json()["alerts"]}
        for client in (he, wang)
    )
    assert set(seen) == {mine} and set(all_of_it) == {mine, other}
    assert he.get(f"{REQUESTS}/{other}").status_code == 404
    assert he.get(f"{ALERTS}/{all_of_it[other]}").status_code == 404
    assert he.get(f"{ALERTS}/{all_of_it[mine]}").status_code == 200
