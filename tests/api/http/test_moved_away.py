"""A workspace that was moved away under a running service: it is told not ready, nobody else learns where it was, and it comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.http.unplaced import places, unplaced
from api.service.service import Service
from graph.language import Text

DRAFT = {"reason": "x", "rows": {"units": [{"id": "u1", "name": "更名"}]}}


@pytest.mark.parametrize("part", ["", "snapshots"])
def test_not_ready_as_long_as_it_is_away(
    stored: tuple[TestClient, Service], tmp_path: Path, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "api.http.ready.HELD_SECONDS", 0
    )  # what is found counts for no longer than it is told
    http, service = stored
    assert http.get("/readyz").status_code == 200
    token = http.post("/api/v1/tokens", json={"user": "ann", "role": "coordinator"}).json()["token"]
    ann = {"Authorization": f"Bearer {token}"}
    before = http.get("/api/v1/network").content
    place, away = tmp_path / "office" / part, tmp_path / "away"
    place.rename(away)
    told = http.get("/readyz")
    assert told.status_code == 503 and str(tmp_path) in told.json()["failed"]["store"]["en"]
    told = http.post("/api/v1/requests", json=DRAFT, headers=ann)
    assert (
        told.status_code == 503
        and "[store]" in told.json()["detail"]
        and "[store]" in told.json()["message"]["zh"]
    )
    assert str(tmp_path) not in told.text and str(tmp_path) not in http.get("/readyz", headers=ann).text
    assert str(tmp_path) in http.post("/api/v1/requests", json=DRAFT).json()["detail"]
    away.rename(place)
    assert http.get("/readyz").status_code == 200 and http.get("/api/v1/network").content == before
    assert http.post("/api/v1/requests", json=DRAFT).status_code == 201
    assert service.networks.asked().version


def test_what_stands_for_a_place(stored: tuple[TestClient, Service], tmp_path: Path) -> None:
    _, service = stored
    words = f"{tmp_path}/office/jiedui.sqlite3; {tmp_path}/data/works; {tmp_path}/else"
    shown = f"[store]/jiedui.sqlite3; [data]/works; {tmp_path}/else"
    assert unplaced(service, {"a": [words, 3], "b": Text(words, words)}) == {
        "a": [shown, 3],
        "b": Text(shown, shown),
    }
    server = places(tmp_path, "neo4j://10.0.0.3:7687/db#n", tmp_path / "names.keys")
    assert server["neo4j://10.0.0.3:7687"] == server["10.0.0.3:7687"] == "[store]"
    inside = places(tmp_path / "data", f"workspace:{tmp_path}/data/office#n", tmp_path / "k")
    assert next(iter(inside.values())) == "[store]"  # the longest first
