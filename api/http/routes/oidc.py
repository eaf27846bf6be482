"""Login at the OpenID provider."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from api.access.oidc.claims import grant_of
from api.access.oidc.logins import SECONDS
from api.access.oidc.provider import Provider
from api.http.access import OPEN
from api.http.cookies import LOGIN, cookie_of, drop_cookie, set_cookie
from api.http.parameters import free
from api.http.routes.session import open_session
from api.http.serving import TheService
from api.service.refusals import NotFound, Refused
from api.service.service import Service

router = APIRouter(prefix="/oidc", tags=["access"], dependencies=[OPEN])
OTHERS = free(
    "others", "Whatever else a provider adds; it is not read.",
    {"type": "object", "additionalProperties": {"type": "string"}}, {"session_state": "4f1a2b"},
)  # fmt: skip


@router.get(
    "/login", status_code=302, summary="Go to the provider to log in", response_class=RedirectResponse,
    responses={302: {"description": "to the provider"}},
)  # fmt: skip
def login(
    service: TheService, request: Request, next: Annotated[str, Query(max_length=2000, description="path of the service to be at then")] = "/"
) -> RedirectResponse:  # fmt: skip
    """For browsers. 404 where no provider is set."""
    provider = provider_of(service)
    begun = service.logins.begin(next)
    response = RedirectResponse(
        provider.address(begun.state, begun.nonce, begun.verifier), 302, {"Cache-Control": "no-store"}
    )
    set_cookie(request, response, begun.browser, LOGIN, seconds=SECONDS)
    return response


@router.get(
    "/callback", status_code=303, summary="Come back from the provider", response_class=RedirectResponse,
    responses={303: {"description": "logged in; to where one wanted to be"}}, openapi_extra=OTHERS,
)  # fmt: skip
def callback(
    service: TheService, request: Request,
    state: Annotated[str, Query(max_length=200, description="as it was sent to the provider", examples=["k3Jv…"])],
    code: Annotated[str, Query(max_length=4000, description="what the provider gives for its word", examples=["V9xQ…"])] = "",
    error: Annotated[str, Query(max_length=200, description="why the provider refused", examples=["access_denied"])] = "",
    iss: Annotated[str, Query(max_length=1000, description="the provider's name (RFC 9207)", examples=["https://login.example"])] = "",
) -> RedirectResponse:  # fmt: skip
    """Takes the provider's word for who it is and opens a session; good once, in the browser that went to log in."""
    provider = provider_of(service)
    begun = service.logins.take(state, cookie_of(request, LOGIN) or "")
    if iss and iss != service.settings.oidc_issuer:
        raise Refused("答复来自另一个登录服务", "the answer comes from another provider", status=401)
    if not code:
        why = error if re.fullmatch("[a-z_]{1,60}", error) else "no code"
        raise Refused(f"登录服务拒绝了（{why}）", f"the provider refused ({why})", status=401)
    grant = grant_of(provider.claims(code, begun.nonce, begun.verifier), service.settings)
    response = RedirectResponse(begun.next, 303, {"Cache-Control": "no-store"})
    open_session(service, request, response, grant)
    drop_cookie(request, response, LOGIN)
    return response


def provider_of(service: Service) -> Provider:
    """The provider.

    Raises
    ------
    NotFound
        When none is set.
    """
    if service.provider is None:
        raise NotFound("没有设置登录服务（oidc_issuer）", "no OpenID provider is set (oidc_issuer)")
    return service.provider
