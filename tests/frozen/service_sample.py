"""Makes a sample of a service's data folder with this version: ``python -m tests.frozen.service_sample FOLDER`` (see README.md).

It is kept as the backup that this version makes of it, and what a service on it answered. Nothing in it may end with time: what has an
end has it a thousand years from now.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api.access.grant import Grant
from api.http.app import create_app
from api.jobs.job import Work
from api.jobs.turns import Turns
from api.service.audit.check import check
from api.service.backups.backup import save
from api.service.caller import Role
from api.service.service import Service, open_service
from api.service.settings import read_settings
from graph.store.workspace import open_workspace
from tests.graph.store.small_networks import begin, rows, small

V1, SCENARIO = "/api/v1", "/api/v1/scenarios/own"
BACKUP, FOUND = "backup.tar.gz", "found.json"
"""In a sample: the data folder, and what a service on it has to find."""
ERROR = {"exit": 3, "message": {"zh": "规则不能同时成立", "en": "the rules cannot hold together"}}
CENTURIES = 1000 * 365 * 86_400.0
"""Seconds that passes hold."""
LEDGER = {"relation": "r1", "year": 2016, "item": "fiscal_funds", "pledged": 100, "delivered": 60}
REGIONS = "code,name,level,parent\na,甲省,province,\nb,乙县,county,a\n"
TOML = 'format = 1\ntitle = "自己的"\nstages = ["pairing"]\ndate = "2016-12-31"\n'


def make(folder: Path, data: Path) -> None:
    """Make a sample in a new folder, of a data folder that is made, too."""
    with closing(open_workspace(data / "office", create=True)) as store:
        begin(store, frames={**small(), "ledger": rows("ledger", LEDGER)})
    service = opened(data)
    with TestClient(create_app(service), base_url="http://localhost:8470") as http:
        words = passes(service)
        http.headers["Authorization"] = f"Bearer {words['ann']}"
        scenarios(http)
        uploads(http, service)
        ids = jobs(http, service)
        office(http)
        found = {
            "words": words,
            "answers": {path: answer(http, path, words["ann"]) for path in paths(*ids)},
            "audit": check(service.audit.oldest()).rows,
        }
    service.close()
    save(data, folder / BACKUP)
    (folder / FOUND).write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def opened(data: Path) -> Service:
    """The service on a sample's data folder."""
    given = {"data": data, "language": "en", "login": True}
    return open_service(read_settings(given, environ={}), f"workspace:{data / 'office'}#office")


def paths(done: str, failed: str, waits: str) -> list[str]:
    """What is asked about all that a sample holds; with ids of jobs."""
    return [
        *(f"{V1}/{page}" for page in ("jobs", "uploads", "requests", "scenarios/own/history", "scenarios/gone/history")),
        *(f"{V1}/jobs/{id}" for id in (done, failed, waits)), f"{V1}/jobs/{done}/events", f"{V1}/jobs/{failed}/events",
        f"{V1}/jobs/{done}/result", f"{V1}/jobs/{done}/files/certificate.json", f"{V1}/alerts?at=2017-01-01",
        f"{SCENARIO}/toml", f"{SCENARIO}/history/3", f"{V1}/network/tables/ledger",
    ]  # fmt: skip


def answer(http: TestClient, path: str, token: str) -> Any:
    """What a service answers."""
    told = http.get(path, headers={"Authorization": f"Bearer {token}"})
    assert told.status_code == 200, told.text
    plain = told.headers["Content-Type"].startswith("application/json")
    return told.json() if plain else told.text


def passes(service: Service) -> Mapping[str, str]:
    """A planner's token, a limited viewer's, one that was ended, and a session; their secrets."""
    grants = {
        "ann": Grant("ann", Role.ADMIN, (), True),
        "bob": Grant("bob", Role.VIEWER, ("nj",)),
        "eve": Grant("eve", Role.PLANNER),
    }
    made = {
        n: service.passes.give("token", g, by="local", seconds=CENTURIES, label=n) for n, g in grants.items()
    }
    session = service.passes.give("session", grants["bob"], by="bob", seconds=CENTURIES)
    service.passes.end(made["eve"][0].id)
    return {name: secret.token for name, (_, secret) in made.items()} | {"session": session[1].written}


def scenarios(http: TestClient) -> None:
    """One with three edits, and one that was deleted."""
    etag = http.post(f"{V1}/scenarios", json={"name": "own", "title": "自己的", "why": "试"}).headers["ETag"]
    for path, text, media in (("toml", TOML, "application/toml"), ("tables/regions", REGIONS, "text/csv")):
        headers = {"If-Match": etag, "Content-Type": media}
        told = http.put(
            f"{SCENARIO}/{path}", content=text.encode(), headers=headers, params={"why": "年度更新"}
        )
        assert told.status_code == 200, told.text
        etag = told.headers["ETag"]
    etag = http.post(f"{V1}/scenarios", json={"name": "gone", "base": "own"}).headers["ETag"]
    assert http.delete(f"{V1}/scenarios/gone", headers={"If-Match": etag}).status_code == 204


def uploads(http: TestClient, service: Service) -> None:
    """One that is ready, and one with a bad row."""
    for kind in ("bank", "bnk"):
        content = {"file": ("units.csv", f"id,name,kind\nu9,新单位,{kind}\n".encode())}
        told = http.post(f"{V1}/uploads", files=content)
        assert told.status_code == 201, told.text
        upload = service.tray.upload(told.json()["id"], None)
        replace(upload, expires=datetime(2999, 1, 1, tzinfo=UTC)).write(service.uploads / upload.id)


def jobs(http: TestClient, service: Service) -> list[str]:
    """One that is done, one that failed, one that waits; their ids."""
    turns, ids = Turns(service.records, "w"), list[str]()
    for stages in (["pairing"], ["designation"], ["funds"]):
        told = http.post(
            f"{V1}/jobs/plan",
            json={"scenario": "own", "stages": stages},
            headers={"Idempotency-Key": stages[0]},
        )
        assert told.status_code == 202, told.text
        ids.append(told.json()["id"])
    done, failed = turns.take(), turns.take()
    assert done is not None and failed is not None
    turns.tell(done.id, "progress", {"stage": "pairing", "share": 0.5})
    _ended(service, done)
    turns.settle(done.id, "done", 0)
    turns.settle(failed.id, "failed", 3, ERROR)
    return ids


def _ended(service: Service, work: Work) -> None:
    place = service.settings.data / "jobs" / str(work.id)
    (place / "files").mkdir(parents=True)
    (place / "result.json").write_text('{"id": "ab12"}', encoding="utf-8")
    (place / "files" / "certificate.json").write_text("{}", encoding="utf-8")


def office(http: TestClient) -> None:
    """An alert that somebody has acknowledged, and a draft request."""
    at = {"at": date(2017, 1, 1).isoformat()}
    alert = http.get(f"{V1}/alerts", params=at).json()["alerts"][0]["id"]
    note = {"note": "催办", "until": "2999-01-01"}
    assert http.post(f"{V1}/alerts/{alert}/acknowledge", params=at, json=note).status_code == 200
    draft = {"reason": "更名", "rows": {"units": [{"id": "u1", "name": "某学院", "home_region": "zh"}]}}
    assert http.post(f"{V1}/requests", json=draft).status_code == 201


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as place:
        make(target, Path(place) / "data")
