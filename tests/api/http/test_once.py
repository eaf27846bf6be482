"""Parameters that are given twice."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

V1 = "/api/v1"
REGIONS = f"{V1}/network/tables/regions"


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
