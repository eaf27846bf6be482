"""The service asked about the small network, by whom one wants to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.requests import HTTPConnection

from api.http.app import create_app
from api.service.caller import LOCAL, Caller
from api.service.service import open_service
from api.service.settings import read_settings
from tests.api.http.small import write_small

Opened = Callable[..., TestClient]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The small network's folder."""
    return write_small(tmp_path_factory.mktemp("small"))


@pytest.fixture
def opened(tmp_path: Path, small: str) -> Iterator[Opened]:
    """A service by its network (the small one unless another is named) and caller; settings by name."""
    with ExitStack() as stack:

        def open_(network: str = "", caller: Caller = LOCAL, **settings: object) -> TestClient:
            given = {"data": tmp_path / f"data{len(list(tmp_path.iterdir()))}", "language": "en", **settings}
            app = create_app(open_service(read_settings(given, environ={}), network or small))
            come_in_as(app, caller)
            return stack.enter_context(
                TestClient(app, base_url="http://localhost:8470", raise_server_exceptions=False)
            )

        yield open_


def come_in_as(app: Any, caller: Caller) -> None:
    """Have everybody who comes be known as one."""

    async def known(request: HTTPConnection) -> Caller:
        return caller

    app.state.door.caller = known
