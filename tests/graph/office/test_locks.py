"""What an approved request holds, nobody else changes, until it lets go."""

from __future__ import annotations

import pytest

from graph.office.locked import Locked
from graph.office.office import Office
from graph.store.changes import merged
from tests.graph.office.test_office import approved, drafted, name
from tests.graph.store.small_networks import put, removed

OTHER = put("units", {"id": "u1", "name": "别名", "home_region": "zh"})
TWO = merged(
    [put("units", {"id": "u1", "name": "a"}, {"id": "u3", "name": "b"}), removed("relations", {"id": "r1"})]
)


def submitted(office: Office, changes: object = OTHER) -> str:
    """Number of a request that waits for approval."""
    id = drafted(office, changes, by="赵")  # type: ignore[arg-type]
    office.step(id, "submit", by="赵")
    return id


def test_every_row_is_held(office: Office) -> None:
    id = approved(office, TWO)
    held = {("units", "u1"), ("units", "u3"), ("relations", "r1")}
    assert office.register().locks == dict.fromkeys(held, id)
    for table, row in held:
        change = removed(table, {"id": row}) if table == "relations" else put(table, {"id": row, "name": "z"})
        with pytest.raises(Locked) as told:
            office.write(change, base=1, how="adopt", by="赵", why="plan")
        assert all(table in text and row in text and id in text for text in told.value.text)
    office.check(put("units", {"id": "u2", "name": "free"}))
    office.check(TWO, id)
    assert office.store.head("office").number == 1


def test_against_approval_and_adoption_until_taken_back(office: Office) -> None:
    first, second = approved(office), submitted(office)
    with pytest.raises(Locked, match=first):
        office.approve(second, by="王")
    assert office.request(second).state == "submitted"
    with pytest.raises(Locked, match=first):
        office.write(OTHER, base=1, how="revert", by="王", why="x")
    office.step(first, "unapprove", by="王")
    assert office.register().locks == {}
    office.approve(second, by="王")
    with pytest.raises(Locked, match=second):
        office.approve(first, by="王")
    office.apply(second, by="王")
    assert name(office) == "别名" and office.register().locks == {}


@pytest.mark.parametrize("end", ["unapprove", "reject", "apply"])
def test_let_go(office: Office, end: str) -> None:
    id, keeps = approved(office), approved(office, put("units", {"id": "u2", "name": "mine"}))
    if end == "apply":
        office.apply(id, by="王")
    else:
        office.step(id, end, by="王")  # type: ignore[arg-type]
    assert office.register().locks == {("units", "u2"): keeps}
    head = office.store.head("office").number
    office.write(OTHER, base=head, how="adopt", by="王", why="plan")
    assert name(office) == "别名"


def test_a_refused_step_holds_nothing(office: Office) -> None:
    approved(office)
    wide = submitted(office, TWO)
    with pytest.raises(Locked):
        office.approve(wide, by="王")
    assert set(office.register().locks) == {("units", "u1")}


def test_what_was_refused_is_not_filed(office: Office) -> None:
    """A change that the store refuses leaves the request approved and its rows held."""
    id = approved(office)
    office.store.write("office", OTHER, base=1, how="load", by="t")  # around the office
    before = office.register()
    with pytest.raises(Exception, match="u1"):
        office.apply(id, by="王")
    assert office.register() == before and office.request(id).state == "approved"


def test_many_places_are_cut_short(office: Office) -> None:
    many = put("units", *({"id": f"n{n}", "name": "n"} for n in range(30)))
    approved(office, many)
    with pytest.raises(Locked) as told:
        office.check(many)
    assert "另有 10 处" in told.value.text.zh and "and 10 more" in told.value.text.en
    assert told.value.text.en.startswith("30 ")
