"""Two plans, and a hundred who adopt one or the other at once, while somebody looks all the time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from graph.errors import CheckFailed
from graph.store.clash import StaleError
from graph.store.papers import StalePaper
from graph.store.protocol import Store
from planner.office.adopt import adopt
from planner.office.propose import propose
from planner.office.revert import revert
from planner.plan import Plan
from tests.planner.office.conftest import pairs_of, running, seats, seats_of

ADOPTERS = 50
"""Of each plan."""
STORES = 8
ROUNDS = 3


def look(store: Store) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    """What is in force, read at once."""
    network = store.read("office", tables=["relations", "postings"])
    ties, posts = (
        network.frame(t).filter(network.frame(t)["until"].is_null()) for t in ("relations", "postings")
    )
    return (
        frozenset(ties.select("supporter", "recipient").rows()),
        frozenset(posts.select("cadre", "village").rows()),
    )


def test_one_plan_wins_and_nobody_sees_a_mixture(
    office: Store, again: Callable[[], Store], two_plan: Plan, other_plan: Plan
) -> None:
    plans = (two_plan, other_plan)
    for plan in plans:
        propose(office, "office", plan, by="李")
    wholes = {look(office), *((frozenset(pairs_of(p)), frozenset(seats_of(p))) for p in plans)}
    assert len(wholes) == 3
    stores, reader, done, seen = [again() for _ in range(STORES)], again(), threading.Event(), set()
    barrier = threading.Barrier(2 * ADOPTERS)

    def watch() -> None:
        while not done.wait(0.02):
            seen.add(look(reader))

    def work(n: int) -> tuple[str, bool | str]:
        plan = plans[n % 2].id
        barrier.wait(120)
        try:
            return plan, adopt(stores[n % STORES], "office", plan, by=str(n)).version is not None
        except (StaleError, StalePaper) as error:
            return plan, type(error).__name__

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with ThreadPoolExecutor(2 * ADOPTERS) as pool:
            told = list(pool.map(work, range(2 * ADOPTERS)))
    finally:
        done.set()
        watcher.join(60)
    assert seen <= wholes
    assert office.head("office").number == 2
    winner = office.head("office").why
    plan = two_plan if winner == two_plan.id else other_plan
    assert running(office) == pairs_of(plan) and seats(office) == seats_of(plan)
    assert {p for p, answer in told if answer is True} == {winner}
    assert all(answer in ("StaleError", "StalePaper") for p, answer in told if p != winner)


def test_adopted_and_taken_back_under_somebodys_eyes(
    office: Store, again: Callable[[], Store], two_plan: Plan
) -> None:
    """Every state that is seen is one of the two; relations never change without postings."""
    propose(office, "office", two_plan, by="李")
    first = look(office)
    adopt(office, "office", two_plan.id, by="王")
    second, reader, done, seen = look(office), again(), threading.Event(), []

    def watch() -> None:
        while not done.wait(0.005):
            seen.append(look(reader))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        for version in range(2, 2 + 2 * ROUNDS):
            try:
                revert(office, "office", version, by="王")
            except CheckFailed as error:  # pragma: no cover # told below
                seen.append((frozenset([("refused", str(error))]), frozenset()))
    finally:
        done.set()
        watcher.join(60)
    assert set(seen) <= {first, second} and look(office) == second
    assert office.head("office").number == 2 + 2 * ROUNDS
