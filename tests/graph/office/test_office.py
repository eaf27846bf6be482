"""A request's way through the office, on both stores."""

from __future__ import annotations

import json

import pytest

from graph.errors import InputError, UsageError
from graph.office.office import Office
from graph.office.register import Register
from graph.office.request import Request, SameEyes, WrongState
from graph.store.changes import Changes
from graph.store.clash import StaleError
from graph.store.papers import StalePaper
from tests.graph.store.small_networks import put, removed, small

RENAMED = put("units", {"id": "u1", "name": "新名", "home_region": "zh"})


def drafted(office: Office, changes: Changes = RENAMED, by: str = "李") -> str:
    """Number of a new draft."""
    return office.draft(changes, by=by, reason="改名").id


def approved(office: Office, changes: Changes = RENAMED, by: str = "李") -> str:
    """Number of a new request that is approved."""
    id = drafted(office, changes, by)
    office.step(id, "submit", by=by)
    office.approve(id, by="王")
    return id


def name(office: Office) -> str:
    """Name of the unit u1 at the head."""
    return str(office.store.read("office").frame("units")["name"][0])


def test_from_draft_to_applied(office: Office) -> None:
    request = office.draft(RENAMED, by="李", reason=" 改名 ")
    assert (request.id, request.state, request.author, request.reason, request.base) == (
        "r1",
        "draft",
        "李",
        "改名",
        1,
    )
    assert office.step("r1", "submit", by="李", note="please").state == "submitted"
    assert office.approve("r1", by="王", note="good").state == "approved"
    assert name(office) == "某大学" and office.store.head("office").number == 1
    version = office.apply("r1", by="赵")
    assert (version.number, version.how, version.by, version.why) == (2, "request", "赵", "r1")
    assert name(office) == "新名" and office.request("r1").state == "applied"
    log = office.log("r1")
    assert [(e["step"], e["by"], e["note"], e["state"]) for e in log] == [
        ("draft", "李", "", "draft"),
        ("submit", "李", "please", "submitted"),
        ("approve", "王", "good", "approved"),
        ("apply", "赵", "", "applied"),
    ]
    assert all(e["current"]["units"][0]["name"] == "某大学" for e in log)  # old and new stay
    assert all(e["changes"]["put"]["units"][0]["name"] == "新名" for e in log)
    json.dumps([log, office.request("r1").to_dict()])
    with pytest.raises(WrongState):
        office.apply("r1", by="赵")
    assert office.register().locks == {}


def test_returned_edited_and_submitted_again(office: Office) -> None:
    id = drafted(office)
    office.step(id, "submit", by="李")
    with pytest.raises(WrongState):
        office.edit(id, RENAMED, by="李")
    assert office.step(id, "return", by="王", note="not so").state == "returned"
    office.store.write("office", put("units", {"id": "u2", "name": "x"}), base=1, how="request", by="t")
    other = put("units", {"id": "u1", "name": "更好", "home_region": "zh"})
    edited = office.edit(id, other, by="李", reason="更好")
    assert (edited.state, edited.base, edited.reason) == ("draft", 2, "更好")
    office.step(id, "submit", by="李")
    office.approve(id, by="王")
    assert office.apply(id, by="王").number == 3 and name(office) == "更好"
    names = [e["changes"]["put"]["units"][0]["name"] for e in office.log(id)]
    assert names == ["新名"] * 3 + ["更好"] * 4


def test_rejected_is_the_end(office: Office) -> None:
    first, second = drafted(office), approved(office)
    office.step(first, "submit", by="李")
    office.step(first, "reject", by="王")
    office.step(second, "reject", by="王")
    for id in (first, second):
        for step in ("submit", "unapprove", "return", "reject"):
            with pytest.raises(WrongState):
                office.step(id, step, by="李")  # type: ignore[arg-type]
        with pytest.raises(WrongState):
            office.apply(id, by="王")
    assert name(office) == "某大学" and [r.id for r in office.requests(["rejected"])] == ["r1", "r2"]


