"""Scenarios over HTTP: list, make, read, look over, delete."""

from __future__ import annotations

import shutil

import pytest
from fastapi.testclient import TestClient

from api.service.service import Service
from planner.shipped import shipped
from tests.api.http.sending import SCENARIOS, V1, etag, made, put_csv


def test_shipped_and_own_are_listed_page_by_page(http: TestClient) -> None:
    made(http)
    first = http.get(SCENARIOS, params={"limit": 2}).json()
    own, other = first["scenarios"]
    assert (
        own["name"] == "mine"
        and not own["shipped"]
        and own["base"] == "teachers"
        and own["edit"]["by"] == "local"
    )
    assert other["shipped"] and other["edit"] is None
    rest = http.get(SCENARIOS, params={"cursor": first["next"]}).json()
    assert [s["name"] for s in (*first["scenarios"], *rest["scenarios"])] == ["mine", *shipped()] and rest[
        "next"
    ] is None


def test_a_scenario_is_told_resolved_with_where_each_value_is_from(http: TestClient) -> None:
    match = made(http)
    http.patch(
        f"{SCENARIOS}/mine/toml", json={"values": {"cadres.team_minimum": 3}}, headers={"If-Match": match}
    )
    told = http.get(f"{SCENARIOS}/mine")
    found = told.json()
    values = {v["key"]: v for v in found["resolved"]["policies"]["cadres"]}
    assert (values["team_minimum"]["value"], values["team_minimum"]["scenario"]) == (3, "mine")
    assert values["leader_role"]["scenario"] == "teachers" and values["leader_role"]["line"] > 0
    assert values["skill_weight"]["scenario"] == "" and values["skill_weight"]["line"] == 0
    assert values["team_minimum"]["title"]["en"] and values["team_minimum"]["default"] is not None
    tables = {t["table"]: t for t in found["resolved"]["tables"]}
    assert (
        tables["cadres"]["rows"] > 0
        and tables["cadres"]["scenario"] == "teachers"
        and tables["cadres"]["marks"]
    )
    assert found["resolved"]["chain"] == ["mine", "teachers"] and found["title"] == {
        "zh": "mine",
        "en": "mine",
    }


def test_an_unchanged_shipped_scenario_is_not_sent_again(http: TestClient) -> None:
    told = http.get(f"{SCENARIOS}/teachers")
    again = http.get(f"{SCENARIOS}/teachers", headers={"If-None-Match": told.headers["ETag"]})
    assert again.status_code == 304 and not again.content
    assert http.get(f"{SCENARIOS}/teachers", headers={"If-None-Match": '"other"'}).status_code == 200


def test_an_empty_scenario_is_filled_table_by_table(http: TestClient) -> None:
    match = made(http, base=None)
    assert http.get(f"{SCENARIOS}/mine").json()["resolved"] is None
    empty = http.post(f"{SCENARIOS}/mine/validate").json()
    assert empty["valid"] and empty["tables"] == 0
    told = put_csv(http, "regions", "code,name,level,parent\na,A,province,\nb,B,county,a\n", match)
    assert told.status_code == 200 and told.json()["tables"] == ["regions"]
    told = put_csv(http, "units", "id,name,kind,home_region\nu1,U,bank,b\n", told.headers["ETag"])
    assert told.status_code == 200
    rows = {t["table"]: t["rows"] for t in http.get(f"{SCENARIOS}/mine").json()["resolved"]["tables"]}
    assert rows == {"regions": 2, "units": 1}
    checked = http.post(f"{SCENARIOS}/mine/validate").json()
    assert (checked["valid"], checked["tables"], checked["rows"], checked["counted"]) == (True, 2, 3, False)


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a/b", "a\\b", "/etc", ".kept", "-x", "a b", "a\0b", "a.b", "con", "NUL", "served", "data", "x" * 65,
     "e\u0301", "a\u202eb", "😀", "neo4j:x"],
)  # fmt: skip
def test_names_that_are_no_plain_word_are_refused(http: TestClient, service: Service, name: str) -> None:
    told = http.post(SCENARIOS, json={"name": name})
    assert told.status_code == 422, told.text
    assert [e.name for e in service.scenarios.iterdir()] == [".kept"]


