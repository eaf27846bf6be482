"""Jobs over HTTP."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from api.jobs.kinds import KINDS
from api.jobs.turns import Turns
from api.service.service import Service

JOBS = "/api/v1/jobs"


def test_ordering_answers_where_the_job_is(http: TestClient) -> None:
    told = http.post(f"{JOBS}/plan", json={"scenario": "teachers"}, headers={"Idempotency-Key": "k"})
    assert told.status_code == 202
    job = told.json()
    assert (
        told.headers["Location"] == f"{JOBS}/{job['id']}"
        and job["state"] == "waiting"
        and job["kind"] == "plan"
    )
    again = http.post(f"{JOBS}/plan", json={"scenario": "teachers"}, headers={"Idempotency-Key": "k"})
    assert again.status_code == 200 and again.json() == job
    other = http.post(f"{JOBS}/plan", json={"scenario": "china-2016"}, headers={"Idempotency-Key": "k"})
    assert other.status_code == 409 and "another job" in other.json()["detail"]
    assert http.get(told.headers["Location"]).json() == job


def test_what_is_wrong_with_an_order_is_told(http: TestClient) -> None:
    for content, words in (
        ({}, "body.scenario"), ({"scenario": "teachers", "out": "/tmp"}, "body.out"), ({"scenario": "teachers", "stages": "pairing"}, "body.stages"),
    ):  # fmt: skip
        told = http.post(f"{JOBS}/plan", json=content)
        assert told.status_code == 422 and told.json()["errors"][0]["where"] == words
    for name in ("nix", "../teachers", "/etc", "..", ".", ""):
        told = http.post(f"{JOBS}/plan", json={"scenario": name})
        assert told.status_code == 404, name
    assert (
        http.post(f"{JOBS}/explain", json={"plan": "nix", "subject": "怒江"}).json()["detail"]
        == "there is no plan nix"
    )


def test_stages_and_settings_are_looked_at_before_anything_waits(http: TestClient) -> None:
    told = http.post(f"{JOBS}/plan", json={"scenario": "teachers", "stages": ["foo"]})
    assert told.status_code == 422 and told.json()["errors"][0]["where"] == "body.stages.0"
    for setting, words in (
        ("funds.county_flor=1", "settings, funds.county_flor: unknown key; did you mean county_floor?"),
        ("fund.county_floor=1", "settings fund.county_floor=1: no stage fund; did you mean funds?"),
        ("county_floor", "settings county_floor: must be stage.key=value"),
    ):
        told = http.post(f"{JOBS}/sweep", json={"scenario": "teachers", "settings": [setting]})
        assert told.status_code == 422 and words in told.json()["message"]["en"], told.text
    assert http.get(JOBS).json()["jobs"] == []
    given = {"scenario": "teachers", "stages": ["funds"], "settings": ["funds.county_floor=1"]}
    assert http.post(f"{JOBS}/plan", json=given).status_code == 202


@pytest.mark.parametrize(
    ("kind", "given", "where"),
    [
        ("plan", {"time_limit": -1}, "time_limit"), ("plan", {"time_limit": 0}, "time_limit"), ("sweep", {"sample": 0}, "sample"),
        ("roll", {"seed": -1}, "seed"), ("generate", {"what": "national", "out": "mine", "seed": -1}, "seed"),
    ],
)  # fmt: skip
def test_numbers_that_the_command_refuses_are_refused_with_the_order(
    kind: str, given: dict[str, object], where: str, http: TestClient
) -> None:
    told = http.post(f"{JOBS}/{kind}", json=given if kind == "generate" else {"scenario": "teachers", **given})  # fmt: skip
    assert told.status_code == 422, told.text
    assert told.json()["errors"][0]["where"] == f"body.{where}" and "--" not in told.json()["detail"]
    assert http.get(JOBS).json()["jobs"] == []


def test_a_kind_that_there_is_not_is_told_with_those_that_there_are(http: TestClient) -> None:
    told = http.post(f"{JOBS}/plann", json={"scenario": "teachers"})
    assert (told.status_code, told.json()["type"]) == (404, "/problems/not-found")
    detail = told.json()["detail"]
    assert detail.startswith("no kind of job plann; did you mean plan? There are: plan, sweep, ")
    assert all(kind in detail for kind in KINDS)
    assert http.post(f"{JOBS}/{'x' * 50}").json()["detail"].startswith(f"no kind of job {'x' * 40}. There are: ")  # fmt: skip
    other = http.put(f"{JOBS}/plann")
    assert (other.status_code, other.headers["Allow"]) == (405, "DELETE, GET, HEAD, POST")
    assert http.get(f"{JOBS}/plan").status_code == 404  # no job is called that
    assert http.get(JOBS).json()["jobs"] == []


def test_following_a_job_and_going_on_behind_an_event(http: TestClient, service: Service) -> None:
    job = http.post(f"{JOBS}/plan", json={"scenario": "teachers"}).json()
    turns = Turns(service.records, "w")
    work = turns.take()
    assert work is not None and work.words[0] == "plan"
    turns.tell(work.id, "progress", {"stage": "pairing", "objective": 3})
    turns.settle(work.id, "failed", 3, {"exit": 3, "message": {"zh": "不行", "en": "no"}})
    whole = http.get(f"{JOBS}/{job['id']}/events")
    assert whole.headers["Content-Type"].startswith("text/event-stream")
    numbers = [line.removeprefix("id: ") for line in whole.text.splitlines() if line.startswith("id: ")]
    assert "\r" not in whole.text, "a shell's loop would take it for part of a number"
    assert len(numbers) == 4 and whole.text.count("event: progress") == 1
    rest = http.get(f"{JOBS}/{job['id']}/events", headers={"Last-Event-ID": numbers[1]})
    assert [
        line.removeprefix("id: ") for line in rest.text.splitlines() if line.startswith("id: ")
    ] == numbers[2:]
    assert http.get(f"{JOBS}/{job['id']}/events", headers={"Last-Event-ID": numbers[3]}).text == ""
    told = http.get(f"{JOBS}/{job['id']}").json()
    assert told["state"] == "failed" and told["error"]["message"]["en"] == "no"
    assert http.get(f"{JOBS}/{job['id']}/result").status_code == 409


def test_cancelling(http: TestClient) -> None:
    job = http.post(f"{JOBS}/plan", json={"scenario": "teachers"}).json()
    assert http.delete(f"{JOBS}/{job['id']}").json()["state"] == "cancelled"
    assert [j["id"] for j in http.get(JOBS, params={"state": "cancelled"}).json()["jobs"]] == [job["id"]]


def test_pages(http: TestClient) -> None:
    made = [
        http.post(f"{JOBS}/plan", json={"scenario": "teachers", "time_limit": n}).json()["id"]
        for n in (1, 2, 3)
    ]
    first = http.get(JOBS, params={"limit": 2}).json()
    assert [j["id"] for j in first["jobs"]] == made[:0:-1]
    last = http.get(JOBS, params={"limit": 2, "cursor": first["next"]}).json()
    slip = http.get(JOBS, params={"cursor": "999"})
    assert slip.status_code == 422 and slip.json()["detail"].startswith("cursor 999 is not in the list")
    assert [j["id"] for j in last["jobs"]] == made[:1] and last["next"] is None
