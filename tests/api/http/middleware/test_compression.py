"""What is compressed and what is not."""

from __future__ import annotations

import gzip

import pytest

from api.http.middleware.compression import SMALLEST, Compression
from tests.api.http.middleware.asking import answering, asked, headers_of, scope_of

LONG = b"x" * 10 * SMALLEST


def encoding(
    accepted: str, media: str = "application/json", *, body: bytes = LONG, path: str = "/", **own: str
) -> str | None:
    app = Compression(answering(body, headers=[("Content-Type", media), *own.items()]))
    return headers_of(asked(app, scope_of(path=path, headers=[("Accept-Encoding", accepted)]))).get(
        "content-encoding"
    )


@pytest.mark.parametrize(
    ("accepted", "found"),
    [("gzip", "gzip"), ("gzip, br", "br"), ("gzip, br, zstd", "zstd"), ("identity", None), ("", None)],
)
def test_the_best_that_is_accepted(accepted: str, found: str | None) -> None:
    assert encoding(accepted) == found


@pytest.mark.parametrize(
    "media", ["application/problem+json", "application/geo+json", "text/csv; charset=utf-8", "text/plain"]
)
def test_texts_of_all_kinds(media: str) -> None:
    assert encoding("gzip", media) == "gzip"


@pytest.mark.parametrize(
    "media",
    [
        "text/event-stream",
        "application/vnd.apache.parquet",
        "application/vnd.apache.arrow.stream",
        "image/png",
    ],
)
def test_neither_event_streams_nor_what_is_compressed_already(media: str) -> None:
    assert encoding("gzip", media) is None


def test_nothing_small() -> None:
    assert encoding("gzip", body=b"x" * (SMALLEST - 1)) is None


@pytest.mark.parametrize(
    "path", ["/api/v1/tokens", "/api/v1/tokens/7", "/api/v1/session", "/api/v1/oidc/back"]
)
def test_nothing_with_secrets(path: str) -> None:
    assert encoding("gzip", path=path) is None


def test_it_is_what_it_was() -> None:
    app = Compression(answering(LONG, headers=[("Content-Type", "application/json")]))
    sent = asked(app, scope_of(headers=[("Accept-Encoding", "gzip")]))
    assert gzip.decompress(b"".join(m["body"] for m in sent[1:])) == LONG
    assert "Accept-Encoding" in headers_of(sent)["vary"] and int(headers_of(sent)["content-length"]) < len(
        LONG
    )
