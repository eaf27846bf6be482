"""How often somebody may ask."""

from __future__ import annotations

import json
import re

import pytest
from starlette.types import Scope

from api.http.middleware.rates import Rates, Windows, whose
from api.service.caller import Caller, Role
from tests.api.http.middleware.asking import answering, asked, headers_of, scope_of

ANN, BOB = Caller("ann", Role.VIEWER), Caller("bob", Role.VIEWER)


def by(caller: Caller | None, address: str = "10.0.0.1") -> Scope:
    return scope_of(caller=caller, client=(address, 1))


def test_one_more_than_allowed_is_refused_with_when_to_try_again() -> None:
    rates = Rates(answering(), 2)
    left = []
    for _ in range(2):
        sent = asked(rates, by(ANN))
        assert sent[0]["status"] == 200 and headers_of(sent)["ratelimit-policy"] == '"caller";q=2;w=60'
        found = re.fullmatch(r'"caller";r=(\d+);t=(\d+)', headers_of(sent)["ratelimit"])
        assert found is not None and 1 <= int(found[2]) <= 60
        left.append(int(found[1]))
    assert left == [1, 0]
    sent = asked(rates, by(ANN, "10.0.0.2"))
    assert (
        sent[0]["status"] == 429
        and 1 <= int(headers_of(sent)["retry-after"]) <= 60
        and "r=0" in headers_of(sent)["ratelimit"]
    )
    assert json.loads(sent[1]["body"])["type"] == "/problems/too-many"
    assert asked(rates, by(BOB))[0]["status"] == 200, "others have their own"


def test_who_is_not_known_is_counted_by_address() -> None:
    rates = Rates(answering(status=401), 1)
    assert [asked(rates, by(None, a))[0]["status"] for a in ("10.0.0.1", "10.0.0.1", "10.0.0.2")] == [
        401,
        429,
        401,
    ]


def test_a_subscriber_has_one_network_of_ipv6() -> None:
    assert (
        whose(by(None, "2001:db8:1:2::1"))
        == whose(by(None, "2001:db8:1:2:ffff::9"))
        != whose(by(None, "2001:db8:1:3::1"))
    )
    assert (
        whose(by(None, "::ffff:10.0.0.1"))
        == whose(by(None, "10.0.0.1"))
        != whose(by(None, "::ffff:10.0.0.2"))
    )
    assert whose(scope_of(client=None)) == whose(by(None, "testclient")) == "address/none"
    assert whose(by(Caller("10.0.0.1", Role.VIEWER))) != whose(by(None, "10.0.0.1"))


def test_who_asks_whether_the_service_lives_is_not_counted() -> None:
    rates = Rates(answering(), 1)
    probes = [scope_of(path=path, caller=None, client=("10.0.0.1", 1)) for path in ("/healthz", "/readyz")]
    assert asked(rates, by(None))[0]["status"] == 200
    for _ in range(3):
        assert [asked(rates, probe)[0]["status"] for probe in probes] == [200, 200]
    assert asked(rates, by(None))[0]["status"] == 429
    other = scope_of(path="/healthz/x", caller=None, client=("10.0.0.1", 1))
    assert asked(rates, other)[0]["status"] == 429


def test_a_window_that_is_over_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("api.http.middleware.rates.time.time", lambda: now)
    windows = Windows()
    assert [windows.incr("a", 60) for _ in range(3)] == [1, 2, 3] and windows.get("a") == 3
    now = 1061.0
    assert windows.get("a") == 0 and windows.incr("a", 60) == 1 and windows.get_expiry("a") == 1121.0


def test_many_addresses_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("api.http.middleware.rates.time.time", lambda: now)
    windows = Windows(most=3)
    for n in range(3):
        windows.incr(f"a{n}", 60)
    assert [windows.incr(f"b{n}", 60) for n in range(4)] == [1, 2, 3, 4], "they share one"
    assert len(windows.counts) == 4 and windows.incr("a0", 60) == 2
    now = 1070.0
    assert windows.incr("c", 60) == 1 and set(windows.counts) == {"c"}
