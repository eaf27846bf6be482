"""Parameters that a route does not know, and those that are given twice."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

V1 = "/api/v1"
REGIONS = f"{V1}/network/tables/regions"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (f"{V1}/network/cards/怒江?att=2028-02-03", "no parameter att; did you mean at?"),
        (f"{V1}/network/search?q=nj&Limit=5", "no parameter Limit; did you mean limit?"),
        (f"{V1}/network/structure?colour=red", "no parameter colour; there are: at"),
        (f"{V1}/me?lang=zh", "no parameter lang; none is taken here"),
        (f"{V1}/jobs?state=done&{'x' * 99}=1", f"no parameter {'x' * 40}; there are: state, cursor, limit"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_told_with_what_is_meant(path: str, words: str, http: TestClient) -> None:
    told = http.get(path)
    assert (told.status_code, told.json()["type"], told.json()["detail"]) == (422, "/problems/bad-request", words)  # fmt: skip


def test_a_change_with_what_is_not_known_changes_nothing(http: TestClient) -> None:
    path = f"{V1}/scenarios"
    told = http.post(path, params={"dry": "true"}, json={"name": "less", "base": "teachers"})
    assert told.status_code == 422 and told.json()["message"]["zh"] == "没有参数 dry；这里不带参数"
    assert http.get(f"{path}/less").status_code == 404
    assert http.post(path, json={"name": "less", "base": "teachers"}).status_code == 201


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{REGIONS}?level=county&limit=1", 200),
        (f"{REGIONS}?levle=county", 422),  # the table's own words
        ("/healthz?probe=7", 200),
        (f"{V1}/oidc/callback?state=a&code=b&session_state=c", 404),  # a provider adds what it likes; here none is set
        (f"{V1}/oidc/login?nxt=/", 422),
    ],
)  # fmt: skip
def test_where_names_are_free_and_where_they_are_not(path: str, status: int, http: TestClient) -> None:
    assert http.get(path).status_code == status


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (f"{REGIONS}?limit=5&limit=6", "limit"), (f"{REGIONS}.csv?limit=5&columns=code&limit=5", "limit"), (f"{V1}/jobs?cursor=&cursor=", "cursor"),
        (f"{V1}/network/search?q=a&q=b", "q"), (f"{V1}/network/endings?months=1&each=true&months=1&months=2", "months"),
    ],
)  # fmt: skip
def test_what_can_be_given_once_is_told(path: str, name: str, http: TestClient) -> None:
    told = http.get(path)
    assert told.status_code == 422 and told.json()["type"] == "/problems/bad-request"
    assert told.json()["detail"].startswith(f"{name} is given ")


@pytest.mark.parametrize(
    "path",
    [
        f"{V1}/jobs?state=done&state=failed", f"{REGIONS}?sort=code&sort=name&columns=code&columns=name&limit=1", f"{REGIONS}?level__in=county&level__in=province&limit=1",
        f"{V1}/network/search?q=a&limit=5",
    ],
)  # fmt: skip
def test_lists_and_conditions_may_be_given_several_times(path: str, http: TestClient) -> None:
    assert http.get(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "en", "zh"),
    [
        (f"{REGIONS}?limit=0", "mend: query.limit: write a whole number from 1 to 100000, or all", "请改正：query.limit：请写 1–100000 的整数，或 all（全部）"),
        (f"{REGIONS}?limit=100001", "limit=100001: write a whole number from 1 to 100000, or all", "limit=100001：请写 1–100000 的整数，或 all（全部）"),
        (f"{V1}/network/structure?at=0001-01-01", "mend: query.at: has to be 1900-01-01 or later", "请改正：query.at：不得早于 1900-01-01"),
        (f"{V1}/audit?since=soon", "mend: query.since: has to be written as 2026-11-28T08:30:00, or as its beginning", "请改正：query.since：须写成 2026-11-28T08:30:00，或它的开头"),
    ],
)  # fmt: skip
def test_how_a_value_is_written_is_told_in_words(path: str, en: str, zh: str, http: TestClient) -> None:
    told = http.get(path)
    assert (told.status_code, told.json()["message"]) == (422, {"en": en, "zh": zh})


def test_what_is_written_rightly_is_taken(http: TestClient) -> None:
    for path in (f"{REGIONS}?limit=all", f"{V1}/audit?since=2026-11-28T08&until=2027"):
        assert http.get(path).status_code == 200, path