@pytest.mark.parametrize("name", ["福建预算-20", "Ünïcode_1", "x", "2030"])
def test_plain_words_of_any_script_are_names(http: TestClient, name: str) -> None:
    told = http.post(SCENARIOS, json={"name": name})
    assert told.status_code == 201 and http.get(told.headers["Location"] + "/toml").status_code == 200


def test_a_name_is_had_by_one(http: TestClient) -> None:
    made(http)
    assert http.post(SCENARIOS, json={"name": "MINE"}).status_code == 409
    assert http.post(SCENARIOS, json={"name": "teachers"}).status_code == 409
    assert http.post(SCENARIOS, json={"name": "other", "base": "nix"}).status_code == 404
    assert http.post(SCENARIOS, json={"name": "other", "base": "../../etc"}).status_code == 404


def test_shipped_scenarios_are_only_read(http: TestClient) -> None:
    match = {"If-Match": etag(http, "teachers")}
    for told in (
        http.put(f"{SCENARIOS}/teachers/toml", content="format = 1\n", headers=match),
        http.patch(f"{SCENARIOS}/teachers/toml", json={"values": {}}, headers=match),
        http.delete(f"{SCENARIOS}/teachers", headers=match),
        http.delete(f"{SCENARIOS}/teachers/tables/units", headers=match),
    ):
        assert told.status_code == 409 and "overlays" in told.json()["detail"]


def test_deleting(http: TestClient, service: Service) -> None:
    match = made(http)
    above = made(http, "above", "mine")
    assert http.delete(f"{SCENARIOS}/mine").status_code == 428
    told = http.delete(f"{SCENARIOS}/mine", headers={"If-Match": match})
    assert told.status_code == 409 and "above overlay mine" in told.json()["detail"]
    job = http.post(f"{V1}/jobs/plan", json={"scenario": "above"}).json()["id"]
    told = http.delete(f"{SCENARIOS}/above", headers={"If-Match": above})
    assert told.status_code == 409 and job in told.json()["detail"]
    http.delete(f"{V1}/jobs/{job}")
    assert http.delete(f"{SCENARIOS}/above", headers={"If-Match": above}).status_code == 204
    assert http.delete(f"{SCENARIOS}/mine", headers={"If-Match": match}).status_code == 204
    assert http.get(f"{SCENARIOS}/mine").status_code == 404 and not (service.scenarios / "mine").exists()
    assert http.post(f"{V1}/jobs/plan", json={"scenario": "mine"}).status_code == 404


def test_what_it_overlays_may_change_under_it_and_is_told(http: TestClient) -> None:
    match = made(http)
    made(http, "above", "mine")
    change = {"add_changes": [{"table": "units", "where": {"id": "c1"}, "set": {"capacity": 1}}]}
    unit = {"add_changes": [{"table": "units", "add": [{"id": "extra", "name": "E", "kind": "college"}]}]}
    match = http.patch(f"{SCENARIOS}/mine/toml", json=unit, headers={"If-Match": match}).headers["ETag"]
    change["add_changes"][0]["where"] = {"id": "extra"}
    told = http.patch(f"{SCENARIOS}/above/toml", json=change, headers={"If-Match": etag(http, "above")})
    assert told.status_code == 200, told.text
    http.patch(f"{SCENARIOS}/mine/toml", json={"drop_changes": [1]}, headers={"If-Match": match})
    told = http.post(f"{SCENARIOS}/above/validate")
    assert told.status_code == 422 and "no row of units matches" in told.json()["detail"]
    assert str(http) not in told.text and "/tmp" not in told.text


def test_a_folder_that_was_put_there_by_hand_is_edited_too(http: TestClient, service: Service) -> None:
    shutil.copytree(shipped()["what-if-no-rewards"], service.scenarios / "hand")
    assert http.get(f"{SCENARIOS}/hand/history").json()["edits"][0]["what"] == "found"
    told = http.patch(
        f"{SCENARIOS}/hand/toml", json={"values": {"title": "new"}}, headers={"If-Match": etag(http, "hand")}
    )
    assert told.status_code == 200 and told.json()["revision"] == 1
    assert (service.scenarios / "hand").is_symlink()
    assert [e["revision"] for e in http.get(f"{SCENARIOS}/hand/history").json()["edits"]] == [1, 0]
    old = http.get(f"{SCENARIOS}/hand/history/0").json()
    assert old["toml"] == (shipped()["what-if-no-rewards"] / "scenario.toml").read_text()
