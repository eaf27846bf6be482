"""Plans: listed, read, labelled, removed."""

from __future__ import annotations

import json
import os
import shutil
from io import BytesIO
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from fastapi.testclient import TestClient

from api.cli.main import run
from api.http.frames.formats import FORMATS
from api.service.caller import Role
from api.service.service import Service, open_service
from api.service.settings import read_settings
from planner.plan import Plan
from tests.api.http.plans.conftest import PLANS, As


def another(service: Service, plan: Plan, id: str, at: int) -> Path:
    """A copy of the plan under another id, written at some second."""
    folder = service.plans / id
    shutil.copytree(plan.folder, folder)
    head = json.loads((folder / "plan.json").read_text())
    (folder / "plan.json").write_text(json.dumps({**head, "id": id}))
    os.utime(folder / "plan.json", (at, at))
    return folder


def test_the_same_as_the_command_line(
    http: TestClient, service: Service, planned: Plan, capsys: pytest.CaptureFixture[str]
) -> None:
    http.put(f"{PLANS}/{planned.id}/label", json={"label": "候选", "note": "再议"})
    (listed,) = http.get(PLANS).json()["plans"]
    assert run(["plans", str(service.plans), "--on", service.networks.where, "--json"]) == 0
    (typed,) = json.loads(capsys.readouterr().out)["plans"]
    assert typed.pop("folder") == str(service.plans / planned.id) and str(service.plans) not in json.dumps(
        listed
    )
    assert listed.pop("state") is None
    assert listed.pop("made")[:19] == typed.pop("made")[:19]
    assert listed == typed and listed["label"] == {"label": "候选", "note": "再议", "by": "local"}
    read = http.get(f"{PLANS}/{planned.id}").json()
    assert read["plan"] == planned.head and read["label"] == listed["label"]


def test_pages_and_filters(http: TestClient, service: Service, planned: Plan) -> None:
    for number in range(1, 5):
        another(service, planned, f"{number:016d}", at=number)
    everything = [p["id"] for p in http.get(PLANS).json()["plans"]]
    assert everything == [planned.id, *(f"{n:016d}" for n in (4, 3, 2, 1))]
    seen, cursor = [], ""
    while cursor is not None:
        page = http.get(PLANS, params={"limit": 2, "cursor": cursor}).json()
        seen += [p["id"] for p in page["plans"]]
        cursor = page["next"]
    assert seen == everything
    assert http.get(PLANS, params={"cursor": "nix"}).status_code == 422
    http.put(f"{PLANS}/{everything[1]}/label", json={"label": "best of all"})
    for asked, found in (
        ({"label": "best"}, 1), ({"label": "worst"}, 0), ({"stage": "cadres"}, 5), ({"stage": "funds"}, 0), ({"status": "OPTIMAL"}, 5),
        ({"status": "FEASIBLE"}, 0), ({"scenario": "two"}, 5), ({"scenario": "three"}, 0), ({"stage": "cadres", "status": "OPTIMAL"}, 5),
    ):  # fmt: skip
        assert len(http.get(PLANS, params=asked).json()["plans"]) == found, asked
    assert http.get(PLANS, params={"status": "nix"}).status_code == 422


def test_what_is_no_plan_is_told_beside(http: TestClient, service: Service, planned: Plan) -> None:
    (another(service, planned, "0" * 16, at=1) / "plan.json").write_text("{")
    told = http.get(PLANS).json()
    assert [p["id"] for p in told["plans"]] == [planned.id] and "damaged" in told["unread"][0]["en"]
    assert http.get(f"{PLANS}/{'0' * 16}").status_code == 422
    (another(service, planned, "1" * 16, at=2) / "seal.json").write_text("{")
    told = http.get(f"{PLANS}/{'1' * 16}")
    assert told.status_code == 422 and "seal.json" in told.json()["detail"]
    assert http.delete(f"{PLANS}/{planned.id}").status_code == 204


@pytest.mark.parametrize("id", ["nix", "..", "%2e%2e", "%2Fetc", ".", ".gone-x"])
def test_ids_are_names_of_the_listing(http: TestClient, service: Service, id: str) -> None:
    (service.plans / ".gone-x").mkdir()
    assert http.get(f"{PLANS}/{id}/tables/pairs").status_code == 404
    assert http.delete(f"{PLANS}/{id}").status_code in (404, 405)
    assert service.plans.is_dir()


