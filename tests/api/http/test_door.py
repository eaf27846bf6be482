"""Who gets in at all: pages of elsewhere, proxies, plain HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from api.access.secret import Secret
from api.http.elsewhere import FORWARDED, refuse_elsewhere, refuse_foreign_origin, refuse_other_pages
from api.service.refusals import Refused
from tests.api.http.running import Running, running

ME, SESSION = "/api/v1/me", "/api/v1/session"


@pytest.mark.parametrize("host", ["localhost", "localhost:8470", "127.0.0.1:8470", "127.0.0.2", "[::1]:8470"])
def test_this_machine_gets_in(host: str) -> None:
    refuse_elsewhere(Headers({"host": host}))
    refuse_elsewhere(Headers({"host": host, "origin": f"http://{host}"}))


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"host": "evil.example"}, {"host": "127.0.0.1.evil.example"}, {"host": "10.0.0.1:8470"}, {"host": "evil.example@127.0.0.1.x"},
        {"host": "localhost:8470", "origin": "http://evil.example"}, {"host": "localhost:8470", "origin": "null"},
        {"host": "localhost:8470", "origin": "http://localhost:3000"},
    ],
)  # fmt: skip
def test_a_page_of_elsewhere_does_not(headers: dict[str, str]) -> None:
    with pytest.raises(Refused):
        refuse_elsewhere(Headers(headers))


@pytest.mark.parametrize("name", FORWARDED)
def test_what_came_through_a_proxy_is_not_from_this_machine(name: str) -> None:
    with pytest.raises(Refused, match="came through a proxy"):
        refuse_elsewhere(Headers({"host": "127.0.0.1:8470", name: "203.0.113.9"}))


@pytest.mark.parametrize(
    ("headers", "gets_in"),
    [
        ({}, True), ({"sec-fetch-site": "none"}, True), ({"sec-fetch-site": "same-origin"}, True), ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False), ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, False),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, True),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}, False),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "document"}, False),
    ],
)  # fmt: skip
def test_a_link_may_lead_here_and_a_page_may_not_ask(headers: dict[str, str], gets_in: bool) -> None:
    if gets_in:
        refuse_other_pages("GET", Headers(headers))
    else:
        with pytest.raises(Refused):
            refuse_other_pages("GET", Headers(headers))


def test_a_form_of_another_site_is_no_link() -> None:
    form = Headers(
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    )
    with pytest.raises(Refused):
        refuse_other_pages("POST", form)


def asking(
    origin: str | None, *, scheme: str = "https", host: str = "jiedui.example", told: str | None = None, peer: str = "10.0.0.9"
) -> HTTPConnection:  # fmt: skip
    """A request as it comes to a service behind the proxy 10.0.0.9."""
    headers = {"host": host, "origin": origin, "x-forwarded-host": told}
    raw = [(name.encode(), value.encode()) for name, value in headers.items() if value is not None]
    return HTTPConnection({"type": "http", "headers": raw, "scheme": scheme, "peer": (peer, 1)})


PROXY = (ip_network("10.0.0.9"),)


@pytest.mark.parametrize(
    ("request_", "public_url"),
    [
        (asking(None), ""), (asking("https://jiedui.example"), ""), (asking("https://jiedui.example:443"), ""), (asking("https://JIEDUI.example"), ""),
        (asking("http://localhost:8470", scheme="http", host="localhost:8470"), ""), (asking("https://jiedui.example", host="10.0.0.1:8470", told="jiedui.example"), ""),
        (asking("https://jiedui.example", host="inner", told="jiedui.example, middle"), ""), (asking("https://jiedui.example", host="inner"), "https://jiedui.example"),
    ],
)  # fmt: skip
def test_ones_own_page_may_send_its_cookie(request_: HTTPConnection, public_url: str) -> None:
    refuse_foreign_origin(request_, PROXY, public_url)


@pytest.mark.parametrize(
    "request_",
    [
        asking("https://evil.example"), asking("null"), asking(""), asking("https://jiedui.example.evil.example"), asking("http://jiedui.example"),
        asking("https://jiedui.example:8443"), asking("https://["), asking("https://jiedui.example@evil.example"), asking("https://sub.jiedui.example"),
        asking("https://evil.example", told="evil.example", peer="10.0.0.8"), asking("https://jiedui.example", host=""),
    ],
)  # fmt: skip
def test_a_foreign_page_may_not(request_: HTTPConnection) -> None:
    with pytest.raises(Refused, match="requests of pages of"):
        refuse_foreign_origin(request_, PROXY, "")


@pytest.fixture(scope="module")
def open_one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service that opens without a login."""
    with running(tmp_path_factory.mktemp("open")) as found:
        yield found


