"""Findings over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fastapi.testclient import TestClient

from api.http.app import create_app
from api.service.caller import Caller, Role
from api.service.service import Service
from tests.api.http.office_here import IN_NJ, LI, V1, VIEWER, WANG, Asking, app, asking, opened, stored
from tests.api.http.test_requests import REQUESTS

__all__ = ["app", "asking", "opened", "stored"]  # fixtures
FINDINGS = f"{V1}/findings"


def listed(client: TestClient, **params: Any) -> list[str]:
    """Ids of a list."""
    return [f["id"] for f in client.get(FINDINGS, params=params).json()["findings"]]


def test_from_open_to_closed(asking: Asking) -> None:
    li, wang = asking(LI), asking(WANG)
    told = li.post(f"{FINDINGS}/f1/assign", json={"owner": "县扶贫办", "due": "2017-03-01"})
    assert told.status_code == 200 and told.json()["applied"] and told.json()["version"] == 2
    assert (
        li.post(f"{FINDINGS}/f1/rectify", json={"evidence": "验收单"}).json()["row"]["evidence"] == "验收单"
    )
    waiting = li.post(f"{FINDINGS}/f1/recheck")
    assert waiting.status_code == 202 and waiting.json()["waits"]["en"] == "a planner has to approve it"
    assert waiting.headers["Location"] == f"{REQUESTS}/{waiting.json()['request']}"
    for step in ("approve", "apply"):
        assert wang.post(f"{waiting.headers['Location']}/{step}").status_code == 200
    closed = wang.post(f"{FINDINGS}/f1/close", json={"on": "2017-04-01"}).json()
    assert (closed["row"]["status"], closed["row"]["closed_on"]) == ("closed", "2017-04-01")
    found = li.get(f"{FINDINGS}/f1").json()
    assert [s["row"]["status"] for s in found["past"]] == [
        "open",
        "assigned",
        "rectified",
        "rechecked",
        "closed",
    ]
    reopened = wang.post(f"{FINDINGS}/f1/reopen", json={"reason": "又出现"}).json()
    assert (
        "closed_on" not in reopened["row"]
        and wang.get(f"{REQUESTS}/{reopened['request']}").json()["reason"] == "又出现"
    )


def test_steps_that_its_status_does_not_allow(asking: Asking) -> None:
    wang = asking(WANG)
    told = wang.post(f"{FINDINGS}/f1/close")
    assert told.status_code == 409 and "possible: assign" in told.json()["detail"]
    told = wang.post(f"{FINDINGS}/f1/assign")
    assert told.status_code == 422 and "owner" in told.json()["detail"]
    assert (
        wang.post(f"{FINDINGS}/nix/assign").status_code == 404
        and wang.post(f"{FINDINGS}/f1/dance").status_code == 404
    )
    assert asking(VIEWER).post(f"{FINDINGS}/f1/assign").status_code == 403
    assert wang.get(REQUESTS).json()["requests"] == []


def test_a_new_one(asking: Asking) -> None:
    li, body, key = (
        asking(LI),
        {"region": "fg", "kind": "hotline", "due": "2017-02-01"},
        {"Idempotency-Key": "k"},
    )
    made = li.post(FINDINGS, json=body, headers=key)
    assert (
        made.status_code == 201
        and made.json()["row"]["source"] == "li"
        and made.json()["row"]["status"] == "open"
    )
    again = li.post(FINDINGS, json=body, headers=key)
    assert again.status_code == 200 and again.json() == made.json() | {"version": None}
    assert li.post(FINDINGS, json=body).json()["row"]["id"] != made.json()["row"]["id"]
    named = li.post(FINDINGS, json=body | {"id": "f1"})
    assert named.status_code == 409 and "f1" in named.json()["detail"]
    for bad, words in (
        ({"region": "nix"}, "nix"),
        ({"kind": "rumour"}, "rumour"),
        ({"severity": "huge"}, "huge"),
        ({"region": ""}, "region"),
    ):
        told = li.post(FINDINGS, json=body | bad)
        assert told.status_code == 422 and words in told.json()["detail"]
    assert len(listed(li)) == 4


def test_where_four_eyes_are_wanted_everything_waits(opened: Callable[..., Service]) -> None:
    with TestClient(create_app(opened(four_eyes=True)), base_url="http://localhost:8470") as http:
        told = http.post(f"{FINDINGS}/f1/assign", json={"owner": "x"})
        assert told.status_code == 202 and told.json()["waits"]["en"] == "somebody else has to approve it"
        assert http.get(f"{FINDINGS}/f1").json()["finding"]["status"] == "open"


def test_two_at_once_do_it_once(asking: Asking) -> None:
    clients = (asking(WANG), asking(Caller("yu", Role.PLANNER)))
    with ThreadPoolExecutor(2) as both:
        told = list(
            both.map(
                lambda c: c.post(f"{FINDINGS}/f2/recheck", json={"evidence": c.headers["X-Who"]}), clients
            )
        )
    assert sorted(t.status_code for t in told) == [200, 409]
    assert clients[0].get(REQUESTS, params={"pending": True}).json()["requests"] == []
    assert len(clients[0].get(f"{FINDINGS}/f2").json()["past"]) == 2


def test_what_is_frozen_or_held_waits_for_nobody(asking: Asking) -> None:
    wang = asking(WANG)
    wang.post(f"{V1}/freezes", json={"region": "yn"})
    told = wang.post(f"{FINDINGS}/f1/assign", json={"owner": "x"})
    assert told.status_code == 409 and "frozen" in told.json()["detail"]
    assert wang.get(REQUESTS, params={"pending": True}).json()["requests"] == []


def test_lists(asking: Asking) -> None:
    wang = asking(WANG)
    assert (
        listed(wang) == ["f1", "f2"]
        and listed(wang, region="yn") == ["f1"]
        and wang.get(FINDINGS, params={"region": "nix"}).status_code == 404
    )
    assert listed(wang, status="rectified") == ["f2"] and listed(wang, kind=["audit", "media"]) == [
        "f1",
        "f2",
    ]
    assert listed(wang, severity="severe") == ["f1"] and listed(wang, owner="珠海") == ["f2"]
    assert listed(wang, overdue_on="2016-12-02") == ["f1"] and listed(wang, overdue_on="2016-12-01") == []
    first = wang.get(FINDINGS, params={"limit": 1}).json()
    assert listed(wang, cursor=first["next"]) == ["f2"]


def test_limited_to_regions(asking: Asking) -> None:
    he = asking(IN_NJ)
    assert listed(he) == ["f1"] and he.get(f"{FINDINGS}/f2").status_code == 404
    assert he.post(f"{FINDINGS}/f2/assign", json={"owner": "x"}).status_code == 404
    assert he.post(f"{FINDINGS}/f1/assign", json={"owner": "x"}).status_code == 200
    assert he.post(FINDINGS, json={"region": "v1"}).status_code == 201
    assert he.post(FINDINGS, json={"region": "zh"}).status_code == 403


def test_whether_an_id_is_taken_elsewhere_is_not_told(asking: Asking) -> None:
    he, li = asking(IN_NJ), asking(LI)
    told, unknown = (he.post(FINDINGS, json={"id": id, "region": "fg"}) for id in ("f2", "f9"))
    assert told.status_code == unknown.status_code == 403
    assert told.json()["detail"].replace("f2", "f9") == unknown.json()["detail"]
    assert he.post(FINDINGS, json={"id": "f1", "region": "fg"}).status_code == 409  # which they see
    assert li.post(FINDINGS, json={"id": "f9", "region": "fg"}).status_code == 201


def test_files_are_read_and_not_changed(http: TestClient) -> None:
    assert len(listed(http, limit=5)) == 5
    assert (
        http.post(f"{FINDINGS}/f0018/reopen").status_code == 409 == http.get(f"{FINDINGS}/f0018").status_code
    )


def test_one_key_sent_by_many_at_once_is_one_entry(asking: Asking) -> None:
    """201 for one of them, 200 for all others; nobody is told to be in conflict with themselves."""
    wang = asking(WANG)
    ids = set()
    for key in ("a", "b", "c"):
        body, header = {"region": "fg", "kind": "audit", "due": "2017-02-01"}, {"Idempotency-Key": key}
        with ThreadPoolExecutor(8) as many:
            told = list(many.map(lambda _: wang.post(FINDINGS, json=body, headers=header), range(8)))  # noqa: B023 # run at once
        assert sorted(t.status_code for t in told) == [200] * 7 + [201], [t.text for t in told]
        assert {t.json()["state"] for t in told} == {"applied"}
        ids |= {(t.json()["request"], t.json()["row"]["id"]) for t in told}
    assert len(ids) == 3 and len(wang.get(REQUESTS).json()["requests"]) == 3


def test_one_step_taken_by_one_person_many_times_at_once_is_one(asking: Asking) -> None:
    wang = asking(WANG)
    step, said = f"{FINDINGS}/f1/assign", {"owner": "县扶贫办", "on": "2017-01-01"}
    with ThreadPoolExecutor(6) as many:
        told = list(many.map(lambda _: wang.post(step, json=said), range(6)))
    assert {t.status_code for t in told} <= {200, 422}, [t.text for t in told]  # 422: it is so already
    assert 200 in {t.status_code for t in told} and len(wang.get(REQUESTS).json()["requests"]) == 1
