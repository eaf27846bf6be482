"""The office over HTTP on a real Neo4j: the routes know no store, so one way through is enough."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.http.app import create_app
from api.service.service import open_service
from api.service.settings import read_settings
from graph.bolt import Connection
from graph.store.neo4j.store import Neo4jStore
from tests.api.http.office_here import FINDINGS, LEDGER, V1
from tests.graph.store.small_networks import begin, rows, small


def test_from_a_finding_to_an_alert(
    empty_neo4j: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = empty_neo4j.address
    begin(
        Neo4jStore.on(empty_neo4j),
        frames={**small(), "findings": rows("findings", *FINDINGS), "ledger": rows("ledger", *LEDGER)},
    )
    for name, value in (("URI", there.uri), ("USERNAME", there.user), ("PASSWORD", there.password)):
        monkeypatch.setenv(f"NEO4J_{name}", str(value))
    settings = read_settings({"data": tmp_path / "data", "language": "en"}, environ={})
    service = open_service(settings, "neo4j:#office")
    with TestClient(create_app(service), base_url="http://localhost:8470") as http:
        done = http.post(f"{V1}/findings/f1/assign", json={"owner": "县扶贫办"})
        assert done.status_code == 200 and done.json()["version"] == 2
        assert http.put(f"{V1}/ledger/r1/2016/fiscal_funds", json={"delivered": 70}).json()["version"] == 3
        body = {"reason": "x", "set": [{"table": "units", "row": "u1", "column": "capacity", "value": 2}]}
        made = http.post(f"{V1}/requests", json=body, headers={"Idempotency-Key": "k"}).json()["id"]
        assert http.post(f"{V1}/requests", json=body, headers={"Idempotency-Key": "k"}).json()["id"] == made
        for step in ("submit", "approve", "apply"):
            assert http.post(f"{V1}/requests/{made}/{step}").status_code == 200
        at = {"at": "2017-01-01"}
        found = http.get(f"{V1}/alerts", params=at).json()["alerts"]
        assert [a["subject"] for a in found] == ["f1", "r1"] and "70 delivered" in found[1]["text"]["en"]
        said = http.post(f"{V1}/alerts/{found[0]['id']}/resolve", params=at, json={"note": "x"}).json()
        assert said["state"] == "resolved" and said["by"] == "local"
        assert [r["id"] for r in http.get(f"{V1}/requests").json()["requests"]] == ["r3", "r2", "r1"]
