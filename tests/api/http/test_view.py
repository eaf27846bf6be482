"""The web view at a server that runs: its files as they were built, its page at every address that it knows by itself."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import brotli
import httpx2
import pytest

from api.http.middleware.rates import PAGE_FILES
from api.service.caller import Role
from benchmarks.service.running import wait_for
from tests.api.http.running import Running, running
from tests.api.http.small_view import FIRST, ICON, PAGE, SCRIPT, SCRIPT_NAME, write_view

A_PERSON = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
"""``Accept`` as browsers send it for an address that somebody typed."""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service with a view, where a login is needed."""
    folder = tmp_path_factory.mktemp("view")
    with running(folder / "data", view=write_view(folder / "view"), login=True) as found:
        yield found


@pytest.fixture(scope="module")
def nobody(there: Running) -> Iterator[httpx2.Client]:
    """Somebody who has not logged in."""
    with there.client(headers={"Accept-Encoding": "identity"}) as client:
        yield client


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[httpx2.Client]:
    """Somebody at a service without a view."""
    with running(tmp_path / "data", view=tmp_path / "nowhere") as found, found.client() as client:
        yield client


@pytest.mark.parametrize(
    ("path", "body", "media_type"),
    [
        ("/", PAGE, "text/html; charset=utf-8"),
        ("/index.html", PAGE, "text/html; charset=utf-8"),
        ("/first.js", FIRST, "text/javascript; charset=utf-8"),
        ("/icon.svg", ICON, "image/svg+xml"),
        (SCRIPT_NAME, SCRIPT, "text/javascript; charset=utf-8"),
    ],
)
def test_every_file_is_there_for_anybody(
    nobody: httpx2.Client, path: str, body: bytes, media_type: str
) -> None:
    told = nobody.get(path)
    assert (told.status_code, told.content, told.headers["Content-Type"]) == (200, body, media_type)
    assert told.headers["X-Content-Type-Options"] == "nosniff" and "X-Request-Id" in told.headers


@pytest.mark.parametrize(
    "path", ["/cards/533300?at=2016-12-31", "/网页", "/assets/gone.js", "/healthz/", "/apis"]
)
def test_what_the_view_knows_by_itself_is_its_page_to_a_person_only(nobody: httpx2.Client, path: str) -> None:
    told = nobody.get(path, headers={"Accept": A_PERSON})
    assert (told.status_code, told.content) == (200, PAGE)
    assert "Accept" in told.headers["Vary"].split(", ")
    for accepted in ("*/*", "application/json", "text/html;q=0"):
        refused = nobody.get(path, headers={"Accept": accepted})
        assert (refused.status_code, refused.json()["type"]) == (404, "/problems/not-found"), accepted


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1", "/api/v1/nix", "/api/v2/network"])
def test_nothing_under_api_is_a_page(nobody: httpx2.Client, path: str) -> None:
    told = nobody.get(path, headers={"Accept": A_PERSON})
    assert (told.status_code, told.json()["type"]) == (404, "/problems/not-found")


def test_routes_go_first_and_ask_who_it_is(nobody: httpx2.Client) -> None:
    assert nobody.get("/healthz", headers={"Accept": A_PERSON}).json() == {"status": "ok"}
    for path in ("/metrics", "/api/v1/network"):
        assert nobody.get(path, headers={"Accept": A_PERSON}).status_code == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_but_reading(nobody: httpx2.Client, method: str) -> None:
    assert nobody.request(method, "/", headers={"Accept": A_PERSON}).status_code == 404


def test_no_other_file_of_the_machine(there: Running, nobody: httpx2.Client) -> None:
    for path in (
        "/../data/service.sqlite3",
        "/..%2fdata%2fservice.sqlite3",
        "/assets/../../data/audit.head",
        "//etc/passwd",
        f"{SCRIPT_NAME}.br",
    ):
        assert nobody.get(httpx2.URL(there.url + path)).status_code == 404, path


def test_the_page_may_load_from_the_service_alone_and_nothing_else_may_show_it(nobody: httpx2.Client) -> None:
    policy = dict(
        part.split(" ", 1) for part in nobody.get("/").headers["Content-Security-Policy"].split("; ")
    )
    assert policy["default-src"] == policy["script-src"] == "'self'" and policy["frame-ancestors"] == "'none'"
    assert not {word for words in policy.values() for word in words.split()} - {
        "'self'",
        "'none'",
        "'unsafe-inline'",
        "data:",
        "blob:",
    }
    assert nobody.get("/").headers["X-Frame-Options"] == "DENY"
    for path in ("/healthz", "/nix", "/api/v1/me"):
        assert nobody.get(path).headers["Content-Security-Policy"].startswith("default-src 'none';")


