"""Uploads over HTTP: the report, then commit or discard."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fastapi.testclient import TestClient

from api.http.access import caller_of
from api.service.caller import Caller, Role
from api.service.service import Service
from graph.office.office import Office
from tests.api.http.sending import CSV, SCENARIOS, UPLOADS, etag, made, put_toml
from tests.api.http.test_scenario_file import as_workbook
from tests.graph.store.small_networks import ABOUT, put

REGIONS = "code,name,level,parent\na,A,province,\nb,B,county,a\n"
UNITS = "id,name,kind,home_region\nu1,U,bank,b\n"


def as_caller(http: TestClient, caller: Caller) -> None:
    """Ask as somebody else from here on."""
    http.app.dependency_overrides[caller_of] = lambda: caller  # type: ignore[attr-defined] # an app


def sent(http: TestClient, name: str, content: str | bytes, **params: str) -> str:
    """Id of an upload that is well."""
    told = http.post(
        UPLOADS,
        files={"file": (name, content if isinstance(content, bytes) else content.encode())},
        params=params,
    )
    assert told.status_code == 201 and told.json()["state"] == "ready", told.text
    assert told.headers["Location"] == f"{UPLOADS}/{told.json()['id']}"
    return str(told.json()["id"])


def test_bad_rows_are_told_each_with_what_would_be_right(http: TestClient) -> None:
    told = http.post(
        UPLOADS, params={"table": "units"}, content="id,kind,capacity\nu1,bnk,1\nu2,bank,many\n", headers=CSV
    )
    assert told.status_code == 201
    found = told.json()
    assert (found["state"], found["errors"], found["rows"], found["form"]) == (
        "refused",
        2,
        {"units": 2},
        "csv",
    )
    errors = {e["rowNumber"]: e for e in found["report"]["tasks"][0]["errors"]}
    assert (errors[2]["table"], errors[2]["fieldName"], errors[2]["cell"]) == ("units", "kind", "bnk")
    assert "bank" in errors[2]["note"]["en"] and errors[3]["fieldName"] == "capacity"
    report = http.get(f"{UPLOADS}/{found['id']}/report.csv")
    assert report.headers["Content-Type"].startswith("text/csv") and report.text.count("error,") == 2
    told = http.post(f"{UPLOADS}/{found['id']}/commit", json={"into": "network", "why": "x"})
    assert told.status_code == 409 and "2 bad rows" in told.json()["detail"]
    assert http.delete(f"{UPLOADS}/{found['id']}").status_code == 204
    assert (
        http.get(f"{UPLOADS}/{found['id']}").status_code
        == 404
        == http.delete(f"{UPLOADS}/{found['id']}").status_code
    )


def test_several_tables_go_into_a_scenario_all_or_none(http: TestClient) -> None:
    match = made(http, base=None)
    upload = sent(http, "tables.xlsx", as_workbook(REGIONS, "regions"), scenario="mine")
    assert http.get(f"{UPLOADS}/{upload}").json()["rows"]["regions"] == 2
    commit = f"{UPLOADS}/{upload}/commit"
    into = {"into": "scenario", "scenario": "mine", "why": "新表"}
    assert http.post(commit, json=into).status_code == 428
    assert http.post(commit, json=into, headers={"If-Match": '"0-x"'}).status_code == 412
    assert http.post(commit, json=into | {"scenario": "nix"}, headers={"If-Match": match}).status_code == 404
    assert (
        http.post(commit, json=into | {"scenario": "teachers"}, headers={"If-Match": match}).status_code
        == 409
    )
    assert http.post(commit, json={"into": "scenario"}, headers={"If-Match": match}).status_code == 422
    told = http.post(commit, json=into, headers={"If-Match": match})
    assert told.status_code == 200 and told.json()["state"] == "committed"
    assert told.json()["result"] == {"scenario": "mine", "etag": told.headers["ETag"]} and told.headers[
        "ETag"
    ] == etag(http)
    assert http.get(f"{SCENARIOS}/mine/history").json()["edits"][0]["why"] == "新表"
    assert http.post(commit, json=into, headers={"If-Match": "*"}).status_code == 409
    wrong = sent(http, "units.csv", UNITS.replace(",b\n", ",nix\n"), scenario="mine")
    told = http.post(f"{UPLOADS}/{wrong}/commit", json=into, headers={"If-Match": etag(http)})
    assert told.status_code == 422 and "nix" in told.json()["detail"]
    assert http.get(f"{UPLOADS}/{wrong}").json()["state"] == "ready"


def test_a_file_is_read_with_a_scenarios_own_values(http: TestClient) -> None:
    made(http)
    content = "id,name,kind\nx1,X,college\n"
    told = http.post(UPLOADS, files={"file": ("units.csv", content.encode())})
    assert told.json()["state"] == "refused"
    told = http.post(UPLOADS, files={"file": ("units.csv", content.encode())}, params={"scenario": "mine"})
    assert told.json()["state"] == "ready" and told.json()["scenario"] == "mine"
    assert (
        http.post(UPLOADS, files={"file": ("units.csv", b"id\n")}, params={"scenario": "nix"}).status_code
        == 404
    )


def test_rows_become_a_draft_request_of_the_network(stored: tuple[TestClient, Service]) -> None:
    http, service = stored
    upload = sent(http, "units.csv", "id,name,home_region\nu1,另一大学,zh\nu3,新单位,zh\n")
    commit = f"{UPLOADS}/{upload}/commit"
    told = http.post(commit, json={"into": "network"})
    assert told.status_code == 422 and "say why" in told.json()["detail"]
    told = http.post(commit, json={"into": "network", "why": "年度更新"})
    assert told.status_code == 200, told.text
    office = Office(*service.networks.store())
    request = office.request(told.json()["result"]["request"])
    assert (request.state, request.author, request.reason) == ("draft", "local", "年度更新")
    assert request.changes.counts() == {"units": (2, 0)}
    left = http.post(UPLOADS, files={"file": ("units.csv", b"id,name,colour\nu4,X,red\n")}).json()
    assert left["left_out"] and left["state"] == "ready"
    told = http.post(f"{UPLOADS}/{left['id']}/commit", json={"into": "network", "why": "x"})
    assert told.status_code == 409 and "columns that no table has" in told.json()["detail"]


def test_a_network_of_files_takes_no_requests(http: TestClient) -> None:
    upload = sent(http, "units.csv", "id,name\nu9,X\n")
    assert http.post(f"{UPLOADS}/{upload}/commit", json={"into": "network", "why": "x"}).status_code == 409


def test_the_word_served_is_the_network_of_the_service(stored: tuple[TestClient, Service]) -> None:
    http, _ = stored
    told = put_toml(http, 'format = 1\nnetwork = "served"\nstages = ["pairing"]\n', made(http, base=None))
    assert told.status_code == 200, told.text
    found = http.get(f"{SCENARIOS}/mine").json()
    assert {t["table"]: t["rows"] for t in found["resolved"]["tables"]}["regions"] == 5
    told = put_toml(http, 'format = 1\nnetwork = "workspace:/root#office"\n', told.headers["ETag"])
    assert told.status_code == 422 and "no other address" in told.json()["detail"]


def test_a_scenario_on_the_served_network_is_told_as_that_is_now(stored: tuple[TestClient, Service]) -> None:
    http, service = stored
    put_toml(http, 'format = 1\nnetwork = "served"\nstages = ["pairing"]\n', made(http, base=None))
    told = http.get(f"{SCENARIOS}/mine")
    store, name = service.networks.store()
    added = put("units", {"id": "u9", "name": "新单位", "home_region": "zh"})
    store.write(name, added, base=1, how="change", by="ann", about=ABOUT)
    again = http.get(f"{SCENARIOS}/mine", headers={"If-None-Match": told.headers["ETag"]})
    assert again.status_code == 200
    before, now = (
        {t["table"]: t["rows"] for t in answer.json()["resolved"]["tables"]} for answer in (told, again)
    )
    assert now == {**before, "units": before["units"] + 1}


def test_uploads_are_their_owners(stored: tuple[TestClient, Service]) -> None:
    http, _ = stored
    as_caller(http, Caller("ann", Role.COORDINATOR))
    upload = sent(http, "units.csv", "id,name\nu9,X\n")
    as_caller(http, Caller("bob", Role.PLANNER))
    mine = sent(http, "units.csv", "id,name\nu8,X\n")
    for told in (
        http.get(f"{UPLOADS}/{upload}"), http.get(f"{UPLOADS}/{upload}/report.csv"), http.delete(f"{UPLOADS}/{upload}"),
        http.post(f"{UPLOADS}/{upload}/commit", json={"into": "network", "why": "x"}), http.get(f"{UPLOADS}/..%2f{upload}"),
    ):  # fmt: skip
        assert told.status_code == 404
    assert [u["id"] for u in http.get(UPLOADS).json()["uploads"]] == [mine]
    as_caller(http, Caller("root", Role.ADMIN))
    page = http.get(UPLOADS, params={"limit": 1}).json()
    assert [u["id"] for u in page["uploads"]] == [mine] and page["next"] == mine
    rest = http.get(UPLOADS, params={"cursor": page["next"]}).json()
    assert [u["id"] for u in rest["uploads"]] == [upload] and rest["next"] is None
    as_caller(http, Caller("ann", Role.COORDINATOR))
    told = http.post(
        f"{UPLOADS}/{upload}/commit", json={"into": "scenario", "scenario": "mine"}, headers={"If-Match": "*"}
    )
    assert told.status_code == 403
    as_caller(http, Caller("eve", Role.VIEWER))
    assert http.post(UPLOADS, files={"file": ("units.csv", b"id\nu\n")}).status_code == 403
    as_caller(http, Caller("eve", Role.PLANNER, regions=("yn",)))
    assert http.post(UPLOADS, files={"file": ("units.csv", b"id\nu\n")}).status_code == 403


def test_names_of_cadres_are_sent_by_those_who_may_see_them(stored: tuple[TestClient, Service]) -> None:
    http, _ = stored
    content = {"file": ("cadre_names.csv", "id,name\nc1,某人\n".encode())}
    as_caller(http, Caller("ann", Role.ADMIN))
    assert http.post(UPLOADS, files=content).status_code == 422
    as_caller(http, Caller("ann", Role.ADMIN, sees_names=True))
    assert http.post(UPLOADS, files=content).status_code == 201


def test_a_user_keeps_only_so_many_and_old_ones_go(stored: tuple[TestClient, Service]) -> None:
    http, service = stored
    first = min(sent(http, "units.csv", "id,name\nu9,X\n") for _ in range(3))
    told = http.post(UPLOADS, files={"file": ("units.csv", b"id\nu\n")})
    assert told.status_code == 429 and told.headers["Retry-After"] == "60"
    upload = service.tray.upload(first, None)
    replace(upload, expires=upload.sent - timedelta(days=1)).write(service.uploads / first)
    assert http.get(f"{UPLOADS}/{first}").status_code == 404 and not (service.uploads / first).exists()
    sent(http, "units.csv", "id,name\nu9,X\n")


def test_a_form_has_one_file(http: TestClient) -> None:
    for files in ({"other": ("units.csv", b"id\n")}, {"file": (None, b"id\n")}):
        assert http.post(UPLOADS, files=files).status_code == 422
    two = [("file", ("units.csv", b"id\n")), ("file", ("regions.csv", b"id\n"))]
    told = http.post(UPLOADS, files=two)
    assert (told.status_code, told.json()["type"]) == (422, "/problems/bad-request")
    assert told.json()["message"] == {
        "en": "the form has several files, and an upload takes one: send each by itself, or all as one workbook (.xlsx, a sheet per table)",
        "zh": "表单里有多个文件；一次上传只收一个：请分次上传，或放进一个工作簿（.xlsx，每个表一张工作表）",
    }
    told = http.post(UPLOADS, files={"file": ("units.csv", b"id\n")}, data={f"f{n}": "x" for n in range(9)})
    assert told.status_code == 422 and "may have 8 fields beside its file" in told.json()["detail"]
    told = http.post(UPLOADS, files={"file": (None, b"x" * 5000)})
    assert told.status_code == 422 and "has to give its filename" in told.json()["detail"]
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert http.post(UPLOADS, content=b"nonsense", headers=headers).status_code == 422
    told = http.post(UPLOADS, content=b"x", headers={"Content-Type": "multipart/form-data"})
    assert told.status_code == 422 and "lacks the boundary" in told.json()["detail"]


def test_nothing_is_no_file(http: TestClient) -> None:
    told = http.post(
        "/api/v1/uploads", params={"filename": "units.csv"}, headers={"Content-Type": "text/csv"}
    )
    assert told.status_code == 422 and "nothing was sent" in told.json()["message"]["en"]
    assert http.get("/api/v1/uploads").json()["uploads"] == []
