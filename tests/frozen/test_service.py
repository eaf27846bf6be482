"""Data folders of services of every form that was ever written: today's service finds everything in them and goes on."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.cli.main import run
from api.http.app import create_app
from api.service.records import FORMS
from api.service.service import Service
from tests.frozen.service_sample import BACKUP, FOUND, SCENARIO, V1, answer, opened

SAMPLES = sorted(Path(__file__).parent.glob("service-*"))
Sample = tuple[TestClient, Service, dict[str, Any]]


@pytest.fixture(
    params=[(s, way) for s in SAMPLES for way in ("left", "restored")], ids=lambda p: f"{p[0].name}-{p[1]}"
)
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sample]:
    """A service on a sample's folder, as it was left and as a restore of today makes it; and what it has to find."""
    (place, way), data = request.param, tmp_path / "data"
    if way == "left":
        with tarfile.open(place / BACKUP) as tar:
            tar.extractall(data, filter="tar")
    else:
        assert run(["restore", str(place / BACKUP), "--data", str(data)]) == 0
    service = opened(data)
    with TestClient(create_app(service), base_url="http://localhost:8470") as http, closing(service):
        yield http, service, json.loads((place / FOUND).read_text(encoding="utf-8"))


def test_everything_is_found(sample: Sample) -> None:
    http, service, found = sample
    with service.records.reading() as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(FORMS)
    for path, told in found["answers"].items():
        now = answer(http, path, found["words"]["ann"])
        assert holds(now, told), path


def holds(now: Any, told: Any) -> bool:
    """Whether an answer has all that was told; later versions may tell more."""
    if isinstance(told, dict):
        return isinstance(now, dict) and all(key in now and holds(now[key], told[key]) for key in told)
    if isinstance(told, list):
        return isinstance(now, list) and len(now) == len(told) and all(map(holds, now, told))
    return bool(now == told)


@pytest.mark.parametrize(("now", "well"), [
    ({"a": [{"b": 1, "new": 2}], "c": 3}, True), ({"a": [{"b": 2}]}, False), ({"a": []}, False), ({}, False), ({"a": {"b": 1}}, False),
])  # fmt: skip
def test_what_an_answer_has_to_hold(now: object, well: bool) -> None:
    assert holds(now, {"a": [{"b": 1}]}) is well


def test_tokens_and_sessions_are_good_for_what_they_were(sample: Sample) -> None:
    http, service, found = sample
    words = found["words"]
    for name, role, regions, names in (("ann", "admin", [], True), ("bob", "viewer", ["nj"], False)):
        me = answer(http, f"{V1}/me", words[name])
        assert (me["name"], me["role"], me["regions"], me["sees_names"]) == (name, role, regions, names)
    me = http.get(f"{V1}/me", headers={"Cookie": f"jiedui={words['session']}"}).json()
    assert (me["name"], me["via"]) == ("bob", "session")
    gone = http.get(f"{V1}/me", headers={"Authorization": f"Bearer {words['eve']}"})
    assert gone.status_code == 401 and {p.label for p in service.passes.all("token")} == {"ann", "bob", "eve"}


def test_what_is_there_goes_on(sample: Sample, capsys: pytest.CaptureFixture[str]) -> None:
    http, service, found = sample
    http.headers["Authorization"] = f"Bearer {found['words']['ann']}"
    data = str(service.settings.data)
    assert run(["audit", "verify", "--data", data, "--json"]) == 0
    before = json.loads(capsys.readouterr().out)
    assert (before["ok"], before["rows"]) == (True, found["audit"])
    upload = next(u["id"] for u in http.get(f"{V1}/uploads").json()["uploads"] if u["state"] == "ready")
    told = http.post(f"{V1}/uploads/{upload}/commit", json={"into": "network", "why": "年度更新"})
    assert told.status_code == 200 and told.json()["result"] == {"request": "r2"}
    gone = http.post(f"{V1}/scenarios/gone/history/1/restore", headers={"If-Match": "*"})
    assert gone.status_code == 200, gone.text
    etag = http.get(f"{SCENARIO}/toml").headers["ETag"]
    told = http.post(f"{SCENARIO}/history/2/restore", headers={"If-Match": etag})
    assert told.status_code == 200 and (told.json()["revision"], told.json()["of"]) == (4, 2)
    same = {"scenario": "own", "stages": ["pairing"]}
    job = http.post(f"{V1}/jobs/plan", json=same, headers={"Idempotency-Key": "pairing"})
    assert job.json()["id"] in {j["id"] for j in found["answers"][f"{V1}/jobs"]["jobs"]}
    assert run(["audit", "verify", "--data", data, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] > before["rows"]
