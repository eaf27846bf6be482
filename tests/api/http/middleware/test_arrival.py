"""Numbers and languages of requests."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from starlette.types import Receive, Scope, Send

from api.http.middleware.arrival import Arrival, language_of, trusted
from graph.language import Text
from tests.api.http.middleware.asking import answering, asked, headers_of, scope_of

PROXIES = (ip_network("10.0.0.0/8"),)
GIVEN = "0f-proxy.number"


def number(*, peer: str | None, given: str = GIVEN) -> str:
    more = {} if peer is None else {"peer": (peer, 1)}
    scope = scope_of(headers=[("X-Request-Id", given)], **more)
    found = headers_of(asked(Arrival(answering(), "en", PROXIES), scope))["x-request-id"]
    assert found == scope["request_id"]
    return found


def test_a_trusted_proxys_number_is_taken() -> None:
    assert number(peer="10.1.2.3") == GIVEN


@pytest.mark.parametrize("peer", ["11.0.0.1", "::1", "nowhere", None])
def test_nobody_elses_is(peer: str | None) -> None:
    assert number(peer=peer) != GIVEN


@pytest.mark.parametrize("given", ["", "short", "x" * 129, "with space", "line\nbreak", "汉字汉字汉字汉字"])
def test_nor_one_that_is_no_number(given: str) -> None:
    found = number(peer="10.1.2.3", given=given)
    assert found != given and len(found) == 32


def test_without_proxies_every_number_is_our_own() -> None:
    scope = scope_of(headers=[("X-Request-Id", GIVEN)], peer=("10.1.2.3", 1))
    assert headers_of(asked(Arrival(answering(), "en"), scope))["x-request-id"] != GIVEN


def test_texts_and_answer_are_in_the_language_that_is_wanted() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await answering(str(Text("中", "en")).encode())(scope, receive, send)

    sent = asked(Arrival(app, "zh"), scope_of(headers=[("Accept-Language", "en")]))
    assert sent[1]["body"] == b"en" and headers_of(sent)["content-language"] == "en"
    assert asked(Arrival(app, "zh"), scope_of())[1]["body"] == "中".encode()


def test_which_addresses_are_proxies() -> None:
    assert trusted("10.0.0.1", PROXIES) and not trusted("11.0.0.1", PROXIES) and not trusted("10.0.0.1", ())


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("", "zh"), ("en", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB,en;q=0.9,zh;q=0.95", "en"), ("fr, en;q=0.5", "en"),
        ("fr", "zh"), ("en;q=0, zh;q=0.1", "zh"), ("en;q=nonsense", "zh"), ("de;q=1, en;q=0", "zh"),
    ],
)  # fmt: skip
def test_the_language_that_is_wanted_most_of_those_that_jiedui_speaks(wanted: str, told: str) -> None:
    assert language_of(wanted, "zh") == told
