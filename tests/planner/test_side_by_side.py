"""Jobs side by side: nothing begins too early, and whatever ends first, the caller is told the same."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from graph.language import current_language, use_language
from planner.side_by_side import SideBySide, Stopped

AFTER = {"a": (), "b": (), "c": ("a",), "d": ("b", "c")}
ORDER = ("a", "b", "c", "d")


@contextmanager
def interrupted_once() -> Iterator[None]:
    """Within, the first Ctrl-C interrupts; a further one, sent before its sender saw that, must not end the tests."""
    heard: list[int] = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        if len(heard) == 1:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Watch:
    """Jobs that take given seconds, or raise; what was begun, finished and said, in order."""

    def __init__(
        self, seconds: dict[str, float] | None = None, errors: dict[str, Exception] | None = None
    ) -> None:
        self.seconds, self.errors = seconds or {}, errors or {}
        self.log: list[str] = []
        self.results: dict[str, Any] = {}
        self.threads: dict[str, threading.Thread] = {}

    def run(self, at_once: int, stop: Callable[[], None] = lambda: None) -> None:
        jobs = SideBySide[str](ORDER, AFTER, at_once, stop)

        def begin(name: str) -> Callable[[], str]:
            self.log.append(f"+{name}")

            def work() -> str:
                self.threads[name] = threading.current_thread()
                jobs.say(f"{name} works")
                until = time.monotonic() + self.seconds.get(name, 0.0)
                while time.monotonic() < until:
                    time.sleep(0.005)
                if name in self.errors:
                    raise self.errors[name]
                return name.upper()

            return work

        def finish(name: str, result: str) -> None:
            self.log.append(f"-{name}")
            self.results[name] = result

        jobs.run(begin, finish, self.log.append)


@pytest.mark.parametrize("at_once", [1, 2, 4])
@pytest.mark.parametrize("slow", ORDER)
def test_all_is_done_and_nothing_too_early(at_once: int, slow: str) -> None:
    watch = Watch({slow: 0.1})
    watch.run(at_once)
    assert watch.results == {n: n.upper() for n in ORDER}
    for name, earlier in AFTER.items():
        assert all(watch.log.index(f"-{e}") < watch.log.index(f"+{name}") for e in earlier)
    assert {f"{n} works" for n in ORDER} <= set(watch.log)


def test_one_at_once_is_one_after_another_in_the_callers_thread() -> None:
    watch = Watch()
    watch.run(1)
    assert watch.log == [x for n in ORDER for x in (f"+{n}", f"{n} works", f"-{n}")]
    assert set(watch.threads.values()) == {threading.current_thread()}


def test_two_at_once_overlap_and_no_more_than_two() -> None:
    watch = Watch(dict.fromkeys(ORDER, 0.1))
    watch.run(2)
    assert watch.log[:2] == ["+a", "+b"]
    running = most = 0
    for line in watch.log:
        running += line.startswith("+") - line.startswith("-")
        most = max(most, running)
    assert most == 2


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_of_two_errors_the_one_met_first_one_after_another(at_once: int) -> None:
    """b fails at once, a only later; still a's error is told, as with one worker."""
    watch = Watch({"a": 0.1}, {"a": ValueError("a"), "b": ValueError("b")})
    with pytest.raises(ValueError, match=r"^a$"):
        watch.run(at_once)
    assert "+c" not in watch.log


def test_what_comes_before_the_failed_is_still_done() -> None:
    watch = Watch({"a": 0.1}, {"b": ValueError("b")})
    with pytest.raises(ValueError, match="b"):
        watch.run(2)
    assert watch.results == {"a": "A"}


def test_an_interruption_ends_what_runs() -> None:
    """Both what the jobs wait for and the jobs themselves."""
    stopped: list[bool] = []
    watch = Watch({"a": 60.0})

    def interrupt(name: str) -> None:
        if name == "a works":
            raise KeyboardInterrupt

    watch.log = type("Log", (list,), {"append": lambda self, line: interrupt(line)})()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        watch.run(2, lambda: stopped.append(True))
    assert stopped and time.monotonic() - began < 30
    assert not watch.threads["a"].is_alive()


