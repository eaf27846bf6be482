"""What a provider publishes: its document and its keys.

It is asked at the addresses of its own document, which is read from the issuer that an admin set; callers name no address. Redirects are
not followed, answers are bounded, plain HTTP is for a provider on this machine.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.access.oidc.bounded import SECONDS, Bounded
from api.service.settings import safe_address
from graph.errors import InputError, OutsideError

if TYPE_CHECKING:
    from joserfc.jwk import KeySetSerialization

FRESH = 3600.0
"""Seconds after which document and keys are read again."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
OPTIONAL = ("userinfo_endpoint",)


class Source:
    """Document and keys of a provider.

    Parameters
    ----------
    issuer : str
    certificates : Path, optional
        That the provider's is checked against, instead of the system's.
    """

    def __init__(self, issuer: str, certificates: Path | None = None) -> None:
        self.issuer, self.certificates = issuer, certificates
        self._lock = threading.Lock()
        self._document: tuple[Mapping[str, Any], float] | None = None
        self._keys: tuple[KeySet, float] | None = None

    def document(self) -> Mapping[str, Any]:
        """The provider's document, read again every hour.

        Raises
        ------
        OutsideError, InputError
            When it cannot be read, is another issuer's, or names addresses that are not safe.
        """
        with self._lock:
            if self._document is None or time.monotonic() - self._document[1] > FRESH:
                told = self.read(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                self._demand_safe(told)
                self._document = told, time.monotonic()
            return self._document[0]

    def keys(self, *, anew: bool = False) -> KeySet:
        """Its keys; ``anew`` for a key that is not among them: only the provider hands us what it signed, so nobody can have us read often.

        Raises
        ------
        OutsideError, InputError
            When they cannot be read, or are none.
        """
        address = self.document()["jwks_uri"]
        with self._lock:
            if self._keys is None or anew or time.monotonic() - self._keys[1] > FRESH:
                told = self.read(address)
                try:
                    self._keys = (
                        KeySet.import_key_set(cast("KeySetSerialization", told)),
                        time.monotonic(),
                    )  # it checks
                except (JoseError, ValueError, KeyError, TypeError) as error:
                    raise self.odd("jwks_uri") from error
            return self._keys[0]

    def read(self, url: str, headers: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        """A JSON object of the provider's.

        Raises
        ------
        OutsideError, InputError
            When there is no answer, or it is none or too large.
        """
        try:
            with Bounded(verify=self.trust, timeout=SECONDS) as client:
                told = client.get(url, headers=headers).raise_for_status().json()
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise self.away(error) from error
        except ValueError as error:
            raise self.odd(url) from error
        if not isinstance(told, dict):
            raise self.odd(url)
        return told

    @cached_property
    def trust(self) -> ssl.SSLContext:
        """Whose certificates are believed."""
        return ssl.create_default_context(cafile=self.certificates)

    def away(self, error: Exception) -> OutsideError:
        """It does not answer."""
        why = type(error).__name__
        return OutsideError(
            f"无法从登录服务 {self.issuer} 得到答复（{why}）",
            f"no answer from the provider {self.issuer} ({why})",
        )

    def odd(self, what: str) -> InputError:
        """It answers otherwise than a provider does."""
        return InputError(
            f"登录服务 {self.issuer} 的 {what} 不合规范；请核对 oidc_issuer",
            f"{what} of the provider {self.issuer} is not as it should be; check oidc_issuer",
        )

    def _demand_safe(self, told: Mapping[str, Any]) -> None:
        if told.get("issuer") != self.issuer:
            raise self.odd("issuer")
        for name in ENDPOINTS:
            address = told.get(name)
            if address is None and name in OPTIONAL:
                continue
            if not isinstance(address, str) or not address:
                raise self.odd(name)
            try:
                safe_address(address)
            except ValueError as error:
                raise self.odd(name) from error
