"""Filters of lists: what means nothing is refused, with what may be meant; it does not read as "all clear"."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.api.http.office_here import IN_NJ, V1, WANG, Asking, app, asking, opened, stored

__all__ = ["app", "asking", "opened", "stored"]  # fixtures
LISTS = ("alerts", "findings", "requests")


@pytest.mark.parametrize("resource", LISTS)
def test_a_region_is_a_code_or_a_name_and_a_slip_is_none(asking: Asking, resource: str) -> None:
    wang, at = asking(WANG), {"at": "2017-01-01"} if resource == "alerts" else {}

    def asked(words: str) -> list[str]:
        told = wang.get(f"{V1}/{resource}", params=at | {"region": words})
        assert told.status_code == 200, told.text
        return [one["id"] for one in told.json()[resource]]

    cell = {"table": "findings", "row": "f2", "column": "owner", "value": "甲"}
    assert wang.post(f"{V1}/requests", json={"reason": "核实", "set": [cell]}).status_code == 201
    assert asked("zh") and asked("zh") == asked("珠海") and asked("zh") != asked("nj")
    slip = wang.get(f"{V1}/{resource}", params={"region": "珠海氏"})
    assert slip.status_code == 404 and "珠海" in slip.json()["detail"].replace("珠海氏", "")
    for words in ("nosuch", "u1"):  # a unit is no region
        assert wang.get(f"{V1}/{resource}", params={"region": words}).status_code == 404


def test_who_is_limited_may_name_any_region_and_sees_what_they_see(asking: Asking) -> None:
    he = asking(IN_NJ)
    told = he.get(f"{V1}/findings", params={"region": "珠海"})
    assert told.status_code == 200 and told.json()["findings"] == []
    assert he.get(f"{V1}/findings", params={"region": "nosuch"}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("plans?stage=pairng", "no stage pairng; did you mean pairing?"),
        ("ledger?item=bogus", "fiscal_funds"),
        ("findings?status=opn", "did you mean open?"),
        ("findings?status=open&kind=bogus", "audit"),
        ("findings?severity=sever", "did you mean severe?"),
        ("requests?table=unit", "no table unit; did you mean units?"),
    ],
)
def test_words_that_are_none_of_those_there_are(asking: Asking, asked: str, words: str) -> None:
    told = asking(WANG).get(f"{V1}/{asked}")
    assert told.status_code == 422 and words in told.json()["detail"], told.text


@pytest.mark.parametrize(
    "asked",
    ["plans?stage=pairing", "ledger?item=fiscal_funds", "findings?status=open&kind=audit&severity=severe", "requests?table=units"],
)  # fmt: skip
def test_those_there_are_pass(asking: Asking, asked: str) -> None:
    assert asking(WANG).get(f"{V1}/{asked}").status_code == 200


@pytest.mark.parametrize("asked", ["alerts?region=Da", "findings?region=Da", "ledger?subject=Da"])
def test_words_of_several_places_are_told_as_the_document_says(http: TestClient, asked: str) -> None:
    told, (resource, _, _) = http.get(f"{V1}/{asked}"), asked.partition("?")
    assert told.status_code == 409 and len(told.json()["candidates"]) > 1, told.text
    assert "409" in http.get("/openapi.json").json()["paths"][f"{V1}/{resource}"]["get"]["responses"]
