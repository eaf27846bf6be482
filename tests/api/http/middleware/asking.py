"""Middlewares by themselves: around an app of a few lines."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Pairs = Iterable[tuple[str, str]]


def scope_of(method: str = "GET", path: str = "/", headers: Pairs = (), **more: Any) -> Scope:
    """What a server gives an app."""
    raw = [(name.lower().encode(), value.encode()) for name, value in headers]
    return {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "headers": raw, "scheme": "http",
        "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 80), "root_path": "", "request_id": "r1", **more,
    }  # fmt: skip


def asked(app: ASGIApp, scope: Scope, body: Iterable[bytes] = (b"",)) -> list[Message]:
    """Everything that an app sends."""
    return asyncio.run(asking(app, scope, body))


async def asking(app: ASGIApp, scope: Scope, body: Iterable[bytes] = (b"",)) -> list[Message]:
    """As :func:`asked`, within a loop."""
    parts, sent = list(body), list[Message]()

    async def receive() -> Message:
        return (
            {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}
            if parts
            else {"type": "http.disconnect"}
        )

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


def answering(body: bytes = b"ok", *, status: int = 200, headers: Pairs = ()) -> ASGIApp:
    """An app that answers."""
    raw = [(name.lower().encode(), value.encode()) for name, value in headers]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})

    return app


async def reading(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that reads all of a body, then answers with its length."""
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    await answering(str(length).encode())(scope, receive, send)


def headers_of(sent: list[Message]) -> dict[str, str]:
    """The headers of an answer."""
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}
