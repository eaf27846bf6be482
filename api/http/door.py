"""Who asks: a token in ``Authorization``, a session's cookie, or whoever is at this machine where it opens without a login.

On a loopback that opens without a login the ``Host`` has to be this machine's, an ``Origin`` the service's own and nothing may have been
forwarded, so that neither a page of some web site reaches it through the browser of somebody who works here nor a proxy opens it to others.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.requests import HTTPConnection

from api.access.guesses import Guesses
from api.access.kept import Kind, Pass, Standing
from api.access.passes import Passes
from api.access.secret import Secret
from api.http.access import SAFE
from api.http.cookies import cookie_of
from api.http.elsewhere import refuse_elsewhere, refuse_foreign_origin, refuse_other_pages
from api.service.caller import LOCAL, Caller
from api.service.refusals import Refused
from api.service.settings import Settings
from graph.errors import OutsideError
from graph.language import Text

ENDED: dict[Standing, Text] = {
    "unknown": Text("令牌不对", "the token is not known"),
    "ended": Text("令牌已被撤销", "the token was revoked"),
    "expired": Text("令牌已过期", "the token has expired"),
    "idle": Text("会话因久未使用而结束", "the session ended because it was not used"),
}


class EntryDoor:
    """Finds out who asks.

    Parameters
    ----------
    settings : Settings
    passes : Passes
    guesses : Guesses
    """

    def __init__(self, settings: Settings, passes: Passes, guesses: Guesses) -> None:
        self.settings, self.passes, self.guesses = settings, passes, guesses

    async def caller(self, request: HTTPConnection) -> Caller | None:
        """Who asks; ``None`` where they do not say.

        Raises
        ------
        Refused
            When the request comes from another site's page, was forwarded where none should be, came openly through a proxy, or its
            token does not hold.
        TooMany
            When it bears a wrong token, as too many from there did before.
        """
        refuse_other_pages(request.scope["method"], request.headers)
        if self.settings.open:
            refuse_elsewhere(request.headers)
        elif (
            self.settings.behind_proxy
            and request.scope["scheme"] != "https"
            and request.scope["method"] not in SAFE
        ):
            raise openly()
        given = request.headers.get("authorization")
        if given is not None:
            return await self._with_token(request, given)
        return await self._with_cookie(request) or (LOCAL if self.settings.open else None)

    async def _with_token(self, request: HTTPConnection, given: str) -> Caller:
        scheme, _, word = given.partition(" ")
        if scheme.lower() != "bearer":
            raise Refused(
                "Authorization 应为 Bearer 加令牌", "Authorization is Bearer with a token", status=401
            )
        self._demand_private(request)
        return (await self.holding(request, word.strip())).caller

    async def holding(self, request: HTTPConnection, word: str) -> Pass:
        """The token that a word is.

        Raises
        ------
        Refused
            When it is none, or holds no longer (401).
        TooMany
            When it is none, as too many from there were before.
        """
        secret = Secret.read_token(word)
        standing, found = await self._known(request, "token", secret)
        if standing != "valid" or found is None:
            why = ENDED[standing]
            raise Refused(f"{why.zh}；请登录或另取一个", f"{why.en}; log in or get another one", status=401)
        return found

    async def _with_cookie(self, request: HTTPConnection) -> Caller | None:
        word = cookie_of(request)
        if word is None:
            return None
        refuse_foreign_origin(request, self.settings.proxies, self.settings.public_url)
        self._demand_private(request)
        secret = Secret.read(word)
        standing, found = await self._known(request, "session", secret)
        if standing != "valid" or found is None or secret is None:
            return None
        request.scope["csrf"] = secret.derived("csrf")
        return found.caller

    async def _known(
        self, request: HTTPConnection, kind: Kind, secret: Secret | None
    ) -> tuple[Standing, Pass | None]:
        standing, found = (
            ("unknown", None) if secret is None else await asyncio.to_thread(self.passes.known, kind, secret)
        )
        if standing == "unknown":
            self.guesses.wrong(address_of(request), f"{kind} not known")
        if standing == "valid" and found is not None and self.passes.stale(found):
            with suppress(OutsideError):  # a full disk keeps nobody from reading
                await asyncio.to_thread(self.passes.touch, found.id)
        return standing, found

    def _demand_private(self, request: HTTPConnection) -> None:
        if self.settings.behind_proxy and request.scope["scheme"] != "https":
            raise openly()


def openly() -> Refused:
    """The request came through a proxy and nobody knows that it was over TLS before it."""
    return Refused(
        "请用 https 访问；代理须如实给出 X-Forwarded-Proto",
        "use https; the proxy has to tell X-Forwarded-Proto as it is",
    )


def address_of(request: HTTPConnection) -> str:
    """Address of who asks; of a trusted proxy's word where there is one."""
    return request.client.host if request.client is not None else ""
