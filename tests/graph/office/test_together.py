"""Several colleagues at once."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from graph.errors import CheckFailed
from graph.office.locked import Locked
from graph.office.office import Office
from graph.office.register import Freeze
from graph.store.papers import StalePaper
from tests.graph.office.test_office import RENAMED, approved, drafted, name
from tests.graph.store.small_networks import put

NJ = Freeze("nj", None, None, "普查", "王")


def at_once(works: list[Callable[[], object]]) -> list[object]:
    """What each gives, or the error that refused it; all begin in the same moment."""
    barrier = threading.Barrier(len(works))

    def work(call: Callable[[], object]) -> object:
        barrier.wait(60)
        try:
            return call()
        except CheckFailed as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(work, works))


def each(colleagues: list[Office], work: Callable[[Office, int], object]) -> list[object]:
    """What colleagues do at once, each with their number."""
    return at_once([partial(work, office, n) for n, office in enumerate(colleagues)])


def agree(office: Office) -> None:
    """The register holds exactly the rows of the requests that are approved."""
    held = {row: r.id for r in office.requests(["approved"]) for row in r.rows()}
    assert office.register().locks == held


def test_of_two_approvals_that_overlap_one_wins(office: Office, colleague: Callable[[], Office]) -> None:
    for _ in range(4):
        ids = [
            drafted(office),
            drafted(office, put("units", {"id": "u1", "name": "b"}, {"id": "u2", "name": "c"})),
        ]
        for id in ids:
            office.step(id, "submit", by="李")
        answers = each([colleague(), colleague()], lambda there, n, ids=ids: there.approve(ids[n], by="王"))  # type: ignore[misc]
        assert sorted(isinstance(a, Locked) for a in answers) == [False, True]
        assert sorted(office.request(id).state for id in ids) == ["approved", "submitted"]
        agree(office)
        for id in ids:
            office.step(id, "reject", by="王")


def test_the_same_request_is_applied_once(office: Office, colleague: Callable[[], Office]) -> None:
    id = approved(office)
    answers = each([colleague() for _ in range(4)], lambda there, n: there.apply(id, by=str(n)))
    assert sum(isinstance(a, CheckFailed) for a in answers) == 3
    assert office.store.head("office").number == 2 and name(office) == "新名"
    assert [e["step"] for e in office.log(id)] == ["draft", "submit", "approve", "apply"]


def test_no_approval_slips_past_a_freeze(office: Office, colleague: Callable[[], Office]) -> None:
    """Either the freeze is there first and refuses, or the approval is and stands."""
    change = put("relations", {"id": "r9", "kind": "designated", "supporter": "u2", "recipient": "fg"})
    id = drafted(office, change)
    office.step(id, "submit", by="李")
    other = colleague()
    one, two = at_once([lambda: other.approve(id, by="王"), lambda: office.freeze(NJ, by="赵")])
    assert not isinstance(two, CheckFailed)
    assert office.request(id).state == ("submitted" if isinstance(one, Locked) else "approved")
    agree(office)


def test_register_and_requests_never_part(office: Office, colleague: Callable[[], Office]) -> None:
    """Random steps of four colleagues with requests that overlap."""
    ids = [
        drafted(
            office, put("units", {"id": f"n{n}", "name": str(n)}, {"id": f"n{(n + 1) % 4}", "name": str(n)})
        )
        for n in range(4)
    ]

    def work(there: Office, seed: int) -> int:
        draw, done = random.Random(seed), 0
        for _ in range(6):
            id, step = draw.choice(ids), draw.choice(["submit", "approve", "approve", "unapprove", "return"])
            try:
                there.approve(id, by="王") if step == "approve" else there.step(id, step, by="王")  # type: ignore[arg-type]
                done += 1
            except (CheckFailed, StalePaper):
                pass
            agree_at_once(there)
        return done

    done = each([colleague() for _ in range(4)], work)
    assert sum(n for n in done if isinstance(n, int)) > 0
    assert not [d for d in done if not isinstance(d, int)]
    agree(office)
    assert len(office.store.paper_log("office", "register", "locks")) == office.register().revision


def agree_at_once(office: Office) -> None:
    """A row is never held by a request that never was approved."""
    for request in set(office.register().locks.values()):
        assert "approved" in [e["state"] for e in office.log(request)]


def test_numbers_are_given_once(office: Office, colleague: Callable[[], Office]) -> None:
    colleagues = [colleague() for _ in range(5)]
    answers = each(colleagues, lambda there, _: there.draft(RENAMED, by="李", reason="x").id)
    assert sorted(map(str, answers)) == [f"r{n}" for n in range(1, 6)]
    assert [r.id for r in office.requests()] == [f"r{n}" for n in range(1, 6)]
