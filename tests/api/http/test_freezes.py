"""Freezes over HTTP."""

from __future__ import annotations

from tests.api.http.office_here import LI, PLANS_NJ, V1, VIEWER, WANG, Asking, app, asking, opened, stored
from tests.api.http.test_requests import REQUESTS, drafted

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
