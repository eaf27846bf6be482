"""Before any route: the request's number and language, and whether it may come in at all.

On a loopback that opens without a login the ``Host`` has to be this machine's, and an ``Origin`` the service's own, so that a page
of some web site cannot reach it through the browser of somebody who works here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import kind_of, problem
from api.service.caller import LOCAL, Caller
from api.service.refusals import Refused
from graph.language import Language, speaking

Who = Callable[[Headers], Caller | None]
"""Finds out who asks from a request's headers; ``None`` where they say nothing."""


@dataclass
class Gate:
    """ASGI middleware around the app.

    Parameters
    ----------
    app : ASGIApp
    who : callable
        Knows callers by their headers.
    language : {"zh", "en"}
        Where a request asks for none.
    local : bool
        Whether the service listens on a loopback that opens without a login.
    """

    app: ASGIApp
    who: Who
    language: Language
    local: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Number, language, caller; then the app."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        number = scope["request_id"] = uuid.uuid4().hex
        language = language_of(headers.get("accept-language", ""), self.language)

        async def numbered(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                out["X-Request-Id"] = number
                out.setdefault("Content-Language", language)
                out.add_vary_header("Accept-Language")
            await send(message)

        with speaking(language):
            try:
                scope["caller"] = self._caller(headers)
            except Refused as error:
                told = problem(Request(scope), kind_of(error), error.text, status=error.status)
                await told(scope, receive, numbered)
                return
            await self.app(scope, receive, numbered)

    def _caller(self, headers: Headers) -> Caller | None:
        caller = self.who(headers)
        if not self.local:
            return caller
        refuse_elsewhere(headers)
        return caller or LOCAL


def refuse_elsewhere(headers: Headers) -> None:
    """Refuse what another site's page sends to a loopback.

    Raises
    ------
    Refused
        When ``Host`` is not this machine's, or ``Origin`` is not the same as ``Host``.
    """
    host = headers.get("host", "")
    name = urlsplit(f"//{host}").hostname or ""
    if not _here(name):
        raise Refused(
            f"Host 应是本机（localhost、127.0.0.1 或 [::1]），而不是 {name}",
            f"Host must be this machine (localhost, 127.0.0.1 or [::1]), not {name}",
        )
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != host:
        raise Refused(f"不接受来自 {origin} 页面的请求", f"requests of pages of {origin} are not taken")


def _here(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


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