@pytest.mark.parametrize(
    ("changes", "reason", "error"),
    [
        (RENAMED, " ", UsageError),
        (Changes({"units": small()["units"]}), "x", UsageError),
        (removed("units", {"id": "nobody"}), "x", UsageError),
        (
            put("relations", {"id": "r9", "kind": "designated", "supporter": "u1", "recipient": "nowhere"}),
            "x",
            InputError,
        ),
    ],
)
def test_what_is_no_request(office: Office, changes: Changes, reason: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        office.draft(changes, by="李", reason=reason)
    assert office.requests() == []
    if reason.strip():
        id = drafted(office)
        with pytest.raises(error):
            office.edit(id, changes, by="李")
        assert office.request(id).changes.put["units"].equals(RENAMED.put["units"])


def test_what_could_never_be_applied_is_told_at_once(office: Office) -> None:
    """Something that supports itself; an entity that rows still name. When it is drafted, and when it is submitted."""
    own = {"id": "r1", "kind": "east_west", "supporter": "nj", "recipient": "nj"}
    for bad, by in ((put("relations", own), "r1"), (removed("units", {"id": "u1"}), "u1")):
        with pytest.raises(InputError, match=by):
            office.draft(bad, by="李", reason="x")
    assert office.requests() == []
    watched = put("relations", own | {"kind": "supervision"})
    assert office.draft(watched, by="李", reason="x").id == "r1"
    id = drafted(office, removed("units", {"id": "u2"}))
    named = put("cadres", {"id": "c9", "unit": "u2", "home_region": "zh"})
    office.store.write("office", named, base=1, how="request", by="t")
    with pytest.raises(InputError, match="u2"):
        office.step(id, "submit", by="李")
    assert office.request(id).state == "draft" and office.step("r1", "submit", by="李").state == "submitted"


def test_no_place_comes_to_lie_in_itself(office: Office) -> None:
    """Neither by one request nor by two that are harmless alone."""
    for code, parent in (("nj", "nj"), ("nj", "fg"), ("yn", "v1")):
        with pytest.raises(InputError, match=rf"circle.*{code}"):
            office.draft(put("regions", {"code": code, "name": "x", "parent": parent}), by="李", reason="x")
    one = approved(
        office, put("regions", {"code": "zh", "name": "珠海", "level": "prefecture", "parent": "nj"})
    )
    two = approved(
        office, put("regions", {"code": "yn", "name": "云南", "level": "province", "parent": "zh"})
    )
    assert office.apply(one, by="王").number == 2
    with pytest.raises(InputError, match=r"circle.*yn"):
        office.apply(two, by="王")
    assert office.store.head("office").number == 2


def test_a_draft_is_discarded(office: Office) -> None:
    for id, by in ((drafted(office), "李"), (drafted(office), "王")):
        assert office.step(id, "reject", by=by).state == "rejected"
        with pytest.raises(WrongState):
            office.step(id, "submit", by="李")


def test_numbers_follow_one_another(office: Office) -> None:
    assert [drafted(office) for _ in range(11)] == [f"r{n}" for n in range(1, 12)]
    assert [r.id for r in office.requests()] == [f"r{n}" for n in range(1, 12)]
    with pytest.raises(UsageError, match="r11"):
        office.request("r12")


def test_stale_at_approval_and_at_the_end(office: Office) -> None:
    late, early = (
        drafted(office),
        approved(office, put("units", {"id": "u2", "name": "二", "home_region": "zh"})),
    )
    office.step(late, "submit", by="李")
    both = put("units", {"id": "u1", "name": "else"}, {"id": "u2", "name": "else"})
    office.store.write("office", both, base=1, how="load", by="t")
    for call in (lambda: office.approve(late, by="王"), lambda: office.apply(early, by="王")):
        with pytest.raises(StaleError) as told:
            call()
        assert len(told.value.clashes) == 1
    assert [r.state for r in office.requests()] == ["submitted", "approved"] and office.store.head(
        "office"
    ).number == 2


def test_what_a_request_names_may_not_change_either(office: Office) -> None:
    tie = put("relations", {"id": "r9", "kind": "designated", "supporter": "u2", "recipient": "fg"})
    id = approved(office, tie)
    office.store.write("office", put("units", {"id": "u2", "name": "else"}), base=1, how="load", by="t")
    with pytest.raises(StaleError) as told:
        office.apply(id, by="王")
    assert [(c.row, c.refers) for c in told.value.clashes] == [("u2", "supporter")]


def test_overlaps_of_pending_requests_are_told(office: Office) -> None:
    both = put(
        "units",
        {"id": "u1", "name": "a", "home_region": "zh"},
        {"id": "u2", "name": "b", "home_region": "zh"},
    )
    first, second = drafted(office, both), drafted(office, by="赵")
    (told,) = office.overlaps(office.request(first))
    assert (told.table, told.row, told.request, told.author, told.state) == (
        "units",
        "u1",
        second,
        "赵",
        "draft",
    )
    assert office.overlaps(office.request(first), [("units", "u2")]) == []
    office.step(second, "submit", by="赵")
    office.step(second, "reject", by="王")
    assert office.overlaps(office.request(first)) == []


def test_four_eyes(office: Office) -> None:
    id = drafted(office)
    office.step(id, "submit", by="李")
    office.want_four_eyes(True, by="王")
    with pytest.raises(SameEyes):
        office.approve(id, by="李")
    assert office.request(id).state == "submitted" and office.register().locks == {}
    office.want_four_eyes(False, by="王")
    assert office.approve(id, by="李").state == "approved"
    office.step(id, "unapprove", by="王")
    office.want_four_eyes(True, by="王")
    assert office.approve(id, by="王").state == "approved"


@pytest.mark.parametrize(
    ("editor", "submitter", "refused"),
    [
        ("王", "王", {"李", "王"}),
        ("李", "王", {"李", "王"}),
        ("王", "李", {"李", "王"}),
        ("李", "李", {"李"}),
    ],
)
def test_four_eyes_of_whoever_wrote_it(
    office: Office, editor: str, submitter: str, refused: set[str]
) -> None:
    """Returned by one of a pair, who edits it and submits it: it is theirs, too."""
    office.want_four_eyes(True, by="王")
    id = drafted(office)
    office.step(id, "submit", by="李")
    office.step(id, "return", by="王")
    office.edit(id, put("units", {"id": "u1", "name": "另", "home_region": "zh"}), by=editor)
    office.step(id, "submit", by=submitter)
    for person in ("李", "王"):
        if person in refused:
            with pytest.raises(SameEyes, match=person):
                office.approve(id, by=person)
    agrees = "赵" if "王" in refused else "王"
    assert office.approve(id, by=agrees).state == "approved"


def test_a_plans_request(office: Office) -> None:
    """It is neither edited nor applied; proposed again it stays, unless it was returned or rejected."""
    plan = Request("0123abcd", "submitted", "李", "计划", 1, plan="0123abcd", step="submit")
    first = office.lodge(plan, by="李")
    assert (first.revision, office.lodge(plan, by="赵").revision) == (1, 1)
    drafted(office)
    assert [r.id for r in office.requests()] == ["r1", plan.id]
    office.step(plan.id, "return", by="王")
    for call in (lambda: office.apply(plan.id, by="王"), lambda: office.edit(plan.id, RENAMED, by="李")):
        with pytest.raises(UsageError, match=plan.id):
            call()
    assert office.lodge(plan, by="李").state == "submitted"
    office.step(plan.id, "reject", by="王")
    assert office.lodge(plan, by="李").state == "submitted"
    assert [e["state"] for e in office.log(plan.id)] == [
        "submitted",
        "returned",
        "submitted",
        "rejected",
        "submitted",
    ]


@pytest.mark.parametrize("seen", [True, False])
def test_a_colleague_was_quicker(office: Office, monkeypatch: pytest.MonkeyPatch, seen: bool) -> None:
    """Between looking and filing, before or after the last look: the step is refused, and nothing of it is done."""
    if not seen:
        monkeypatch.setattr(office, "_refuse_stale", lambda _: None)
    id = approved(office)
    request = office.request(id).after("apply")
    office.step(id, "reject", by="王")
    tries, own = [], office.register

    def counted() -> Register:
        tries.append(1)
        return own()

    monkeypatch.setattr(office, "register", counted)
    with pytest.raises(StalePaper):
        office.write(request.changes, base=1, how="request", by="李", why=id, request=request)
    assert len(tries) == 1  # what cannot become better is not tried again
    assert office.store.head("office").number == 1 and office.request(id).state == "rejected"
