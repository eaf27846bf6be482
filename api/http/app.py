"""The web application, put together from its resources."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from fastapi import APIRouter, Depends, FastAPI

from api.http import problems, routes
from api.http.access import Asks
from api.http.again import Remembered
from api.http.document import CONTRACT, operation_id
from api.http.door import EntryDoor
from api.http.json_bodies import json_alone
from api.http.measures import Measures
from api.http.middleware import install
from api.http.now import Now
from api.http.parameters import declared_alone
from api.http.ready import Looking
from api.http.routes import metrics, root
from api.http.streams import Streams
from api.http.telemetry import traced
from api.http.view.files import FOLDER
from api.http.view.pages import Pages
from api.service.service import Service

V1 = "/api/v1"
ROOT = ("metrics", "root")
"""Files of :mod:`api.http.routes` whose routes are outside of :data:`V1`."""


def create_app(service: Service, view: Path = FOLDER) -> FastAPI:
    """The application of a service.

    Parameters
    ----------
    service : Service
    view : Path
        Folder of the web view's built files.

    Raises
    ------
    OutsideError
        When one of the view's files cannot be read.
    ValueError
        When a route does not declare whom it is for.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(service.begin)
        app.state.streams = Streams(service.desk)
        yield
        await app.state.streams.close()
        stop_tracing()
        service.close()

    tracing, stop_tracing = traced(service.settings.otlp)
    app = FastAPI(
        title="jiedui 结对", version=CONTRACT, lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None,
        generate_unique_id_function=operation_id, telemetry=tracing, redirect_slashes=False,
        description="Plans paired assistance: who should support whom, who is posted where, which money goes where — with proof.",
    )  # fmt: skip
    app.state.service = service
    app.state.door = EntryDoor(service.settings, service.passes, service.guesses)
    problems.install(app)
    app.state.measures = Measures(service, lambda: getattr(app.state, "streams", None))
    app.include_router(root.router)
    app.include_router(metrics.router_for(anybody=service.settings.metrics_open))
    for router in resources():
        app.include_router(router, prefix=V1, dependencies=[Depends(declared_alone), Depends(json_alone)])
    app.state.pages = app.router.default = Pages(view)
    app.state.looking = Looking(service, lambda: getattr(app.state, "worker", None))
    app.state.asks, app.state.now, app.state.remembered = Asks(app), Now(service.networks), Remembered()
    install(app, service)
    return app


def resources() -> list[APIRouter]:
    """The routers under ``/api/v1``: the ``router`` of every file of :mod:`api.http.routes` but those at the root (:data:`ROOT`), by name."""
    files = sorted(found.name for found in iter_modules(routes.__path__))
    return [import_module(f"{routes.__name__}.{name}").router for name in files if name not in ROOT]
