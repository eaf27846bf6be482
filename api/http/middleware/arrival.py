"""A request's number and language."""

from __future__ import annotations

import re
import secrets
from functools import lru_cache
from ipaddress import ip_address
from itertools import count

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.service.settings import Network
from graph.language import Language, speaking

GIVEN = re.compile(r"[A-Za-z0-9._-]{8,128}")
"""Numbers that a proxy may give; whatever else is not taken."""

START, _counted = secrets.token_hex(10), count(1)
"""Our own numbers: what this process begins with, and how many it has given; to ask the system for chance each time takes long."""


class Arrival:
    """ASGI middleware: the first that a request meets.

    Parameters
    ----------
    app : ASGIApp
    language : {"zh", "en"}
        Where a request asks for none.
    proxies : tuple of network
        Whose ``X-Request-Id`` is taken.
    """

    def __init__(self, app: ASGIApp, language: Language, proxies: tuple[Network, ...] = ()) -> None:
        self.app, self.language, self.proxies = app, language, proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give both to the scope, to texts and to the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        number = scope["request_id"] = self._given(scope, headers) or f"{START}{next(_counted):012x}"
        language = language_of(headers.get("accept-language", ""), self.language)

        async def numbered(message: Message) -> None:
            if message["type"] == "http.response.start":
                _tell(message, number, language)
            await send(message)

        with speaking(language):
            await self.app(scope, receive, numbered)

    def _given(self, scope: Scope, headers: Headers) -> str | None:
        number = headers.get("x-request-id") if self.proxies else None
        peer = scope.get("peer")  # of the connection, whatever was forwarded: api.http.wire
        if number is None or peer is None or GIVEN.fullmatch(number) is None:
            return None
        return number if trusted(peer[0], self.proxies) else None


def _tell(message: Message, number: str, language: str) -> None:
    headers = message["headers"] = list(message.get("headers", ()))
    names = {name for name, _ in headers}
    headers.append((b"x-request-id", number.encode()))
    if b"content-language" not in names:
        headers.append((b"content-language", language.encode()))
    if b"vary" in names:
        MutableHeaders(raw=headers).add_vary_header("Accept-Language")
    else:
        headers.append((b"vary", b"Accept-Language"))


@lru_cache(1024)
def trusted(address: str, proxies: tuple[Network, ...]) -> bool:
    """Whether an address is a trusted proxy's."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in proxies)


def language_of(wanted: str, default: Language) -> Language:
    """The first of ``Accept-Language`` that jiedui speaks, by its weights; else the default."""
    ranked: list[tuple[float, int, Language]] = []
    for place, part in enumerate(wanted.split(",")):
        tag, _, weight = part.strip().partition(";")
        base = tag.strip().lower().split("-")[0]
        if base in ("zh", "en"):
            ranked.append((-_weight(weight), place, "zh" if base == "zh" else "en"))
    ranked = [r for r in ranked if r[0] < 0]
    return min(ranked)[2] if ranked else default


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0
