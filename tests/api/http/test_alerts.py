"""Alerts over HTTP."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api.service.caller import Caller, Role
from graph.store.workspace import open_workspace
from tests.api.http.office_here import IN_NJ, LI, V1, VIEWER, WANG, Asking, app, asking, opened, stored
from tests.graph.store.small_networks import ABOUT, put

__all__ = ["app", "asking", "opened", "stored"]  # fixtures
ALERTS = f"{V1}/alerts"
AT = {"at": "2017-01-01"}


def listed(client: TestClient, **params: Any) -> list[tuple[str, str, str]]:
    """Kind, subject and state of each."""
    told = client.get(ALERTS, params=AT | params)
    assert told.status_code == 200, told.text
    return [(a["kind"], a["subject"], a["state"]) for a in told.json()["alerts"]]


def id_of(client: TestClient, subject: str) -> str:
    """Id of the alert about something."""
    return next(
        str(a["id"]) for a in client.get(ALERTS, params=AT).json()["alerts"] if a["subject"] == subject
    )


def test_lists(asking: Asking) -> None:
    wang = asking(WANG)
    assert listed(wang) == [("overdue_finding", "f1", "active"), ("missed_delivery", "r1", "active")]
    assert listed(wang, kind="missed_delivery") == [("missed_delivery", "r1", "active")]
    assert listed(wang, severity="severe") == [("overdue_finding", "f1", "active")]
    assert (
        listed(wang, region="zh") == [("missed_delivery", "r1", "active")] and listed(wang, region="v1") == []
    )
    assert listed(wang, at="2016-12-01") == [] and listed(wang, state="resolved") == []
    first = wang.get(ALERTS, params=AT | {"limit": 1}).json()
    assert listed(wang, cursor=first["next"]) == [("missed_delivery", "r1", "active")]
    assert first["alerts"][0]["text"]["en"] == "finding f1 in 福贡 (audit) is 31 days overdue, open"


def test_acknowledged_resolved_reopened(asking: Asking) -> None:
    li, wang = asking(LI), asking(WANG)
    id = id_of(li, "r1")
    told = li.post(
        f"{ALERTS}/{id}/acknowledge", params=AT, json={"note": "催办", "until": "2199-01-01"}
    ).json()
    assert (told["state"], told["by"], told["note"], told["until"]) == (
        "acknowledged",
        "li",
        "催办",
        "2199-01-01",
    )
    assert listed(wang, state="acknowledged") == [("missed_delivery", "r1", "acknowledged")]
    assert li.post(f"{ALERTS}/{id}/resolve", params=AT).status_code == 422
    assert li.post(f"{ALERTS}/{id}/resolve", params=AT, json={"note": "已协商"}).json()["state"] == "resolved"
    assert li.post(f"{ALERTS}/{id}/acknowledge", params=AT).status_code == 409
    wang.put(f"{V1}/ledger/r1/2016/fiscal_funds", json={"delivered": 70})  # its condition is another
    assert wang.get(f"{ALERTS}/{id}", params=AT).json()["state"] == "active"
    li.post(f"{ALERTS}/{id}/acknowledge", params=AT)
    assert li.post(f"{ALERTS}/{id}/reopen", params=AT).json()["state"] == "active"
    li.post(f"{ALERTS}/{id}/acknowledge", params=AT)
    wang.put(f"{V1}/ledger/r1/2016/fiscal_funds", json={"delivered": 100})  # gone
    told = wang.get(f"{ALERTS}/{id}", params=AT).json()
    assert (told["state"], told["gone"]) == ("resolved", True)
    assert li.post(f"{ALERTS}/{id}/reopen", params=AT).status_code == 409
    assert asking(VIEWER).post(f"{ALERTS}/{id}/reopen", params=AT).status_code == 403
    assert (
        li.get(f"{ALERTS}/nix").status_code
        == 404
        == li.post(f"{ALERTS}/nix/resolve", json={"note": "x"}).status_code
    )


def test_new_is_told_once(asking: Asking) -> None:
    li = asking(LI)
    assert li.get(f"{ALERTS}/rounds").json() == {"rounds": [], "next": None}
    first = li.post(f"{ALERTS}/rounds").json()
    assert [a["subject"] for a in first["new"]] == ["f1"] and first[
        "number"
    ] == 1  # today the delivery is long past
    assert li.post(f"{ALERTS}/rounds").json()["new"] == []
    li.post(f"{ALERTS}/{id_of(li, 'f1')}/acknowledge")
    assert len(li.post(f"{ALERTS}/rounds").json()["gone"]) == 1
    rounds = li.get(f"{ALERTS}/rounds", params={"limit": 1}).json()
    assert len(rounds["rounds"]) == 1 and rounds["next"] == 1
    assert [r["number"] for r in li.get(f"{ALERTS}/rounds", params={"after": 1}).json()["rounds"]] == [2]


def test_limited_to_regions(asking: Asking) -> None:
    """Who is limited sees what concerns a place of theirs, and says something where it is their business."""
    he, zh, far = (
        asking(IN_NJ),
        asking(Caller("zhu", Role.COORDINATOR, ("zh",))),
        asking(Caller("x", Role.COORDINATOR, ("v1",))),
    )
    assert (
        [s for _, s, _ in listed(he)] == ["f1", "r1"]
        and [s for _, s, _ in listed(zh)] == ["r1"]
        and listed(far) == []
    )
    id = id_of(he, "r1")
    assert (
        zh.get(f"{ALERTS}/{id}", params=AT).status_code == 200
        and far.get(f"{ALERTS}/{id}", params=AT).status_code == 404
    )
    assert zh.post(f"{ALERTS}/{id}/acknowledge", params=AT).status_code == 403
    assert far.post(f"{ALERTS}/{id}/acknowledge", params=AT).status_code == 404
    assert he.post(f"{ALERTS}/{id}/acknowledge", params=AT).status_code == 200
    assert he.post(f"{ALERTS}/rounds").status_code == 403


def test_of_files_all_are_active(http: TestClient) -> None:
    told = http.get(ALERTS, params={"limit": 1}).json()["alerts"]
    assert told[0]["state"] == "active"
    assert (
        http.post(f"{ALERTS}/{told[0]['id']}/acknowledge").status_code
        == 409
        == http.post(f"{ALERTS}/rounds").status_code
    )


def test_the_networks_own_words_are_said_and_what_is_wrong_is_told_in_jieduis(
    asking: Asking, stored: str
) -> None:
    wang = asking(WANG)
    ours = wang.get(ALERTS, params=AT | {"kind": "missed_delivery"}).json()["alerts"][0]["text"]
    assert "(yuan) 100 pledged" in ours["en"] and "（元）" in ours["zh"]
    marks = {"currency": {"name": {"zh": "马克", "en": "mark", "many": "mark"}}}
    with closing(open_workspace(Path(stored.removeprefix("workspace:").partition("#")[0]))) as store:
        store.write(
            "office", put("units", {"id": "u9", "name": "新单位", "home_region": "fg"}), base=1, how="load", by="ann",
            about=replace(ABOUT, titles=marks),
        )  # fmt: skip
    own = wang.get(ALERTS, params=AT | {"kind": "missed_delivery"}).json()["alerts"][0]["text"]
    assert own["en"] == ours["en"].replace("yuan", "mark") and own["zh"] == ours["zh"].replace("元", "马克")
    wrong = wang.get(f"{V1}/network/tables/needs", params={"amount__gte": "many"}).json()
    assert wrong["detail"].startswith("amount__gte (amount, in yuan):")
