"""Who was turned away, for the audit log: by the gate, or by a route that only reads."""

from __future__ import annotations

import logging

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import problems
from api.http.audited import told
from api.http.middleware.rates import Minute, whose
from api.http.paths import Paths
from api.service.audit.log import Audit
from graph.errors import OutsideError

log = logging.getLogger("jiedui.http")
TURNED_AWAY = (401, 403)


class Refusals:
    """ASGI middleware, outside of the gate.

    Parameters
    ----------
    app : ASGIApp
    paths : Paths
    audit : Audit
    per_minute : int
        Of one caller, or of one address; whoever is turned away more often is told to wait, and no more rows are written of it.
    """

    def __init__(self, app: ASGIApp, paths: Paths, audit: Audit, per_minute: int) -> None:
        self.app, self.paths, self.audit, self.minute = app, paths, audit, Minute(per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell the log before the answer goes out, where nobody has told it yet."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        silent = False

        async def looked_at(message: Message) -> None:
            nonlocal silent
            if (
                message["type"] == "http.response.start"
                and message["status"] in TURNED_AWAY
                and "audited" not in scope
            ):
                silent = not self.minute.hit(whose(scope))
                if silent:
                    await problems.told(Request(scope), self.minute.refusal(whose(scope)))(
                        scope, receive, send
                    )
                else:
                    await self._tell(scope, message["status"])
            if not silent:
                await send(message)

        await self.app(scope, receive, looked_at)

    async def _tell(self, scope: Scope, status: int) -> None:
        place = self.paths.changed(scope)
        template = place.template if place is not None else self.paths.template(scope)
        try:
            await told(self.audit, scope, "refused", template, status=status)
        except OutsideError as error:  # they are turned away all the same
            log.error("audit", extra={"facts": {"request_id": scope["request_id"], "why": error.text.en}})
