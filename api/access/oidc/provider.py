"""The provider: its document, its keys, and what it says of somebody.

It is asked at the addresses of its own document, which is read from the issuer that an admin set; callers name no address. Redirects are
not followed, answers are bounded, plain HTTP is for a provider on this machine.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from api.service.refusals import Refused
from api.service.settings import Settings, safe_address
from graph.errors import InputError, OutsideError

SECONDS = 10.0
"""Longest that the provider may take for an answer."""
BYTES = 1_000_000
"""Largest answer that is read."""
FRESH = 3600.0
"""Seconds after which its document is read again."""
LEEWAY = 60
"""Seconds by which its clock may differ from ours."""
ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
)
"""Signatures with a key that only the provider has; never ``none``, and none whose key would be our own secret."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
OPTIONAL = ("userinfo_endpoint",)


@dataclass(frozen=True)
class Document:
    """The provider's document and when it was read."""

    told: Mapping[str, Any]
    at: float


class Provider:
    """An OpenID provider, by the service's settings.

    Parameters
    ----------
    settings : Settings
        With ``oidc_issuer``.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._document: Document | None = None
        self._keys: tuple[KeySet, float] | None = None

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
        endpoint = self.document()["authorization_endpoint"]
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
        try:
            with self._client() as client:
                told = client.fetch_token(
                    self.document()["token_endpoint"], code=code, code_verifier=verifier
                )
        except AuthlibBaseError as error:
            raise _not_known() from error
        except httpx2.HTTPStatusError as error:
            raise _not_known() if error.response.status_code < 500 else self._away(error) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise self._away(error) from error
        except ValueError as error:
            raise self._odd("token_endpoint") from error
        return self._told_beside(told, self._checked(told, nonce))

    def _checked(self, told: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        word = told.get("id_token")
        if not isinstance(word, str):
            raise self._odd("id_token")
        try:
            signed = self._signed(word)
            options = {
                "iss": {"essential": True, "value": self.settings.oidc_issuer},
                "aud": {"essential": True, "value": self.settings.oidc_client_id},
            }
            params = {
                "nonce": nonce,
                "client_id": self.settings.oidc_client_id,
                "access_token": told.get("access_token"),
            }
            claims = CodeIDToken(signed.claims, signed.header, options, params)
            claims.validate(leeway=LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError, TypeError) as error:
            raise _not_known() from error
        return dict(claims)

    def _signed(self, word: str) -> jwt.Token:
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        try:
            return jwt.decode(word, self._key_set(), registry=registry)
        except (InvalidKeyIdError, ValueError):  # it may have new keys
            return jwt.decode(word, self._key_set(anew=True), registry=registry)

    def document(self) -> Mapping[str, Any]:
        """The provider's document, read again every hour.

        Raises
        ------
        OutsideError, InputError
            When it cannot be read, is another issuer's, or names addresses that are not safe.
        """
        with self._lock:
            if self._document is None or time.monotonic() - self._document.at > FRESH:
                told = self._read(f"{self.settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration")
                self._demand_safe(told)
                self._document = Document(told, time.monotonic())
            return self._document.told

    def _demand_safe(self, told: Mapping[str, Any]) -> None:
        if told.get("issuer") != self.settings.oidc_issuer:
            raise self._odd("issuer")
        for name in ENDPOINTS:
            address = told.get(name)
            if not isinstance(address, str) and not (address is None and name in OPTIONAL):
                raise self._odd(name)
            try:
                safe_address(address or "")
            except ValueError as error:
                raise self._odd(name) from error

    def _key_set(self, *, anew: bool = False) -> KeySet:
        """Its keys; read again for a key that is not among them. Only the provider itself hands us what it signed, so nobody can have us read often."""
        address = self.document()["jwks_uri"]
        with self._lock:
            if self._keys is None or anew or time.monotonic() - self._keys[1] > FRESH:
                told = self._read(address)
                try:
                    self._keys = KeySet.import_key_set(told), time.monotonic()  # type: ignore[arg-type] # checked there
                except (JoseError, ValueError, KeyError, TypeError) as error:
                    raise self._odd("jwks_uri") from error
            return self._keys[0]

    def _told_beside(self, told: Mapping[str, Any], claims: Mapping[str, Any]) -> Mapping[str, Any]:
        """What some providers tell at another address than in what they sign."""
        address, access = self.document().get("userinfo_endpoint"), told.get("access_token")
        if self.settings.oidc_role_claim in claims or not address or not isinstance(access, str):
            return claims
        more = self._read(str(address), {"Authorization": f"Bearer {access}"})
        if more.get("sub") != claims["sub"]:
            raise self._odd("userinfo_endpoint")
        return {**more, **claims}

    def _read(self, url: str, headers: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        try:
            with (
                httpx2.Client(verify=self._trust, timeout=SECONDS) as client,
                client.stream("GET", url, headers=headers) as answer,
            ):
                answer.raise_for_status()
                found = bytearray()
                for part in answer.iter_bytes():
                    found += part
                    if len(found) > BYTES:
                        raise self._odd(url)
            told = httpx2.Response(200, content=bytes(found)).json()
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise self._away(error) from error
        except ValueError as error:
            raise self._odd(url) from error
        if not isinstance(told, dict):
            raise self._odd(url)
        return told

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            self.settings.oidc_client_id, self.settings.oidc_client_secret.get_secret_value() or None, scope=self.settings.oidc_scope,
            redirect_uri=self.redirect, code_challenge_method="S256", verify=self._trust, timeout=SECONDS,
        )  # fmt: skip

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.settings.oidc_ca)

    def _away(self, error: Exception) -> OutsideError:
        issuer, why = self.settings.oidc_issuer, type(error).__name__
        return OutsideError(
            f"无法从登录服务 {issuer} 得到答复（{why}）", f"no answer from the provider {issuer} ({why})"
        )

    def _odd(self, what: str) -> InputError:
        issuer = self.settings.oidc_issuer
        return InputError(
            f"登录服务 {issuer} 的 {what} 不合规范；请核对 oidc_issuer", f"{what} of the provider {issuer} is not as it should be; check oidc_issuer"
        )  # fmt: skip


def _not_known() -> Refused:
    return Refused(
        "登录服务没有确认您的身份；请重新登录",
        "the provider did not confirm who you are; log in again",
        status=401,
    )
