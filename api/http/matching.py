"""ETags: a change says which state it was made from, and what is unchanged is not sent again."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header

from api.service.refusals import NoMatch, Stale

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=400,
        description="`ETag` of the state that is changed; `*`: whichever there is",
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", max_length=400, description="`ETag` of the state that is known already"),
]


def demand_match(given: str | None, etag: str) -> None:
    """Let a change pass that was made from the state which is there.

    Raises
    ------
    NoMatch
        When it does not say from which.
    Stale
        When it was made from another.
    """
    if given is None or not given.strip():
        raise NoMatch("请在 If-Match 中给出读到的 ETag", "give in If-Match the ETag that was read")
    if given.strip() != "*" and etag not in _listed(given):
        raise Stale(
            "已被他人改动；请重读后再改",
            "somebody else has changed it; read it again, then change that",
            etag=etag,
        )


def is_known(given: str | None, etag: str) -> bool:
    """Whether who asks has this state already."""
    return given is not None and (
        given.strip() == "*" or etag in [tag.removeprefix("W/") for tag in _listed(given)]
    )


def _listed(given: str) -> list[str]:
    return [tag.strip() for tag in given.split(",")]
