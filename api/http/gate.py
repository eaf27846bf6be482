"""Before any route: who asks, and whether they may come in at all (:mod:`api.http.door`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.access import SAFE, Asks, demand_own_page, known
from api.http.problems import told
from api.service.caller import LOCAL, Caller
from graph.errors import JieduiError


class Door(Protocol):
    """Finds out who asks."""

    async def caller(self, request: HTTPConnection) -> Caller | None:
        """Who asks; ``None`` where they do not say.

        Raises
        ------
        Refused, TooMany
            When they may not come in.
        """


@dataclass
class Gate:
    """ASGI middleware around the app.

    Parameters
    ----------
    app : ASGIApp
    door : Door
        Finds out who asks.
    asks : Asks
        Knows what a route asks.
    """

    app: ASGIApp
    door: Door
    asks: Asks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find out who asks; then the app."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            await self._let_in(scope)
        except JieduiError as error:  # the records may be away, too
            answer, headers = told(Request(scope), error), Headers(scope=scope)
            if "transfer-encoding" in headers or headers.get("content-length", "0") != "0":
                answer.headers["Connection"] = "close"  # so that the body is not sent either
            await answer(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _let_in(self, scope: Scope) -> None:
        """Find out who asks, and refuse before the body is read who may not ask this."""
        request = HTTPConnection(scope)
        caller = scope["caller"] = await self.door.caller(request)
        if caller is LOCAL or (caller is not None and scope["method"] in SAFE):
            return  # the route itself looks once more
        asks = self.asks(scope)
        if asks is not None:
            caller = known(request)
            asks.demand(caller, scope["method"])
            demand_own_page(caller, request)
