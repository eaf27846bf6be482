"""The ledger over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from graph.office.office import Office
from tests.api.http.office_here import IN_NJ, LI, V1, WANG, Asking, app, asking, opened, stored
from tests.api.http.test_requests import REQUESTS

__all__ = ["app", "asking", "opened", "stored"]  # fixtures
LEDGER = f"{V1}/ledger"
FUNDS = f"{LEDGER}/r1/2016/fiscal_funds"


def entries(client: TestClient, **params: Any) -> list[tuple[str, Any, Any]]:
    """Relation, pledged and delivered of each."""
    found = client.get(LEDGER, params=params).json()["entries"]
    return [(e["relation"], e["pledged"], e["delivered"]) for e in found]


def test_what_came_is_entered_at_once(asking: Asking) -> None:
    li = asking(LI)
    told = li.put(FUNDS, json={"delivered": 90, "source": "凭证"})
    assert told.status_code == 200 and told.json()["version"] == 2 and told.json()["row"]["source"] == "凭证"
    assert told.json()["row"]["mark"] == "synthetic"  # the pledge is as it was
    assert entries(li) == [("r1", 100, 90)]
    again = li.put(FUNDS, json={"delivered": 90, "source": "别的"})
    assert again.status_code == 200 and again.json()["request"] is None
    assert len(li.get(REQUESTS).json()["requests"]) == 1
    new = li.put(f"{LEDGER}/r2/2017/investment", json={"delivered": 5})
    assert new.status_code == 200 and new.json()["row"] == {
        "relation": "r2", "year": 2017, "item": "investment", "delivered": 5, "source": "li",
    }  # fmt: skip


@pytest.mark.parametrize("step", ["step", "approve", "apply"])
def test_an_entry_that_was_cut_off_goes_on_when_it_is_sent_again(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """What was approved holds its row: sent again by the same person it is the same request, and is not in its own way."""
    li, entry = asking(LI), {"delivered": 90}
    with monkeypatch.context() as killed:
        killed.setattr(Office, step, cut_off)
        assert li.put(FUNDS, json=entry).status_code == 500
    assert entries(li) == [("r1", 100, 60)]
    told = li.put(FUNDS, json=entry)
    assert told.status_code == 200 and told.json()["applied"], told.text
    assert entries(li) == [("r1", 100, 90)]
    assert [r["state"] for r in li.get(REQUESTS).json()["requests"]] == ["applied"]


class Killed(Exception):
    """As a killed service ends: nothing is told, nothing is taken back."""


def cut_off(*_: Any, **__: Any) -> None:
    raise Killed


def test_a_pledge_is_a_planners(asking: Asking) -> None:
    li, wang = asking(LI), asking(WANG)
    told = li.put(FUNDS, json={"pledged": 120})
    assert (
        told.status_code == 202 and told.json()["state"] == "submitted" and entries(li) == [("r1", 100, 60)]
    )
    wang.post(f"{told.headers['Location']}/reject")
    done = wang.put(FUNDS, json={"pledged": 120, "delivered": 80})
    assert done.status_code == 200 and "mark" not in done.json()["row"] and entries(wang) == [("r1", 120, 80)]


def test_what_is_no_entry(asking: Asking) -> None:
    li = asking(LI)
    for path, body, status in (
        ("r1/2016/fiscal_funds", {}, 422), ("r1/2016/fiscal_funds", {"delivered": -1}, 422), ("r1/1900/fiscal_funds", {"delivered": 1}, 422),
        ("r1/2016/nix", {"delivered": 1}, 422), ("nix/2016/fiscal_funds", {"delivered": 1}, 404),
    ):  # fmt: skip
        assert li.put(f"{LEDGER}/{path}", json=body).status_code == status, path
    assert li.get(REQUESTS).json()["requests"] == []


def test_lists(asking: Asking) -> None:
    wang = asking(WANG)
    wang.put(f"{LEDGER}/r2/2017/investment", json={"pledged": 5, "delivered": 5})
    assert [e[0] for e in entries(wang)] == ["r1", "r2"] and [e[0] for e in entries(wang, year=2017)] == [
        "r2"
    ]
    assert [e[0] for e in entries(wang, subject="珠海")] == ["r1"] and [
        e[0] for e in entries(wang, item="investment")
    ] == ["r2"]
    assert [e[0] for e in entries(wang, short=True)] == ["r1"] and [
        e[0] for e in entries(wang, relation="r2")
    ] == ["r2"]
    (entry, _) = wang.get(LEDGER).json()["entries"]
    assert (entry["unit"], entry["ratio"], entry["recipient_name"]) == ("yuan", 0.6, "怒江")
    assert wang.get(LEDGER, params={"subject": "nix"}).status_code == 404


def test_limited_to_regions(asking: Asking) -> None:
    he, wang = asking(IN_NJ), asking(WANG)
    out = {
        "reason": "x",
        "rows": {"relations": [{"id": "r3", "kind": "designated", "supporter": "u2", "recipient": "zh"}]},
    }
    id = wang.post(REQUESTS, json=out).json()["id"]
    for step in ("submit", "approve", "apply"):
        wang.post(f"{REQUESTS}/{id}/{step}")
    wang.put(f"{LEDGER}/r3/2016/investment", json={"delivered": 1})
    assert [e[0] for e in entries(wang)] == ["r1", "r3"] and [e[0] for e in entries(he)] == ["r1"]
    assert he.put(FUNDS, json={"delivered": 61}).status_code == 200
    for amounts in ({"delivered": 2}, {"delivered": 1}):  # the second as it is already
        told, unknown = (he.put(f"{LEDGER}/{r}/2016/investment", json=amounts) for r in ("r3", "r9"))
        assert told.status_code == unknown.status_code == 404
        assert told.json()["detail"].replace("r3", "r9") == unknown.json()["detail"]
    assert (
        he.get(LEDGER, params={"subject": "u2"}).json()["detail"].replace("u2", "u9")
        == (he.get(LEDGER, params={"subject": "u9"}).json()["detail"])
    )
    assert [e["relation"] for e in he.get(LEDGER, params={"subject": "怒江"}).json()["entries"]] == ["r1"]


def test_files_are_read_and_not_changed(http: TestClient) -> None:
    assert len(http.get(LEDGER, params={"limit": 3}).json()["entries"]) == 3
    assert http.put(FUNDS, json={"delivered": 1}).status_code == 409


def test_an_entry_that_is_sent_many_times_at_once_is_one(asking: Asking) -> None:
    li = asking(LI)
    with ThreadPoolExecutor(8) as many:
        told = list(many.map(lambda _: li.put(FUNDS, json={"delivered": 90}), range(8)))
    assert {t.status_code for t in told} == {200}, [t.text for t in told]
    assert entries(li) == [("r1", 100, 90)] and len(li.get(REQUESTS).json()["requests"]) == 1
