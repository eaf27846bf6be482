"""Conditional requests (RFC 9110 § 13): answers that have not changed are not sent again, states that have are not overwritten."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import Request, Response

from api.service.refusals import NoMatch, Stale
from graph.language import current_language

CACHE = "private, no-cache"
"""A browser may keep an answer for its user, and asks whether it still holds each time."""
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "nothing has changed since the answer whose tag is in `If-None-Match`"}
}
"""For ``responses=`` of a route."""


@cache
def _program() -> str:
    return version("jiedui")


def etag_of(*parts: str) -> str:
    """A strong validator of an answer that is made of these, by this version of the program."""
    told = "\0".join((_program(), *parts))
    return f'"{hashlib.sha256(told.encode(errors="surrogatepass")).hexdigest()[:32]}"'


def weak_tag(*parts: Hashable) -> str:
    """A weak validator of an answer that hangs on these and the reader's language: it may go out compressed or not."""
    return f"W/{etag_of(current_language(), *map(repr, parts))}"


def headers_of(etag: str) -> dict[str, str]:
    """Headers of an answer that has a validator."""
    return {"ETag": etag, "Cache-Control": CACHE}


def not_modified(request: Request, etag: str, *, there: bool = True) -> Response | None:
    """The answer 304, where the client has the answer already; ``there`` as in :func:`unchanged`."""
    if unchanged(request, etag, there=there):
        return Response(status_code=304, headers=headers_of(etag))
    return None


def unchanged(request: Request, etag: str, *, there: bool = True) -> bool:
    """Whether the client has the answer already (``If-None-Match``).

    Parameters
    ----------
    request : Request
    etag : str
        Of the answer.
    there : bool
        Whether it is known that there is one, rather than a refusal or an error. Who names a tag was given it with the answer; ``*`` is
        any answer, and holds where there is one.
    """
    known = _listed(request.headers.get("if-none-match", ""))
    if "*" in known:
        return there
    return etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in known}


def demand_match(request: Request, etag: str) -> None:
    """Let a change pass where nothing is demanded, or where what is there is what ``If-Match`` names.

    Raises
    ------
    Stale
        When it is something else by now.
    """
    given = request.headers.get("if-match", "")
    if _listed(given):
        demand_named(given, etag)


def demand_named(given: str | None, etag: str) -> None:
    """Let a change pass that says by ``If-Match`` which state it was made from, where that is the one there is.

    Raises
    ------
    NoMatch
        When it says none.
    Stale
        When it is something else by now.
    """
    wanted = _listed(given or "")
    if not wanted:
        raise not_said()
    if "*" not in wanted and etag not in wanted:
        raise Stale(
            "If-Match 所指的状态已不是现状；请重新读取后再改",
            "what If-Match names is not how it stands now; read it again, then change it",
            etag=etag,
        )


def not_said() -> NoMatch:
    """``If-Match`` is missing where it has to be there."""
    return NoMatch(
        "请用 If-Match 给出读到的 ETag",
        "give the ETag that you read in If-Match, so that nobody's change is lost",
    )


def _listed(header: str) -> list[str]:
    return [tag.strip() for tag in header.split(",") if tag.strip()]
