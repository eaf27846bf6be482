"""Which role and which part of the country a route is for: declared at the route, checked before it runs.

Every route has exactly one :class:`Needs`, or is :data:`OPEN` to all; :func:`declared` reads them back, for the table in the docs
and for the test that tries every cell.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from re import Pattern
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.requests import HTTPConnection
from starlette.routing import compile_path

from api.service.caller import Caller, Role
from api.service.refusals import Refused

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Methods that change nothing."""
CSRF = "X-CSRF-Token"
Scope = Literal["any", "subtree", "whole"]
"""``any``: nothing of it is about a region; ``subtree``: who is limited to regions gets what lies in them; ``whole``: only for those who are not."""


def known(request: HTTPConnection) -> Caller:
    """Who asks, as the gate found out.

    Raises
    ------
    Refused
        When the gate knows nobody (401).
    """
    caller: Caller | None = request.scope.get("caller")
    if caller is None:
        raise Refused(
            "请先登录，或在 Authorization 中给出令牌", "log in, or give a token in Authorization", status=401
        )
    return caller


async def caller_of(request: HTTPConnection) -> Caller:
    """The same as a dependency; asynchronous, since no thread is needed to look."""
    return known(request)


Known = Annotated[Caller, Depends(caller_of)]
"""The caller, as a parameter of a route."""


@dataclass(frozen=True)
class Needs:
    """What a route asks of its caller; a dependency.

    Parameters
    ----------
    role : Role
        The least that is enough.
    scope : str
        See :data:`Scope`.
    changes : bool
        Whether a method that is not safe changes something, so that a token that may only read does not do.
    """

    role: Role
    scope: Scope
    changes: bool = True

    async def __call__(self, caller: Known, request: Request) -> Caller:
        """The caller, where they may.

        Raises
        ------
        Refused
            As :meth:`demand`, or when a session's request does not bear the session's own token.
        """
        self.demand(caller, request.method)
        demand_own_page(caller, request)
        return caller

    def demand(self, caller: Caller, method: str) -> None:
        """Let pass who may.

        Raises
        ------
        Refused
            When their role is less, they are limited to regions and the route is for the whole, or may only read and this changes.
        """
        if caller.role < self.role:
            raise Refused(
                f"需要{self.role.title.zh}权限，您是{caller.role.title.zh}",
                f"this needs the role {self.role.title.en}, yours is {caller.role.title.en}",
            )
        if self.scope == "whole" and caller.regions:
            raise Refused(
                f"您的权限限于 {'、'.join(caller.regions)}，此处涉及全部地区",
                f"you are limited to {', '.join(caller.regions)}, and this is about all regions",
            )
        use = "write" if self.changes and method not in SAFE else "read"
        if use not in caller.scopes:
            raise Refused(
                f"您的令牌只能用于 {'、'.join(caller.scopes)}，此处需要 {use}",
                f"your token is good for {', '.join(caller.scopes)} only, and this needs {use}",
            )


def demand_own_page(caller: Caller, request: HTTPConnection) -> None:
    """Refuse what a page of elsewhere makes a browser send with its cookie: only our own page knows the session's token.

    Raises
    ------
    Refused
        When a session's request changes something and ``X-CSRF-Token`` is not that of ``GET /session``.
    """
    if caller.via != "session" or request.scope["method"] in SAFE:
        return
    told = request.headers.get(CSRF, "").encode("latin-1")
    if not hmac.compare_digest(told, request.scope["csrf"].encode()):
        raise Refused(
            f"缺少或不对的 {CSRF}；它在 GET /api/v1/session 的 csrf 中", f"{CSRF} is missing or wrong; it is in csrf of GET /api/v1/session"
        )  # fmt: skip


def needs(role: Role, scope: Scope, *, changes: bool = True) -> Any:
    """The dependency to declare at a route: ``dependencies=[needs(Role.VIEWER, "subtree")]``.

    ``changes=False`` where a method that is not safe changes nothing: a question that is posted because it is long.
    """
    return Depends(Needs(role, scope, changes))


async def _open() -> None:
    """Nothing is asked."""


OPEN = Depends(_open)
"""Declared at routes that anybody may ask: health, readiness, version, the document of the API."""


@dataclass(frozen=True)
class Declared:
    """A route and what it asks; ``needs`` is ``None`` where it is open."""

    method: str
    path: str
    needs: Needs | None


def declared(app: FastAPI) -> Iterator[Declared]:
    """Every route of an app with what it asks of its caller.

    Raises
    ------
    ValueError
        When a route declares nothing, or several things.
    """
    for route in iter_route_contexts(app.routes):  # those of included routers too
        if isinstance(route.original_route, APIRoute):
            calls: list[Callable[..., Any] | None] = [d.call for d in route.dependant.dependencies]
            found = [c for c in calls if isinstance(c, Needs) or c is _open]
            if len(found) != 1:
                raise ValueError(
                    f"{sorted(route.methods or ())} {route.path}: declare one of needs(…) and OPEN"
                )
            for method in sorted(route.methods or ()):
                yield Declared(method, route.path or "", found[0] if isinstance(found[0], Needs) else None)


class Asks:
    """Knows what the route of a request asks, before the request's body is read: nobody sends a gigabyte who may not come in.

    Parameters
    ----------
    app : FastAPI
        With all its routes.
    """

    def __init__(self, app: FastAPI) -> None:
        self._routes: dict[str, list[tuple[Pattern[str], Needs | None]]] = {}
        for route in declared(app):
            self._routes.setdefault(route.method, []).append((compile_path(route.path)[0], route.needs))

    def __call__(self, scope: Mapping[str, Any]) -> Needs | None:
        """``None`` where it is open, or there is no such route."""
        path = scope["path"]
        return next(
            (needs for form, needs in self._routes.get(scope["method"], ()) if form.match(path)), None
        )
