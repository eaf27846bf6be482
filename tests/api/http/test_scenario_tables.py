"""Tables of a scenario over HTTP, and drafts of edits looked over before they are sent."""

from __future__ import annotations

from fastapi.testclient import TestClient

from tests.api.http.sending import SCENARIOS, made

HALVED = {
    "add_changes": [{"table": "units", "where": {"id": "UNI-2"}, "scale": {"capacity": 0.5}, "why": "half"}]
}


def capacities(http: TestClient) -> dict[str, int]:
    rows = http.get(f"{SCENARIOS}/mine/tables/units").json()["rows"]
    return {row["id"]: row["capacity"] for row in rows}


def test_rows_are_those_that_a_plan_would_read(http: TestClient) -> None:
    match = made(http)
    before = capacities(http)
    unit = sorted(before)[0]
    change = {"table": "units", "where": {"id": unit}, "set": {"capacity": 77}}
    told = http.patch(f"{SCENARIOS}/mine/toml", json={"add_changes": [change]}, headers={"If-Match": match})
    assert told.status_code == 200, told.text
    assert capacities(http) == before | {unit: 77}
    (entry,) = http.get(f"{SCENARIOS}/mine").json()["resolved"]["changes"]
    assert (entry["scenario"], entry["number"], entry["change"]) == ("mine", 1, change) and entry["line"] > 1


def test_they_come_in_every_format_and_page_by_page(http: TestClient) -> None:
    book = http.get(f"{SCENARIOS}/teachers/tables/units.xlsx")
    assert book.status_code == 200 and book.content[:2] == b"PK"
    page = http.get(f"{SCENARIOS}/teachers/tables/cadres", params={"limit": 5, "sort": "-id"}).json()
    assert len(page["rows"]) == 5 and page["total"] == 200 and page["next"]
    behind = http.get(
        f"{SCENARIOS}/teachers/tables/cadres", params={"limit": 5, "sort": "-id", "cursor": page["next"]}
    )
    assert not {r["id"] for r in behind.json()["rows"]} & {r["id"] for r in page["rows"]}


def test_what_is_not_there_is_told(http: TestClient) -> None:
    assert http.get(f"{SCENARIOS}/teachers/tables/unitz").status_code == 404
    assert http.get(f"{SCENARIOS}/teachers/tables/assessments").status_code == 404
    assert http.get(f"{SCENARIOS}/nobody/tables/units").status_code == 404
    made(http, base=None)
    assert http.get(f"{SCENARIOS}/mine/tables/units").status_code == 404
    assert http.get(f"{SCENARIOS}/teachers/tables/cadre_names").status_code == 422


def test_a_draft_is_looked_over_and_not_kept(http: TestClient) -> None:
    match = made(http)
    good = http.post(f"{SCENARIOS}/mine/validate", json={"values": {"cadres.team_minimum": 2}})
    assert good.status_code == 200 and good.json()["valid"]
    bad = http.post(f"{SCENARIOS}/mine/validate", json={"values": {"cadres.team_minimum": -2}})
    assert bad.status_code == 422 and "team_minimum" in bad.json()["message"]["en"]
    nowhere = http.post(f"{SCENARIOS}/mine/validate", json={"add_changes": HALVED["add_changes"]})
    assert nowhere.status_code == 422
    assert http.get(f"{SCENARIOS}/mine/toml").headers["ETag"] == match


def test_a_scenario_that_came_with_jiedui_takes_no_draft(http: TestClient) -> None:
    assert http.post(f"{SCENARIOS}/teachers/validate", json={}).status_code == 409
    assert http.post(f"{SCENARIOS}/teachers/validate").status_code == 200
