"""Cookies of sessions and of logins under way: never read by scripts, never sent to another host, over TLS only where there is TLS."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import Response

SESSION, LOGIN = "jiedui", "jiedui-login"


def name_of(request: HTTPConnection, cookie: str) -> str:
    """``__Host-`` before it over TLS: a browser then takes it from this very host only."""
    return f"__Host-{cookie}" if secure(request) else cookie


def cookie_of(request: HTTPConnection, cookie: str = SESSION) -> str | None:
    """What the browser brought."""
    return request.cookies.get(name_of(request, cookie))


def set_cookie(
    request: HTTPConnection,
    response: Response,
    word: str,
    cookie: str = SESSION,
    *,
    seconds: float | None = None,
) -> None:
    """Give it to the browser; without ``seconds`` it goes with the browser's own session."""
    response.set_cookie(
        name_of(request, cookie), word, max_age=None if seconds is None else round(seconds), path="/", secure=secure(request), httponly=True,
        samesite="lax",
    )  # fmt: skip


def drop_cookie(request: HTTPConnection, response: Response, cookie: str = SESSION) -> None:
    """Have the browser forget it."""
    response.delete_cookie(
        name_of(request, cookie), path="/", secure=secure(request), httponly=True, samesite="lax"
    )


def secure(request: HTTPConnection) -> bool:
    """Whether the request came over TLS, here or at a trusted proxy."""
    return bool(request.scope["scheme"] == "https")