def test_a_name_that_was_bound_to_this_machine_anew_gets_nothing(open_one: Running) -> None:
    with open_one.client() as browser:
        assert browser.get(ME).json()["via"] == "loopback"
        for headers in (
            {"Host": "evil.example"}, {"Host": "evil.example", "Origin": "http://evil.example"}, {"Origin": "http://localhost:1"},
            {"X-Forwarded-For": "127.0.0.1"}, {"Host": "[", "Origin": "x"}, {"Host": "localhost", "Origin": "null"},
        ):  # fmt: skip
            told = browser.get(ME, headers=headers)
            assert told.status_code == 403 and told.json()["type"] == "/problems/refused", headers


def tries(there: Running, address: str | None, count: int = 1, **headers: str) -> list[int]:
    """Statuses of wrong tokens that come through a proxy for an address."""
    more = {} if address is None else {"X-Forwarded-For": address}
    with there.client(Secret.new().token, headers={"X-Forwarded-Proto": "https"} | more | headers) as client:
        return [client.get(ME).status_code for _ in range(count)]


def test_a_trusted_proxy_tells_who_asks_and_how(tmp_path: Path) -> None:
    with running(tmp_path, behind_proxy="127.0.0.1") as there:
        assert tries(there, "203.0.113.9", 11)[-1] == 429
        assert tries(there, "203.0.113.10") == [401]
        assert tries(there, "203.0.113.10, 203.0.113.9") == [
            429
        ]  # what stands before it, anybody may have written
        assert tries(there, "203.0.113.9, 127.0.0.1") == [429]
        with there.client(
            headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.11"}
        ) as browser:
            assert browser.get(ME).status_code == 401  # forwarded: nobody is at this machine
            told = browser.post(SESSION, json={"token": there.token()})
            assert told.status_code == 201
            assert (
                told.headers["Set-Cookie"].startswith("__Host-jiedui=")
                and "; Secure" in told.headers["Set-Cookie"]
            )


def test_a_session_is_not_to_be_used_by_a_foreign_page_even_with_its_own_token(tmp_path: Path) -> None:
    with running(tmp_path, behind_proxy="127.0.0.1") as there:
        forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "jiedui.example"}
        with there.client(headers=forwarded) as browser:
            told = browser.post(SESSION, json={"token": there.token()})
            cookie = {
                "Cookie": told.headers["Set-Cookie"].partition(";")[0],
                "X-CSRF-Token": told.json()["csrf"],
            }
            for origin, status in (
                ("https://evil.example", 403), ("null", 403), ("https://jiedui.example", 201), (None, 201)
            ):  # fmt: skip
                headers = cookie if origin is None else cookie | {"Origin": origin}
                assert browser.post("/api/v1/tokens", json={}, headers=headers).status_code == status, origin
            assert browser.get(ME, headers=cookie | {"Origin": "https://evil.example"}).status_code == 403
            assert browser.get(ME, headers=cookie | {"Sec-Fetch-Site": "cross-site"}).status_code == 403
        with there.client(there.token(), headers=forwarded | {"Origin": "https://evil.example"}) as program:
            assert program.get(ME).status_code == 200, "a token is nothing that a browser sends by itself"


def test_behind_a_proxy_nobody_is_at_this_machine(tmp_path: Path) -> None:
    with running(tmp_path, behind_proxy="127.0.0.1") as there, there.client() as direct:
        assert direct.get(ME).status_code == 401
        assert direct.get("/healthz").status_code == 200


def test_nothing_secret_goes_openly_through_a_proxy(tmp_path: Path) -> None:
    with running(tmp_path, behind_proxy="127.0.0.1") as there:
        for headers in ({}, {"X-Forwarded-Proto": "http"}, {"X-Forwarded-Proto": "HTTPS?"}):
            with there.client(there.token(), headers=headers) as client:
                told = client.get(ME)
                assert told.status_code == 403 and "use https" in told.json()["detail"]
            with there.client(headers=headers) as client:
                assert client.post(SESSION, json={"token": there.token()}).status_code == 403


def test_who_is_no_trusted_proxy_tells_nothing(tmp_path: Path) -> None:
    with running(tmp_path, behind_proxy="10.9.9.9") as there:
        assert tries(there, "203.0.113.9") == [403]  # it says https; it may not say so
    with running(tmp_path / "other", login=True) as there:
        statuses = [status for n in range(12) for status in tries(there, f"203.0.113.{n}")]
        assert statuses == [401] * 10 + [429] * 2  # all of one address
        with there.client(headers={"X-Forwarded-Proto": "https"}) as browser:
            assert "Secure" not in browser.get("/healthz").headers.get("Set-Cookie", "")
