"""Short ways to make and change scenarios in tests."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

V1 = "/api/v1"
SCENARIOS, UPLOADS = f"{V1}/scenarios", f"{V1}/uploads"
CSV = {"Content-Type": "text/csv"}


def made(http: TestClient, name: str = "mine", base: str | None = "teachers") -> str:
    """Make a scenario; its ETag."""
    told = http.post(SCENARIOS, json={"name": name, "base": base})
    assert told.status_code == 201, told.text
    return told.headers["ETag"]


def etag(http: TestClient, name: str = "mine") -> str:
    """ETag of a scenario as it is."""
    return http.get(f"{SCENARIOS}/{name}/toml").headers["ETag"]


def put_toml(http: TestClient, text: str, match: str | None, name: str = "mine") -> Any:
    """Write a scenario's file anew."""
    headers = {"Content-Type": "application/toml"} | ({} if match is None else {"If-Match": match})
    return http.put(f"{SCENARIOS}/{name}/toml", content=text.encode(), headers=headers)


def put_csv(http: TestClient, table: str, text: str, match: str, name: str = "mine") -> Any:
    """Put a table."""
    return http.put(
        f"{SCENARIOS}/{name}/tables/{table}", content=text.encode(), headers=CSV | {"If-Match": match}
    )
