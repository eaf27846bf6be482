"""Ordering, sharing and cancelling jobs."""

from __future__ import annotations

import pytest

from api.jobs.desk import Desk
from api.jobs.job import Order
from api.jobs.turns import ATTEMPTS, Turns
from api.service.refusals import NotFound, TooMany
from graph.errors import CheckFailed
from graph.store.workspace.database import Database


@pytest.fixture
def desk(records: Database) -> Desk:
    """A desk at which four may wait, three of one owner."""
    return Desk(records, waiting=4, per_user=3)


def order(word: str = "a", **more: object) -> Order:
    """An order that is told from others by a word."""
    return Order("plan", {"scenario": word}, ["plan", word], **more)  # type: ignore[arg-type] # ground or priority


def lost(attempts: int) -> dict[str, object]:
    """What to tell of a work that was killed."""
    return {"attempts": attempts}


def test_a_job_is_ordered_carried_out_and_told(desk: Desk, turns: Turns) -> None:
    job, new = desk.submit(order(), "ann")
    assert new and job.state == "waiting" and job.open and job.attempts == 0
    work = turns.take()
    assert work is not None and list(work.words) == ["plan", "a"] and work.attempts == 1
    assert desk.job(job.id).state == "running"
    turns.tell(work.id, "progress", {"stage": "pairing"})
    turns.settle(work.id, "done", 0)
    done = desk.job(job.id)
    assert (done.state, done.code, done.open) == ("done", 0, False) and done.ended is not None
    told = [(e.kind, e.facts.get("state") or e.facts["stage"]) for e in desk.events(job.work)[0]]
    assert told == [("state", "waiting"), ("state", "running"), ("progress", "pairing"), ("state", "done")]
    assert [e.kind for e in desk.events(job.work, after=desk.events(job.work)[0][1].number)[0]] == [
        "progress",
        "state",
    ]
    assert turns.take() is None


def test_the_same_key_gives_the_same_job_and_no_other_order(desk: Desk, turns: Turns) -> None:
    job, _ = desk.submit(order(), "ann", key="k")
    assert desk.submit(order(), "ann", key="k") == (job, False)
    other, new = desk.submit(order("b"), "bob", key="k")
    assert new and other.work != job.work
    with pytest.raises(CheckFailed, match="k was used for another job"):
        desk.submit(order("b"), "ann", key="k")
    turns.settle(job.work, "done", 0)
    again, new = desk.submit(order(), "ann", key="k")
    assert not new and again.id == job.id and again.state == "done"


def test_equal_orders_have_one_work_until_it_has_ended(desk: Desk, turns: Turns) -> None:
    one, two = desk.submit(order(), "ann")[0], desk.submit(order(), "bob")[0]
    assert one.id != two.id and one.work == two.work
    assert desk.submit(order(ground="edited"), "bob")[0].work != one.work
    turns.settle(one.work, "failed", 3, {"exit": 3})
    assert desk.job(two.id).state == "failed" and desk.job(two.id).error == {"exit": 3}
    assert desk.submit(order(), "ann")[0].work != one.work


def test_a_work_goes_on_as_long_as_somebody_waits_for_it(desk: Desk, turns: Turns) -> None:
    one, two = desk.submit(order(), "ann")[0], desk.submit(order(), "bob")[0]
    work = turns.take()
    assert work is not None
    assert desk.cancel(one.id).state == "cancelled"
    assert desk.job(two.id).state == "running" and not turns.unwanted(work.id)
    assert desk.cancel(two.id).state == "cancelled" and turns.unwanted(work.id)
    assert not turns.put_back(work.id, counts=False, lost=lost)
    assert desk.submit(order(), "ann")[0].work != work.id


def test_what_waits_is_cancelled_at_once_and_what_has_ended_stays(desk: Desk, turns: Turns) -> None:
    job, _ = desk.submit(order(), "ann")
    assert desk.cancel(job.id).state == "cancelled" and turns.take() is None
    assert desk.events(job.work)[1]
    done, _ = desk.submit(order(), "ann")
    turns.settle(done.work, "done", 0)
    assert desk.cancel(done.id).state == "done"


def test_too_many_are_refused_in_all_and_for_one(desk: Desk) -> None:
    for word in "abc":
        desk.submit(order(word), "ann")
    with pytest.raises(TooMany, match="you have 3 jobs"):
        desk.submit(order("d"), "ann")
    desk.submit(order("d"), "bob")
    with pytest.raises(TooMany, match="4 jobs are waiting"):
        desk.submit(order("e"), "cat")


def test_a_job_that_is_not_there(desk: Desk) -> None:
    for ask in (desk.job, desk.cancel):
        with pytest.raises(NotFound, match="no job nix"):
            ask("nix")


def test_pages_of_jobs_are_the_newest_first(desk: Desk) -> None:
    made = [desk.submit(order(w), "ann")[0].id for w in "abc"]
    desk.cancel(made[0])
    assert [j.id for j in desk.jobs(limit=2)] == made[:0:-1]
    assert [j.id for j in desk.jobs(before=made[1])] == made[:1]
    assert [j.id for j in desk.jobs(states=["cancelled"])] == made[:1]
    assert desk.jobs(owner="bob") == []


def test_turns_go_by_urgency_then_round_the_owners_then_by_age(desk: Desk, turns: Turns) -> None:
    """Ann ordered three before bob one: bob is not kept waiting behind all of hers; what is urgent goes first."""
    made = {
        w: desk.submit(order(w), o)[0].work
        for w, o in (("a", "ann"), ("b", "ann"), ("c", "ann"), ("d", "bob"))
    }
    taken = [turns.take() for _ in range(2)]
    assert [w and w.id for w in taken] == [made["a"], made["d"]]
    urgent = desk.submit(order("e", priority=5), "bob")[0].work
    assert [w and w.id for w in (turns.take(), turns.take(), turns.take())] == [urgent, made["b"], made["c"]]


def test_a_work_that_was_cut_off_is_begun_again_once(desk: Desk, turns: Turns) -> None:
    job, _ = desk.submit(order(), "ann")
    assert ATTEMPTS == 2
    work = turns.take()
    assert work is not None
    assert turns.put_back(work.id, counts=False, lost=lost)  # the service was stopped in good order
    for attempt in (1, 2):
        work = turns.take()
        assert work is not None and work.attempts == attempt
        assert turns.put_back(work.id, counts=True, lost=lost) is (attempt == 1)
    assert desk.job(job.id).state == "failed" and desk.job(job.id).error == {"attempts": 2}


def test_a_new_worker_finds_what_the_one_before_had_begun(
    desk: Desk, turns: Turns, records: Database
) -> None:
    desk.submit(order("a"), "ann")
    desk.submit(order("b"), "ann")
    work = turns.take()
    assert work is not None
    new = Turns(records, "w2")
    assert new.left() == [(work.id, "w1")] and turns.left() == [] and new.waiting() == 1
