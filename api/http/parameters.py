"""Parameters of a query are those that its route declares, each as often as it can be given: what is more is told, instead of passed over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from graph.errors import UsageError
from graph.language import Text
from graph.tables.suggest import unknown

LISTED = frozenset({"sort", "columns"})
"""Written with commas, or given several times."""
SHOWN = 40
"""Characters of a name that is not known that are told."""


def free(name: str, description: str, schema: Any, example: Any) -> dict[str, Any]:
    """Declares that a route takes further parameters, and reads them itself: what to give as its ``openapi_extra``.

    Parameters
    ----------
    name : str
        What all of them together are called in the document of the API.
    description : str
    schema : mapping
        Of the object that they make up.
    example : mapping
    """
    one = {"name": name, "in": "query", "required": False, "style": "form", "explode": True}
    return {"parameters": [{**one, "description": description, "schema": schema, "example": example}]}


async def declared_alone(request: Request) -> None:
    """Let a request pass that gives what its route declares, each as often as it can be given; a dependency.

    Raises
    ------
    UsageError
        When it gives one that is not declared, or one that has a single value several times.
    """
    given = [name for name, _ in request.query_params.multi_items()]
    if given:
        route = request.scope["route"]
        _demand_known(route, given)
        _demand_once(route, given)


def _demand_known(route: APIRoute, given: Sequence[str]) -> None:
    known = [name for name, _ in _named(route.dependant)]
    wrong = next((name for name in given if name not in known), None)
    if wrong is not None and not takes_others(route):
        if not known:
            raise UsageError(
                f"没有参数 {wrong[:SHOWN]}；这里不带参数", f"no parameter {wrong[:SHOWN]}; none is taken here"
            )
        words = unknown(Text("没有参数", "no parameter"), wrong[:SHOWN], known)
        raise UsageError(words.zh, words.en)


def _demand_once(route: APIRoute, given: Sequence[str]) -> None:
    if len(set(given)) == len(given):
        return
    for name in single(route):
        if given.count(name) > 1:
            raise UsageError(
                f"{name} 给了 {given.count(name)} 次；只能给一次",
                f"{name} is given {given.count(name)} times; give it once",
            )


def takes_others(route: APIRoute) -> bool:
    """Whether a route takes parameters that it does not name (:func:`free`)."""
    told = (route.openapi_extra or {}).get("parameters", ())
    return any(one["in"] == "query" and one.get("explode") for one in told)


def single(route: APIRoute) -> frozenset[str]:
    """Parameters of a route's query that have one value."""
    return frozenset(name for name, several in _named(route.dependant) if not several) - LISTED


def _named(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """Every parameter of a query, and whether it is a list."""
    for parameter in dependant.query_params:
        yield parameter.alias, _is_list(parameter.field_info.annotation)
    for under in dependant.dependencies:
        yield from _named(under)


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) in (list, tuple, set) or any(map(_is_list, get_args(annotation)))
