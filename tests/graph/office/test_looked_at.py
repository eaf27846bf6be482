"""Whoever looked at an older state than the one that is there changes nothing; what is sent twice is drafted once. On both stores."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from graph.errors import CheckFailed
from graph.office.drafting import drafted_digest
from graph.office.office import Office
from graph.office.reading import NoSuchRequest
from graph.office.request import SameEyes, WrongState
from graph.store.clash import StaleError
from graph.store.papers import StalePaper
from tests.graph.office.conftest import TODAY
from tests.graph.office.test_office import RENAMED, drafted
from tests.graph.store.small_networks import put

OTHER = put("units", {"id": "u2", "name": "另一个", "home_region": "zh"})


def test_a_step_from_an_older_revision_is_refused(office: Office) -> None:
    id = drafted(office)
    office.edit(id, OTHER, by="李", revision=1)
    for take in (
        lambda: office.edit(id, RENAMED, by="李", revision=1),
        lambda: office.step(id, "submit", by="李", revision=1),
        lambda: office.approve(id, by="王", revision=1),
        lambda: office.apply(id, by="王", revision=1),
    ):
        with pytest.raises(StalePaper, match="now revision 2"):
            take()
    office.step(id, "submit", by="李", revision=2)
    office.approve(id, by="王", revision=3)
    assert office.apply(id, by="王", revision=4).number == 2
    with pytest.raises(NoSuchRequest):
        office.request("r9")


def test_of_two_who_approve_at_once_one_wins(office: Office, colleague: Callable[[], Office]) -> None:
    id = drafted(office)
    office.step(id, "submit", by="李")

    def approve(who: Office, by: str) -> str:
        try:
            return who.approve(id, by=by).state
        except WrongState:
            return "too late"

    with ThreadPoolExecutor(2) as both:
        found = list(both.map(approve, (colleague(), colleague()), ("王", "赵")))
    assert sorted(found) == ["approved", "too late"]
    assert [e["step"] for e in office.log(id)] == ["draft", "submit", "approve"]


def test_a_key_drafts_once(office: Office, colleague: Callable[[], Office]) -> None:
    first = office.draft(RENAMED, by="李", reason="改名", key="k")
    assert office.draft(RENAMED, by="李", reason=" 改名 ", key="k").id == first.id
    assert office.draft(RENAMED, by="王", reason="改名", key="k").id != first.id  # another's key
    assert office.draft(RENAMED, by="李", reason="改名").id != first.id  # none
    for changes, reason in ((OTHER, "改名"), (RENAMED, "别的")):
        with pytest.raises(CheckFailed, match="Idempotency-Key k was used for request r1"):
            office.draft(changes, by="李", reason=reason, key="k")
    office.edit(first.id, OTHER, by="李")
    assert office.draft(RENAMED, by="李", reason="改名", key="k").revision == 2
    assert "key" not in first.to_dict()
    with ThreadPoolExecutor(2) as both:
        made = both.map(
            lambda who: who.draft(OTHER, by="李", reason="x", key="q").id, (colleague(), colleague())
        )
        assert len(set(made)) == 1


def test_names_of_people_are_not_in_the_digest() -> None:
    one, two = (put("cadre_names", {"id": "c1", "name": name}) for name in ("王小明", "李小红"))
    assert drafted_digest(one, "x") == drafted_digest(two, "x") != drafted_digest(RENAMED, "x")


def test_what_was_worked_out_from_an_older_version_is_refused(office: Office) -> None:
    office.store.write("office", RENAMED, base=1, how="request", by="t")
    with pytest.raises(StaleError, match="u1"):
        office.draft(
            put("units", {"id": "u1", "name": "x", "home_region": "zh"}), by="李", reason="x", base=1
        )
    assert office.requests() == []
    assert office.draft(OTHER, by="李", reason="x", base=1).base == 1


def test_four_eyes_by_whoever_opens_the_office(office: Office) -> None:
    strict = Office(office.store, "office", lambda: TODAY, four_eyes=True)
    id = drafted(office)
    office.step(id, "submit", by="李")
    with pytest.raises(SameEyes):
        strict.approve(id, by="李")
    assert not strict.register().four_eyes
    assert strict.approve(id, by="王").state == "approved"
    other = drafted(office, OTHER)
    office.step(other, "submit", by="李")
    assert office.approve(other, by="李").state == "approved"
