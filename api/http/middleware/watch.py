"""A line in the log and a figure for every request. Never a path, a query, a header or a body: those may hold names and secrets."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.measures import Measures
from api.http.middleware.rates import PROBES
from api.http.paths import VIEW, Paths
from api.service.caller import Caller

log = logging.getLogger("jiedui.http")
DETAILS = PROBES | {"/metrics", VIEW}
"""Asked every few seconds by machines, or thirty at once by one page: logged as details only."""


class Watch:
    """ASGI middleware.

    Parameters
    ----------
    app : ASGIApp
    paths : Paths
    measures : Measures
    """

    def __init__(self, app: ASGIApp, paths: Paths, measures: Measures) -> None:
        self.app, self.paths, self.measures = app, paths, measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it pass, and tell how it went."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status, sent = perf_counter(), 0, 0

        async def watched(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                sent += len(message.get("body", b""))
            await send(message)

        self.measures.in_flight.inc()
        try:
            await self.app(scope, receive, watched)
        finally:
            self.measures.in_flight.dec()
            self._tell(scope, status, sent, perf_counter() - began)

    def _tell(self, scope: Scope, status: int, sent: int, seconds: float) -> None:
        template = self.paths.template(scope)
        self.measures.answered(scope["method"], template, status, seconds)
        level = logging.ERROR if status >= 500 else logging.DEBUG if template in DETAILS else logging.INFO
        if log.isEnabledFor(level):
            log.log(level, "request", extra={"facts": _facts(scope, template, status, sent, seconds)})


def _facts(scope: Scope, template: str, status: int, sent: int, seconds: float) -> dict[str, Any]:
    caller: Caller | None = scope.get("caller")
    client = scope.get("client")
    facts = {
        "request_id": scope.get("request_id"), "method": scope["method"][:10], "route": template, "status": status, "ms": round(seconds * 1000, 2),
        "bytes": sent, "caller": caller and caller.name, "via": caller and caller.via, "address": client and client[0],
    }  # fmt: skip
    if (
        "audited" in scope
    ):  # where logs go to another machine, nobody who changes the audit log here can change this
        facts["audit"] = str(scope["audited"])
    return facts
