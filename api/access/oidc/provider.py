"""The provider's word: where people are sent to log in, and what it says of who came back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jws import JWSRegistry

from api.access.oidc.bounded import SECONDS, BoundedOAuth
from api.access.oidc.source import Source
from api.service.refusals import Refused
from api.service.settings import Settings

LEEWAY = 60
"""Seconds by which its clock may differ from ours."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")  # fmt: skip
"""Signatures with a key that only the provider has; never ``none``, and none whose key would be our own secret."""


class Provider:
    """An OpenID provider, by the service's settings.

    Parameters
    ----------
    settings : Settings
        With ``oidc_issuer``.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.source = Source(settings.oidc_issuer, settings.oidc_ca)

    @property
    def redirect(self) -> str:
        """Where the provider sends people back to."""
        return f"{self.settings.public_url}/api/v1/oidc/callback"

    def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where people are sent to log in.

        Raises
        ------
        OutsideError, InputError
            When the provider cannot be reached, or its document is not as it should be.
        """
        endpoint = self.source.document()["authorization_endpoint"]
        with self._client() as client:
            url, _ = client.create_authorization_url(
                endpoint, state=state, nonce=nonce, code_verifier=verifier
            )
        return str(url)

    def claims(self, code: str, nonce: str, verifier: str) -> Mapping[str, Any]:
        """What the provider says of who came back with a code.

        Raises
        ------
        Refused
            When it does not know the code, or what it says is not signed by it, for us, now, and for this login (401).
        OutsideError, InputError
            When it cannot be reached, or answers otherwise than a provider does.
        """
        told = self._told(code, verifier)
        return self._told_beside(told, self._checked(told, nonce))

    def _told(self, code: str, verifier: str) -> Mapping[str, Any]:
        endpoint = self.source.document()["token_endpoint"]
        try:
            with self._client() as client:
                found: Mapping[str, Any] = client.fetch_token(endpoint, code=code, code_verifier=verifier)
                return found
        except AuthlibBaseError as error:
            raise not_known() from error
        except httpx2.HTTPStatusError as error:
            raise not_known() if error.response.status_code < 500 else self.source.away(error) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise self.source.away(error) from error
        except ValueError as error:
            raise self.source.odd("token_endpoint") from error

    def _checked(self, told: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        word, us = told.get("id_token"), self.settings.oidc_client_id
        if not isinstance(word, str):
            raise self.source.odd("id_token")
        options: Any = {
            "iss": {"essential": True, "value": self.settings.oidc_issuer},
            "aud": {"essential": True, "value": us},
        }
        params = {"nonce": nonce, "client_id": us, "access_token": told.get("access_token")}
        try:
            signed = self._signed(word)
            claims = CodeIDToken(signed.claims, signed.header, options, params)
            claims.validate(leeway=LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError, TypeError) as error:
            raise not_known() from error
        return dict(claims)

    def _signed(self, word: str) -> jwt.Token:
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        try:
            return jwt.decode(word, self.source.keys(), registry=registry)
        except (InvalidKeyIdError, ValueError):  # it may have new keys
            return jwt.decode(word, self.source.keys(anew=True), registry=registry)

    def _told_beside(self, told: Mapping[str, Any], claims: Mapping[str, Any]) -> Mapping[str, Any]:
        """What some providers tell at another address than in what they sign."""
        address, access = self.source.document().get("userinfo_endpoint"), told.get("access_token")
        if self.settings.oidc_role_claim in claims or not address or not isinstance(access, str):
            return claims
        more = self.source.read(str(address), {"Authorization": f"Bearer {access}"})
        if more.get("sub") != claims["sub"]:
            raise self.source.odd("userinfo_endpoint")
        return {**more, **claims}

    def _client(self) -> OAuth2Client:
        kind: type[OAuth2Client] = BoundedOAuth
        return kind(
            self.settings.oidc_client_id, self.settings.oidc_client_secret.get_secret_value() or None, scope=self.settings.oidc_scope,
            redirect_uri=self.redirect, code_challenge_method="S256", verify=self.source.trust, timeout=SECONDS,
        )  # fmt: skip


def not_known() -> Refused:
    """The provider does not stand by it."""
    return Refused(
        "登录服务没有确认您的身份；请重新登录",
        "the provider did not confirm who you are; log in again",
        status=401,
    )