def test_an_interruption_before_a_job_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes through as it is, and what runs already is ended."""
    stopped: list[bool] = []
    start, begun = threading.Thread.start, list[threading.Thread]()

    def interrupted(thread: threading.Thread) -> None:
        if begun:
            raise KeyboardInterrupt
        begun.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Watch({"a": 60.0}).run(2, lambda: stopped.append(True))
    assert stopped and not begun[0].is_alive()


def test_an_interruption_while_the_system_starts_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a thread has a number long before it is up: it can be neither stopped nor joined, and does nothing."""
    named, stopping, late = threading.Thread._set_ident, threading.Event(), list[threading.Thread]()  # type: ignore[attr-defined]  # of CPython's own
    done, caller = list[str](), threading.get_ident()

    def slowly(thread: threading.Thread) -> None:
        named(thread)
        if not late:
            late.append(thread)
            signal.pthread_kill(caller, signal.SIGINT)
            for _ in range(60):  # one that comes right before the caller begins to wait does not wake it
                if stopping.wait(1):
                    break
                signal.pthread_kill(caller, signal.SIGINT)
            assert stopping.is_set()
            time.sleep(0.2)  # while the caller ends what runs

    def work() -> str:
        done.append("work")
        return ""

    monkeypatch.setattr(threading.Thread, "_set_ident", slowly)
    jobs = SideBySide[str](("a", "b"), {"a": (), "b": ()}, 2, stopping.set)
    with interrupted_once(), pytest.raises(KeyboardInterrupt):
        jobs.run(lambda name: work, lambda name, result: None, lambda word: None)
    until = time.monotonic() + 60
    while not late[0]._started.is_set() and time.monotonic() < until:  # type: ignore[attr-defined]  # as above
        time.sleep(0.01)
    late[0].join(60)
    assert done == []


def test_a_signal_that_another_thread_took_is_heard() -> None:
    """The kernel gives Ctrl-C to any thread; only the main one may act on it, and it is not woken."""
    jobs = SideBySide[str](("a", "b"), {"a": (), "b": ()}, 2, lambda: None)

    def begin(name: str) -> Callable[[], str]:
        def work() -> str:
            time.sleep(0.5)  # until the caller waits
            if name == "a":
                signal.pthread_kill(threading.get_ident(), signal.SIGINT)
            until = time.monotonic() + 60
            while time.monotonic() < until:
                time.sleep(0.01)
            return ""

        return work

    began = time.monotonic()
    with interrupted_once(), pytest.raises(KeyboardInterrupt):
        jobs.run(begin, lambda name, result: None, lambda word: None)
    assert time.monotonic() - began < 30


def test_jobs_speak_the_callers_language() -> None:
    use_language("zh")
    try:
        heard: list[str] = []
        jobs = SideBySide[str](("a", "b"), {"a": (), "b": ()}, 2, lambda: None)
        jobs.run(lambda name: current_language, lambda name, told: heard.append(told), lambda word: None)
    finally:
        use_language(None)
    assert heard == ["zh", "zh"]


def test_a_job_that_is_stopped_while_it_hands_over_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Being stopped may meet a thread anywhere; a trace of that would look like a defect."""

    class StoppedHere:
        def put(self, _: object) -> None:
            raise Stopped

    told: list[object] = []
    monkeypatch.setattr(threading, "excepthook", told.append)
    jobs = SideBySide[str](ORDER, AFTER, 2, lambda: None)
    monkeypatch.setattr(jobs, "_box", StoppedHere())
    thread = threading.Thread(target=jobs._do, args=("a", lambda: "result"))
    thread.start()
    thread.join()
    assert told == []
