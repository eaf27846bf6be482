"""Readings in processes of their own: what comes back, and what ends them."""

from __future__ import annotations

import os
import resource
import threading
import time

import pytest

from api.service.bounded import guard as module
from api.service.bounded.guard import MB, Guard
from api.service.refusals import NotFound, TooMany
from graph.errors import InputError, JieduiError, LimitReached, ScenarioError, TableErrors, UsageError
from graph.findings import Finding
from graph.language import Text

WRONG = Finding("x", "error", "units", 2, "id", "?", Text("错", "wrong"), Text("改", "mend"))


def raised(error: str) -> None:
    """Raise an error by name."""
    if error == "TableErrors":
        raise TableErrors([WRONG] * 1500)
    if error == "own":
        raise OwnError("甲", "a")
    if error == "recursion":
        raise RecursionError
    if error == "defect":
        raise ZeroDivisionError("secret")
    known = {"UsageError": UsageError, "ScenarioError": ScenarioError, "NotFound": NotFound}
    raise known[error]("甲", "a")


class OwnError(InputError):
    """A class that the hearer does not know."""


def grown(megabytes: int) -> int:
    """Hold so much memory; its most, in bytes."""
    held = bytearray(megabytes * MB)
    held[::4096] = b"x" * len(held[::4096])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def limits() -> tuple[int, int, int]:
    """Limits of this process, and what it had when they were set."""
    pages = int(open("/proc/self/statm").read().split()[0])  # noqa: SIM115
    return resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU)[0], pages * 4096


def busy() -> None:
    """Never end."""
    while True:
        pass


def asleep() -> None:
    """Never end, and need no processor."""
    time.sleep(600)


def killed() -> None:
    """As where memory ends in a library: the process is gone."""
    os.abort()


@pytest.fixture(scope="module")
def guard() -> Guard:
    """Little memory, and little time."""
    return Guard(256, 2, 1)


def test_what_a_function_gives_comes_back(guard: Guard) -> None:
    assert guard(divmod, 7, 2) == (3, 1) and guard(os.getpid) != os.getpid()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("UsageError", UsageError),
        ("ScenarioError", ScenarioError),
        ("NotFound", NotFound),
        ("own", InputError),
    ],
)
def test_errors_are_raised_again(guard: Guard, name: str, kind: type[JieduiError]) -> None:
    with pytest.raises(kind) as told:
        guard(raised, name)
    assert told.value.text == Text("甲", "a") and type(told.value) is kind


def test_of_many_findings_some_are_listed_and_all_are_counted(guard: Guard) -> None:
    with pytest.raises(TableErrors) as told:
        guard(raised, "TableErrors")
    assert len(told.value.findings) == 1000 and told.value.text.en.startswith("1,500 bad rows")


def test_nesting_is_no_defect_and_a_defect_is_told_to_the_log_alone(
    guard: Guard, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(InputError, match=r"nested|嵌套"):
        guard(raised, "recursion")
    with pytest.raises(RuntimeError) as told:
        guard(raised, "defect")
    assert "secret" not in str(told.value) and "secret" in caplog.records[0].facts["trace"]  # type: ignore[attr-defined]


def test_memory_is_bounded_by_the_system_itself(guard: Guard) -> None:
    space, seconds, had = guard(limits)
    assert had <= space <= had + 256 * MB and seconds == 3
    assert guard(grown, 100) < 1 << 30
    with pytest.raises(LimitReached):
        guard(grown, 300)


@pytest.mark.parametrize("work", [busy, asleep, killed])
def test_what_does_not_end_is_ended(guard: Guard, work: object) -> None:
    with pytest.raises(LimitReached) as told:
        guard(work)  # type: ignore[arg-type] # one of those above
    assert "2 s" in told.value.text.en
    assert guard(divmod, 7, 2) == (3, 1)


def test_others_wait_their_turn_and_not_for_ever(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.05)
    began = threading.Event()

    def hold() -> None:
        with guard._place():
            began.set()
            ended.wait()

    ended = threading.Event()
    holder = threading.Thread(target=hold)
    holder.start()
    began.wait()
    with pytest.raises(TooMany):
        guard(divmod, 7, 2)
    monkeypatch.setattr(guard, "_lines", threading.BoundedSemaphore(1))
    with guard._lines, pytest.raises(TooMany):
        guard(divmod, 7, 2)
    ended.set()
    holder.join()
    assert guard(divmod, 7, 2) == (3, 1)
