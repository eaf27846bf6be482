"""The looking of the soak would find what is lost, what is left and what nobody expected."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from benchmarks.memory import peak_mb
from benchmarks.service.left import half_made, missing
from benchmarks.service.writers import scenarios, writer
from benchmarks.service.writers.writer import Writer

Answer = Callable[[httpx2.Request], httpx2.Response]


def told(status: int, number: int = 0, kind: str = "outside") -> httpx2.Response:
    """An answer of a service."""
    content = {"n": number, "type": f"/problems/{kind}"}
    return httpx2.Response(status, json=content, headers={"X-Request-Id": f"q{number}"})


def writing(answers: list[httpx2.Response | None], found: Callable[..., bool] = lambda *_: True) -> Writer:
    """One who has written until these answers were given; ``None``: the service was killed."""
    stop, rest = threading.Event(), list(answers)

    def answer(request: httpx2.Request) -> httpx2.Response:
        given = rest.pop(0)
        if not rest:
            stop.set()
        if given is None:
            raise httpx2.ConnectError("killed")
        return given

    made = Writer("x", "http://x", lambda http, number: http.post(f"/{number}"), found, 0)
    made._http = httpx2.Client(base_url="http://x", transport=httpx2.MockTransport(answer))
    made.write_on(stop)
    return made


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits before they try again."""
    monkeypatch.setattr(writer, "AGAIN_SECONDS", 0)


def test_what_was_not_acknowledged_is_written_again_and_not_counted() -> None:
    made = writing(
        [told(200, 1), None, told(412), told(429), told(503, kind="stopping"), told(200, 2), told(200, 3)]
    )
    assert [(w.number, w.told["n"], w.request) for w in made.acknowledged] == [
        (1, 1, "q1"),
        (2, 2, "q2"),
        (3, 3, "q3"),
    ]
    assert (made.tries, made.wrong) == (7, "")


@pytest.mark.parametrize("status", [409, 422, 500, 503])
def test_an_answer_that_nobody_expects_ends_the_writing_and_is_told(status: int) -> None:
    made = writing([told(200, 1), told(status), told(200, 2)])
    assert len(made.acknowledged) == 1 and made.wrong.startswith(f"POST /2: {status}")


def test_what_is_lost_is_counted() -> None:
    made = writing([told(200, 1), told(200, 2), told(200, 3)], found=lambda _, write: write.number != 2)
    assert made.looked() == (2, 1)
    assert missing([w.request for w in made.acknowledged], {"q1", "q3"}) == 1


def test_what_is_left_half_made_is_found(tmp_path: Path) -> None:
    assert half_made(tmp_path) == []
    for name in (
        "scenarios/.making-a",
        "scenarios/.kept/a/1",
        "uploads/.coming-b",
        "jobs/3/tmp",
        "jobs/3/files",
    ):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "scenarios" / ".pointing-a").symlink_to("x")
    assert half_made(tmp_path) == [
        "jobs/3/tmp",
        "scenarios/.making-a",
        "scenarios/.pointing-a",
        "uploads/.coming-b",
    ]


def test_the_number_that_editors_raise() -> None:
    assert scenarios.seed_of("format = 1\n") == 1 and scenarios.seed_of("seed = 7\n") == 7


def test_the_most_memory_of_a_process() -> None:
    assert peak_mb(os.getpid()) > 10 and peak_mb(2**22 + 1) == 0
