"""A server on a socket of this machine, in a thread of the tests; configured as ``jiedui serve`` configures it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from api.access.grant import USES, Grant, Use
from api.http.app import create_app
from api.http.serve import Server, config_of
from api.http.view.files import FOLDER
from api.service.caller import Role
from api.service.service import Service, open_service
from api.service.settings import read_settings


@dataclass
class Running:
    """A service that listens.

    Parameters
    ----------
    url : str
    service : Service
    """

    url: str
    service: Service

    def token(
        self, user: str = "ann", role: Role = Role.VIEWER, *regions: str, names: bool = False, scopes: tuple[Use, ...] = USES, seconds: float = 900
    ) -> str:  # fmt: skip
        """A token for somebody, as the command line makes it."""
        grant = Grant(user, role, regions, names, scopes)
        return self.service.passes.give("token", grant, by="tests", seconds=seconds)[1].token

    def client(self, token: str | None = None, **options: Any) -> httpx2.Client:
        """Somebody who asks, with a token or with none."""
        headers = options.pop("headers", {}) | ({} if token is None else {"Authorization": f"Bearer {token}"})
        return httpx2.Client(base_url=self.url, headers=headers, timeout=30, **options)


@contextmanager
def running(
    data: Path,
    network: str = "teachers",
    environ: dict[str, str] | None = None,
    view: Path = FOLDER,
    **given: Any,
) -> Iterator[Running]:
    """A service of a data folder at any free port, asked in English; ``view`` is the folder of the web view's files."""
    settings = read_settings({"data": data, "port": 0, "language": "en"} | given, environ=environ or {})
    service = open_service(settings, network)
    told, addresses = threading.Event(), list[str]()

    def listens(url: str) -> None:
        addresses.append(url)
        told.set()

    app = create_app(service, view)
    server = Server(config_of(settings, app), app, listens)
    thread = threading.Thread(target=server.run, name="server of a test")
    thread.start()
    try:
        assert told.wait(30), "the server does not listen"
        yield Running(addresses[0], service)
    finally:
        server.should_exit = True
        thread.join(30)
