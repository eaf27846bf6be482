"""What was asked before in the same words is answered at once: without finding the route, its dependencies and its arguments again.

That is most of what a request costs (docs/benchmarks/http.md). Nothing is decided here: who may ask is checked as the route declares it, the
answer is the one that is kept for those who see as much of this version of the network, and whatever is not known goes on to the route.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.access import Needs
from api.http.conditional import headers_of, not_modified
from api.http.now import Now
from api.service.caller import Caller
from api.service.networks import Asked
from api.service.seen import alike
from api.service.service import Service
from graph.language import current_language

UNDER = "/api/v1/network"
WORDS = 20_000
"""Requests that are remembered."""


@dataclass(frozen=True)
class Before:
    """A request that was answered.

    Parameters
    ----------
    needs : Needs
        What its route asks of the caller.
    key : hashable
        Under which the answer is kept.
    tag : str
        Its validator.
    route : BaseRoute
        Which answered; it is logged and counted as the route of those that are answered again.
    """

    needs: Needs
    key: Hashable
    tag: str
    route: BaseRoute


class Remembered:
    """Requests by their words, those least asked going first."""

    def __init__(self, most: int = WORDS) -> None:
        self.most = most
        self._known: OrderedDict[Hashable, Before] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, words: Hashable) -> Before | None:
        """What was answered to them."""
        with self._lock:
            found = self._known.get(words)
            if found is not None:
                self._known.move_to_end(words)
            return found

    def put(self, words: Hashable, before: Before) -> None:
        """Remember."""
        with self._lock:
            self._known[words] = before
            while len(self._known) > self.most:
                self._known.popitem(last=False)


def words_of(scope: Scope, asked: Asked, caller: Caller) -> Hashable:
    """All that makes a request another one."""
    told = (scope["raw_path"], scope["query_string"])
    return (asked.version, *alike(caller), current_language(), date.today(), *told)


@dataclass
class Again:
    """ASGI middleware, behind all that decides.

    Parameters
    ----------
    app : ASGIApp
    service : Service
    now : Now
    remembered : Remembered
    """

    app: ASGIApp
    service: Service
    now: Now
    remembered: Remembered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The answer that is kept, else the route's."""
        answer = None
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"].startswith(UNDER):
            answer = await self._answer(scope)
        await (answer or self.app)(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response | None:
        caller: Caller | None = scope.get("caller")
        if caller is None:
            return None
        try:
            asked = scope["asked"] = await self.now()
            before = self.remembered.get(words_of(scope, asked, caller))
            if before is None:
                return None
            before.needs.demand(caller, "GET")
        except Exception:  # the route tells it
            return None
        scope["route"] = before.route
        if same := not_modified(Request(scope), before.tag):
            return same
        body = self.service.kept.get(before.key)
        if body is None:
            del scope["route"]
            return None
        return told(body, before.tag)


def told(body: bytes, tag: str) -> Response:
    """An answer as it goes out."""
    return Response(body, media_type="application/json", headers=headers_of(tag))
