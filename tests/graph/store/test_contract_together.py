"""Several at once: one wins where they clash, all where they do not, and nobody sees half of a change."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

from graph.store.changes import merged
from graph.store.clash import StaleError
from graph.store.protocol import Store
from tests.graph.store.small_networks import begin, put
from tests.graph.store.writers import change

WRITERS = 8


def processes(address: str, rows: list[dict[str, Any]]) -> list[Any]:
    """What processes are told that each change one unit upon version 1 at the same time."""
    context = get_context("spawn")
    barrier, answers = context.Barrier(len(rows)), context.Queue()
    started = [
        context.Process(target=change, args=(address, barrier, answers, "units", row, 1)) for row in rows
    ]
    for process in started:
        process.start()
    told = [answers.get(timeout=60) for _ in rows]
    for process in started:
        process.join(60)
    answers.close()
    return sorted(told, key=str)


def test_of_two_processes_that_clash_one_wins(store: Store, address: str) -> None:
    begin(store)
    told = processes(address, [{"id": "u1", "name": n, "home_region": "zh"} for n in ("left", "right")])
    assert told == [2, ["u1"]]
    head = store.head("office")
    assert store.read("office").frame("units")["name"][0] == head.by
    assert [v.number for v in store.versions("office")] == [1, 2]


def test_two_processes_that_do_not_clash_both_win(store: Store, address: str) -> None:
    begin(store)
    told = processes(address, [{"id": i, "name": f"new {i}", "home_region": "zh"} for i in ("u1", "u2")])
    assert told == [2, 3]
    assert store.read("office").frame("units")["name"].to_list() == ["new u1", "new u2"]


def test_threads_of_one_store_and_of_many(store: Store, again: Callable[[], Store]) -> None:
    """Each adds a row of its own, and all change one more: of these one wins."""
    begin(store)
    stores = [store if n % 2 else again() for n in range(WRITERS)]
    barrier = threading.Barrier(WRITERS)

    def work(n: int) -> tuple[int, bool]:
        barrier.wait(60)
        own = put("units", {"id": f"own{n}", "name": "n"})
        number = stores[n].write("office", own, base=1, how="request", by=str(n)).number
        try:
            stores[n].write(
                "office", put("units", {"id": "u1", "name": str(n)}), base=1, how="request", by=str(n)
            )
        except StaleError:
            return number, False
        return number, True

    with ThreadPoolExecutor(WRITERS) as pool:
        done = list(pool.map(work, range(WRITERS)))
    assert len({number for number, _ in done}) == WRITERS
    winners = [n for n, (_, won) in enumerate(done) if won]
    assert len(winners) == 1
    units = store.read("office").frame("units")
    assert units["name"][0] == str(winners[0])
    assert set(units["id"]) == {"u1", "u2", *(f"own{n}" for n in range(WRITERS))}
    moments = [v.at for v in store.versions("office")]
    assert moments == sorted(moments)
    assert len(moments) == WRITERS + 2


def test_a_reader_never_sees_a_mixture(store: Store, again: Callable[[], Store]) -> None:
    """Each version writes the same word into two tables."""
    begin(store)
    writer, done, seen, mixtures = again(), threading.Event(), set(), []

    def write() -> None:
        try:
            for n in range(25):
                both = merged(
                    [
                        put("units", {"id": "u1", "name": str(n)}),
                        put("cadres", {"id": "c1", "household": str(n)}),
                    ]
                )
                writer.write("office", both, base=n + 1, how="request", by="t")
        finally:
            done.set()

    thread = threading.Thread(target=write)
    thread.start()
    while not done.is_set() or not seen:
        read = store.read("office")
        pair = read.frame("units")["name"][0], read.frame("cadres")["household"][0]
        seen.add(pair[0])
        if pair[0] != pair[1] and pair != ("某大学", None):
            mixtures.append(pair)
    thread.join(60)
    assert mixtures == []
    assert len(seen) > 1
    assert store.read("office").frame("units")["name"][0] == "24"