def test_what_carries_its_digest_is_kept_for_good_and_the_rest_is_asked_about(nobody: httpx2.Client) -> None:
    assert nobody.get(SCRIPT_NAME).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for path in ("/", "/cards/1", "/first.js", "/icon.svg"):
        told = nobody.get(path, headers={"Accept": A_PERSON})
        assert told.headers["Cache-Control"] == "no-cache"
        again = nobody.get(path, headers={"Accept": A_PERSON, "If-None-Match": told.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"") and again.headers["ETag"] == told.headers[
            "ETag"
        ]
        assert nobody.get(path, headers={"Accept": A_PERSON, "If-None-Match": '"another"'}).status_code == 200


def test_another_build_has_another_tag(tmp_path: Path, nobody: httpx2.Client) -> None:
    folder = write_view(tmp_path / "view")
    (folder / "first.js").write_bytes(FIRST + b" ")
    with running(tmp_path / "data", view=folder) as found, found.client() as client:
        assert client.get("/first.js").headers["ETag"] != nobody.get("/first.js").headers["ETag"]
        assert client.get("/").headers["ETag"] == nobody.get("/").headers["ETag"]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, *", "gzip"),
        ("zstd", None),
        ("identity", None),
    ],
)
def test_it_is_sent_as_it_was_compressed_when_it_was_built(
    there: Running, nobody: httpx2.Client, accepted: str, encoding: str | None
) -> None:
    with nobody.stream("GET", SCRIPT_NAME, headers={"Accept-Encoding": accepted}) as told:
        raw = b"".join(told.iter_raw())
    packed = {"br": brotli.compress(SCRIPT), "gzip": gzip.compress(SCRIPT), None: SCRIPT}[encoding]
    assert (told.headers.get("Content-Encoding"), len(raw)) == (encoding, len(packed))
    assert told.headers["Content-Length"] == str(len(packed)) and "Accept-Encoding" in told.headers["Vary"]


def test_head_is_the_same_without_a_body(nobody: httpx2.Client) -> None:
    for path in ("/", SCRIPT_NAME):
        asked, told = nobody.head(path), nobody.get(path)
        assert (asked.status_code, asked.content) == (200, b"")
        for name in ("Content-Length", "ETag", "Cache-Control", "Content-Type", "Content-Security-Policy"):
            assert asked.headers[name] == told.headers[name]


def test_a_page_of_elsewhere_loads_none_of_it(nobody: httpx2.Client, bare: httpx2.Client) -> None:
    assert nobody.get(SCRIPT_NAME, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    followed = {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
        "Accept": A_PERSON,
    }
    assert nobody.get("/cards/1", headers=followed).status_code == 200
    assert bare.get("/", headers={"Host": "evil.example"}).status_code == 403


def test_a_session_that_ended_keeps_nobody_from_the_page(nobody: httpx2.Client) -> None:
    told = nobody.get(
        "/", headers={"Cookie": "jiedui_session=jds_0000000000000000_00000000000000000000000000000000"}
    )
    assert (told.status_code, told.content) == (200, PAGE)


def test_an_office_behind_one_address_opens_it_at_once(tmp_path: Path) -> None:
    """Files have a count of their own; what is no file counts with all else."""
    view = write_view(tmp_path / "view")
    with (
        running(tmp_path / "data", view=view, login=True, requests_per_minute=3) as found,
        found.client() as client,
    ):
        assert {client.get(path).status_code for path in ("/", "/first.js", SCRIPT_NAME) * PAGE_FILES} == {
            200
        }
        assert client.get("/").status_code == 429
        assert [client.get("/nix").status_code for _ in range(4)] == [404, 404, 404, 429]


def test_a_page_is_no_row_of_the_audit_log_and_a_detail_of_the_log(
    there: Running, nobody: httpx2.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "jiedui.http"):
        nobody.get("/cards/533300", headers={"Accept": A_PERSON})
        nobody.get("/nix")
        told = wait_for(
            lambda: [r for r in caplog.records if r.getMessage() == "request"][1:] and caplog.records
        )
    logged = {record.facts["route"]: record.levelno for record in told if record.getMessage() == "request"}
    assert logged == {"(view)": logging.DEBUG, "(none)": logging.INFO}
    boss = there.client(there.token("boss", Role.ADMIN))
    with boss:
        assert 'route="(view)",status="200"' in boss.get("/metrics").text
        assert "533300" not in json.dumps(boss.get("/api/v1/audit").json())


def test_where_it_was_not_built_a_person_is_told_how_and_the_interface_works(bare: httpx2.Client) -> None:
    for path in ("/", "/cards/1"):
        told = bare.get(path, headers={"Accept": A_PERSON})
        assert told.status_code == 404 and told.headers["Content-Type"].startswith("text/plain")
        assert told.text.count("make web") == 2 and "网页没有构建" in told.text
    assert bare.get("/").json()["type"] == "/problems/not-found"
    assert bare.get("/readyz").status_code == bare.get("/api/v1/network").status_code == 200
