"""Freezes over HTTP."""

from __future__ import annotations

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
from tests.api.http.test_ledger import FUNDS, LEDGER
from tests.api.http.test_requests import REQUESTS, TIE, drafted

__all__ = ["app", "asking", "opened", "stored"]  # fixtures
FREEZES = f"{V1}/freezes"


def test_meanwhile_nothing_there_is_approved(asking: Asking) -> None:
    wang = asking(WANG)
    told = wang.post(FREEZES, json={"region": "nj", "until": "2199-01-01", "reason": "普查"})
    assert told.status_code == 201 and told.json() == {
        "region": "nj", "name": "怒江", "since": None, "until": "2199-01-01", "reason": "普查", "by": "wang",
    }  # fmt: skip
    assert asking(VIEWER).get(FREEZES).json()["freezes"] == [told.json()]
    id = drafted(
        wang, {"reason": "x", "set": [{"table": "regions", "row": "fg", "column": "name", "value": "福贡县"}]}
    )
    wang.post(f"{REQUESTS}/{id}/submit")
    refused = wang.post(f"{REQUESTS}/{id}/approve")
    assert refused.status_code == 409 and "怒江 is frozen until 2199-01-01 (普查)" in refused.json()["detail"]
    assert wang.delete(f"{FREEZES}/nj").status_code == 204
    assert wang.delete(f"{FREEZES}/nj").status_code == 404
    assert wang.post(f"{REQUESTS}/{id}/approve").status_code == 200


def test_what_is_no_freeze(asking: Asking) -> None:
    wang = asking(WANG)
    for body, words in (
        ({"region": "nix"}, "no region nix"), ({"region": "nj", "until": "2017-01-01"}, "is past"),
        ({"region": "nj", "since": "2199-01-01", "until": "2198-01-01"}, "ends before it begins"), ({}, "region"),
    ):  # fmt: skip
        told = wang.post(FREEZES, json=body)
        assert told.status_code == 422 and words in told.json()["detail"]
    assert wang.get(FREEZES).json()["freezes"] == []


def test_who_may(asking: Asking) -> None:
    assert asking(LI).post(FREEZES, json={"region": "nj"}).status_code == 403
    yu, wang = asking(PLANS_NJ), asking(WANG)
    assert yu.post(FREEZES, json={"region": "fg"}).status_code == 201
    assert yu.post(FREEZES, json={"region": "zh"}).status_code == 403
    for region in ("yn", "zh"):
        wang.post(FREEZES, json={"region": region})
    assert [f["region"] for f in yu.get(FREEZES).json()["freezes"]] == [
        "fg",
        "yn",
    ]  # what lies above concerns them
    assert yu.delete(f"{FREEZES}/yn").status_code == 403 and yu.delete(f"{FREEZES}/fg").status_code == 204


def test_of_a_freeze_elsewhere_no_more_is_told_than_that_there_is_one(asking: Asking) -> None:
    """Zhuhai supports Nujiang: who is limited to Nujiang changes the relation, and does not see freezes of Zhuhai."""
    he, yu, wang = asking(IN_NJ), asking(PLANS_NJ), asking(WANG)
    wang.post(FREEZES, json={"region": "zh", "until": "2199-01-01", "reason": "secret"})
    id = drafted(he, TIE)
    he.post(f"{REQUESTS}/{id}/submit")
    assert he.get(FREEZES).json()["freezes"] == []
    answers = (
        he.get(f"{REQUESTS}/{id}"),
        yu.post(f"{REQUESTS}/{id}/approve"),
        he.put(FUNDS, json={"delivered": 61}),
    )
    for told in answers:
        assert "a place of it outside your regions is frozen" in told.text
        assert not any(words in told.text for words in ("secret", "2199", "珠海 is", "珠海 已"))
    assert [t.status_code for t in answers] == [200, 409, 409]
    seen = wang.get(f"{REQUESTS}/{id}").json()["hindrance"]["en"]
    assert "珠海" in seen and "is frozen until 2199-01-01 (secret)" in seen


def test_of_a_freeze_in_or_above_ones_places_all_is_told(asking: Asking) -> None:
    he, wang = asking(IN_NJ), asking(WANG)
    id = drafted(he, TIE)
    for region in ("yn", "nj"):
        wang.post(FREEZES, json={"region": region, "reason": "普查"})
        assert "is frozen (普查)" in he.get(f"{REQUESTS}/{id}").json()["hindrance"]["en"]
        wang.delete(f"{FREEZES}/{region}")
    assert he.get(f"{REQUESTS}/{id}").json()["hindrance"] is None


def test_the_ledger_stands_still_with_its_relation(asking: Asking) -> None:
    li, wang = asking(LI), asking(WANG)
    wang.post(FREEZES, json={"region": "nj", "reason": "审计"})
    refused = li.put(FUNDS, json={"delivered": 90})
    assert refused.status_code == 409 and "怒江 is frozen (审计)" in refused.json()["detail"]
    assert li.get(REQUESTS, params={"pending": True}).json()["requests"] == []
    assert [e["delivered"] for e in li.get(LEDGER).json()["entries"]] == [60]
    wang.delete(f"{FREEZES}/nj"), wang.post(FREEZES, json={"region": "v1"})  # a place below both ends
    assert li.put(FUNDS, json={"delivered": 90}).status_code == 200
