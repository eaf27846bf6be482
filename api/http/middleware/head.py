"""``HEAD``: as ``GET``, without the body (RFC 9110 § 9.3.2); for every route at once, so that none has to know of it."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.audited import HEAD


class Head:
    """ASGI middleware, outside of all that asks for the method or makes answers.

    From here on the request is a ``GET``: whoever may not ask that is refused, validators are compared, the answer has the same headers,
    ``Content-Length`` too where it is known before the body. Only its body is not sent. The audit log is told ``HEAD``.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask as ``GET`` what comes as ``HEAD``; let all else pass."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def bodiless(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send(
                    {"type": "http.response.body"}
                )  # who makes the rest hears that nobody waits for it: a stream ends

        inner = {**scope, "method": "GET", HEAD: True}
        try:
            await self.app(inner, receive, bodiless)
        finally:  # who looks from outside sees who asked, and which route
            scope.update({name: found for name, found in inner.items() if name != "method"})
