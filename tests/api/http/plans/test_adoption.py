"""A plan's way into the network, over HTTP."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from api.service.caller import Role
from api.service.service import Service
from graph.office.office import Office
from planner.plan import Plan
from tests.api.http.plans.conftest import PLANS, As


def test_proposed_tried_adopted_in_parts_and_withdrawn(http: TestClient, asking: As, planned: Plan) -> None:
    where = f"{PLANS}/{planned.id}"
    asking("li")
    told = http.post(f"{where}/propose", json={"why": "年度"})
    assert told.status_code == 200, told.text
    assert (told.json()["state"], told.json()["author"], told.json()["reason"], told.json()["base"]) == (
        "submitted",
        "li",
        "年度",
        1,
    )
    assert http.get(where).json()["state"] == "submitted"
    assert http.post(f"{where}/propose", json={"why": "nochmal"}).json()["reason"] == "年度"

    tried = http.post(f"{where}/adopt", json={"dry_run": True}).json()
    assert tried["counts"] == {"relations": [2, 0], "postings": [4, 0]} and tried["version"] is None
    assert [r["row"] for r in tried["rows"]["relations"]] == ["designated:u2:C", "designated:u3:D"]
    assert tried["rows"]["relations"][0]["current"] is None

    asking("wang")
    part = http.post(f"{where}/adopt", json={"only": ["丙县"], "note": "先行"}).json()
    assert (
        part["counts"] == {"relations": [1, 0], "postings": [1, 0]}
        and part["regions"] == ["C"]
        and "rows" not in part
    )
    assert (part["version"]["number"], part["version"]["by"], part["version"]["why"]) == (
        2,
        "wang",
        planned.id,
    )
    rest = http.post(f"{where}/adopt", json={"except": ["C"]}).json()
    assert rest["counts"] == {"relations": [1, 0], "postings": [3, 0]} and rest["without"] == ["C"]
    again = http.post(f"{where}/adopt", json={"except": ["C"]}).json()
    assert again["counts"] == {} and again["version"]["number"] == 3
    read = http.get(where).json()
    assert read["state"] == "applied" and [(a["by"], a["version"]) for a in read["adopted"]] == [
        ("wang", 2),
        ("wang", 3),
    ]
    rows = http.get("/api/v1/network/tables/relations", params={"id__contains": "designated:"}).json()["rows"]
    assert [r["id"] for r in rows] == ["designated:u2:C", "designated:u3:D"]

    told = http.delete(where)
    assert told.status_code == 403
    asking("ada", Role.ADMIN)
    assert http.delete(where).status_code == 409
    assert http.post(f"{where}/withdraw").json() == {"plan": planned.id, "state": "withdrawn"}
    assert http.delete(where).status_code == 409  # what was adopted is in force


def test_withdrawn_before_it_was_adopted(http: TestClient, asking: As, planned: Plan) -> None:
    where = f"{PLANS}/{planned.id}"
    assert http.post(f"{where}/withdraw").status_code == 404
    http.post(f"{where}/propose", json={})
    assert http.delete(where).status_code == 409
    etag = http.get(where).headers["etag"]
    assert http.post(f"{where}/withdraw", headers={"If-Match": etag}).status_code == 200
    assert http.get(where).json()["state"] == "rejected"
    assert http.post(f"{where}/adopt", json={}).status_code == 409
    assert http.post(f"{where}/propose", json={}, headers={"If-Match": etag}).status_code == 412
    assert http.post(f"{where}/propose", json={}).json()["state"] == "submitted"
    http.post(f"{where}/withdraw")
    assert http.delete(where).status_code == 204


def test_what_is_refused(http: TestClient, asking: As, service: Service, planned: Plan) -> None:
    where = f"{PLANS}/{planned.id}"
    assert http.post(f"{where}/adopt", json={}).status_code == 404
    http.post(f"{where}/propose", json={})
    for content, words in (
        ({"only": ["nowhere"]}, "nowhere"), ({"only": ["funds"]}, "nothing of plan"), ({"unless": []}, "body.unless"), ({"note": "x" * 10_001}, "body.note"),
    ):  # fmt: skip
        told = http.post(f"{where}/adopt", json=content)
        assert told.status_code in (404, 422) and words in told.json()["detail"]
    assert http.post(f"{PLANS}/nix/propose", json={}).status_code == 404
    for role, regions in ((Role.COORDINATOR, ()), (Role.ADMIN, ("A",))):
        asking("ann", role, regions)
        for step in ("propose", "adopt", "withdraw"):
            assert http.post(f"{where}/{step}", json={}).status_code == 403, step
    store, network = service.networks.store()
    assert store.head(network).number == 1


def test_the_ground_has_changed(http: TestClient, service: Service, planned: Plan) -> None:
    http.post(f"{PLANS}/{planned.id}/propose", json={})
    from graph.store.changes import Changes

    store, network = service.networks.store()
    regions = store.read(network, tables=["regions"]).frame("regions").filter(code="D")
    import polars as pl

    put = Changes({"regions": regions.with_columns(pl.lit("新县").alias("name"))}, {})
    store.write(network, put, base=1, how="request", by="li")
    told = http.post(f"{PLANS}/{planned.id}/adopt", json={})
    assert told.status_code == 409
    assert {"table": "regions", "row": "D", "version": 2, "refers": "recipient"} in told.json()["clashes"]


@pytest.mark.parametrize("four_eyes", [True])
def test_four_eyes_by_setting(http: TestClient, asking: As, planned: Plan) -> None:
    where = f"{PLANS}/{planned.id}"
    asking("li")
    http.post(f"{where}/propose", json={})
    told = http.post(f"{where}/adopt", json={})
    assert (
        told.status_code == 403
        and told.json()["type"] == "/problems/four-eyes"
        and "li proposed" in told.json()["detail"]
    )
    assert http.post(f"{where}/adopt", json={"dry_run": True}).status_code == 200
    asking("wang")
    assert http.post(f"{where}/adopt", json={}).json()["version"]["number"] == 2
    asking("li")
    assert http.post(f"{where}/adopt", json={}).status_code == 403


def test_four_eyes_by_the_networks_own_register(
    http: TestClient, asking: As, service: Service, planned: Plan
) -> None:
    where = f"{PLANS}/{planned.id}"
    asking("li")
    http.post(f"{where}/propose", json={})
    Office(*service.networks.store()).want_four_eyes(True, by="ada")
    told = http.post(f"{where}/adopt", json={})
    assert told.status_code == 403 and told.json()["type"] == "/problems/four-eyes"
    Office(*service.networks.store()).want_four_eyes(False, by="ada")
    assert http.post(f"{where}/adopt", json={}).status_code == 200
