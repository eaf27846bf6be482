"""Requests for change over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.http.app import create_app
from api.service.caller import Caller, Role
from api.service.service import Service
from graph.office.office import Office
from graph.store.opening import opened as elsewhere
from tests.api.http.office_here import (
    IN_NJ,
    LI,
    PLANS_NJ,
    V1,
    VIEWER,
    WANG,
    Asking,
    app,
    asking,
    opened,
    stored,
)
from tests.graph.store.small_networks import put

__all__ = ["app", "asking", "opened", "stored"]  # fixtures
REQUESTS = f"{V1}/requests"
CAPACITY = {"reason": "核实", "set": [{"table": "units", "row": "u1", "column": "capacity", "value": 2}]}


def drafted(client: TestClient, body: dict[str, Any] = CAPACITY) -> str:
    """Number of a new draft."""
    told = client.post(REQUESTS, json=body)
    assert told.status_code == 201, told.text
    return str(told.json()["id"])


def test_of_many_who_apply_at_once_one_does_and_all_others_are_told(asking: Asking) -> None:
    li, wang = asking(LI), asking(WANG)
    id = drafted(li)
    li.post(f"{REQUESTS}/{id}/submit")
    wang.post(f"{REQUESTS}/{id}/approve")
    with ThreadPoolExecutor(8) as many:
        told = list(many.map(lambda _: wang.post(f"{REQUESTS}/{id}/apply"), range(8)))
    assert {t.status_code for t in told} == {200, 409}
    found = [t.json() for t in told if t.status_code == 409]
    assert {f["status"] for f in found} == {409} and {f["instance"] for f in found} == {
        f"{REQUESTS}/{id}/apply"
    }
    assert li.get(f"{REQUESTS}/{id}").json()["state"] == "applied"


def test_from_draft_to_applied(asking: Asking) -> None:
    li, wang = asking(LI), asking(WANG)
    told = li.post(REQUESTS, json=CAPACITY | {"by": "somebody"})
    assert told.status_code == 422  # who it is, is not theirs to say
    told = li.post(REQUESTS, json=CAPACITY)
    assert (told.status_code, told.headers["Location"], told.headers["ETag"]) == (
        201,
        f"{REQUESTS}/r1",
        '"1"',
    )
    request = told.json()
    assert (request["author"], request["state"], request["base"]) == ("li", "draft", 1)
    (row,) = request["side_by_side"]
    assert (row["current"].get("capacity"), row["proposed"]["capacity"]) == (None, 2)
    assert li.post(f"{REQUESTS}/r1/submit", json={"note": "请看"}).json()["state"] == "submitted"
    assert li.post(f"{REQUESTS}/r1/approve").status_code == 403
    assert wang.post(f"{REQUESTS}/r1/approve").json()["state"] == "approved"
    done = wang.post(f"{REQUESTS}/r1/apply").json()
    assert (done["state"], done["version"], done["pending"]) == ("applied", 2, False)
    log = wang.get(f"{REQUESTS}/r1/log").json()["steps"]
    assert [(e["step"], e["by"], e["note"]) for e in log] == [
        ("draft", "li", ""), ("submit", "li", "请看"), ("approve", "wang", ""), ("apply", "wang", ""),
    ]  # fmt: skip
    again = wang.post(f"{REQUESTS}/r1/apply")
    assert again.status_code == 409 and "applied" in again.json()["detail"]
    assert wang.get(f"{REQUESTS}/r9").status_code == 404 == wang.post(f"{REQUESTS}/r9/approve").status_code


def test_whole_rows_and_rows_to_remove(asking: Asking) -> None:
    body = {"reason": "x", "rows": {"units": [{"id": "u9", "name": "新", "home_region": "zh", "capacity": 3}]},
            "remove": [{"table": "relations", "row": "r2"}]}  # fmt: skip
    told = asking(WANG).post(REQUESTS, json=body).json()
    assert [(e["table"], e["row"], e["current"] is None, e["proposed"] is None) for e in told["side_by_side"]] == [
        ("units", "u9", True, False), ("relations", "r2", False, True),
    ]  # fmt: skip
    assert told["side_by_side"][0]["proposed"]["source"] == "request"


def test_every_bad_row_is_reported(asking: Asking) -> None:
    rows = {
        "units": [{"id": "u9", "kind": "banque"}, {"id": "u8", "capacity": "many"}],
        "findings": [{"id": "f9"}],
    }
    told = asking(WANG).post(REQUESTS, json={"reason": "x", "rows": rows})
    assert told.status_code == 422 and told.json()["type"] == "/problems/bad-rows"
    errors = [e for t in told.json()["report"]["tasks"] for e in t["errors"]]
    assert {(e["table"], e["rowNumber"], e["fieldName"]) for e in errors} >= {
        ("units", 2, "kind"),
        ("units", 3, "capacity"),
    }
    assert asking(WANG).get(REQUESTS).json()["requests"] == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"reason": "x"}, "what is to change"),
        ({"reason": "x", "rows": {"units": []}}, "what is to change"),
        ({"set": CAPACITY["set"]}, "reason"),
        ({"reason": " ", "set": CAPACITY["set"]}, "say why"),
        ({"reason": "x", "rows": {"nix": [{"id": "a"}]}}, "nix"),
        ({"reason": "x", "rows": {"units": [{"idd": "a"}]}}, "idd"),
        ({"reason": "x", "rows": {"units": [{"id": "u9", "capacity": {"a": 1}}]}}, "capacity"),
        ({"reason": "x", "set": [{"table": "units", "row": "u1", "column": "capacity", "value": "many"}]}, "many"),
        ({"reason": "x", "set": [{"table": "units", "row": "u9", "column": "capacity", "value": 1}]}, "u9"),
        ({"reason": "x", "set": [{"table": "nix", "row": "u9", "column": "capacity", "value": 1}]}, "nix"),
        ({"reason": "x", "remove": [{"table": "nix", "row": "u9"}]}, "nix"),
        ({"reason": "x", "remove": [{"table": "units", "row": "u9"}]}, "u9"),
        ({"reason": "x", "remove": [{"table": "units", "row": "u1"}]}, "u1"),
        ({"reason": "x", "rows": {"relations": [{"id": "n", "kind": "designated", "supporter": "u1", "recipient": "nowhere"}]}}, "nowhere"),
        ({"reason": "x", "set": [{"table": "units", "row": "u1", "column": "name", "value": "某大学"}]}, "nothing to change"),
    ],
)  # fmt: skip
def test_what_is_no_request(asking: Asking, body: dict[str, Any], words: str) -> None:
    told = asking(WANG).post(REQUESTS, json=body)
    assert told.status_code == 422 and words in told.json()["detail"]
    assert asking(WANG).get(REQUESTS).json()["requests"] == []


def test_the_same_key_drafts_once(asking: Asking) -> None:
    li, key = asking(LI), {"Idempotency-Key": "k"}
    first = li.post(REQUESTS, json=CAPACITY, headers=key)
    again = li.post(REQUESTS, json=CAPACITY, headers=key)
    assert (first.status_code, again.status_code) == (201, 200) and first.json() == again.json()
    assert li.post(REQUESTS, json=CAPACITY | {"reason": "别的"}, headers=key).status_code == 409
    assert asking(WANG).post(REQUESTS, json=CAPACITY, headers=key).json()["id"] == "r2"


def test_one_key_sent_by_many_at_once_drafts_once_and_one_is_told_that_it_is_new(asking: Asking) -> None:
    li, key = asking(LI), {"Idempotency-Key": "k"}
    with ThreadPoolExecutor(8) as many:
        told = list(many.map(lambda _: li.post(REQUESTS, json=CAPACITY, headers=key), range(8)))
    assert sorted(t.status_code for t in told) == [200] * 7 + [201], [t.text for t in told]
    assert {t.json()["id"] for t in told} == {"r1"}


def test_editing_says_which_state_it_was_made_from(asking: Asking) -> None:
    li = asking(LI)
    id, other = drafted(li), {"set": [{"table": "units", "row": "u1", "column": "capacity", "value": 3}]}
    told = li.put(f"{REQUESTS}/{id}", json=other)
    assert told.status_code == 428 and told.json()["type"] == "/problems/no-match"
    told = li.put(f"{REQUESTS}/{id}", json=other, headers={"If-Match": '"1"'})
    assert (told.status_code, told.headers["ETag"], told.json()["reason"]) == (200, '"2"', "核实")
    for stale in ('"1"', '"x"', "nonsense"):
        told = li.put(f"{REQUESTS}/{id}", json=other, headers={"If-Match": stale})
        assert told.status_code == 412 and told.json()["type"] == "/problems/stale"
    assert li.post(f"{REQUESTS}/{id}/submit", headers={"If-Match": '"1"'}).headers["ETag"] == '"2"'
    assert li.post(f"{REQUESTS}/{id}/submit", headers={"If-Match": '"2"'}).status_code == 200
    told = li.put(f"{REQUESTS}/{id}", json=other, headers={"If-Match": "*"})
    assert told.status_code == 409 and "submitted" in told.json()["detail"]
    assert li.post(f"{REQUESTS}/{id}/return").json()["state"] == "returned"
    assert li.put(f"{REQUESTS}/{id}", json=other, headers={"If-Match": "*"}).json()["state"] == "draft"


def test_coordinators_take_steps_with_their_own(asking: Asking) -> None:
    li, cai, wang = asking(LI), asking(Caller("cai", Role.COORDINATOR)), asking(WANG)
    id = drafted(li)
    for step in ("submit", "return", "reject"):
        told = cai.post(f"{REQUESTS}/{id}/{step}")
        assert told.status_code == 403 and "li's" in told.json()["detail"]
    assert cai.put(f"{REQUESTS}/{id}", json=CAPACITY, headers={"If-Match": "*"}).status_code == 403
    assert wang.post(f"{REQUESTS}/{id}/submit").status_code == 200
    assert li.post(f"{REQUESTS}/{id}/reject").json()["state"] == "rejected"
    viewer = asking(VIEWER)
    assert viewer.get(f"{REQUESTS}/{id}").status_code == 200
    assert viewer.post(REQUESTS, json=CAPACITY).status_code == 403


def test_four_eyes_by_the_setting(opened: Callable[..., Service]) -> None:
    app = create_app(opened(four_eyes=True))
    with TestClient(app, base_url="http://localhost:8470", raise_server_exceptions=False) as http:
        id = drafted(http)
        http.post(f"{REQUESTS}/{id}/submit")
        told = http.post(f"{REQUESTS}/{id}/approve")
        assert told.status_code == 403 and "somebody else" in told.json()["detail"]


def test_four_eyes_by_the_register(asking: Asking, stored: str) -> None:
    with elsewhere(stored) as (store, name):
        Office(store, name).want_four_eyes(True, by="t")
    wang = asking(WANG)
    id = drafted(wang)
    wang.post(f"{REQUESTS}/{id}/submit")
    assert wang.post(f"{REQUESTS}/{id}/approve").status_code == 403
    assert asking(Caller("yu", Role.PLANNER)).post(f"{REQUESTS}/{id}/approve").status_code == 200
    applied = wang.post(f"{REQUESTS}/{id}/apply")  # what somebody else has agreed to, row by row
    assert applied.status_code == 200 and applied.json()["state"] == "applied"


def test_of_two_who_approve_at_once_one_wins(asking: Asking) -> None:
    wang, yu = asking(WANG), asking(Caller("yu", Role.PLANNER))
    id = drafted(wang)
    wang.post(f"{REQUESTS}/{id}/submit")
    with ThreadPoolExecutor(2) as both:
        found = list(both.map(lambda c: c.post(f"{REQUESTS}/{id}/approve").status_code, (wang, yu)))
    assert sorted(found) == [200, 409]
    assert [e["step"] for e in wang.get(f"{REQUESTS}/{id}/log").json()["steps"]] == [
        "draft",
        "submit",
        "approve",
    ]


def test_stale_ones_are_refused_with_what_changed(asking: Asking, stored: str) -> None:
    wang = asking(WANG)
    id = drafted(wang)
    wang.post(f"{REQUESTS}/{id}/submit")
    renamed = put("units", {"id": "u1", "name": "x", "home_region": "zh"})
    with elsewhere(stored) as (store, name):
        store.write(name, renamed, base=1, how="request", by="t")
    assert "u1" in wang.get(f"{REQUESTS}/{id}").json()["hindrance"]["en"]
    told = wang.post(f"{REQUESTS}/{id}/approve")
    assert told.status_code == 409 and [c["row"] for c in told.json()["clashes"]] == ["u1"]
    told = wang.post(REQUESTS, json=CAPACITY | {"base": 1})
    assert told.status_code == 409 and told.json()["clashes"][0]["version"] == 2
    assert wang.post(REQUESTS, json=CAPACITY | {"base": 9}).status_code == 404


def test_clashes_and_locks_are_told(asking: Asking) -> None:
    wang = asking(WANG)
    one, two = drafted(wang), drafted(wang)
    assert [o["request"] for o in wang.get(f"{REQUESTS}/{two}").json()["overlaps"]] == [one]
    for id in (one, two):
        wang.post(f"{REQUESTS}/{id}/submit")
    wang.post(f"{REQUESTS}/{one}/approve")
    told = wang.post(f"{REQUESTS}/{two}/approve")
    assert told.status_code == 409 and f"held by the approved request {one}" in told.json()["detail"]
    assert wang.post(f"{REQUESTS}/{one}/unapprove").json()["state"] == "submitted"


def test_lists_and_pages(asking: Asking) -> None:
    wang, li = asking(WANG), asking(LI)
    made = [
        drafted(wang),
        drafted(li),
        drafted(wang, {"reason": "x", "remove": [{"table": "relations", "row": "r1"}]}),
    ]
    wang.post(f"{REQUESTS}/{made[0]}/reject")

    def listed(**params: Any) -> list[str]:
        return [r["id"] for r in wang.get(REQUESTS, params=params).json()["requests"]]

    assert (
        listed() == made[::-1]
        and listed(state="rejected") == made[:1]
        and listed(pending=True) == made[:0:-1]
    )
    assert (
        listed(by="li") == [made[1]]
        and listed(table="relations") == [made[2]]
        and listed(table="regions") == []
    )
    assert (
        listed(region="zh") == made[::-1] and listed(region="yn") == [made[2]] and listed(region="v1") == []
    )
    first = wang.get(REQUESTS, params={"limit": 2}).json()
    drafted(li)  # a new one shifts nothing
    assert listed(limit=2, cursor=first["next"]) == made[:1]
    assert wang.get(REQUESTS, params={"cursor": "%%"}).status_code == 422


def test_limited_to_regions(asking: Asking) -> None:
    """Who is limited to Nujiang changes what names a place there, and sees those requests alone."""
    he, wang = asking(IN_NJ), asking(WANG)
    inside = {"reason": "x", "set": [{"table": "regions", "row": "fg", "column": "name", "value": "福贡县"}]}
    tie = {
        "reason": "x",
        "set": [{"table": "relations", "row": "r1", "column": "until", "value": "2018-01-01"}],
    }
    entry = {
        "reason": "x",
        "set": [{"table": "ledger", "row": "r1|2016|fiscal_funds", "column": "delivered", "value": 70}],
    }
    mine = [drafted(he, body) for body in (inside, tie, entry)]
    mixed = {"reason": "x", "set": [*inside["set"], *CAPACITY["set"]]}
    for body in (CAPACITY, mixed, {"reason": "x", "rows": {"policies": [{"id": "p", "title": "t"}]}},
                 {"reason": "x", "rows": {"units": [{"id": "u1", "name": "x", "home_region": "fg"}]}}):  # fmt: skip
        told = he.post(REQUESTS, json=body)
        assert told.status_code == 403 and "limited to nj" in told.json()["detail"]
    other = [drafted(wang), drafted(wang, mixed)]
    assert {r["id"] for r in he.get(REQUESTS).json()["requests"]} == set(mine)
    assert [he.get(f"{REQUESTS}/{id}").status_code for id in other] == [404, 404]
    assert he.get(f"{REQUESTS}/{other[0]}").json()["detail"] == f"there is no request {other[0]}"
    yu = asking(PLANS_NJ)
    for id in (*mine[:1], *other):
        yu.post(f"{REQUESTS}/{id}/submit"), wang.post(f"{REQUESTS}/{id}/submit")
    assert [yu.post(f"{REQUESTS}/{id}/approve").status_code for id in (mine[0], *other)] == [200, 404, 404]
    assert he.put(f"{REQUESTS}/{mine[1]}", json=mixed, headers={"If-Match": "*"}).status_code == 403


TIE = {"reason": "x", "set": [{"table": "relations", "row": "r1", "column": "until", "value": "2018-01-01"}]}


def test_of_requests_that_reach_beyond_ones_regions_no_more_is_told_than_that_they_are_there(
    asking: Asking,
) -> None:
    he, yu, wang = asking(IN_NJ), asking(PLANS_NJ), asking(WANG)
    mine, other = drafted(he, TIE), drafted(wang, {"reason": "x", "set": [*TIE["set"], *CAPACITY["set"]]})
    row = {"table": "relations", "row": "r1"}
    hidden = row | {"request": None, "author": None, "state": None}
    assert he.get(f"{REQUESTS}/{mine}").json()["overlaps"] == [hidden]
    whose = row | {"request": other, "author": "wang", "state": "draft"}
    assert wang.get(f"{REQUESTS}/{mine}").json()["overlaps"] == [whose]
    for id in (mine, other):
        wang.post(f"{REQUESTS}/{id}/submit")
    wang.post(f"{REQUESTS}/{other}/approve")
    told = yu.post(f"{REQUESTS}/{mine}/approve")
    for words in (told.json()["detail"], he.get(f"{REQUESTS}/{mine}").json()["hindrance"]["en"]):
        assert "r1: held by another approved request" in words and other not in words
    assert told.status_code == 409 and other not in told.text
    assert f"held by the approved request {other}" in wang.post(f"{REQUESTS}/{mine}/approve").json()["detail"]


def test_requests_within_ones_regions_are_told_whole(asking: Asking) -> None:
    he, wang = asking(IN_NJ), asking(WANG)
    mine, other = drafted(he, TIE), drafted(wang, TIE)
    (told,) = he.get(f"{REQUESTS}/{mine}").json()["overlaps"]
    assert (told["request"], told["author"], told["state"]) == (other, "wang", "draft")


def alike(client: TestClient, body: dict[str, Any], there: str, free: str) -> int:
    """The status of a draft about what is outside, where it is answered as one about what is not there."""
    other = json.loads(json.dumps(body).replace(f'"{there}"', f'"{free}"'))
    told, unknown = (client.post(REQUESTS, json=b) for b in (body, other))
    assert told.status_code == unknown.status_code
    assert told.json()["detail"].replace(there, free) == unknown.json()["detail"]
    return told.status_code


def test_what_is_not_seen_is_as_if_it_were_not_there(asking: Asking) -> None:
    """u2 does nothing in Nujiang; u1 supports fg."""
    he, wang = asking(IN_NJ), asking(WANG)
    cell = {"table": "units", "row": "u2", "column": "capacity", "value": 2}
    tie = {"kind": "designated", "supporter": "u2", "recipient": "fg"}
    for body, status in (
        ({"set": [cell]}, 422), ({"remove": [{"table": "units", "row": "u2"}]}, 422), ({"rows": {"relations": [tie]}}, 422),
        ({"rows": {"units": [{"id": "u2", "name": "x", "home_region": "fg"}]}}, 403),
    ):  # fmt: skip
        assert alike(he, {"reason": "x", **body}, "u2", "u9") == status, body
    tie = {**tie, "id": "r7"}
    assert wang.post(REQUESTS, json={"reason": "x", "rows": {"relations": [tie]}}).status_code == 201
    assert alike(he, {"reason": "x", "rows": {"relations": [{**tie, "supporter": "u1"}]}}, "r7", "r8") == 403


def test_new_rows_of_who_is_limited_get_their_ids(asking: Asking) -> None:
    he, key = asking(IN_NJ), {"Idempotency-Key": "k"}
    rows = {
        "units": [{"name": "新校", "home_region": "fg"}],
        "relations": [{"kind": "designated", "supporter": "u1", "recipient": "v1"}],
    }
    made = he.post(REQUESTS, json={"reason": "x", "rows": rows}, headers=key)
    assert made.status_code == 201, made.text
    ids = [row["proposed"]["id"] for row in made.json()["side_by_side"]]
    assert [id[:2] for id in ids] == ["u-", "r-"]
    again = he.post(REQUESTS, json={"reason": "x", "rows": rows}, headers=key)
    assert (again.status_code, again.json()["id"]) == (200, made.json()["id"])
    rows["relations"][0] |= {"id": ids[1], "supporter": "zh"}  # an edit may name them
    address = f"{REQUESTS}/{made.json()['id']}"
    told = he.put(address, json={"reason": "x", "rows": rows}, headers={"If-Match": "*"})
    assert told.status_code == 200 and ids[1] in told.text, told.text
    assert asking(WANG).post(REQUESTS, json={"reason": "x", "rows": rows}).status_code == 422


def test_names_of_people_are_for_those_who_see_them(
    asking: Asking, stored: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """They are stored sealed; whoever may see them reads what is to be decided, all others a mask that tells not even how long they are."""
    monkeypatch.setenv("JIEDUI_KEYS", str(tmp_path / "keys"))
    body = {"reason": "x", "rows": {"cadre_names": [{"id": "c1", "name": "王小明"}]}}
    assert asking(LI).post(REQUESTS, json=body).status_code == 403
    sees = asking(Caller("hr", Role.COORDINATOR, sees_names=True))
    made = sees.post(REQUESTS, json=body)
    assert made.status_code == 201 and names(made.json()) == ["王小明"]
    address = f"{REQUESTS}/{made.json()['id']}"
    assert names(sees.get(address).json()) == ["王小明"] and names(asking(WANG).get(address).json()) == [
        "***"
    ]
    with elsewhere(stored) as (store, network):
        (kept,) = Office(store, network).requests()
        assert names({"side_by_side": kept.side_by_side()})[0].startswith("sealed:")


def names(request: dict[str, Any]) -> list[str]:
    """Names that a request puts."""
    return [entry["proposed"]["name"] for entry in request["side_by_side"]]


def test_files_are_not_changed(http: TestClient) -> None:
    for told in (http.get(REQUESTS), http.post(REQUESTS, json=CAPACITY), http.post(f"{REQUESTS}/r1/approve")):
        assert told.status_code == 409 and "files" in told.json()["detail"]


def test_all_cells_that_are_wrong_are_told_at_once(asking: Asking) -> None:
    cells = [
        ("units", "u9", "capacity", 1),
        ("units", "u1", "capacityy", 1),
        ("units", "u1", "capacity", "many"),
    ]
    wanted = [dict(zip(("table", "row", "column", "value"), cell, strict=True)) for cell in cells]
    told = asking(LI).post(REQUESTS, json={"reason": "核实", "set": wanted})
    lines = told.json()["message"]["en"].splitlines()
    assert told.status_code == 422 and len(lines) == 3
    assert all(word in line for word, line in zip(("u9", "capacityy", "many"), lines, strict=True))
