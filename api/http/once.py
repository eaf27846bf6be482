"""A parameter that is given twice where it can be given once is told, instead of being read by its last value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from graph.errors import UsageError

LISTED = frozenset({"sort", "columns"})
"""Written with commas, or given several times."""


async def once(request: Request) -> None:
    """Let a request pass that gives each parameter as often as it can be given; a dependency.

    Raises
    ------
    UsageError
        When one that has a single value is given several times.
    """
    given = request.query_params
    names = [name for name, _ in given.multi_items()]
    if len(names) == len(given):
        return
    for name in single(request.scope["route"]):
        if names.count(name) > 1:
            raise UsageError(
                f"{name} 给了 {names.count(name)} 次；只能给一次",
                f"{name} is given {names.count(name)} times; give it once",
            )


def single(route: APIRoute) -> frozenset[str]:
    """Parameters of a route's query that have one value."""
    return frozenset(_named(route.dependant)) - LISTED


def _named(dependant: Dependant) -> Iterator[str]:
    for parameter in dependant.query_params:
        if not _is_list(parameter.field_info.annotation):
            yield parameter.alias
    for under in dependant.dependencies:
        yield from _named(under)


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) in (list, tuple, set) or any(map(_is_list, get_args(annotation)))
