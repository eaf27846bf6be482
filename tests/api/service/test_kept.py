"""Answers that are kept: within their bounds, made once, and not where making them failed."""

from __future__ import annotations

import threading

import pytest

from api.service.kept import Kept


def test_what_is_kept_is_not_made_again() -> None:
    kept = Kept(100)
    assert kept.get("a") is None
    assert kept.make("a", lambda: b"1") == b"1" == kept.make("a", lambda: b"2") == kept.get("a")


def test_those_least_asked_for_go_first_and_the_bound_holds() -> None:
    kept = Kept(100)
    for name in "abcd":
        kept.make(name, lambda: b"x" * 25)
    kept.get("a")
    kept.make("e", lambda: b"x" * 25)
    assert [name for name in "abcde" if kept.get(name) is not None] == [
        "a",
        "c",
        "d",
        "e",
    ] and kept.bytes == 100


def test_what_is_too_large_is_given_and_not_kept() -> None:
    kept = Kept(100)
    assert kept.make("a", lambda: b"x" * 26) == b"x" * 26 and kept.get("a") is None and kept.bytes == 0


def test_an_error_is_not_kept() -> None:
    kept = Kept(100)
    with pytest.raises(ZeroDivisionError):
        kept.make("a", lambda: bytes(1 // 0))
    assert kept.make("a", lambda: b"1") == b"1"


def test_several_who_ask_the_same_wait_for_one() -> None:
    kept, begun, go = Kept(100), threading.Event(), threading.Event()
    made: list[int] = []

    def work() -> bytes:
        made.append(1)
        begun.set()
        assert go.wait(10)
        return b"1"

    threads = [threading.Thread(target=kept.make, args=("a", work)) for _ in range(5)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    go.set()
    for thread in threads:
        thread.join(10)
    assert len(made) == 1 and kept.get("a") == b"1"
