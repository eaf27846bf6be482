"""``HEAD`` at a server that runs: as ``GET`` without a body, for every route."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from api.jobs.job import Order
from api.service.audit.log import EVERYTHING
from api.service.caller import Role
from tests.api.http.running import Running, running

V1 = "/api/v1"
MANY = f"{V1}/network/tables/regions"
OF_ITS_OWN = {"date", "x-request-id", "transfer-encoding", "ratelimit"}
"""Headers that no two answers share, or that tell how a body is sent."""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service that asks for a login."""
    with running(tmp_path_factory.mktemp("head"), login=True) as found:
        yield found


@pytest.fixture(scope="module")
def boss(there: Running) -> Iterator[httpx2.Client]:
    """Somebody who may ask for everything."""
    with there.client(there.token("boss", Role.ADMIN, names=True)) as found:
        yield found


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/healthz", 200), ("/readyz", 200), ("/version", 200), ("/openapi.json", 200), ("/metrics", 200), (f"{V1}/me", 200), (f"{V1}/network", 200),
        (MANY, 200), (f"{MANY}.arrow", 200), (f"{MANY}.xlsx", 200), (f"{V1}/network/cards/nowhere", 404), (f"{MANY}?limit=0", 422),
        (f"{V1}/jobs/plan", 404), ("/nowhere", 404),
    ],
)  # fmt: skip
def test_the_same_headers_and_no_body(path: str, status: int, boss: httpx2.Client) -> None:
    whole, head = boss.get(path), boss.head(path)
    assert (whole.status_code, head.status_code) == (status, status)
    assert whole.content and not head.content
    same = [
        {name: value for name, value in answer.headers.items() if name.lower() not in OF_ITS_OWN}
        for answer in (whole, head)
    ]
    if path == "/metrics":  # has counted the one before
        assert same[0].pop("content-length") and same[1].pop("content-length")
    assert same[0] == same[1]


def test_it_is_compressed_as_get_is(boss: httpx2.Client) -> None:
    for coding in ("gzip", "br", "identity"):
        told = [
            ask(MANY, headers={"Accept-Encoding": coding}).headers.get("Content-Encoding")
            for ask in (boss.get, boss.head)
        ]
        assert told == [None if coding == "identity" else coding] * 2


def test_what_has_not_changed_is_told(boss: httpx2.Client) -> None:
    tag = boss.head(MANY).headers["ETag"]
    assert tag == boss.get(MANY).headers["ETag"]
    assert boss.head(MANY, headers={"If-None-Match": tag}).status_code == 304
    assert boss.head(MANY, headers={"If-None-Match": '"other"'}).status_code == 200


def test_where_nothing_is_to_be_got_it_is_refused_with_what_is_taken(boss: httpx2.Client) -> None:
    told = boss.head(f"{V1}/jobs/9f2c/nothing")
    assert told.status_code == 404
    told = boss.head(f"{V1}/plans/p1/propose")
    assert told.status_code == 405 and told.headers["Allow"] == "POST" and not told.content
    assert boss.put(f"{V1}/me").headers["Allow"] == "GET, HEAD"


def test_the_connection_can_be_used_again(there: Running) -> None:
    """A body that was sent all the same would be taken for the next answer."""
    from http.client import HTTPConnection

    connection = HTTPConnection(there.url.removeprefix("http://"))
    for _ in range(3):
        connection.request("HEAD", "/openapi.json")
        head = connection.getresponse()
        assert (head.status, head.read()) == (200, b"") and int(head.headers["Content-Length"]) > 1000
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b'{"status":"ok"}'
    connection.close()


def test_an_event_stream_does_not_hold_who_wants_its_head(there: Running, boss: httpx2.Client) -> None:
    job, _ = there.service.desk.submit(Order("plan", {}, ["plan"]), "boss")
    told = boss.head(f"{V1}/jobs/{job.id}/events")
    assert told.status_code == 200 and told.headers["Content-Type"].startswith("text/event-stream")
    assert boss.get("/healthz").status_code == 200
    assert there.service.desk.job(job.id).state == "waiting"


def test_the_log_of_changes_is_told_what_came(there: Running, boss: httpx2.Client) -> None:
    with there.client() as nobody:
        assert nobody.head(f"{V1}/me").status_code == 401
    last = list(there.service.audit.oldest(EVERYTHING))[-1]
    assert (last.step, last.method, last.route, last.status) == ("refused", "HEAD", f"{V1}/me", 401)


def test_it_is_counted_as_what_it_is(boss: httpx2.Client) -> None:
    boss.head("/version")
    assert 'jiedui_requests_total{method="HEAD",route="/version",status="200"}' in boss.get("/metrics").text
