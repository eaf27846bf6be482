"""Compression by zstd, Brotli or gzip, where it saves something and gives nothing away."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type, remove_compress_type

SMALLEST = 1024
"""Bytes under which it does not pay."""
SECRET = ("/api/v1/tokens", "/api/v1/session", "/api/v1/oidc")
"""Answers with secrets are sent as they are: what is reflected beside a secret, and how long the answer is, would tell it (BREACH)."""

remove_compress_type("text/event-stream")  # an event is to arrive now, and is small
for _type in ("application/problem+json", "application/x-ndjson", "text/csv", "application/toml"):
    add_compress_type(_type)


class Compression:
    """ASGI middleware: compresses all answers but those under :data:`SECRET`, and those that were compressed when they were built.

    Parameters
    ----------
    app : ASGIApp
    built : callable
        Whether a path is a file of the web view.
    """

    def __init__(self, app: ASGIApp, built: Callable[[str], bool] = lambda path: False) -> None:
        self.app, self.built = app, built
        self.compressed = CompressMiddleware(
            app, minimum_size=SMALLEST, zstd_level=3, brotli_quality=4, gzip_level=4
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the library do it, or nobody."""
        plain = scope["type"] != "http" or scope["path"].startswith(SECRET) or self.built(scope["path"])
        await (self.app if plain else self.compressed)(scope, receive, send)
