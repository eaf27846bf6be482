"""A service on a restored folder answers as the one that was saved, by the two commands that people type."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.cli.main import run
from api.http.app import create_app
from api.jobs.turns import Turns
from api.service.service import open_service
from api.service.settings import read_settings

ASKED = ("/jobs", "/plans", "/tokens")


def answers(data: Path, token: str = "") -> dict[str, object]:
    """What a service on a folder answers."""
    service = open_service(read_settings({"data": data, "language": "en"}, environ={}), "teachers")
    with TestClient(create_app(service), base_url="http://localhost:8470") as http:
        if not token:
            job = http.post(
                "/api/v1/jobs/plan", json={"scenario": "teachers"}, headers={"Idempotency-Key": "k"}
            ).json()
            work = Turns(service.records, "w").take()
            assert work is not None
            place = data / "jobs" / str(work.id)
            (place / "files").mkdir(parents=True)
            (place / "result.json").write_text('{"id": "p1"}')
            (place / "files" / "certificate.json").write_text("{}")
            Turns(service.records, "w").settle(work.id, "done", 0)
            token = http.post("/api/v1/tokens", json={"user": "ann", "role": "viewer"}).json()["token"]
        job = http.get("/api/v1/jobs").json()["jobs"][0]
        found: dict[str, object] = {path: http.get(f"/api/v1{path}").json() for path in ASKED}
        for held in found["/tokens"]["tokens"]:  # type: ignore[index] # a page of tokens
            held.pop("used")  # asking with it changes this
        for part in ("result", "files", "files/certificate.json", "events"):
            found[part] = http.get(f"/api/v1/jobs/{job['id']}/{part}").text
        me = http.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        found["me"], found["token"] = me.json(), token
        assert me.status_code == 200
    return found


def test_the_same_answers_from_a_restored_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, again = tmp_path / "data", tmp_path / "again"
    before = answers(data)
    assert run(["--lang", "en", "backup", str(tmp_path / "b.tar.gz"), "--data", str(data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["data"] == str(data)
    shutil.rmtree(data)
    assert run(["--lang", "en", "restore", str(tmp_path / "b.tar.gz"), "--data", str(again)]) == 0
    assert "each as it was saved" in capsys.readouterr().out
    assert answers(again, str(before["token"])) == before
    assert run(["--lang", "en", "restore", str(tmp_path / "b.tar.gz"), "--data", str(again)]) == 2
    assert "not empty" in capsys.readouterr().err
