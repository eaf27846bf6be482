"""Headers that every answer has."""

from __future__ import annotations

from api.http.middleware.headers import ALWAYS, SafeHeaders
from tests.api.http.middleware.asking import Pairs, answering, asked, headers_of, scope_of


def told(*own: tuple[str, str], scheme: str = "http", status: int = 200) -> dict[str, str]:
    pairs: Pairs = own
    return headers_of(asked(SafeHeaders(answering(headers=pairs, status=status)), scope_of(scheme=scheme)))


def test_they_are_there_and_say_no_frames_no_sniffing_no_scripts() -> None:
    found = told(status=403)
    assert {name.decode() for name, _ in ALWAYS} <= found.keys()
    assert (
        "frame-ancestors 'none'" in found["content-security-policy"]
        and "default-src 'none'" in found["content-security-policy"]
    )
    assert found["x-content-type-options"] == "nosniff"


def test_what_a_route_says_itself_stays() -> None:
    found = told(
        ("Content-Security-Policy", "default-src 'self'"),
        ("Cache-Control", "public, max-age=60"),
        ("ETag", '"1"'),
    )
    assert (found["content-security-policy"], found["cache-control"]) == (
        "default-src 'self'",
        "public, max-age=60",
    )


def test_nothing_keeps_an_answer_but_one_that_can_be_asked_about() -> None:
    assert told()["cache-control"] == "no-store"
    assert told(("ETag", '"1"'))["cache-control"] == "private, no-cache"


def test_only_tls_asks_for_tls() -> None:
    assert "strict-transport-security" not in told()
    assert told(scheme="https")["strict-transport-security"] == "max-age=31536000"
