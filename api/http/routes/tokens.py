"""Tokens: make, list, revoke."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.access.issuing import end, give_token, seen
from api.http.access import Known, needs
from api.http.audited import note
from api.http.models.access import NewToken, Shown, TokenPage, Wish
from api.http.paging import IdCursor, Limit, page_in_order
from api.http.routes.session import NO_STORE
from api.http.serving import Holds, TheService
from api.service.caller import Role
from api.service.regions import demand_regions
from graph.errors import UsageError

router = APIRouter(prefix="/tokens", tags=["access"])
Id = Annotated[str, Path(max_length=32, description="id of the token", examples=["0123456789abcdef"])]


@router.post("", status_code=201, summary="Make a token", dependencies=[needs(Role.VIEWER, "any")])
def make_token(
    service: TheService, caller: Known, holds: Holds, request: Request, response: Response, wish: Wish
) -> NewToken:  # fmt: skip
    """For oneself, or for others where one is an admin; never of more than one may do oneself. It is shown once: keep it safe.

    A token that somebody makes for themselves with a token ends with that one.
    """
    if wish.days > service.settings.token_days:
        most = service.settings.token_days
        raise UsageError(
            f"令牌最多有效 {most} 天（token_days）", f"a token holds {most} days at most (token_days)"
        )
    if wish.regions:
        demand_regions(service.networks.asked().regions, wish.regions)
    kept, secret = give_token(
        service.passes, caller, wish.grant(caller), holds, days=wish.days, label=wish.label
    )
    note(request, token=kept.id, user=kept.grant.user)
    response.headers.update(NO_STORE)
    return NewToken.model_validate(Shown.facts(kept) | {"token": secret.token})


@router.get("", summary="Tokens, the newest first", dependencies=[needs(Role.VIEWER, "any")])
def tokens(
    service: TheService, caller: Known, holds: Holds, cursor: IdCursor = "", limit: Limit = 100
) -> TokenPage:
    """One's own; an admin sees everybody's, as far as their regions go. Never the secrets."""
    found, after = page_in_order(seen(service.passes, "token", caller, holds), cursor, limit)
    return TokenPage(tokens=[Shown.of(kept) for kept in found], next=after)


@router.delete("/{id}", summary="Revoke a token", dependencies=[needs(Role.VIEWER, "any")])
def revoke_token(id: Id, service: TheService, caller: Known, holds: Holds) -> Shown:
    """At once, and with it the sessions and tokens that were made with it. One that was revoked stays so."""
    return Shown.of(end(service.passes, "token", id, caller, holds))
