"""Limits on what a request is made of: its address, its headers, its body."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.paths import Paths
from api.http.problems import LONG_ADDRESS, LONG_HEAD, Kind, problem, told
from api.service.refusals import TooLarge
from graph.language import Text

ADDRESS_BYTES, HEADERS, HEAD_BYTES = 8 << 10, 100, 32 << 10
"""Of path and query; number of headers; of their names and values. :mod:`api.http.wire` cuts off what never comes to an end."""


class Bounds:
    """ASGI middleware.

    Parameters
    ----------
    app : ASGIApp
    paths : Paths
    json_bytes, large_bytes : int
        Largest body, and largest of a route that takes uploads.
    """

    def __init__(self, app: ASGIApp, paths: Paths, json_bytes: int, large_bytes: int) -> None:
        self.app, self.paths, self.json_bytes, self.large_bytes = app, paths, json_bytes, large_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is too much; count a body as it comes where its length is not told."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wrong = _head(scope)
        answer = None if wrong is None else problem(Request(scope), *wrong, headers={"Connection": "close"})
        length, chunked = _body(scope)
        if answer is None and (length or chunked):
            place = self.paths.changed(scope)
            most = self.large_bytes if place is not None and place.large else self.json_bytes
            if length > most:
                answer = told(Request(scope), too_large(most))
            elif chunked:
                receive = _counted(receive, most)
        await (answer or self.app)(scope, receive, send)


def too_large(most: int) -> TooLarge:
    """What to say of a body of more than ``most`` bytes."""
    size = f"{most / (1 << 20):,.0f} MB" if most >= 1 << 20 else f"{most:,} B"
    return TooLarge(
        f"请求的内容至多 {size}；请拆成小一些的", f"at most {size} are taken; split it into smaller parts"
    )


def _head(scope: Scope) -> tuple[Kind, Text] | None:
    headers = scope["headers"]
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > ADDRESS_BYTES:
        return LONG_ADDRESS, Text(
            f"地址超过 {ADDRESS_BYTES >> 10} KB", f"the address has more than {ADDRESS_BYTES >> 10} KB"
        )
    if len(headers) > HEADERS or sum(len(name) + len(value) for name, value in headers) > HEAD_BYTES:
        return LONG_HEAD, Text(
            f"请求头多于 {HEADERS} 项或 {HEAD_BYTES >> 10} KB",
            f"the head has more than {HEADERS} headers or {HEAD_BYTES >> 10} KB",
        )
    return None


def _body(scope: Scope) -> tuple[int, bool]:
    """Length of the body where it is told, and whether it is not."""
    length = 0
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return 0, True
        if name == b"content-length":
            length = int(value) if value.isdigit() and len(value) < 20 else 1 << 63
    return length, False


def _counted(receive: Receive, most: int) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise too_large(most)
        return message

    return counted