def test_tables_and_baseline_in_every_format(http: TestClient, planned: Plan) -> None:
    read = http.get(f"{PLANS}/{planned.id}").json()
    assert {t["name"]: t["rows"] for t in read["results"]} == {
        "pairs": planned.table("pairs").height,
        "postings": planned.table("postings").height,
    }
    for part, address in (("tables", "tables"), ("baseline", "baseline/tables")):
        frame = planned.table("pairs", part)
        where = f"{PLANS}/{planned.id}/{address}/pairs"
        assert http.get(f"{where}.parquet").content == (planned.folder / part / "pairs.parquet").read_bytes()
        assert pl.read_ipc_stream(BytesIO(http.get(f"{where}.arrow").content)).equals(frame)
        assert http.get(where).json()["rows"] == frame.to_dicts()
        for form in FORMATS.values():
            told = http.get(where, headers={"Accept": form.media_type})
            assert told.status_code == 200 and told.headers["content-type"].startswith(form.media_type)
    assert http.get(where, headers={"Accept": "application/pdf"}).status_code == 406
    assert http.get(f"{where}.pdf").status_code == 404
    told = http.get(f"{PLANS}/{planned.id}/tables/pair")
    assert told.status_code == 404 and "did you mean pairs" in told.json()["detail"]


def test_a_table_that_was_written_and_is_gone(http: TestClient, service: Service, planned: Plan) -> None:
    (service.plans / planned.id / "tables" / "pairs.parquet").unlink()
    told = http.get(f"{PLANS}/{planned.id}/tables/pairs")
    assert told.status_code == 422 and "not whole" in told.json()["detail"]


def test_certificates(http: TestClient, planned: Plan) -> None:
    listed = {c["name"]: c for c in http.get(f"{PLANS}/{planned.id}").json()["certificates"]}
    assert listed and all(name.startswith(c["stage"]) for name, c in listed.items())
    for name, told in listed.items():
        array = planned.certificates(told["stage"])[name.partition("-")[2]]
        assert told["shape"] == list(array.shape) and told["dtype"] == str(array.dtype)
        where = f"{PLANS}/{planned.id}/certificates/{name}"
        whole = http.get(f"{where}.npy")
        assert np.array_equal(np.load(BytesIO(whole.content)), array)
        known = {"If-None-Match": whole.headers["ETag"]}
        assert http.get(f"{where}.npy", headers=known).status_code == 304
        cells = pl.read_parquet(BytesIO(http.get(f"{where}.parquet").content))
        assert np.array_equal(cells["value"].to_numpy().reshape(array.shape), array)
        assert len(http.get(where, params={"limit": 1}).json()["rows"]) == min(array.size, 1)
    assert http.get(f"{PLANS}/{planned.id}/certificates/nix.npy").status_code == 404


def test_a_plan_does_not_change_but_what_is_written_on_it(http: TestClient, planned: Plan) -> None:
    where = f"{PLANS}/{planned.id}"
    first = http.get(where).headers["etag"]
    assert http.get(where, headers={"If-None-Match": first}).status_code == 304
    put = http.put(f"{where}/label", json={"label": "a"}, headers={"If-Match": first})
    assert put.status_code == 200 and put.json() == {"label": "a", "note": "", "by": "local"}
    assert http.get(where, headers={"If-None-Match": first}).headers["etag"] == put.headers["etag"] != first
    late = http.put(f"{where}/label", json={"label": "b"}, headers={"If-Match": first})
    assert late.status_code == 412 and http.get(where).json()["label"]["label"] == "a"
    assert (
        http.put(f"{where}/label", json={"label": ""}).status_code == 200
        and http.get(where).json()["label"] is None
    )
    assert http.put(f"{where}/label", json={"lable": "a"}).status_code == 422
    assert http.put(f"{where}/label", json={"label": "x" * 201}).status_code == 422
    assert http.put(f"{PLANS}/nix/label", json={"label": "a"}).status_code == 404


