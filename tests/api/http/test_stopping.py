"""The service is told to stop while somebody waits for an answer, over a real socket."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace

import httpx2
import pytest
from fastapi import FastAPI

from api.http import serve
from api.http.middleware.patience import Patience
from api.http.serve import Server, config_of
from api.service.settings import read_settings


@pytest.fixture
def app() -> FastAPI:
    """One that answers ``/never`` not at all."""
    app = FastAPI()
    app.add_middleware(Patience, seconds=60)
    app.state.streams = SimpleNamespace(close=lambda: asyncio.sleep(0))
    app.state.asked = threading.Event()

    @app.get("/never")
    async def never() -> None:
        app.state.asked.set()
        await asyncio.Event().wait()

    return app


def test_whoever_waits_longer_than_the_service_does_is_told_that_it_stops(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "GRACE_SECONDS", 0.2)
    listening, told = threading.Event(), list[str]()

    def tell(url: str) -> None:
        told.append(url)
        listening.set()

    server = Server(config_of(read_settings({"port": 0}, environ={}), app), app, tell)
    running = threading.Thread(target=server.run)
    running.start()
    try:
        assert listening.wait(60)
        answers: list[httpx2.Response] = []
        asking = threading.Thread(target=lambda: answers.append(httpx2.get(f"{told[0]}/never", timeout=60)))
        asking.start()
        assert app.state.asked.wait(60)
    finally:
        server.should_exit = True
        running.join()
    asking.join()
    (answer,) = answers
    assert answer.status_code == 503 and answer.json()["type"] == "/problems/stopping"
    assert answer.headers["Content-Type"] == "application/problem+json"
