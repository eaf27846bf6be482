"""Headers that keep browsers from doing with an answer what nobody meant. No CORS: pages of elsewhere get nothing."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS: tuple[tuple[bytes, bytes], ...] = (
    (
        b"content-security-policy",
        b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""Where the route sets none of its own."""
TLS_ONLY = (b"strict-transport-security", b"max-age=31536000")
NOT_KEPT, ASKED_AGAIN = (b"cache-control", b"no-store"), (b"cache-control", b"private, no-cache")


class SafeHeaders:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put in what the answer does not say itself.

        Answers depend on who asks: nothing keeps them, but for those with an ``ETag``, which only the caller's own cache keeps and
        asks about each time.
        """
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"] = list(message.get("headers", ()))
                there = {name.lower() for name, _ in headers}
                headers += [header for header in ALWAYS if header[0] not in there]
                if b"cache-control" not in there:
                    headers.append(ASKED_AGAIN if b"etag" in there else NOT_KEPT)
                if scope["scheme"] == "https" and TLS_ONLY[0] not in there:
                    headers.append(TLS_ONLY)
            await send(message)

        await self.app(scope, receive, safe)