def test_who_is_limited_sees_their_part(http: TestClient, asking: As, planned: Plan) -> None:
    where = f"{PLANS}/{planned.id}"
    whole = http.get(f"{where}/tables/postings").json()["rows"]
    etag = http.get(f"{where}/tables/postings").headers["etag"]
    asking("ann", Role.VIEWER, ("C",))
    mine = http.get(f"{where}/tables/postings", headers={"If-None-Match": etag})
    assert mine.status_code == 200 and 0 < mine.json()["total"] < len(whole)
    assert all(r["village"] == "vC" or r["cadre"] in ("c1", "c4") for r in mine.json()["rows"])
    assert http.get(f"{where}/tables/postings.parquet").headers["etag"] != etag
    assert (
        pl.read_parquet(BytesIO(http.get(f"{where}/tables/postings.parquet").content)).height
        == mine.json()["total"]
    )
    assert http.get(f"{where}/tables/postings", params={"village": "vA"}).json()["total"] < 2
    assert http.get(where).json()["plan"] is None and http.get(where).json()["results"]
    name = "/certificates/cadres-worth_post.npy"
    assert http.get(where + name).status_code == 403
    asking("ann", Role.VIEWER)
    assert http.get(where).json()["plan"] == planned.head and http.get(where + name).status_code == 200
    assert http.put(f"{where}/label", json={"label": "a"}).status_code == 403


def test_removed(http: TestClient, asking: As, service: Service, planned: Plan) -> None:
    (service.plans / ".gone-before" / "tables").mkdir(
        parents=True
    )  # somebody was killed while they removed it
    asking("ann", Role.PLANNER)
    assert http.delete(f"{PLANS}/{planned.id}").status_code == 403
    asking("ada", Role.ADMIN)
    assert http.delete(f"{PLANS}/{planned.id}", headers={"If-Match": '"x"'}).status_code == 412
    assert http.delete(f"{PLANS}/{planned.id}").status_code == 204
    assert http.get(f"{PLANS}/{planned.id}").status_code == 404 and http.get(PLANS).json()["plans"] == []
    assert list(service.plans.iterdir()) == []


def test_not_removed_while_another_is_held_against_it(
    http: TestClient, service: Service, planned: Plan
) -> None:
    folder = another(service, planned, "0" * 16, at=1)
    head = json.loads((folder / "plan.json").read_text())
    head["inputs"]["published"] = planned.id
    (folder / "plan.json").write_text(json.dumps(head))
    told = http.delete(f"{PLANS}/{planned.id}")
    assert told.status_code == 409 and "0" * 16 in told.json()["detail"]
    assert (
        http.delete(f"{PLANS}/{'0' * 16}").status_code == 204
        and http.delete(f"{PLANS}/{planned.id}").status_code == 204
    )


def test_a_service_of_files_changes_nothing(planned: Plan, tmp_path: Path) -> None:
    from api.http.app import create_app

    shutil.copytree(planned.folder, tmp_path / "data" / "plans" / planned.id)
    made = create_app(
        open_service(read_settings({"data": tmp_path / "data", "language": "en"}, environ={}), "teachers")
    )
    with TestClient(made, base_url="http://localhost:8470", raise_server_exceptions=False) as files:
        (listed,) = files.get(PLANS).json()["plans"]
        assert listed["label"] is None and listed["adopted"] == []
        where = f"{PLANS}/{planned.id}"
        for method, address, content in (
            ("PUT", "label", {"label": "a"}), ("POST", "propose", {}), ("POST", "adopt", {"dry_run": True}), ("POST", "withdraw", None),
        ):  # fmt: skip
            told = files.request(method, f"{where}/{address}", json=content)
            assert told.status_code == 409 and "jiedui graph load" in told.json()["detail"]
        assert files.delete(where).status_code == 204


def test_its_loads_stand_beside_what_holds(http: TestClient, planned: Plan) -> None:
    found = http.get("/api/v1/network/loads", params={"plan": planned.id})
    assert found.status_code == 200, found.text
    planned_loads = [row["planned"] for row in found.json()["supporters"]]
    assert sum(filter(None, planned_loads)) == planned.table("pairs")["load"].sum() > 0
    assert http.get("/api/v1/network/loads", params={"plan": "nix"}).status_code == 404
