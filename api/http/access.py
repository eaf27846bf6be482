"""Which role and which part of the country a route is for: declared at the route, checked before it runs.

Every route has exactly one :class:`Needs`, or is :data:`OPEN` to all; :func:`declared` reads them back, for the table in the docs
and for the test that tries every cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts

from api.service.caller import Caller, Role
from api.service.refusals import Refused

Scope = Literal["any", "subtree", "whole"]
"""``any``: nothing of it is about a region; ``subtree``: who is limited to regions gets what lies in them; ``whole``: only for those who are not."""


def known(request: Request) -> Caller:
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


Known = Annotated[Caller, Depends(known)]
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
    """

    role: Role
    scope: Scope

    def __call__(self, caller: Known) -> Caller:
        """The caller, where they may.

        Raises
        ------
        Refused
            When their role is less, or they are limited to regions and the route is for the whole.
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
        return caller


def needs(role: Role, scope: Scope) -> Any:
    """The dependency to declare at a route: ``dependencies=[needs(Role.VIEWER, "subtree")]``."""
    return Depends(Needs(role, scope))


def _open() -> None:
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
