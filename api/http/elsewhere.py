"""What comes from elsewhere: pages of other sites, names that were bound to this machine, proxies that nobody named."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from api.http.access import SAFE
from api.http.middleware.arrival import trusted
from api.service.refusals import Refused
from api.service.settings import Network, here

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
"""What a proxy writes."""
PORTS = {"http": 80, "https": 443}
"""Where a name is given without one."""


def refuse_other_pages(method: str, headers: Headers) -> None:
    """Refuse what a browser says another site's page sent, unless somebody followed a link.

    Raises
    ------
    Refused
        By ``Sec-Fetch-Site``.
    """
    site = headers.get("sec-fetch-site", "none")
    followed = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) == ("navigate", "document")
    if site not in ("none", "same-origin") and not (followed and method in SAFE):
        raise Refused("不接受其他网站页面的请求", "requests of other sites' pages are not taken")


def refuse_elsewhere(headers: Headers) -> None:
    """Refuse what another site's page, or a proxy, sends to a loopback.

    Raises
    ------
    Refused
        When ``Host`` is not this machine's, ``Origin`` is not the same as ``Host``, or the request was forwarded.
    """
    host = headers.get("host", "")
    name = _name_of(host)
    if not here(name):
        raise Refused(
            f"Host 应是本机（localhost、127.0.0.1 或 [::1]），而不是 {name}",
            f"Host must be this machine (localhost, 127.0.0.1 or [::1]), not {name}",
        )
    origin = headers.get("origin")
    if origin is not None and _netloc(origin) != host:
        raise Refused(f"不接受来自 {origin} 页面的请求", f"requests of pages of {origin} are not taken")
    forwarded = [name for name in FORWARDED if name in headers]
    if forwarded:
        raise Refused(
            f"请求经过代理（{forwarded[0]}）；请用 --behind-proxy 指明它，登录才会生效",
            f"the request came through a proxy ({forwarded[0]}); name it with --behind-proxy, so that a login is asked for",
        )


def refuse_foreign_origin(request: HTTPConnection, proxies: tuple[Network, ...], public_url: str) -> None:
    """Refuse what a page that is not the service's own sends with a cookie.

    Parameters
    ----------
    request : HTTPConnection
    proxies : tuple of network
        Whose word (``X-Forwarded-Host``) counts.
    public_url : str
        Where browsers find the service; empty where it is not set.

    Raises
    ------
    Refused
        When there is an ``Origin``, and it is neither that of ``Host``, nor of what a trusted proxy tells, nor of ``public_url``.
    """
    origin = request.headers.get("origin")
    if origin is None:
        return
    own = {_site(f"{request.scope['scheme']}://{host}") for host in _hosts(request, proxies)}
    own |= {_site(public_url)} if public_url else set()
    found = _site(origin)
    if found is None or found not in own:
        raise Refused(f"不接受来自 {origin} 页面的请求", f"requests of pages of {origin} are not taken")


def _hosts(request: HTTPConnection, proxies: tuple[Network, ...]) -> list[str]:
    """Names under which the service was asked."""
    peer = request.scope.get("peer")
    told = (
        request.headers.get("x-forwarded-host", "") if peer is not None and trusted(peer[0], proxies) else ""
    )
    return [request.headers.get("host", ""), *(host.strip() for host in told.split(",") if host.strip())]


@lru_cache(maxsize=256)
def _site(url: str) -> tuple[str, str, int | None] | None:
    """Scheme, name and port; ``None`` for what is none, such as ``null``."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname else None


@lru_cache(maxsize=256)
def _name_of(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return host


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
