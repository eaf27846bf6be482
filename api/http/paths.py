"""Templates of routes: what is logged, counted and audited instead of paths, which may hold anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path
from starlette.types import Scope

from api.http.access import SAFE

NONE = "(none)"
"""Where a request meets no route."""
VIEW = "(view)"
"""Where the web view answered; :data:`SEEN` in the scope says so."""
SEEN = "view"
LARGE: dict[str, Any] = {"x-large-body": True}
"""``openapi_extra`` of routes that take uploads: their bodies may be as large as the setting ``body_mb``."""


@dataclass(frozen=True)
class Place:
    """The route of a request.

    Parameters
    ----------
    template : str
        Its path, with names for what is put in.
    parameters : dict
        Name → what was put in.
    large : bool
        Whether it takes large bodies.
    """

    template: str
    parameters: dict[str, str]
    large: bool


class Paths:
    """Routes of an app; read when they are first asked for, behind the last ``include_router``."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    @cached_property
    def _templates(self) -> dict[int, str]:
        return {
            id(found.original_route): found.path_format or found.path or NONE
            for found in iter_route_contexts(self.app.routes)
        }

    @cached_property
    def _changing(self) -> list[tuple[frozenset[str], re.Pattern[str], str, bool]]:
        return [
            (frozenset(found.methods) - SAFE, compile_path(found.path)[0], found.path, bool((found.openapi_extra or {}).get("x-large-body")))
            for found in iter_route_contexts(self.app.routes)
            if found.path is not None and found.methods and not found.methods <= SAFE
        ]  # fmt: skip

    @cached_property
    def _all(self) -> list[tuple[re.Pattern[str], str]]:
        return [
            (compile_path(found.path)[0], found.path)
            for found in iter_route_contexts(self.app.routes)
            if found.path is not None
        ]

    def template(self, scope: Scope) -> str:
        """Of the route that answered, or would have where the answer was kept or refused; :data:`VIEW` for the web view's, :data:`NONE` where there is none."""
        if "route" in scope:
            return self._templates.get(id(scope["route"]), NONE)
        if SEEN in scope:
            return VIEW
        return next((template for pattern, template in self._all if pattern.match(scope["path"])), NONE)

    def changed(self, scope: Scope) -> Place | None:
        """The route that a changing request is going to meet; ``None`` for one that changes nothing, or meets none."""
        method, path = scope["method"], scope["path"]
        if method in SAFE:
            return None
        if "place" not in scope:
            scope["place"] = next(
                (
                    Place(template, found.groupdict(), large)
                    for methods, pattern, template, large in self._changing
                    if method in methods and (found := pattern.match(path))
                ),
                None,
            )
        found_place: Place | None = scope["place"]
        return found_place
